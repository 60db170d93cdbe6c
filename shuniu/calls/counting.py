"""What the papers of an application count for, by the score sheet of the call's document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shuniu import policy
from shuniu.calls.models import CountedPoint

SCORE = "score-"
"""Before the key of a row of the score sheet, where the check desk has it among the conditions."""


@dataclass(frozen=True)
class Counted:
    """One row of the sheet as the document counts it; `points` is None while a fact is missing or readings differ."""

    item: policy.Item
    points: Decimal | None
    said: str
    status: str  # met, judged (a person is asked), ambiguous (a reading is to be chosen), unknown
    asks: tuple[policy.FactSpec, ...]
    readings: tuple[dict[str, str], ...]


def review_sheet(law: policy.Document) -> policy.ScoreSheet | None:
    """The document's score sheet by which experts score."""
    named = next((s.sheet for s in law.stages if s.kind == "review" and s.sheet), "")
    return next((s for s in law.sheets if named in ("", s.key)), None)


def counted_items(law: policy.Document) -> list[policy.Item]:
    """The rows whose points come from facts, not from a person."""
    sheet = review_sheet(law)
    return [i for i in sheet.items if i.scoring is not None or i.readings] if sheet else []


def item_of(law: policy.Document, condition: str) -> policy.Item | None:
    """The row that stands at the desk under this name."""
    return next((i for i in counted_items(law) if condition == SCORE + i.key), None)


def count(
    law: policy.Document, facts: Mapping[str, Any], on: dt.date, chosen: Mapping[str, policy.Chosen]
) -> list[Counted]:
    """Every counted row as of a day, with the readings that the call chose; empty where the document counts nothing."""
    sheet, items = review_sheet(law), counted_items(law)
    if sheet is None or not items:
        return []
    given = {key: c for key, c in chosen.items() if c.reading in law.readings_of(key)}
    lines = _lines(law, sheet, facts, on, given)
    return [_counted(law, sheet, item, lines[item.key], facts, on, given) for item in items]


def _lines(
    law: policy.Document, sheet: policy.ScoreSheet, facts: Mapping[str, Any], on: dt.date,
    chosen: Mapping[str, policy.Chosen],
) -> dict[str, policy.Line]:  # fmt: skip
    decision = policy.judge(law, "score", dict(facts) | {"sheet": sheet.key}, on, chosen)
    return {line.key: line for line in decision.lines}


def _counted(
    law: policy.Document, sheet: policy.ScoreSheet, item: policy.Item, line: policy.Line, facts: Mapping[str, Any],
    on: dt.date, chosen: Mapping[str, policy.Chosen],
) -> Counted:  # fmt: skip
    asked = [
        s for name in sorted(policy.names_read(law, item)) if (s := law.facts[name]).source == "judgement"
    ]
    if line.points is not None:
        return Counted(item, line.points, line.reason, "met", tuple(asked), ())
    if any(spec.name not in facts for spec in asked):
        return Counted(item, None, line.reason, "judged", tuple(asked), ())
    readings = []
    for reading in item.readings:
        tried = dict(chosen) | {choice_key(item): policy.Chosen(reading.key, "试算", "试算")}
        points = _lines(law, sheet, facts, on, tried)[item.key].points
        said = "不能计分" if points is None else f"得 {points.normalize():f} 分"
        readings.append(
            {
                "key": reading.key,
                "words": reading.words,
                "status": "met" if points is not None else "unknown",
                "reason": said,
            }
        )
    told = any(r["status"] == "met" for r in readings)
    return Counted(
        item,
        None,
        line.reason,
        "ambiguous" if told else "unknown",
        tuple(asked),
        tuple(readings) if told else (),
    )


def choice_key(item: policy.Item) -> str:
    """Under what a reading of this row is chosen: the matter that it shares, else itself."""
    return item.matter or item.key


def fixed(application_ids: Iterable[int]) -> dict[int, dict[int, CountedPoint]]:
    """Application → item → what was counted when the review opened."""
    found: dict[int, dict[int, CountedPoint]] = {}
    for row in CountedPoint.objects.filter(application__in=list(application_ids)).select_related("item"):
        found.setdefault(row.application_id, {})[row.item_id] = row
    return found
