"""自查自评: the document's score sheet as an applicant fills it in, and the gate that it opens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shuniu import policy
from shuniu.calls import judging
from shuniu.calls.models import Application
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of

SECTION = "self"
GATED = frozenset({"contact", "directions", "experience", "people", "plan"})
"""The parts that open with the gate. Facts and papers stay open: the assessment rests on them."""


@dataclass(frozen=True)
class Assessment:
    """The sheet with its lines; `total` is None while an item is missing or in two bands."""

    sheet: policy.ScoreSheet
    lines: tuple[policy.Line, ...]
    total: Decimal | None
    reached: bool  # whether the gate is open; a document without one keeps it open
    gate: str  # what it asks, in the document's words

    @property
    def so_far(self) -> Decimal:
        """The points of the items that have some."""
        return sum((line.points for line in self.lines if line.points is not None), Decimal(0))

    @property
    def said(self) -> str:
        """Where it stands, in a sentence; empty when it is whole and the gate open."""
        if self.total is None:
            left = "、".join(line.label for line in self.lines if line.points is None)
            return f"还有没有结果的项目：{left}"
        return "" if self.reached else f"自评 {self.total.normalize():f} 分，未达到“{self.gate}”"


def sheet_of(law: policy.Document) -> policy.ScoreSheet | None:
    """The sheet that applicants assess themselves by; None where the document has no such stage."""
    stage = next((s for s in law.stages if s.kind == "self_assess"), None)
    if stage is None:
        return None
    return next((s for s in law.sheets if stage.sheet in ("", s.key)), None)


def _gate(
    law: policy.Document, sheet: policy.ScoreSheet, total: Decimal | None, on: dt.date
) -> tuple[bool, str]:
    """Whether the form is open, and what is asked for: the stage's own condition, else the sheet's pass mark."""
    key = next((s.gate for s in law.stages if s.kind == "apply"), "")
    if any(condition.key == key for condition in law.conditions):
        facts = {} if total is None else {judging.SELF_SCORE: total}
        found = (f for asked in judging.QUESTIONS for f in policy.judge(law, asked, facts, on).findings)
        finding = next(f for f in found if f.key == key)
        return finding.status == "met", finding.label
    if sheet.pass_mark is None:
        return True, ""
    return total is not None and total >= sheet.pass_mark, f"{sheet.pass_mark.normalize():f} 分"


def given_items(sheet: policy.ScoreSheet) -> list[policy.Item]:
    """The items whose points a person gives; the others are counted from facts."""
    return [item for item in sheet.items if item.scoring is None and not item.readings]


def assess(application: Application, on: dt.date) -> Assessment | None:
    """The applicant's own score as of a day, by the engine; None where the document asks for none."""
    law = policy_of(application.call.document)
    sheet = sheet_of(law)
    if sheet is None:
        return None
    facts: dict[str, Any] = judging.facts_for(application, on)
    saved: dict[str, Any] = application.draft.get(SECTION, {})
    for item in given_items(sheet):
        points = _points(saved.get(f"points_{item.key}"), item.points)
        if points is not None:
            facts[f"points.{item.key}"] = points
    decision = policy.judge(law, "score", facts | {"sheet": sheet.key}, on)
    total = decision.result if isinstance(decision.result, Decimal) else None
    return Assessment(sheet, decision.lines, total, *_gate(law, sheet, total, on))


def _points(typed: object, most: Decimal) -> Decimal | None:
    """What was typed, where it is a number of points that the item can have."""
    try:
        points = Decimal(str(typed))
    except InvalidOperation:
        return None
    return points if points.is_finite() and 0 <= points <= most else None


def told(application: Application, change: str) -> list[dict[str, Any]]:
    """The assessment item by item with its total, as `facts` shows rows; `change`: where it is changed."""
    found = assess(application, clock.today())
    saved: dict[str, Any] = application.draft.get(SECTION, {})
    rows = []
    for line in found.lines if found else ():
        points = "--" if line.points is None else f"{line.points.normalize():f}"
        note = saved.get(f"note_{line.key}", "")
        said = f"{points} / {line.at_most.normalize():f} 分" + (f"，{note}" if note else "")
        row = {"name": f"points_{line.key}", "label": line.label, "value": said}
        rows.append(row | ({"change_url": f"{change}#id_points_{line.key}"} if change else {}))
    if found:
        total = "--" if found.total is None else f"{found.total.normalize():f} 分"
        rows.append({"name": "", "label": "自评合计", "value": total})
    return rows
