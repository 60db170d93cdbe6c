"""Objections as their office sees them, and as who sent one sees it. Nobody else sees any."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.db.models import QuerySet
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
        .defer(
            "publicity__list__frozen",
            "publicity__list__call__frozen",
            "entry__application__draft",
            "entry__application__organisation__bigrams",
            "entry__application__organisation__search_text",
            "paper__data",
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
    meetings = Meeting.objects.filter(committee__category__applications__in=ids)
    people = Judgement.objects.filter(application__in=ids).order_by().values_list("by__identity")
    people = people.union(
        Tick.objects.filter(application__in=ids).order_by().values_list("by__identity"),
        ReadingChoice.objects.filter(application__in=ids).order_by().values_list("by__identity"),
        MeetingNote.objects.filter(application__in=ids).order_by().values_list("by__identity"),
        Correction.objects.filter(application__in=ids).order_by().values_list("sent_by__identity"),
        SheetRecord.objects.filter(sheet__application__in=ids).order_by().values_list("by__identity"),
        Vote.objects.filter(application__in=ids).order_by().values_list("seat__expert__person__identity"),
        *(
            meetings.order_by().values_list(f"{role}__identity")
            for role in ("opened_by", "proposed_by", "closed_by")
        ),
        Decision.objects.filter(application__in=ids).order_by().values_list("identity"),
    )
    found = {identity for (identity,) in people}
    return frozenset((found | {public.frozen_identity, public.approved_identity}) - {"", None})


def public_url(path: str) -> str:
    """An address of this product as a whole, for papers."""
    return f"{settings.PUBLIC_URL}{path}"
