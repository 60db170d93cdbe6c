"""Objections as their office sees them, and as who sent one sees it. Nobody else sees any."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from shuniu.calls.models import (
    Correction,
    Decision,
    Judgement,
    Meeting,
    MeetingNote,
    Objection,
    ObjectionProposal,
    PublicList,
    ReadingChoice,
    SheetRecord,
    Stage,
    Tick,
    Vote,
)
from shuniu.calls.queries.call import own_calls
from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def code_of(key: object) -> str:
    """The query code of a receipt: told by the form's key and our secret, so that a repeated click gets the same."""
    raw = salted_hmac("calls.objection.code", str(key), algorithm="sha256").digest()
    return "".join(_ALPHABET[b % len(_ALPHABET)] for b in raw[:10])


def code_digest(number: str, code: str) -> str:
    """What is kept of the code."""
    return hashlib.sha256(f"{number}:{code.strip().upper()}".encode()).hexdigest()


def sender_digest(address: str, on: dt.date) -> str:
    """Counts what one address sends in a day, and names nobody: another secret salt every day."""
    return salted_hmac(f"calls.objection.sender:{on}", address, algorithm="sha256").hexdigest()


def sent_lately(sender: str) -> int:
    """How many came from the same address within the last hour."""
    since = clock.now() - dt.timedelta(hours=1)
    return Objection.objects.filter(sender=sender, received_at__gte=since).count()


def by_receipt(number: str, code: str) -> Objection | None:
    """The objection of a receipt: number and code must both be right."""
    row = (
        Objection.objects.select_related("publicity__list__call__union", "decision__paper__pdf", "paper__pdf")
        .filter(number=number.strip().upper())
        .first()
    )
    if row is None or not constant_time_compare(row.code_digest, code_digest(row.number, code)):
        return None
    return row


def objections_of(who: Who) -> QuerySet[Objection]:
    """What the asker's own union received, for those who work on its calls."""
    return (
        Objection.objects.filter(publicity__list__call__in=own_calls(who))
        .select_related(
            "publicity__list__call__union", "entry__application__organisation", "handler", "decision", "paper"
        )
        .order_by("-id")
    )


def awaiting_correction(who: Who) -> QuerySet[Objection]:
    """Upheld against a name that the formal list names already: only a correction notice takes it off."""
    return objections_of(who).filter(
        state=Objection.State.UPHELD, decision__effect="remove", entry__list__kind=PublicList.Kind.SHORTLIST,
        entry__application__stage=Stage.RECOGNISED,
    )  # fmt: skip


def open_proposal(objection: Objection) -> ObjectionProposal | None:
    """What lies before the approver."""
    return objection.proposals.filter(returned_at__isnull=True).select_related("by").first()


def proposals_for(who: Who) -> QuerySet[ObjectionProposal]:
    """Proposals of the asker's union that wait for an approver."""
    return ObjectionProposal.objects.filter(
        returned_at__isnull=True,
        objection__decision__isnull=True,
        objection__publicity__list__call__in=own_calls(who),
    ).select_related("objection__publicity__list__call", "objection__entry__application__organisation")


def first_decision_identities(objection: Objection) -> frozenset[str]:
    """The natural persons who took part in what is objected to: audit, review, freezing and approval.

    Of the one organisation that it concerns; of the whole list when it names none.
    """
    public = objection.publicity.list
    entry = objection.entry
    ids = [entry.application_id] if entry else [r["application"] for r in public.frozen]
    people: set[int | None] = set()
    for model in (Judgement, Tick, ReadingChoice, MeetingNote):
        people |= set(model._default_manager.filter(application__in=ids).values_list("by_id", flat=True))
    people |= set(Correction.objects.filter(application__in=ids).values_list("sent_by_id", flat=True))
    people |= set(SheetRecord.objects.filter(sheet__application__in=ids).values_list("by_id", flat=True))
    people |= set(Vote.objects.filter(application__in=ids).values_list("seat__expert__person_id", flat=True))
    meetings = Meeting.objects.filter(committee__category__applications__in=ids)
    for pair in meetings.values_list("opened_by_id", "proposed_by_id", "closed_by_id"):
        people |= set(pair)
    decisions = Decision.objects.filter(application__in=ids).filter(~Q(identity=""))
    found = set(decisions.values_list("identity", flat=True))
    found |= set(
        Person.objects.filter(pk__in=[p for p in people if p is not None]).values_list("identity", flat=True)
    )
    return frozenset(found | {public.frozen_identity, public.approved_identity} - {""})


def public_url(path: str) -> str:
    """An address of this product as a whole, for papers."""
    return f"{settings.PUBLIC_URL}{path}"
