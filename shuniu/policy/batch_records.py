"""What a selection of records adds up to: how many, what sum, which one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shuniu.policy import rules as r
from shuniu.policy.batch_cells import Cell, NotInBatch, literal, word
from shuniu.policy.batch_plan import Compiler, Group, Scope
from shuniu.policy.batch_select import Chosen, choose, group_for, plain, scope_of, time_of, value_in, year_of
from shuniu.policy.batch_values import UNKNOWN, Compiled, register, shifted, value
from shuniu.policy.values import Measured


def _count(c: Compiler, node: r.Count) -> Compiled:
    found = choose(c, node.records)
    if found is None:
        return Measured(None, False, low=0)
    if node.distinct:
        low, high = _different(c, found, node.distinct)
    else:
        low = found.sure
        high = (
            f"({low} + {found.unsure} + {found.gaps})" if found.kept != "true" or found.gaps != "0" else low
        )
    high = f"CASE WHEN {found.known} THEN {high} END"
    low = f"CASE WHEN {found.known} THEN {low} ELSE 0 END"
    return Cell(f"CASE WHEN {low} = {high} THEN {low} END", "number", low=f"({low})", high=f"({high})")


def _different(c: Compiler, found: Chosen, name: str) -> tuple[str, str]:
    cell = value_in(c, found.scope, name, None)
    v = word(cell, c.bind) if cell is not None else "NULL::text"
    sure = found.group.add(f"count(DISTINCT {v}) FILTER (WHERE {found.kept})")
    most = found.group.add(f"count(DISTINCT {v}) FILTER (WHERE ({found.kept}) IS NOT FALSE)")
    nameless = found.count(f"({found.kept}) IS NOT FALSE AND {v} IS NULL")
    alone = f"CASE WHEN {sure} = 0 AND {found.sure} > 0 THEN 1 ELSE 0 END"
    return f"({sure} + {alone})", f"({most} + {nameless} + {found.gaps})"


def _total(c: Compiler, node: r.Total) -> Compiled:
    cell = value_in(c, scope_of(c, node.records.of), node.field, node.each)
    found = choose(c, node.records, node.each)
    if found is None:
        return UNKNOWN
    if cell is not None and cell.kind != "number":
        raise NotInBatch("合计的不是数")
    v = f"({cell.text})::numeric" if cell is not None else "NULL::numeric"
    amount = found.group.add(f"sum({v}) FILTER (WHERE {found.kept})")
    without = found.count(f"({found.kept}) AND ({v}) IS NULL")
    sure = f"{found.known} AND {found.unsure} = 0 AND {found.gaps} = 0 AND {without} = 0"
    return Cell(f"CASE WHEN {sure} THEN COALESCE({amount}, 0) END", "number")


def _pick(c: Compiler, node: r.Pick) -> Compiled:
    cell = value_in(c, scope_of(c, node.records.of), node.field, node.each)
    found = choose(c, node.records, node.each)
    if found is None or cell is None:
        return UNKNOWN
    v, kind = word(cell, c.bind), cell.kind
    least, most = _ends(v, kind)
    sure = f"{found.known} AND {found.unsure} = 0 AND {found.gaps} = 0 AND {found.sure} > 0"
    if node.which in ("largest", "smallest"):
        without = found.count(f"({found.kept}) AND ({v}) IS NULL")
        best = found.group.add(f"{most if node.which == 'largest' else least} FILTER (WHERE {found.kept})")
        return Cell(f"CASE WHEN {sure} AND {without} = 0 THEN {_back(best, kind)} END", kind)
    time = time_of(c, found.scope)
    if time is None:
        return UNKNOWN
    way = "max" if node.which == "latest" else "min"
    group = _at_time(c, found, time.text, way)
    at = f"({found.kept}) AND {time.text} = m_"
    undated = group.add(f"count(*) FILTER (WHERE ({found.kept}) AND {time.text} IS NULL)")
    without = group.add(f"count(*) FILTER (WHERE {at} AND ({v}) IS NULL)")
    ends = [group.add(f"{each} FILTER (WHERE {at})") for each in (least, most)]
    alike = f"{undated} = 0 AND {without} = 0 AND {ends[0]} = {ends[1]}"
    return Cell(f"CASE WHEN {sure} AND {alike} THEN {_back(ends[0], kind)} END", kind)


def _at_time(c: Compiler, found: Chosen, time: str, way: str) -> Group:
    """The records with the latest (earliest) time of those kept beside each."""
    mark = f"SELECT r.*, {way}({time}) FILTER (WHERE {found.kept}) OVER (PARTITION BY home) AS m_ FROM ({found.group.body}) r"
    identity = (found.group.alias, mark)
    return c.plan.group(identity, mark, one=found.group.one)


def _ends(v: str, kind: str) -> tuple[str, str]:
    """Aggregates of the least and the greatest value; words by their characters, as the engine sorts them."""
    shown = {"text": f'({v}) COLLATE "C"', "boolean": f"({v})::int"}.get(kind, v)
    return f"min({shown})", f"max({shown})"


def _back(text: str, kind: str) -> str:
    return f"({text} = 1)" if kind == "boolean" else text


def _record_of(c: Compiler, node: r.RecordOf) -> Compiled:
    scope = scope_of(c, node.of, node.anchor)
    anchor = value(c, node.anchor)
    if isinstance(anchor, Measured) and not anchor.known:
        return UNKNOWN
    time, cell = time_of(c, scope), value_in(c, scope, node.field, None)
    if time is None or cell is None:
        return UNKNOWN
    if isinstance(anchor, Measured) and isinstance(anchor.value, date):
        return _of_year(c, scope, anchor.value.year - node.years_before, time, cell)
    if not isinstance(anchor, Cell) or anchor.kind != "date":
        raise NotInBatch("起算的不是日期")
    group = group_for(c, scope)
    year = f"extract(year FROM {anchor.text})::int - {node.years_before}"
    return _agreed(c, group, f"{year_of(time)} = {year}", cell)


def _of_year(c: Compiler, scope: Scope, year: int, time: Cell, cell: Cell) -> Compiled:
    """The record of a year that is the same for everybody: no other year is read at all."""
    if scope.rows.once != scope.spec.time:
        return _agreed(c, group_for(c, scope), f"{year_of(time)} = {year}", cell)
    group = c.plan.group((id(scope.rows), "only", year), scope.rows.sql(c.bind, only=str(year), every=True))
    low, high = (group.add(each) for each in _ends(cell.text, cell.kind))
    all_say = f"{group.add(f'count({cell.text})')} = {group.add('count(*)')}"
    one = scope.rows.sql(c.bind, only=str(year), key=c.plan.store.key)
    # Where all rows of the year say the same, nobody has to look which of them counts.
    decided = f"(SELECT {cell.text} FROM ({one}) r)"
    text = f"CASE WHEN {low} = {high} AND {all_say} THEN {_back(low, cell.kind)} WHEN {group.add('count(*)')} > 0 THEN {decided} END"
    return Cell(text, cell.kind, cell.codes, cell.rest)


def _agreed(c: Compiler, group: Group, test: str, cell: Cell) -> Cell:
    """The value of the records that pass a test, where all have it and it is one."""
    v = word(cell, c.bind)
    without = group.add(f"count(*) FILTER (WHERE {test} AND ({v}) IS NULL)")
    least, most = (group.add(f"{each} FILTER (WHERE {test})") for each in _ends(v, cell.kind))
    return Cell(f"CASE WHEN {without} = 0 AND {least} = {most} THEN {_back(least, cell.kind)} END", cell.kind)


def _timer(c: Compiler, node: r.Timer) -> Compiled:
    """``timers.timer`` in SQL; a circle of steps has no last one."""
    scope = scope_of(c, node.of)
    time, cell = time_of(c, scope), value_in(c, scope, node.field, None)
    if time is None or cell is None or time.kind != "date":
        return UNKNOWN
    state, on = word(cell, c.bind), c.bind(c.plan.on)
    group = plain(c, scope.rows)
    known = f"{group.add('count(*)')} > 0"
    whole = group.add(f"count(*) FILTER (WHERE {time.text} IS NULL OR ({state}) IS NULL)")
    past = Chosen(group, known, f"{time.text} <= {on}", "0", scope)
    last = _at_time(c, past, time.text, "max")
    least, most = (
        last.add(f"{each} FILTER (WHERE {time.text} = m_)") for each in _ends(f"({state})", "text")
    )
    since = last.add(f"max({time.text}) FILTER (WHERE {time.text} <= {on})")
    steps = {step.state: step for step in node.steps}
    starts = [*dict.fromkeys([*steps, *(step.becomes for step in node.steps)])]
    cases = " ".join(f"WHEN {c.bind(each)} THEN {_moved(c, steps, each, since, ())}" for each in starts)
    now = f"CASE {least} {cases} ELSE {least} END" if cases else least
    start = literal(node.start, c.bind).text
    return Cell(
        f"CASE WHEN {known} AND {whole} = 0 THEN CASE WHEN {since} IS NULL THEN {start}"
        f" WHEN {least} = {most} THEN {now} END END",
        "text",
    )


def _moved(c: Compiler, steps: dict[str, r.Step], state: str, since: str, seen: Sequence[str]) -> str:
    if state in seen:
        raise NotInBatch("状态循环变化")
    step = steps.get(state)
    if step is None:
        return c.bind(state)
    then = shifted(since, step.n, step.unit)
    later = _moved(c, steps, step.becomes, then, (*seen, state))
    return f"CASE WHEN {then} <= {c.bind(c.plan.on)} THEN {later} ELSE {c.bind(state)} END"


def recorded() -> None:
    """Make the values over records known to ``batch_values``."""
    register(r.Count, _count)
    register(r.Total, _total)
    register(r.Pick, _pick)
    register(r.RecordOf, _record_of)
    register(r.Timer, _timer)
