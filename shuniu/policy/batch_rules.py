"""Rules as SQL of three values: AND, OR and NOT over NULL are Kleene's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from shuniu.policy import batch_records
from shuniu.policy import rules as r
from shuniu.policy.batch_cells import Cell, NotInBatch
from shuniu.policy.batch_plan import Compiler
from shuniu.policy.batch_select import Chosen, choose, plain, rule_in, scope_of, sql_truth, time_of, year_of
from shuniu.policy.batch_values import Told, cell_of, compare, shifted, value
from shuniu.policy.evaluate import judge_rule
from shuniu.policy.values import Measured


def rule(c: Compiler, node: r.Rule) -> Told:
    """The truth of a rule: SQL, or a constant where no fact of the store bears upon it."""
    if not c.bears(node):
        return judge_rule(node, c.engine()).truth
    if type(node) not in _RULES:
        raise NotInBatch("评分表是否合格" if isinstance(node, r.Passes) else "这种规则")
    return _RULES[type(node)](c, node)


def both(parts: Iterable[Told]) -> Told:
    """``kleene.every``."""
    return _joined(list(parts), " AND ", settles=False)


def either(parts: Iterable[Told]) -> Told:
    """``kleene.some``."""
    return _joined(list(parts), " OR ", settles=True)


def _joined(parts: list[Told], word: str, *, settles: bool) -> Told:
    if settles in parts:
        return settles
    texts = [sql_truth(each) for each in parts if each is not (not settles)]
    if all(not isinstance(each, str) for each in parts):
        return None if None in parts else not settles
    return f"({word.join(texts)})"


def negated(told: Told) -> Told:
    """``kleene.negate``."""
    return f"(NOT {told})" if isinstance(told, str) else None if told is None else not told


def _some_of(c: Compiler, node: r.SomeOf) -> Told:
    parts = [sql_truth(rule(c, each)) for each in node.rules]
    if node.low is not None and node.high is not None and node.low > node.high:
        return False
    sure = "(" + " + ".join(f"({each} IS TRUE)::int" for each in parts) + ")"
    maybe = "(" + " + ".join(f"({each} IS NOT FALSE)::int" for each in parts) + ")"
    never, always = [], []
    if node.low is not None:
        never.append(f"{maybe} < {node.low}")
        always.append(f"{sure} >= {node.low}")
    if node.high is not None:
        never.append(f"{sure} > {node.high}")
        always.append(f"{maybe} <= {node.high}")
    if not always:
        return True
    return f"CASE WHEN {' OR '.join(never)} THEN false WHEN {' AND '.join(always)} THEN true END"


def _when(c: Compiler, node: r.When) -> Told:
    condition, then = rule(c, node.condition), rule(c, node.then)
    if node.otherwise is None:
        return either((negated(condition), then))
    other = rule(c, node.otherwise)
    if isinstance(condition, bool):
        return then if condition else other
    a, b = sql_truth(then), sql_truth(other)
    known = f"WHEN {condition} THEN {a} WHEN NOT {condition} THEN {b} " if condition is not None else ""
    return f"CASE {known}WHEN {a} = {b} THEN {a} END"


def _compare(c: Compiler, node: r.Compare) -> Told:
    return compare(c, node.op, value(c, node.subject), value(c, node.operand))


def _within(c: Compiler, node: r.Within) -> Told:
    subject = value(c, node.subject)
    low, high = value(c, node.low), value(c, node.high)
    return both(
        (
            compare(c, "at_least" if node.low_included else "more_than", subject, low),
            compare(c, "at_most" if node.high_included else "less_than", subject, high),
        )
    )


_HELD = {"at_least": "on_or_after", "at_most": "on_or_before", "more_than": "after", "less_than": "before"}


def _held(c: Compiler, node: r.Held) -> Told:
    since, until = cell_of(c, value(c, node.since)), value(c, node.until)
    if since is None:
        return None
    if since.kind != "date":
        raise NotInBatch("起算的不是日期")
    return compare(c, _HELD[node.op], until, Cell(shifted(since.text, node.n, node.unit), "date"))


def _exists(c: Compiler, node: r.Exists) -> Told:
    found = choose(c, node.records)
    if found is None:
        return None
    if found.kept == "true" and found.gaps == "0":
        return f"CASE WHEN {found.known} THEN true END"
    none = f"{found.known} AND {found.unsure} = 0 AND {found.gaps} = 0"
    return f"CASE WHEN {found.known} AND {found.sure} > 0 THEN true WHEN {none} THEN false END"


def _every(c: Compiler, node: r.Every) -> Told:
    that = rule_in(c, scope_of(c, node.records.of), node.that)
    found = choose(c, node.records, node.that)
    if found is None:
        return None
    wrong = found.count(f"({found.kept}) AND ({that}) IS FALSE")
    opened = found.count(
        f"({found.kept}) AND ({that}) IS NULL OR ({found.kept}) IS NULL AND ({that}) IS NOT TRUE"
    )
    parts = [f"{opened} > 0", f"{found.gaps} > 0"]
    if node.records.last is not None:
        parts.append(f"{_kept(found)} < {node.records.last}")
    return (
        f"CASE WHEN NOT {found.known} THEN NULL WHEN {wrong} > 0 THEN false"
        f" WHEN {' OR '.join(parts)} THEN NULL WHEN {found.known} THEN true END"
    )


def _kept(found: Chosen) -> str:
    return found.count(f"({found.kept}) IS NOT FALSE")


def _consecutive(c: Compiler, node: r.Consecutive) -> Told:
    scope = scope_of(c, node.of, node.that)
    anchor = value(c, node.anchor)
    if isinstance(anchor, Measured) and not anchor.known:
        return None
    if not isinstance(anchor, Measured) or not isinstance(anchor.value, date):
        raise NotInBatch("连续几年的起算日期逐家不同")
    this_year = anchor.value.year
    that = rule_in(c, scope, node.that)
    if scope.outer:
        raise NotInBatch("逐年比较时用到单位的其他事实")
    year = year_of(time_of(c, scope))
    known = f"{plain(c, scope.rows).add('count(*)')} > 0"
    if node.ending is not None:
        last = this_year - node.ending
        told = [_in_year(c, scope, y, year, that) for y in range(last - node.n + 1, last + 1)]
        return f"CASE WHEN {known} THEN {' AND '.join(told)} END"
    longest = [_longest(c, scope, year, that, this_year, test) for test in ("IS TRUE", "IS NOT FALSE")]
    never = "" if scope.spec.yearly else f" WHEN COALESCE({longest[1]}, 0) < {node.n} THEN false"
    return f"CASE WHEN {known} THEN CASE WHEN {longest[0]} >= {node.n} THEN true{never} END END"


def _in_year(c: Compiler, scope: Any, wanted: int, year: str, that: str) -> str:
    """``kleene.some`` over the records of one year; a year without any is open where each should have one."""
    group = plain(c, scope.rows)
    met = group.add(f"count(*) FILTER (WHERE {year} = {wanted} AND ({that}))")
    opened = group.add(f"count(*) FILTER (WHERE {year} = {wanted} AND ({that}) IS NULL)")
    there = group.add(f"count(*) FILTER (WHERE {year} = {wanted})")
    missing = "NULL" if scope.spec.yearly else "false"
    return f"(CASE WHEN {met} > 0 THEN true WHEN {there} = 0 THEN {missing} WHEN {opened} > 0 THEN NULL ELSE false END)"


def _longest(c: Compiler, scope: Any, year: str, that: str, this_year: int, test: str) -> str:
    """How many years in a row, up to this one, pass the test."""
    truth = f"CASE WHEN bool_or({that}) THEN true WHEN bool_or(({that}) IS NULL) THEN NULL ELSE false END"
    body = (
        "SELECT home, count(*) AS n_ FROM (SELECT home, y_ - row_number() OVER (PARTITION BY home ORDER BY y_) AS i_"
        f" FROM (SELECT home, {year} AS y_, {truth} AS k_ FROM ({scope.rows.sql(c.bind)}) r"
        f" WHERE {year} <= {this_year} GROUP BY home, {year}) r WHERE k_ {test}) r GROUP BY home, i_"
    )
    return c.plan.group(body, body).add("max(n_)")


batch_records.recorded()

_RULES: Mapping[type, Callable[[Compiler, Any], Told]] = {
    r.Always: lambda c, node: node.holds,
    r.AllOf: lambda c, node: both(rule(c, each) for each in node.rules),
    r.AnyOf: lambda c, node: either(rule(c, each) for each in node.rules),
    r.NoneOf: lambda c, node: negated(either(rule(c, each) for each in node.rules)),
    r.SomeOf: _some_of,
    r.When: _when,
    r.Unless: lambda c, node: either((rule(c, node.require), rule(c, node.exception))),
    r.Compare: _compare,
    r.Within: _within,
    r.Held: _held,
    r.Exists: _exists,
    r.Every: _every,
    r.Consecutive: _consecutive,
}
