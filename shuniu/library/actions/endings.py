"""停用: a published version goes out of use by two people; what runs keeps it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library import queries, rules
from shuniu.library.models import Ending
from shuniu.unions.queries import people_with


def _person(by: Who) -> Person:
    assert by.person is not None  # every rule of this module asks for a role, which only people hold
    return by.person


@transaction.atomic
def propose_end(*, by: Who, key: str, reason: str) -> Ending:
    """B2: ask a second person to take the version in use out of use; until then nothing changes."""
    release = queries.newest_release(key)
    require(rules.may_end(by, release))
    if not reason.strip():
        raise Refused(refuse("library.end_reason"))
    assert release is not None
    person = _person(by)
    try:
        with transaction.atomic():
            row = Ending.objects.create(
                release=release, union=release.union, reason=reason.strip()[:300], proposed_by=person,
                proposed_identity=person.identity,
            )  # fmt: skip
    except IntegrityError as somebody_was_first:
        raise Refused(refuse("library.end_waits", title=release.document.title)) from somebody_was_first
    journal.record(
        by=by, verb="library.propose_end", subject=row, also=[release.document], union_id=row.union_id,
        text=f"提请停用{row}：{row.reason}", facts={"digest": release.document.digest},
    )  # fmt: skip
    tell(
        people_with(row.union_id, *rules.uploads.APPROVERS).exclude(pk=person.pk),
        title=f"请确认停用制度：{release.document.title}", body=row.reason, kind="library.confirm",
        url=reverse("library:ending", args=[row.pk]), effect_key=f"library.propose_end:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def confirm_end(*, by: Who, ending_id: int) -> Ending:
    """B2: a second person confirms; from now on no new call begins under it, running ones keep it."""
    row = _locked(ending_id)
    require(rules.may_decide_end(by, row))
    _decide(by, row, Ending.State.ENDED, "")
    journal.record(
        by=by, verb="library.end", subject=row, also=[row.release.document], union_id=row.union_id,
        text=f"停用{row}：{row.reason}", facts={"digest": row.release.document.digest},
    )  # fmt: skip
    _tell(row, f"制度已停用：{row.release.document.title}", row.reason)
    for adopted in queries.adopted_from(row.release.document.key):
        tell(
            people_with(adopted.union_id, "sec_admin"), title=f"上级制度已停用：{row.release.document.title}"[:200],
            body=row.reason, kind="library.ended", url=reverse("library:document", args=[adopted.key]),
            effect_key=f"library.ended:{row.pk}",
        )  # fmt: skip
    return row


@transaction.atomic
def decline_end(*, by: Who, ending_id: int, reason: str) -> Ending:
    """B2: the second person says no, with a reason; the version stays in use."""
    row = _locked(ending_id)
    require(rules.may_decide_end(by, row))
    if not reason.strip():
        raise Refused(refuse("library.reason"))
    _decide(by, row, Ending.State.DECLINED, reason.strip())
    journal.record(
        by=by, verb="library.decline_end", subject=row, also=[row.release.document], union_id=row.union_id,
        text=f"不同意停用{row}：{row.note}",
    )  # fmt: skip
    _tell(row, f"停用未获同意：{row.release.document.title}", row.note)
    return row


def _locked(pk: int) -> Ending:
    rows = Ending.objects.select_for_update(of=("self",)).select_related("release__document", "proposed_by")
    return rows.get(pk=pk)


def _decide(by: Who, row: Ending, state: Ending.State, note: str) -> None:
    person = _person(by)
    row.state, row.note, row.decided_at = state, note[:300], clock.now()
    row.decided_by, row.decided_identity = person, person.identity
    row.save()


def _tell(row: Ending, title: str, body: str) -> None:
    tell(
        [row.proposed_by], title=title[:200], body=body, kind="library.decided",
        url=reverse("library:ending", args=[row.pk]), effect_key=f"library.end_decided:{row.pk}",
    )  # fmt: skip
