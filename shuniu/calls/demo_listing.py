"""Lists, objections and recognitions for demonstration data: the actions, called as the roles call them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from shuniu.calls.actions import listing, objection
from shuniu.calls.models import Call, ListEntry, Objection, Publicity, PublicList
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock


def run_publicity(call: Call, *, clerk: Who, approver: Who) -> Publicity:
    """Freeze the shortlist and put it on public view from today on."""
    frozen = listing.freeze_shortlist(by=clerk, call_id=call.pk)
    return listing.approve_shortlist(by=approver, list_id=frozen.pk)


def object_to(
    publicity: Publicity,
    *,
    text: str,
    kind: str = "named",
    entry: ListEntry | None = None,
    name: str = "",
    phone: str = "",
    contact: str = "",
) -> tuple[Objection, str]:
    """An objection from the public page, arriving now; with its query code."""
    return objection.receive(
        publicity_id=publicity.pk, key=uuid.uuid4(), arrived_at=clock.now(), address="203.0.113.7", kind=kind,
        entry_id=entry.pk if entry else None, name=name, contact=contact, phone=phone, text=text,
    )  # fmt: skip


def handle_objection(
    row: Objection, *, handler: Who, hold: bool = False, reason: str = "核查期间先不列入正式名单"
) -> Objection:
    """Somebody who took no part before accepts it, and may hold the one name."""
    return objection.accept(by=handler, objection_id=row.pk, hold=hold, reason=reason if hold else "")


def decide_objection(
    row: Objection, *, handler: Who, approver: Who, upheld: bool, findings: str, reply: str = ""
) -> None:
    """The handler proposes, a second person who took no part before approves."""
    anonymous = row.kind == Objection.Kind.ANONYMOUS
    verdict = "upheld" if upheld else "noted" if anonymous else "dismissed"
    objection.propose(
        by=handler, objection_id=row.pk, verdict=verdict, findings=findings, reply=reply,
        effect="remove" if upheld and row.entry_id else "keep",
    )  # fmt: skip
    objection.decide(by=approver, objection_id=row.pk)


def close_publicity() -> int:
    """What the clock does when a 公示 is over; the data's clock must stand behind its end."""
    return listing.close_due()


def publish_formal(call: Call, *, clerk: Who, approver: Who) -> PublicList:
    """Freeze the formal list (or its supplement) and publish it: certificates follow."""
    frozen = listing.freeze_formal(by=clerk, call_id=call.pk)
    return listing.publish_formal(by=approver, list_id=frozen.pk)


def correct_list(
    row: PublicList, *, clerk: Who, approver: Who, reason: str, label: str, before: str, after: str,
    entries: Iterable[ListEntry] = (),
) -> None:  # fmt: skip
    """更正公告: words of the list, or the removal of `entries`, one after the other."""
    wanted: list[ListEntry | None] = [*entries]
    for entry in wanted or [None]:
        made = listing.propose_correction(
            by=clerk, list_id=row.pk, reason=reason, entry_id=entry.pk if entry else None, label=label,
            before=before, after=after, removes=entry is not None,
        )  # fmt: skip
        listing.publish_correction(by=approver, list_id=row.pk, number=made.number)
