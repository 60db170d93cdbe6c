"""Surveys as those who ask may see them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Q

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.policy import Fact
from shuniu.surveys.models import (
    LEVELS,
    Answer,
    Callback,
    Item,
    Result,
    Survey,
    Ticket,
    Unused,
)

READERS = frozenset({"clerk", "checker", "leader", "auditor", "audit_admin"})
SHOW_FROM = 5  # valid answers, below which the rated are not told how the levels fell
KEYING_DAYS = 10  # days after the end on which a survey that nobody counted is counted by itself


def surveys_visible_to(who: Who) -> models.QuerySet[Survey]:
    """To the office those of its own union; to the rated those that have opened."""
    rows = Survey.objects.select_related("organisation", "union")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id).exclude(state=Survey.State.DRAFT)
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def items_visible_to(who: Who) -> models.QuerySet[Item]:
    """整改 of the surveys that the asker sees."""
    return Item.objects.filter(survey__in=surveys_visible_to(who).select_related(None)).select_related(
        "survey__organisation", "survey__union", "reported_by", "decided_by"
    )


def callbacks_visible_to(who: Who) -> models.QuerySet[Callback]:
    """Numbers that wait for a call: the office's alone, after the count. Before it a number tells that somebody was not
    satisfied, and of the first answers which."""
    if who.role not in {"clerk", "checker", "leader"} or who.union_id is None:
        return Callback.objects.none()
    counted = Callback.objects.filter(survey__union_id=who.union_id, survey__state=Survey.State.CLOSED)
    return counted.select_related("survey__organisation", "survey__union")


def digest_of(code: str) -> str:
    """What is kept of a ticket's code; blanks, dashes and small letters are understood."""
    plain = re.sub(r"[\s\-—－]", "", code).upper()
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True)
class Held:
    """A ticket as whoever holds its code sees it."""

    survey: Survey
    usable: bool  # neither used nor void
    batch: int
    last: int  # the survey's newest batch

    @property
    def void(self) -> bool:
        """Perhaps: a later batch voided what was unused then; which of the earlier were used is told by nothing."""
        return not self.usable and self.batch < self.last


def held(code: str) -> Held | None:
    """The ticket of a code; None when nobody ever made it."""
    found = (
        Ticket.objects.filter(digest=digest_of(code))
        .select_related("survey__organisation", "survey__union", "batch")
        .annotate(free=models.Exists(Unused.objects.filter(ticket=models.OuterRef("pk"))))
        .first()
    )
    if found is None:
        return None
    free: bool = found.free
    return Held(found.survey, free, found.batch.number, found.survey.batches.count())


def words_of(row: Survey) -> models.QuerySet[Answer]:
    """What people wrote, in an order that says nothing."""
    return Answer.objects.filter(survey=row).exclude(comment="").only("comment", "level")


def counted(row: Survey) -> dict[str, dict[str, int]]:
    """Levels, channels and reasons of the answers, counted once when the survey closes."""
    answers = Answer.objects.filter(survey=row).order_by()
    levels = answers.values_list("level").annotate(n=models.Count("pk"))
    channels = answers.values_list("channel").annotate(n=models.Count("pk"))
    each = answers.exclude(reasons=[]).annotate(one=models.Func("reasons", function="unnest"))
    reasons = each.values_list("one").annotate(n=models.Count("pk"))
    return {
        "levels": {str(level): n for level, n in levels},
        "channels": dict(channels),
        "reasons": dict(sorted(reasons, key=lambda pair: (-pair[1], pair[0]))),
    }


def exact(numerator: int, denominator: int) -> str:
    """满意率 as it is written: 46/52，约 88.46%; without 约 where two places say all of it; -- for nothing."""
    if not denominator:
        return "--"
    share = Fraction(numerator * 10_000, denominator)
    about = "" if share.denominator == 1 else "约 "
    whole, part = divmod(round(share), 100)
    return f"{numerator}/{denominator}，{about}{whole}.{part:02d}%"


