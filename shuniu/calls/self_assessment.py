"""自查自评: the document's score sheet as an applicant fills it in, and the gate that it opens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from shuniu import policy
from shuniu.calls import evidence, judging
from shuniu.calls.models import Application, Evidence, Stage
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of
from shuniu.policy.bounds import bounds

SECTION = "self"
FROZEN = "_self_points"
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
    asked: bool = True  # whether the document has such a stage; without one the page only takes files
    unproved: frozenset[str] = frozenset()  # rows that would score if the file were there
    failed: str = ""  # why the sheet fails whatever its total

    @property
    def so_far(self) -> Decimal:
        """The points of the items that have some, never below nought."""
        known = ((line.kind, line.points) for line in self.lines if line.points is not None)
        return max(sum((-p if kind == "deduction" else p for kind, p in known), Decimal(0)), Decimal(0))

    @property
    def said(self) -> str:
        """Where it stands, in a sentence; empty when it is whole and the gate open."""
        if not self.asked:
            return ""
        if self.total is None:
            open_ = [line for line in self.lines if line.points is None]
            left = "、".join(line.label for line in open_ if line.key not in self.unproved)
            bare = "、".join(line.label for line in open_ if line.key in self.unproved)
            told = (
                f"还有没有结果的项目：{left}" if left else "",
                f"缺佐证材料，不能得分的项目：{bare}" if bare else "",
            )
            return "；".join(each for each in told if each)
        if self.failed and not self.reached:
            return f"自评 {self.total.normalize():f} 分，不能申报：{self.failed}"
        return "" if self.reached else f"自评 {self.total.normalize():f} 分，未达到“{self.gate}”"


def sheet_of(law: policy.Document) -> policy.ScoreSheet | None:
    """The sheet that applicants fill in or file papers under; None where the document asks for neither."""
    return evidence.sheet_of(law)


def _gate(
    law: policy.Document, sheet: policy.ScoreSheet, facts: dict[str, Any], decision: policy.Decision,
    total: Decimal | None, least: Decimal | None,
) -> tuple[bool, str, str]:  # fmt: skip
    """Whether the form is open, what is asked for (the stage's own condition, else the sheet's pass mark), and why the
    sheet failed whatever its total: a veto, a mandatory item at nought, a group below its mark.

    `least`: what it comes to at least; a mark that is reached already opens the form while rows are open."""
    finding = decision.findings[0]
    enough = sheet.pass_mark is None or (least is not None and least >= sheet.pass_mark)
    failed = finding.reason if finding.status == "not_met" and (enough or total is None) else ""
    key = next((s.gate for s in law.stages if s.kind == "apply"), "")
    if any(condition.key == key for condition in law.conditions):
        told = facts | ({} if total is None else {judging.SELF_SCORE: total})
        found = (
            f for asked in judging.QUESTIONS for f in policy.judge(law, asked, told, decision.on).findings
        )
        gate = next(f for f in found if f.key == key)
        return gate.status == "met", gate.label, failed
    mark = "" if sheet.pass_mark is None else f"{sheet.pass_mark.normalize():f} 分"
    return enough and not failed, mark, failed


def given_items(sheet: policy.ScoreSheet) -> list[policy.Item]:
    """The items whose points a person gives; the others are counted from facts."""
    return [item for item in sheet.items if evidence.is_given(item)]


def files_of(application: Application) -> dict[str, list[Evidence]]:
    """row → the files under it, oldest first."""
    found: dict[str, list[Evidence]] = {}
    standing = application.evidence.filter(attachment__removed_at__isnull=True)
    for each in standing.select_related("attachment__blob"):
        found.setdefault(each.row, []).append(each)
    return found


def assess(application: Application, on: dt.date) -> Assessment | None:
    """The applicant's own score as of a day, by the engine; None where the document asks for none.

    A row that demands evidence has no points until a file lies under it.
    """
    law = policy_of(application.call.document)
    sheet = sheet_of(law)
    if sheet is None:
        return None
    facts: dict[str, Any] = judging.facts_for(application, on)
    for spec in law.facts.values():
        # A ledger of the platform without a line gives no points; it does not keep the form shut for ever.
        if spec.type == "records" and spec.source == "registry":
            facts.setdefault(spec.name, policy.Fact([], "台账没有记录", on))
    saved: dict[str, Any] = application.draft.get(SECTION, {})
    for item in given_items(sheet):
        points = _points(saved.get(f"points_{item.key}"), item.points)
        if points is not None:
            facts[f"points.{item.key}"] = points
    decision = policy.judge(law, "score", facts | {"sheet": sheet.key}, on)
    total = decision.result if isinstance(decision.result, Decimal) else None
    wanting = {item.key for item in sheet.items if evidence.must_be_proved(law, item)}
    filed = files_of(application) if wanting else {}
    unproved = frozenset(
        line.key for line in decision.lines if line.points and line.key in wanting and line.key not in filed
    )
    unrated = {item.key for item in sheet.items if _waits_for_survey(law, item)}
    lines = tuple(
        replace(line, points=None, reason="没有佐证材料，不能得分")
        if line.key in unproved
        else replace(line, reason=f"{line.reason}。请所在工会组织测评，计票后自动计入")
        if line.points is None and line.key in unrated
        else line
        for line in decision.lines
    )
    asked = any(s.kind == "self_assess" for s in law.stages)
    if unproved:
        total = None
    least = _least(sheet, lines) if total is None else total
    reached, gate, failed = _gate(law, sheet, facts, decision, total, least)
    return Assessment(sheet, lines, total, reached, gate, asked, unproved, failed)


def _least(sheet: policy.ScoreSheet, lines: tuple[policy.Line, ...]) -> Decimal | None:
    """What the sheet comes to at least while rows are open; None where more than points decides (a veto and the like)."""
    if sheet.groups or any(item.mandatory or item.veto is not None for item in sheet.items):
        return None
    return bounds(sheet, lines).low


def _waits_for_survey(law: policy.Document, item: policy.Item) -> bool:
    """Whether the row is counted from a survey of satisfaction."""
    read = policy.names_read(law, (item.scoring, item.readings))
    return any(law.facts[name].source == "survey" for name in read)


def _points(typed: object, most: Decimal) -> Decimal | None:
    """What was typed, where it is a number of points that the item can have."""
    try:
        points = Decimal(str(typed))
    except InvalidOperation:
        return None
    return points if points.is_finite() and 0 <= points <= most else None


@dataclass(frozen=True)
class Row:
    """One row of the sheet as everybody who may read the application sees it."""

    item: policy.Item
    points: Decimal | None
    reason: str  # how the points came about, or why there are none
    note: str
    files: tuple[Evidence, ...]
    must: bool  # whether it scores with a file only
    unproved: bool


def rows(application: Application, found: Assessment | None = None) -> list[Row]:
    """The sheet row by row with points, grounds and files; as it stood when it was handed in."""
    law = policy_of(application.call.document)
    sheet = sheet_of(law)
    if sheet is None:
        return []
    frozen: dict[str, str] | None = application.draft.get(FROZEN)
    if found is None and (frozen is None or application.stage in (Stage.DRAFT, Stage.CORRECTING)):
        found = assess(application, clock.today())
    lines = {line.key: line for line in found.lines} if found else {}
    saved: dict[str, Any] = application.draft.get(SECTION, {})
    filed = files_of(application)
    told = []
    for item in sheet.items:
        line = lines.get(item.key)
        points = line.points if line else None
        if found is None and frozen and item.key in frozen:
            points = Decimal(frozen[item.key])
        told.append(
            Row(
                item, points, line.reason if line else "", saved.get(f"note_{item.key}", ""),
                tuple(filed.get(item.key, ())), evidence.must_be_proved(law, item),
                bool(found and item.key in found.unproved),
            )
        )  # fmt: skip
    return told


def freeze(application: Application) -> None:
    """What is handed in keeps its points: facts of the registry may change afterwards. Saved by the caller."""
    found = assess(application, clock.today())
    if found is None:
        return
    points = {line.key: f"{line.points:f}" for line in found.lines if line.points is not None}
    application.draft |= {FROZEN: points}
    if found.total is not None:
        application.draft |= {"self_total": str(found.total)}


def told(application: Application, change: str) -> list[dict[str, Any]]:
    """The assessment item by item with its total, as `facts` shows rows; `change`: where it is changed."""
    shown = []
    found = rows(application)
    for each in found:
        said = f"{_plain(each.points)} / {_plain(each.item.points)} 分" + (
            f"，{each.note}" if each.note else ""
        )
        if each.files:
            said += f"，佐证：{'、'.join(str(file) for file in each.files)}"
        elif each.unproved:
            said += "，没有佐证材料，不能得分"
        row = {"name": f"points_{each.item.key}", "label": each.item.label, "value": said}
        shown.append(row | ({"change_url": f"{change}#row-{each.item.key}"} if change else {}))
    if found:
        whole = all(each.points is not None for each in found)
        total = sum((each.points for each in found if each.points is not None), Decimal(0))
        handed_in = application.draft.get("self_total") if FROZEN in application.draft else None
        said = f"{handed_in or _plain(total)} 分" if whole else "--"
        shown.append({"name": "", "label": "自评合计", "value": said})
    return shown


def _plain(points: Decimal | None) -> str:
    return "--" if points is None else f"{points.normalize():f}"
