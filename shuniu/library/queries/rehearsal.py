"""演练: a folder that is not published yet, tried on what the registry knows today. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.library.models import Upload
from shuniu.library.queries.documents import law_of_key, loaded, policy_of
from shuniu.library.unpacking import unpacked
from shuniu.policy.bounds import Bounds, bounds
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of_many

QUESTION = "eligibility"
ANSWERS = {"M": "符合", "F": "不符合", "U": "待查", "A": "理解不一"}  # by the letter that an estimate keeps
MEASURES = {"grade": "等级", "funding": "经费"}


@dataclass(frozen=True)
class Row:
    """One condition or one row of a score sheet, in words."""

    clause: str
    label: str
    said: str
    kind: str  # of the sign before it


@dataclass(frozen=True)
class Scored:
    """One sheet: what is known of the total, and what it says about the mark."""

    label: str
    known: str
    verdict: str
    kind: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Tried:
    """One organisation: the answer under the folder, under what is in use, the conditions, the sheets, the outcome.

    Statuses and points only, no facts: whoever prepares documents does not read the registry.
    """

    name: str
    answer: str
    before: str
    conditions: list[Row]
    problem: str = ""
    kind: str = "wait"
    sheets: list[Scored] = field(default_factory=list)
    sheets_before: list[Scored] = field(default_factory=list)
    outcome: list[tuple[str, str]] = field(default_factory=list)  # 等级、经费: what, how much

    @property
    def differs(self) -> bool:
        return bool(self.before) and self.before != self.answer


@dataclass(frozen=True)
class Scope:
    """What a rehearsal covers and what it leaves out, in words."""

    until: str
    left_out: list[tuple[str, list[str]]]


def assumed(on: dt.date) -> dict[str, object]:
    """What is supposed of a notice that does not exist: it is published on the day of the judgement."""
    return {"published_on": on}


def organisations_tried(who: Who) -> QuerySet[Organisation]:
    """The organisations that the asker's union keeps, by name."""
    rows = Organisation.objects.filter(merged_into__isnull=True).defer("bigrams", "search_text")
    return rows.filter(owning_union_id=who.union_id).order_by("name", "id") if who.union_id else rows.none()


def compared_with(upload: Upload) -> policy.Document | None:
    """What is in use now: the upper document that is adopted, else the version of the same key."""
    law = policy_of(upload.base) if upload.base is not None else law_of_key(upload.key)
    return law if law is not None and law.digest != upload.digest else None


def scope(upload: Upload, on: dt.date) -> Scope:
    """Until when a recognition of that day would hold; the facts and steps that no rehearsal has."""
    law = loaded(unpacked(upload.files))
    asked = {
        spec.name: spec
        for question in (QUESTION, "score", *MEASURES)
        for spec in policy.facts_for(law, question)
    }
    by_source: dict[str, list[str]] = {}
    for spec in asked.values():
        if spec.source != "registry" and spec.name not in assumed(on):
            by_source.setdefault(f"来自{policy.SOURCES[spec.source]}的事实", []).append(spec.label)
    given = [item.label for sheet in law.sheets for item in sheet.items if _is_given(item)]
    steps = [stage.label for stage in law.stages if stage.kind not in ("notice", "apply")]
    left = [
        *by_source.items(),
        ("由人评分的项目", given),
        ("名额", [q.label for q in law.quotas]),
        ("程序", steps),
    ]
    return Scope(_until(law, on), [(what, labels) for what, labels in left if labels])


def _is_given(item: policy.Item) -> bool:
    return item.scoring is None and not item.readings


def _until(law: policy.Document, on: dt.date) -> str:
    if law.outcome is None:
        return ""
    if law.outcome.validity is None:
        return law.outcome.label
    first, last = policy.validity_period(law, on)
    return f"{law.outcome.label}，有效期 {first} 至 {last}"


def rehearse(upload: Upload, organisations: list[Organisation], on: dt.date) -> list[Tried]:
    """Each organisation judged on `on` by the folder and by what is in use, with copies of its registry facts:
    conditions, score sheets and what follows from them, as far as these facts go.

    What only an application or a person can say is not known here, and so is what asks for it.
    """
    law, now = loaded(unpacked(upload.files)), compared_with(upload)
    wanted = {f.name for d in (law, now) if d is not None for f in d.facts.values() if f.source == "registry"}
    facts = facts_as_of_many(organisations, on, only=wanted)
    return [_tried(each.name, law, now, facts[each.pk], on) for each in organisations]


