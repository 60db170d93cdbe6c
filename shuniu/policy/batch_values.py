"""Values of rules as SQL: the same measures as ``values``, for many organisations at once."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shuniu.policy import rules as r
from shuniu.policy.batch_cells import Cell, NotInBatch, folded, literal, truth_text, word
from shuniu.policy.batch_plan import Compiler
from shuniu.policy.comparisons import compare as compare_values
from shuniu.policy.values import Measured, measure

Compiled = Cell | Measured
"""A cell, or what the engine measured because no fact of the store bears upon it."""
Told = str | bool | None
"""A truth in SQL, or one that is the same for every organisation."""

_MONTHS = {"months": 1, "years": 12, "calendar_years": 12, "half_years": 6, "quarters": 3}
_ORDERED = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<",
            "before": "<", "after": ">", "on_or_before": "<=", "on_or_after": ">="}  # fmt: skip

_REFUSED: Mapping[type, str] = {r.SheetTotal: "评分表的总分", r.Choose: "按条件取的数"}


def value(c: Compiler, node: r.Value) -> Compiled:
    """The value of a node; NotInBatch for what SQL cannot carry."""
    if not c.bears(node):
        return measure(node, c.engine())
    if type(node) not in _VALUES:
        raise NotInBatch(_REFUSED.get(type(node), "这种取值"))
    return _VALUES[type(node)](c, node)


def cell_of(c: Compiler, found: Compiled) -> Cell | None:
    """A cell in any case; ``None`` for what is not known of anybody."""
    if isinstance(found, Cell):
        return found
    return literal(found.value, c.bind) if found.known else None


UNKNOWN = Measured(None, False)


def register(kind: type, function: Callable[[Compiler, Any], Compiled]) -> None:
    """The values over records stand in ``batch_records``, which needs this module."""
    _VALUES[kind] = function


# --- dates ------------------------------------------------------------------------


def shifted(text: str, n: int, unit: str) -> str:
    """``dates.shift`` in SQL; not known beyond the years 1 to 9999."""
    if unit == "working_days":
        raise NotInBatch("按工作日推算的日期，逐家不同")
    moved = (
        f"({text} + ({n}))" if unit == "days" else f"({text} + interval '{n * _MONTHS[unit]} months')::date"
    )
    return f"CASE WHEN {moved} BETWEEN '0001-01-01' AND '9999-12-31' THEN {moved} END"


def period_ended(text: str, n: int, unit: str) -> str:
    """``dates.period_end`` in SQL."""
    if unit == "working_days":
        return text
    if unit == "days":
        return shifted(text, n - 1, "days")
    same = shifted(text, n, unit)
    return f"({same} - CASE WHEN extract(day FROM {same}) = extract(day FROM {text}) THEN 1 ELSE 0 END)"


def _date(c: Compiler, node: r.Value, make: Callable[[str], str], kind: str = "date") -> Compiled:
    start = cell_of(c, value(c, node))
    if start is None:
        return UNKNOWN
    if start.kind != "date":
        raise NotInBatch("推算日期的起点不是日期")
    return Cell(make(start.text), kind)


def _shift(c: Compiler, node: r.Shift) -> Compiled:
    return _date(c, node.start, lambda text: shifted(text, node.n, node.unit))


def _year_of(c: Compiler, node: r.YearOf) -> Compiled:
    return _date(c, node.day, lambda text: f"extract(year FROM {text})::int", "number")


def _period_end(c: Compiler, node: r.PeriodEnd) -> Compiled:
    return _date(c, node.start, lambda text: period_ended(text, node.n, node.unit))


def _validity_end(c: Compiler, node: r.ValidityEnd) -> Compiled:
    validity = c.document.outcome.validity if c.document.outcome else None
    if validity is None:
        return UNKNOWN
    return _date(c, node.start, lambda text: period_ended(text, validity.n, validity.unit))


# --- numbers and tables -------------------------------------------------------------


def number(c: Compiler, node: r.Value) -> str | None:
    """An exact number in SQL; ``None`` where it is not known of anybody."""
    found = cell_of(c, value(c, node))
    if found is None:
        return None
    if found.kind != "number":
        raise NotInBatch("用来计算的不是数")
    return f"({found.text})::numeric"


def _calculation(c: Compiler, node: r.Calculation) -> Compiled:
    parts = [number(c, each) for each in node.of]
    known = [each for each in parts if each is not None]
    if len(known) < len(parts):
        return UNKNOWN
    if node.op in ("smallest", "largest"):
        nulls = " OR ".join(f"{each} IS NULL" for each in known)
        name = "LEAST" if node.op == "smallest" else "GREATEST"
        return Cell(f"CASE WHEN {nulls} THEN NULL ELSE {name}({', '.join(known)}) END", "number")
    result = known[0]
    for each in known[1:]:
        if node.op in ("divide", "share"):
            # Forty places: far beyond what any document asks, so that no quotient is rounded into a band.
            above = result if node.op == "divide" else f"({result} * 100)"
            result = f"(round({above}, 40) / NULLIF({each}, 0))"
        else:
            sign = {"add": "+", "subtract": "-", "multiply": "*"}[node.op]
            result = f"({result} {sign} {each})"
    return Cell(result, "number")


def _rounded(c: Compiler, node: r.Rounded) -> Compiled:
    n = number(c, node.value)
    if n is None:
        return UNKNOWN
    d = node.digits
    raised = f"(abs({n}) * 1e{d}::numeric)"
    whole = f"trunc({raised})"
    up = {
        "half_up": f"round({n}, {d})",
        "down": f"trunc({n}, {d})",
        "up": f"(sign({n}) * ceil({raised}) / 1e{d}::numeric)",
        "half_even": f"(sign({n}) * ({whole} + CASE WHEN {raised} - {whole} > 0.5 OR ({raised} - {whole} = 0.5"
        f" AND mod({whole}, 2) = 1) THEN 1 ELSE 0 END) / 1e{d}::numeric)",
    }
    return Cell(up[node.way], "number")


def _lookup(c: Compiler, node: r.Lookup) -> Compiled:
    by = cell_of(c, value(c, node.by))
    if by is None:
        return UNKNOWN
    rows: dict[tuple[type, object], list[str]] = {}
    for band in node.bands:
        rows.setdefault((type(band.gives), band.gives), []).append(_covers(c, band, by))
    gives = [literal(each, c.bind) for _, each in rows]
    if len({each.kind for each in gives}) != 1:
        raise NotInBatch("查表的结果种类不一")
    tests = [f"({' OR '.join(each)})" for each in rows.values()]
    times = " + ".join(f"{each}::int" for each in tests)
    cases = " ".join(f"WHEN {test} THEN {g.text}" for test, g in zip(tests, gives, strict=True))
    return Cell(f"CASE WHEN {times} = 1 THEN CASE {cases} END END", gives[0].kind)


def _covers(c: Compiler, band: r.Band, by: Cell) -> str:
    """Whether a row of the table covers the value; not known where the value is not."""
    if by.codes is not None:
        return folded(by, band.covers, c.bind)
    known = f"{by.text} IS NOT NULL"
    if band.key is not None:
        key = literal(band.key, c.bind)
        if key.kind == by.kind:
            return f"{by.text} = {key.text}"
        return f"CASE WHEN {known} THEN false END"
    if by.kind != "number":
        return f"CASE WHEN {known} THEN false END"
    parts = [known]
    if band.low is not None:
        parts.append(f"{by.text} {'>=' if band.low_included else '>'} {c.bind(band.low)}")
    if band.high is not None:
        parts.append(f"{by.text} {'<=' if band.high_included else '<'} {c.bind(band.high)}")
    return f"CASE WHEN {known} THEN {' AND '.join(parts)} END"


def _directions_of(c: Compiler, node: r.DirectionsOf) -> Compiled:
    raise NotInBatch("按类别列出的方向，逐家不同")


# --- comparisons ----------------------------------------------------------------------


def compare(c: Compiler, op: str, subject: Compiled, operand: Compiled) -> Told:
    """The truth of a comparison, as ``values.compare`` has it."""
    if isinstance(subject, Measured) and isinstance(operand, Measured):
        return compare_values(op, subject, operand)
    if isinstance(operand, Measured) and not operand.known:
        return None
    if isinstance(subject, Measured) and not subject.known and subject.low is None and subject.high is None:
        return None
    if isinstance(subject, Cell) and subject.codes is not None and isinstance(operand, Measured):
        return folded(subject, lambda each: compare_values(op, Measured(each), operand), c.bind)
    if isinstance(subject, Cell) and isinstance(operand, Measured) and isinstance(operand.value, tuple):
        return _listed(c, op, subject, operand.value)
    right = cell_of(c, operand)
    assert right is not None
    if isinstance(subject, Measured) and not subject.known:
        ends = [c.bind(each) if each is not None else "NULL" for each in (subject.low, subject.high)]
        left = Cell("NULL::numeric", "number", low=ends[0], high=ends[1])
    else:
        left = cell_of(c, subject) or Cell("NULL", "text")
    if op == "empty":
        truth = f"({_plain(c, left)} = '')" if left.kind == "text" else "false"
        return f"CASE WHEN {left.text} IS NOT NULL THEN {truth} = {right.text} END"
    if op == "matches":
        return _matches(c, left, operand)
    return _compared(c, op, left, right)


def _plain(c: Compiler, cell: Cell) -> str:
    return word(cell, c.bind)


def _compared(c: Compiler, op: str, left: Cell, right: Cell) -> Told:
    a, b = _plain(c, left), _plain(c, right)
    if op in _ORDERED:
        if left.kind != right.kind or left.kind not in ("number", "date"):
            return None
        if left.low:
            return _bounded(op, left, b)
        return f"({a} {_ORDERED[op]} {b})"
    if left.kind != right.kind:
        if "boolean" in (left.kind, right.kind):
            raise NotInBatch("是否与数相比")
        return (
            f"CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN {truth_text(op in ('is_not', 'not_in'))} END"
        )
    if left.low and op in ("is", "is_not"):
        return _bounded(op, left, b)
    return f"({a} {'<>' if op in ('is_not', 'not_in') else '='} {b})"


def _bounded(op: str, left: Cell, mark: str) -> str:
    """A number that is known only within bounds may still be decided."""
    low, high = left.low, left.high
    if op in ("is", "is_not"):
        truth = f"CASE WHEN {low} = {high} THEN {low} = {mark} WHEN {low} > {mark} OR {high} < {mark} THEN false END"
        return truth if op == "is" else f"(NOT {truth})"
    if op in ("at_least", "less_than"):
        truth = f"CASE WHEN {low} >= {mark} THEN true WHEN {high} < {mark} THEN false END"
        return truth if op == "at_least" else f"(NOT {truth})"
    truth = f"CASE WHEN {low} > {mark} THEN true WHEN {high} <= {mark} THEN false END"
    return truth if op == "more_than" else f"(NOT {truth})"


def _listed(c: Compiler, op: str, left: Cell, listed: tuple[object, ...]) -> Told:
    """One value against a list of the file."""
    a = _plain(c, left)
    cells = [literal(each, c.bind) for each in listed]
    same = [each.text for each in cells if each.kind == left.kind]
    if len(same) < len(cells) and "boolean" in {left.kind, *(each.kind for each in cells)}:
        raise NotInBatch("是否与数相比")
    among = f"{a} IN ({', '.join(same)})" if same else f"CASE WHEN {a} IS NOT NULL THEN false END"
    if op in ("in", "includes_any"):
        return f"({among})"
    if op == "not_in":
        return f"(NOT ({among}))"
    if op == "includes_all" and len(same) == len(cells):
        return "(" + (" AND ".join(f"{a} = {each}" for each in same) or f"{a} IS NOT NULL OR NULL") + ")"
    raise NotInBatch(f"“{op}”与列表相比")


def _matches(c: Compiler, left: Cell, operand: Compiled) -> Told:
    if not isinstance(operand, Measured) or not isinstance(operand.value, str) or left.kind != "text":
        raise NotInBatch("用通配符比较的不是文字")
    if left.codes is not None:
        return folded(left, lambda each: fnmatch.fnmatchcase(each, operand.value), c.bind)
    if "[" in operand.value:
        raise NotInBatch("通配符中的方括号")
    pattern = operand.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = pattern.replace("*", "%").replace("?", "_")
    return f"({left.text} LIKE {c.bind(pattern)})"


_VALUES: dict[type, Callable[[Compiler, Any], Compiled]] = {
    r.FactRef: lambda c, node: _fact(c, node),
    r.FieldRef: lambda c, node: c.field(node.name),
    r.Shift: _shift,
    r.YearOf: _year_of,
    r.PeriodEnd: _period_end,
    r.ValidityEnd: _validity_end,
    r.Calculation: _calculation,
    r.Rounded: _rounded,
    r.Lookup: _lookup,
    r.DirectionsOf: _directions_of,
}


def _fact(c: Compiler, node: r.FactRef) -> Compiled:
    if c.has(node.name):
        return c.scalar(node.name)
    spec = c.document.facts[node.name]
    assert spec.derive is not None
    c.deriving.add(spec.name)
    found = value(c, spec.derive)
    c.deriving.discard(spec.name)
    kinds: Mapping[str, str] = {"date": "date", "integer": "number", "year": "number", "decimal": "number",
                                "boolean": "boolean"}  # fmt: skip
    if isinstance(found, Cell) and kinds.get(spec.type) != found.kind:
        raise NotInBatch(f"“{spec.label}”推算的结果与声明的类型不同")
    return replace(found, low="", high="") if isinstance(found, Cell) else found
