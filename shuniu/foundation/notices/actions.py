"""Telling people: the inbox row in the act's transaction, the outside channels after its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.db import transaction

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.channels import Channel, channels
from shuniu.foundation.notices.models import Delivery, Message, SweepRun

log = structlog.get_logger(__name__)


def tell(
    people: Iterable[Person],
    *,
    title: str,
    kind: str,
    body: str = "",
    url: str = "",
    due: dt.date | None = None,
    effect_key: str = "",
) -> int:
    """Put a message into each inbox and queue the outside channels on commit; the number of messages.

    `effect_key`: a repeated call with the same key tells nobody twice.
    """
    unique = {p.pk: p for p in people if p.is_active}
    if effect_key:
        keys = {f"{effect_key}:{pk}": pk for pk in unique}
        for done in Message.objects.filter(effect_key__in=keys).values_list("effect_key", flat=True):
            unique.pop(keys[str(done)], None)
    messages = Message.objects.bulk_create(
        [
            Message(
                person=p, title=title[:200], body=body, url=url, kind=kind, due=due,
                effect_key=f"{effect_key}:{p.pk}" if effect_key else None,
            )
            for p in unique.values()
        ],
        ignore_conflicts=bool(effect_key),
    )  # fmt: skip
    if effect_key:  # a row that may have been there comes back without its number
        messages = list(Message.objects.filter(effect_key__in=[m.effect_key for m in messages]))
    Delivery.objects.bulk_create(
        [
            Delivery(message=m, channel=c.name, address=address)
            for c in channels()
            for m in messages
            if (address := c.address_of(unique[m.person_id]))
        ],
        ignore_conflicts=bool(effect_key),
    )
    return len(messages)


@dataclass(frozen=True)
class Letter:
    """One message of many: to one person, told once by its effect key."""

    person: Person
    title: str
    kind: str
    effect_key: str
    body: str = ""
    url: str = ""
    due: dt.date | None = None

    @property
    def key(self) -> str:
        """As the inbox row keeps it."""
        return f"{self.effect_key}:{self.person.pk}"


def tell_all(letters: Iterable[Letter]) -> int:
    """Many different messages with as many statements as one; how many were new. Nobody is told twice."""
    wanted = {letter.key: letter for letter in letters if letter.person.is_active}
    for done in Message.objects.filter(effect_key__in=wanted).values_list("effect_key", flat=True):
        wanted.pop(str(done), None)
    Message.objects.bulk_create(
        [
            Message(
                person=x.person, title=x.title[:200], body=x.body, url=x.url, kind=x.kind, due=x.due,
                effect_key=key,
            )
            for key, x in wanted.items()
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )  # fmt: skip
    rows = Message.objects.filter(effect_key__in=wanted)
    Delivery.objects.bulk_create(
        [
            Delivery(message=m, channel=c.name, address=address)
            for m in rows
            for c in channels()
            if (address := c.address_of(wanted[str(m.effect_key)].person))
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return len(wanted)


_PATIENCE = (1, 5, 30, 120, 720)  # minutes until the next attempt; after the last one it has failed


def deliver_queued(*, limit: int = 100) -> int:
    """Send what is queued and due (worker); the number sent.

    A failure is logged with its reason and tried again after 1, 5, 30 minutes, 2 and 12 hours.
    """
    by_name = {c.name: c for c in channels()}
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            row = (
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("message")
                .filter(state=Delivery.State.QUEUED, try_after__lte=clock.now())
                .order_by("try_after", "id")
                .first()
            )
            if row is None:
                return sent
            sent += _deliver(row, by_name.get(row.channel))
    return sent


def _deliver(row: Delivery, channel: Channel | None) -> bool:
    message = row.message
    try:
        if channel is None:
            raise LookupError(f"channel {row.channel} is not configured")
        channel.send(address=row.address, title=message.title, body=message.body, url=message.url)
    except Exception as problem:
        log.warning("notices.delivery", delivery=row.pk, channel=row.channel, problem=type(problem).__name__)
        row.error = f"{type(problem).__name__}: {problem}"[:300]
        if row.attempts < len(_PATIENCE):
            row.try_after = clock.now() + dt.timedelta(minutes=_PATIENCE[row.attempts])
        else:
            row.state = Delivery.State.FAILED
    else:
        row.state, row.sent_at, row.error = Delivery.State.SENT, clock.now(), ""
    row.attempts += 1
    row.save()
    return row.state == Delivery.State.SENT


def mark_read(*, by: Who, message_id: int | None = None, url: str = "") -> int:
    """Mark one message of one's own, those that lead to `url`, or all of them, as read."""
    if by.person is None:
        return 0
    mine = Message.objects.filter(person=by.person, read_at__isnull=True)
    if message_id is not None:
        mine = mine.filter(pk=message_id)
    if url:
        mine = mine.filter(url=url)
    return mine.update(read_at=clock.now())


def note_sweep(name: str) -> None:
    """Remember that a sweep came to its end."""
    SweepRun.objects.update_or_create(name=name, defaults={"ran_at": clock.now()})


__all__ = ["Letter", "deliver_queued", "mark_read", "note_sweep", "tell", "tell_all"]
