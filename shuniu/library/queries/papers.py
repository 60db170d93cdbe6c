"""Reads of attached papers beside the rules that cite them, and of questions about a clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.library.models import Document, Paper, Question
from shuniu.library.queries.documents import policy_of
from shuniu.library.queries.uploads import newest_release
from shuniu.policy.paper import FOREWORD, same_number, without_paragraph
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union
from shuniu.unions.queries import ancestor_ids

DESK = ("clerk", "checker", "leader")


def paper_of(who: Who, key: str) -> Paper | None:
    """The copy that counts for the asker: of their union or one above it, else the last one attached."""
    rows = Paper.objects.filter(key=key).select_related("file__blob", "union")
    if who.union_id is not None:
        own = rows.filter(union__in=ancestor_ids(who.union_id)).first()
        if own is not None:
            return own
    return rows.first()


@dataclass(frozen=True)
class Beside:
    """The paper beside the document: its words by the document's numbers, and where the two do not agree."""

    paper: Paper
    words: Mapping[str, str]
    not_in_paper: list[tuple[str, list[str]]] = field(default_factory=list)  # number, what cites it
    not_in_document: list[tuple[str, str]] = field(default_factory=list)  # number, first words

    @property
    def agrees(self) -> bool:
        """Every clause is in the paper and entered, and the paper's numbering is whole."""
        return not (self.not_in_paper or self.not_in_document or self.paper.damages)


def beside(paper: Paper, law: policy.Document, uses: Mapping[str, Iterable[str]]) -> Beside:
    """`uses`: by clause, the labels of what cites it. Nothing is renumbered to make the two agree.

    Of a document that adopts an upper one, its own clauses are held against its own paper; the upper clauses stand
    in the upper paper.
    """
    upper = upper_of(law)
    above = {clause.number for clause in upper.clauses} if upper is not None else set()
    own = [clause.number for clause in law.clauses if clause.number not in above]
    there = {same_number(row["number"]): row for row in paper.clauses}
    known = {without_paragraph(number) for number in own}
    words = _words(paper, own)
    missing = [(number, list(uses.get(number, ()))) for number in own if number not in words]
    extra = [
        (row["number"], row["text"][:40])
        for number, row in there.items()
        if number not in known and row["number"] != FOREWORD and not row.get("title_only")
    ]
    return Beside(paper, words, missing, extra)


def upper_of(law: policy.Document) -> policy.Document | None:
    """The upper document that this one adopts, in the version that it adopts."""
    if law.extends is None:
        return None
    row = Document.objects.filter(key=law.extends.key, version=law.extends.version).first()
    return policy_of(row) if row is not None else None


def upper_words(who: Who, law: policy.Document) -> dict[str, str]:
    """By number, the words of the upper paper for the clauses that stand there; empty where there is none."""
    upper = upper_of(law)
    paper = paper_of(who, upper.key) if upper is not None else None
    if upper is None or paper is None:
        return {}
    return {**upper_words(who, upper), **_words(paper, [clause.number for clause in upper.clauses])}


def _words(paper: Paper, numbers: Iterable[str]) -> dict[str, str]:
    there = {same_number(row["number"]): row["text"] for row in paper.clauses}
    return {number: there[same] for number in numbers if (same := without_paragraph(number)) in there}


def interpreter(who: Who, law: policy.Document) -> Union | None:
    """Which union answers: the one that published the document, else the nearest of the issuer's level above the asker."""
    release = newest_release(law.key)
    if release is not None:
        return release.union
    start = who.union_id
    if who.organisation_id is not None:
        start = Organisation.objects.values_list("owning_union", flat=True).get(pk=who.organisation_id)
    if start is None:
        return None
    above = {union.pk: union for union in Union.objects.filter(pk__in=ancestor_ids(start), is_active=True)}
    levels = [above[pk] for pk in ancestor_ids(start) if pk in above and above[pk].level == law.issuer.level]
    return levels[0] if levels else above.get(start)


def published_questions(law: policy.Document) -> QuerySet[Question]:
    """Questions and answers that everybody may read, the newest first; what explains the upper document explains it
    below too."""
    keys = [law.key, *([law.extends.key] if law.extends else [])]
    return Question.objects.filter(key__in=keys, state=Question.State.PUBLISHED).select_related("union")


def own_questions(who: Who, key: str) -> QuerySet[Question]:
    """What the asker's union or organisation asked and is not answered in public yet."""
    rows = Question.objects.filter(key=key).exclude(state=Question.State.PUBLISHED).select_related("union")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id)
    return rows.filter(asking_union_id=who.union_id) if who.union_id is not None else rows.none()


def questions_at_desk(who: Who) -> QuerySet[Question]:
    """What was asked of the asker's union."""
    rows = Question.objects.select_related(
        "union", "asking_union", "organisation", "answered_by", "published_by"
    )
    if who.union_id is None or who.role not in DESK:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def questions_waiting(who: Who) -> QuerySet[Question]:
    """What waits for this role: to be answered by a clerk, to be published by a checker or leader."""
    state = Question.State.ASKED if who.role == "clerk" else Question.State.ANSWERED
    return questions_at_desk(who).filter(state=state).order_by("asked_at", "id")
