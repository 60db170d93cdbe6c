"""What everybody may read of calls: notices, their papers, answered questions."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from shuniu.calls.models import (
    Amendment,
    Call,
    Draw,
    ListCorrection,
    Publicity,
    PublicityChange,
    PublicList,
    Question,
    Submission,
)
from shuniu.calls.queries.call import published_calls
from shuniu.foundation.papers.models import Paper

PERSONAL = ("contact", "phone", "email")  # of a notice: what names or reaches a person


def notices() -> QuerySet[Call]:
    """Published notices, the newest first; a cancelled one stays, marked as such."""
    return (
        published_calls()
        .select_related("union", "document", "paper__pdf")
        .prefetch_related("stages", "categories", "materials", "terms")
        .order_by("-published_at", "-id")
    )


def answered(call: Call) -> QuerySet[Question]:
    """Questions with their answers, for all; without who asked."""
    return call.questions.filter(answered_at__isnull=False).order_by("answered_at").defer("asked_by")


RECEIPT_SIGNS = 12
"""How much of its digest a receipt shows to be verified by: with the number alone nobody learns who applied when."""


def receipt(call: Call, number: str, check: str) -> Submission | None:
    """What a receipt of this call stands for; None where number and digest do not belong together."""
    if len(check) < RECEIPT_SIGNS or not f"{number}{check}".replace("-", "").isalnum():
        return None
    return (
        Submission.objects.filter(
            application__call=call, application__number=number, round=0, digest__startswith=check
        )
        .select_related("application")
        .first()
    )


def amendments(call: Call) -> QuerySet[Amendment]:
    """What was changed after publication."""
    return call.amendments.filter(published_at__isnull=False).select_related("paper__pdf").order_by("number")


def lists_of_call(call: Call) -> QuerySet[PublicList]:
    """The call's published lists."""
    return call.lists.filter(published_at__isnull=False).select_related("paper__pdf").order_by("id")


def draws_of_call(call: Call) -> QuerySet[Draw]:
    """D2: every draw of experts, for whoever wants to replay it; the pages name no expert."""
    return (
        Draw.objects.filter(committee__call=call)
        .select_related("committee__category")
        .order_by("committee__category__order", "number")
    )


def attachments(call: Call) -> list[dict[str, Any]]:
    """The papers of a notice with size and type."""
    found = [call.paper] if call.paper and call.cleared_at is None else []
    found += [a.paper for a in amendments(call) if a.paper and call.cleared_at is None]
    return [attachment(paper) for paper in found]


def contact(call: Call, shown: dict[str, str]) -> dict[str, str]:
    """R3: whom to ask; after the period of retention the department and its address alone."""
    if call.cleared_at is None:
        return shown
    return shown | dict.fromkeys(PERSONAL, "")


def changes(call: Call, amendment: Amendment) -> list[dict[str, Any]]:
    """R3: what an amendment changed; after the period without the contact's name and numbers."""
    return [c for c in amendment.changes if call.cleared_at is None or c["field"] not in PERSONAL]


def attachment(paper: Paper) -> dict[str, Any]:
    """One paper as the pages list it."""
    return {
        "name": f"{paper.title}.pdf",
        "url": f"/papers/{paper.pk}.pdf",
        "size": paper.pdf.size,
        "kind": "PDF",
        "word": f"/papers/{paper.pk}.docx",
        "number": paper.number,
    }


def public_paper(paper_id: int) -> Paper | None:
    """A paper that belongs to something published; None for every other, as if it were not there."""
    key = Q(paper_id=paper_id)
    doors = (
        published_calls().filter(key, cleared_at__isnull=True),
        Amendment.objects.filter(
            key, published_at__isnull=False, call__in=published_calls().filter(cleared_at__isnull=True)
        ),
        PublicList.objects.filter(key, published_at__isnull=False),
        Publicity.objects.filter(key),
        PublicityChange.objects.filter(key),
        ListCorrection.objects.filter(key, published_at__isnull=False),
    )
    if not any(door.exists() for door in doors):
        return None
    return Paper.objects.select_related("pdf").get(pk=paper_id)


def meta(
    *, title: str, column: str, source: str, published: Any, keywords: str, description: str = ""
) -> dict[str, Any]:
    """The tags that 政府网站发展指引 asks of a published page."""
    return {
        "ArticleTitle": title,
        "ColumnName": column,
        "ColumnType": "通知公告",
        "PubDate": published,
        "ContentSource": source,
        "Keywords": keywords,
        "Description": description or title,
    }
