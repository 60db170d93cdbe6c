"""Runs ``cases.yaml``: decided cases in an official's words are the tests of a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from shuniu.policy.case_facts import EXTRA_FACTS as EXTRA_FACTS
from shuniu.policy.case_facts import fact_value as fact_value
from shuniu.policy.case_facts import facts_of
from shuniu.policy.decision import STATUS_LABELS, Chosen, Decision, plain
from shuniu.policy.judge import QUESTIONS, judge
from shuniu.policy.load import CASES
from shuniu.policy.model import Document, plain_number
from shuniu.policy.problems import PolicyError, Problem, Sink
from shuniu.policy.reader import Table, near
from shuniu.policy.source import read

ANSWERS = ("yes", "no", "open", "ambiguous", "silent")


@dataclass(frozen=True, slots=True)
class Expected:
    decision: str
    clauses: tuple[str, ...] = ()
    findings: Mapping[str, str] | None = None
    effects: tuple[str, ...] | None = None
    scope: str = ""
    state: str = ""
    result: object = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the facts, the day, and what an official decided."""

    name: str
    line: int
    ask: str
    on: date
    facts: Mapping[str, object]
    chosen: Mapping[str, Chosen]
    expected: Expected
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days by which cases count: Monday to Friday, but for the days named."""

    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day in self.on or (day.weekday() < 5 and day not in self.off)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How a case came out; ``differences`` is empty where it came out as decided."""

    case: Case
    decision: Decision
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences


def run_cases(document: Document, files: Mapping[str, bytes]) -> tuple[CaseResult, ...]:
    """The cases of a folder against its document. Raises ``PolicyError`` where the file is malformed."""
    return tuple(run_case(document, case) for case in read_cases(document, files))


def run_case(document: Document, case: Case) -> CaseResult:
    calendar = case.calendar.works if case.calendar is not None else None
    found = judge(document, case.ask, case.facts, case.on, case.chosen, working_day=calendar)
    return CaseResult(case, found, tuple(_differences(case.expected, found)))


def read_cases(document: Document, files: Mapping[str, bytes]) -> tuple[Case, ...]:
    """The cases of ``cases.yaml``; none where the folder has no such file."""
    if CASES not in files:
        return ()
    sink = Sink(CASES)
    table = Table(read(CASES, files[CASES]), "", sink)
    sets: dict[str, dict[str, object]] = {}
    given = table.table("given")
    if given is not None:
        for name in given.node.entries:
            inner = given.table(name)
            if inner is not None:
                sets[name] = facts_of(inner.node, document, sink, inner.path)
    calendar = _calendar(table)
    read_rows = (read_case(row, sets, document) for row in table.tables("cases", required=True))
    cases = [replace(case, calendar=calendar) for case in read_rows]
    names = [case.name for case in cases]
    for name in sorted({name for name in names if names.count(name) > 1}):
        again = [case.line for case in cases if case.name == name][1]
        sink.add(again, "cases", f"案例名称不得重复：“{name}”")
    table.close()
    sink.refuse()
    return tuple(cases)


def calendar_of(files: Mapping[str, bytes]) -> Calendar | None:
    """The calendar that the cases of a folder name; ``None`` where they name none."""
    if CASES not in files:
        return None
    sink = Sink(CASES)
    found = _calendar(Table(read(CASES, files[CASES]), "", sink))
    sink.refuse()
    return found


def read_case(row: Table, sets: Mapping[str, dict[str, object]], document: Document) -> Case:
    """One row of ``cases``; problems are left in its sink."""
    facts: dict[str, object] = {}
    for name in row.texts("given"):
        if name not in sets:
            row.wrong("given", "应为文件开头 given 中的名称", f"“{name}”" + near(name, sets))
        facts.update(sets.get(name, {}))
    node = row.get("facts")
    if node is not None:
        facts.update(facts_of(node, document, row.sink, row.at("facts")))
    for name in row.texts("without"):
        if name not in facts:
            row.wrong("without", "应为这一例 given、facts 中的事实", f"“{name}”" + near(name, facts))
        facts.pop(name, None)
    expect = row.table("expect", required=True)
    expected = Expected("open") if expect is None else _expected(expect)
    return Case(
        name=row.text("case"),
        line=row.line,
        ask=_asked(row, document),
        on=row.day("on") or date(1, 1, 1),
        facts=facts,
        chosen=_chosen(row),
        expected=expected,
    )