def rows_of(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Levels by their words, best first."""
    return [(word, int(counts.get(str(level), 0))) for level, word in LEVELS.items()]


def told_of(rows: models.QuerySet[Survey]) -> list[dict[str, object]]:
    """Surveys with their 满意率, as pages of what was rated list them; "" before the count and below `SHOW_FROM`."""
    found = []
    for row in rows.select_related("result", "union")[:100]:
        told = row.state == Survey.State.CLOSED and row.result.valid >= SHOW_FROM
        rate = exact(row.result.numerator, row.result.denominator) if told else ""
        found.append({"row": row, "rate": rate})
    return found


@dataclass(frozen=True)
class Satisfaction:
    """The outcome of a counted survey, as higher slices and documents of law take it."""

    survey_id: int
    subject_key: str
    project: str
    closed_on: dt.date
    conductor: str
    rate: Fraction | None
    valid: int
    issued: int


def satisfaction_of(
    organisation_id: int, *, subject_key: str = "", since: dt.date | None = None
) -> list[Satisfaction]:
    """Counted surveys of an organisation (or of one subject of it), newest first; one query.

    The rate is exact: only a document rounds, and says where.
    """
    rows = Result.objects.filter(survey__organisation_id=organisation_id).select_related("survey")
    if subject_key:
        rows = rows.filter(survey__subject_key=subject_key)
    if since is not None:
        rows = rows.filter(at__gte=clock.start_of_day(since))
    return [
        Satisfaction(
            r.survey_id, r.survey.subject_key, r.survey.project, r.at.astimezone(clock.TZ).date(),
            r.survey.conductor, r.rate, r.valid, r.issued,
        )
        for r in rows.order_by("-at")
    ]  # fmt: skip


SOURCE = "满意度测评"
_BY = {"union": "工会", "implementer": "项目实施主体", "third": "第三方组织"}


def facts_of_many(
    organisation_ids: Collection[int], on: dt.date, *, subject_key: str = ""
) -> dict[int, dict[str, Fact]]:
    """The newest survey counted by `on`, as the engine's facts whose source is `survey`; one query for any number.

    docs/policy-format.md names the facts. The rate is in per cent with 28 digits: exact wherever it can meet the edge of
    a band. Nothing counted: no facts, since what was asked elsewhere is not known here.
    """
    rows = Result.objects.filter(
        survey__organisation_id__in=organisation_ids, at__lt=clock.end_of_day(on), denominator__gt=0
    ).select_related("survey")
    if subject_key:
        rows = rows.filter(survey__subject_key=subject_key)
    newest = rows.order_by("survey__organisation_id", "-at").distinct("survey__organisation_id")
    found: dict[int, dict[str, Fact]] = {pk: {} for pk in organisation_ids}
    return found | {row.survey.organisation_id: _facts(row) for row in newest}


def facts_of_subjects(subject_keys: Collection[str], on: dt.date) -> dict[str, dict[str, Fact]]:
    """The same of what a survey was bound to: key → the facts of its own newest counted survey; one query."""
    rows = Result.objects.filter(
        survey__subject_key__in=subject_keys, at__lt=clock.end_of_day(on), denominator__gt=0
    ).select_related("survey")
    newest = rows.order_by("survey__subject_key", "-at").distinct("survey__subject_key")
    found: dict[str, dict[str, Fact]] = {key: {} for key in subject_keys}
    return found | {row.survey.subject_key: _facts(row) for row in newest}


def _facts(row: Result) -> dict[str, Fact]:
    day = row.at.astimezone(clock.TZ).date()
    values: dict[str, object] = {
        "surveyed": True, "surveyed_by": _BY[row.survey.conductor], "surveyed_on": day,
        "satisfaction_rate": Decimal(row.numerator * 100) / Decimal(row.denominator), "survey_answers": row.valid,
    }  # fmt: skip
    return {name: Fact(value, SOURCE, day, True) for name, value in values.items()}


def overdue(on: dt.date) -> models.QuerySet[Item]:
    """Items not put right by their day."""
    return Item.objects.filter(~Q(state=Item.State.DONE), due__lt=on).select_related("survey__organisation")


def forgotten(on: dt.date) -> Sequence[int]:
    """Open surveys whose end is so long ago that they are counted without anybody's click."""
    return list(
        Survey.objects.filter(
            state=Survey.State.OPEN, ends_on__lt=on - dt.timedelta(days=KEYING_DAYS)
        ).values_list("pk", flat=True)
    )
