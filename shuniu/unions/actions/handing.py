"""转办: an approval goes to a colleague who may decide it as well."""

from __future__ import annotations

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import mark_read, tell
from shuniu.unions import approvals, rules
from shuniu.unions.models import Handover


@transaction.atomic
def hand_on(*, by: Who, kind: str, pk: int, to_person_id: int, note: str) -> Handover:
    """U22 转办: hand an approval on, with a note; the to-do and the message go with it, the right to decide stays.

    Raises Refused with the reason of the approval's own rule when `by` may not decide it, and
    "unions.hand_on_…" when the colleague may not or has it already.
    """
    found = approvals.find(by, kind, pk)
    if found is None:
        raise Refused(refuse("unions.hand_on_gone"))
    type(found.record)._default_manager.select_for_update().get(pk=found.record.pk)
    found = approvals.find(by, kind, pk)  # as it is now that nobody else decides it
    if found is None:
        raise Refused(refuse("unions.hand_on_gone"))
    to = Person.objects.get(pk=to_person_id)
    require(found.may(by))
    require(rules.may_receive(by, found, to))
    require(rules.has_note(note))
    assert by.person is not None  # the approval's rule asks for a role
    row = Handover.objects.create(
        union_id=found.union_id, matter=found.matter, from_person=by.person, to_person=to, note=note.strip()
    )
    journal.record(
        by=by, verb="unions.hand_on", text=f"转办{to.name}：{note.strip()}", subject=found.record,
        union_id=found.union_id, facts={"matter": found.matter, "to": to.pk},
    )  # fmt: skip
    mark_read(by=by, url=found.url)
    tell(
        [to],
        title=f"{by.person.name}转办：{found.title}",
        body=note.strip(),
        kind="unions.handed_on",
        url=found.url,
    )
    return row