def _tried(
    name: str, law: policy.Document, now: policy.Document | None, facts: Mapping[str, object], on: dt.date
) -> Tried:
    try:
        decision = _judged(law, QUESTION, facts, on)
        before = _said(_judged(now, QUESTION, facts, on)) if now is not None else ""
        sheets = _sheets(law, facts, on)
        was = _sheets(now, facts, on) if now is not None else []
        outcome = [
            (label, said)
            for question, label in MEASURES.items()
            if (said := _measured(law, question, facts, on))
        ]
    except policy.PolicyError as error:
        return Tried(name, "不能判断", "", [], str(error.problems[0]))
    conditions = [
        Row(f.clause, f.label, f.status_label, _KINDS.get(f.status, "wait")) for f in decision.findings
    ]
    return Tried(
        name, _said(decision), before, conditions, kind=_KINDS.get(decision.value, "wait"), sheets=sheets,
        sheets_before=[] if _same(sheets, was) else was, outcome=outcome,
    )  # fmt: skip


def _said(decision: policy.Decision) -> str:
    """The answer in the words of 影响测算."""
    letter = {"yes": "M", "no": "F", "open": "U", "ambiguous": "A"}.get(decision.value)
    return ANSWERS[letter] if letter else decision.value_label


_KINDS = {
    "met": "ok",
    "soft_passed": "ok",
    "yes": "ok",
    "not_met": "bad",
    "no": "bad",
    "ambiguous": "warn",
    "open": "unknown",
}


def _same(sheets: list[Scored], was: list[Scored]) -> bool:
    return [(s.known, s.verdict) for s in sheets] == [(s.known, s.verdict) for s in was]


def _judged(
    law: policy.Document, question: str, facts: Mapping[str, object], on: dt.date, **more: object
) -> policy.Decision:
    known = {name: given for name, given in facts.items() if name in law.facts}
    return policy.judge(law, question, {**known, **assumed(on), **more}, on)


def _sheets(law: policy.Document, facts: Mapping[str, object], on: dt.date) -> list[Scored]:
    return [_scored(sheet, _judged(law, "score", facts, on, sheet=sheet.key)) for sheet in law.sheets]


def _scored(sheet: policy.ScoreSheet, decision: policy.Decision) -> Scored:
    found = bounds(sheet, decision.lines)
    rows = [
        Row(line.clause, line.label, _points(line), "wait" if line.points is None else "ok")
        for line in decision.lines
    ]
    finding = decision.findings[0]
    if finding.status == "not_met" and found.open:  # a mandatory row, a veto, a group that falls short
        return Scored(sheet.label, _known(sheet, found), finding.reason, "bad", rows)
    return Scored(sheet.label, _known(sheet, found), *_verdict(sheet, found), rows)


def _points(line: policy.Line) -> str:
    return f"未评，至多 {line.at_most} 分" if line.points is None else f"{line.points} / {line.at_most} 分"


def _known(sheet: policy.ScoreSheet, found: Bounds) -> str:
    low, high = (f"{points.normalize():f}" for points in (found.low, found.high))
    return (low if low == high else f"{low} 至 {high}") + f" 分（总分 {sheet.total}）"


def _verdict(sheet: policy.ScoreSheet, found: Bounds) -> tuple[str, str]:
    """In words, and the kind of its sign."""
    if sheet.pass_mark is None:
        return (f"{len(found.open)} 项未评" if found.open else "已全部评出"), "wait"
    mark = f"合格线 {sheet.pass_mark} 分"
    passes = found.passes(sheet.pass_mark)
    if passes is None:
        return f"{mark}，要看未评的 {len(found.open)} 项", "wait"
    return (f"达到{mark}", "ok") if passes else (f"达不到{mark}", "bad")


def _measured(law: policy.Document, question: str, facts: Mapping[str, object], on: dt.date) -> str:
    if not (law.gradings if question == "grade" else law.fundings):
        return ""
    decision = _judged(law, question, facts, on)
    if decision.result is not None:
        return f"{decision.result} 元" if question == "funding" else str(decision.result)
    labels = "、".join(dict.fromkeys(each.label for each in decision.missing))
    if labels:
        return f"还不能算出，缺：{labels}"
    return "不适用" if decision.value == "no" else decision.value_label