def _asked(row: Table, document: Document) -> str:
    """A question of the engine, or a point of the document."""
    ask = row.text("ask", limit=60)
    points = [each.key for each in document.stated] + [each.key for each in document.not_stated]
    known = list(dict.fromkeys((*QUESTIONS, *points)))
    if ask and ask not in known and ask.replace("-", "_") not in QUESTIONS:
        row.wrong("ask", f"问题应为以下之一：{'、'.join(known)}", f"“{ask}”" + near(ask, known))
    return ask


def _calendar(table: Table) -> Calendar | None:
    """The calendar of the file; without one working days are not known, as without a confirmed year."""
    inner = table.table("calendar")
    if inner is None:
        return None
    found = Calendar(_days(inner, "off"), _days(inner, "on"))
    inner.close()
    return found


def _days(table: Table, key: str) -> frozenset[date]:
    node = table.get(key)
    items = [] if node is None else node.items if node.kind == "list" else [node]
    days = [item.value for item in items if isinstance(item.value, date)]
    if len(days) != len(items):
        table.wrong(key, "应为日期的列表，如 [2026-10-01]")
    return frozenset(days)


def _chosen(row: Table) -> dict[str, Chosen]:
    table = row.table("chosen")
    found: dict[str, Chosen] = {}
    if table is None:
        return found
    for key in table.node.entries:
        inner = table.table(key)
        if inner is not None:
            found[key] = Chosen(inner.text("reading"), inner.text("by"), inner.text("why"))
            inner.close()
    return found


def _expected(table: Table) -> Expected:
    findings: dict[str, str] = {}
    inner = table.table("findings")
    if inner is not None:
        findings = {key: inner.choice(key, STATUS_LABELS) for key in inner.node.entries}
    result = table.get("result")
    found = Expected(
        decision=table.choice("decision", ANSWERS),
        clauses=tuple(plain_number(number) for number in table.texts("clause")),
        findings=findings,
        effects=table.texts("effects") if table.has("effects") else None,
        scope=table.text("scope", required=False),
        state=table.text("state", required=False),
        result=None if result is None else result.value,
        missing=table.texts("missing"),
    )
    table.close()
    return found


def _differences(expected: Expected, found: Decision) -> list[str]:
    differences = []
    if found.value != expected.decision:
        differences.append(f"结论应为 {expected.decision}，实为 {found.value}")
    differences += [
        f"依据应含 {clause}，实为 {'、'.join(found.clauses) or '无'}"
        for clause in expected.clauses
        if clause not in found.clauses
    ]
    statuses = {each.key: each.status for each in found.findings}
    for key, status in (expected.findings or {}).items():
        if statuses.get(key) != status:
            differences.append(f"{key} 应为 {status}，实为 {statuses.get(key, '没有这一项')}")
    effects = tuple(each.key for each in found.effects)
    if expected.effects is not None and effects != expected.effects:
        said = "、".join(effects) or "无"
        differences.append(f"后果应为 {'、'.join(expected.effects) or '无'}，实为 {said}")
    if expected.scope and {each.scope for each in found.effects} != {expected.scope}:
        differences.append(f"影响范围应为 {expected.scope}")
    if expected.state and found.state != expected.state:
        differences.append(f"状态应为 {expected.state}，实为 {found.state or '无'}")
    if expected.result is not None and found.result != expected.result:
        differences.append(f"结果应为 {plain(expected.result)}，实为 {plain(found.result)}")
    names = {each.name for each in found.missing}
    differences += [f"应指出缺少 {name}" for name in expected.missing if name not in names]
    return differences


def try_cases(
    document: Document, files: Mapping[str, bytes]
) -> tuple[tuple[CaseResult, ...], tuple[Problem, ...]]:
    """Every case with how it came out, and a problem for each that did not come out as decided."""
    sink = Sink(CASES)
    results = []
    for case in read_cases(document, files):
        try:
            results.append(run_case(document, case))
        except PolicyError as error:
            sink.add(case.line, case.name, f"案例无法判断：{error}")
            continue
        for difference in results[-1].differences:
            sink.add(case.line, case.name, difference)
    return tuple(results), tuple(sink.problems)


def check(document: Document, files: Mapping[str, bytes]) -> None:
    """Raises ``PolicyError`` naming every case that does not come out as decided."""
    _, problems = try_cases(document, files)
    if problems:
        raise PolicyError(problems)
