"""What a judgement says: findings with clause, facts and reason, and the decision they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from shuniu.policy.facts import FactUse

Status = Literal[
    "met", "not_met", "unknown", "judged", "soft_passed", "ambiguous", "silent", "not_applicable"
]
Answer = Literal["yes", "no", "open", "ambiguous", "silent"]

STATUS_LABELS: dict[Status, str] = {
    "met": "符合",
    "not_met": "不符合",
    "unknown": "无法判断",
    "judged": "待人工判断",
    "soft_passed": "说明理由后通过",
    "ambiguous": "理解不一",
    "silent": "本办法未规定",
    "not_applicable": "不适用",
}
ANSWER_LABELS: dict[Answer, str] = {
    "yes": "是",
    "no": "否",
    "open": "待定",
    "ambiguous": "理解不一，须先确定",
    "silent": "本办法未规定",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The reading that a call fixed, by whom and why."""

    reading: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact without which a finding stays open; ``question`` where a person has to answer it."""

    name: str
    label: str
    source: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class ReadingResult:
    key: str
    words: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class NormResult:
    """What an article of an upper norm says of the same matter."""

    norm: str
    title: str
    number: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition judged. ``conflict``: an upper norm says otherwise and decides."""

    key: str
    clause: str
    label: str
    status: Status
    reason: str
    facts: tuple[FactUse, ...] = ()
    missing: tuple[Missing, ...] = ()
    question: str = ""
    binding: str = "must"
    quote: str = ""
    readings: tuple[ReadingResult, ...] = ()
    chosen: Chosen | None = None
    norms: tuple[NormResult, ...] = ()
    conflict: bool = False

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[self.status]


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows from a consequence that is met; ``until``: its last day, where it lasts and that is known."""

    key: str
    clause: str
    label: str
    effect: str
    scope: str
    automatic: bool
    until: date | None = None
    grades: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a score or of a calculation."""

    key: str
    label: str
    clause: str
    points: Decimal | None
    at_most: Decimal
    reason: str
    kind: str = "points"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one question on one day; ``result`` is the date, number or word asked for."""

    question: str
    value: Answer
    on: date
    findings: tuple[Finding, ...]
    document: str
    version: str
    digest: str
    state: str = ""
    effects: tuple[Effect, ...] = ()
    lines: tuple[Line, ...] = ()
    result: date | Decimal | int | str | None = None
    missing: tuple[Missing, ...] = ()

    @property
    def value_label(self) -> str:
        return ANSWER_LABELS[self.value]

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that decide: of the effects where there are any, else of the findings of that kind."""
        if self.question == "consequence" and self.value in ("yes", "no"):
            return tuple(dict.fromkeys(each.clause for each in self.effects))
        deciding = {
            "yes": ("met", "soft_passed"),
            "no": ("not_met",),
            "open": ("unknown", "judged"),
            "ambiguous": ("ambiguous",),
            "silent": ("silent",),
        }[self.value]
        return tuple(
            dict.fromkeys(each.clause for each in self.findings if each.status in deciding and each.clause)
        )

    def finding(self, key: str) -> Finding:
        """The finding of a condition; ``KeyError`` where the question does not have it."""
        for found in self.findings:
            if found.key == key:
                return found
        raise KeyError(key)

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON: dates as text, decimals as exact text."""
        return {
            "document": {"key": self.document, "version": self.version, "digest": self.digest},
            "question": self.question,
            "on": self.on.isoformat(),
            "decision": self.value,
            "decision_label": self.value_label,
            "state": self.state,
            "clauses": list(self.clauses),
            "result": plain(self.result),
            "findings": [_finding_json(each) for each in self.findings],
            "effects": [_fields(each) for each in self.effects],
            "lines": [_fields(each) for each in self.lines],
            "missing": [_fields(each) for each in self.missing],
        }


def _finding_json(found: Finding) -> dict[str, Any]:
    said = _fields(found)
    said["status_label"] = found.status_label
    return said


def _fields(part: Any) -> dict[str, Any]:
    return {name: plain(getattr(part, name)) for name in part.__slots__}


def plain(value: Any) -> Any:
    """A value as JSON can hold it without losing a digit."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if hasattr(value, "__slots__"):
        return _fields(value)
    return value
