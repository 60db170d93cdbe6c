"""Telling people: the inbox row in the act's transaction, the outside channels after its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.channels import channels
from shuniu.foundation.notices.models import Delivery, Message, SweepRun


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
    ids = [m.pk for m in messages if m.pk]
    if ids:
        queue = [
            Delivery(message_id=m.pk, channel=c.name, address=address)
            for c in channels()
            for m in messages
            if m.pk and (address := c.address_of(unique[m.person_id]))
        ]
        Delivery.objects.bulk_create(queue)
    return len(ids)


def deliver_queued(*, limit: int = 100, max_attempts: int = 5) -> int:
    """Send what is queued (worker); the number sent. A failure is logged and tried again, at most 5 times."""
    by_name = {c.name: c for c in channels()}
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            row = (
                Delivery.objects.select_for_update(skip_locked=True)
                .select_related("message")
                .filter(state=Delivery.State.QUEUED, attempts__lt=max_attempts)
                .order_by("attempts", "id")
                .first()
            )
            if row is None:
                return sent
            channel = by_name.get(row.channel)
            row.attempts += 1
            try:
                if channel is None:
                    raise LookupError(f"channel {row.channel} is not configured")
                m = row.message
                channel.send(address=row.address, title=m.title, body=m.body, url=m.url)
            except Exception as problem:
                row.error = f"{type(problem).__name__}: {problem}"[:300]
                if row.attempts >= max_attempts:
                    row.state = Delivery.State.FAILED
            else:
                row.state, row.sent_at, row.error = Delivery.State.SENT, clock.now(), ""
                sent += 1
            row.save()
    return sent


def mark_read(*, by: Who, message_id: int | None = None) -> int:
    """Mark one message of one's own, or all of them, as read."""
    if by.person is None:
        return 0
    mine = Message.objects.filter(person=by.person, read_at__isnull=True)
    if message_id is not None:
        mine = mine.filter(pk=message_id)
    return mine.update(read_at=clock.now())


def note_sweep(name: str) -> None:
    """Remember that a sweep came to its end."""
    SweepRun.objects.update_or_create(name=name, defaults={"ran_at": clock.now()})


__all__ = ["deliver_queued", "mark_read", "note_sweep", "tell"]
