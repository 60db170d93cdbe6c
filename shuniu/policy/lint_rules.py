"""Looks at the rules of a document's tree for what is written in order and still cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from shuniu.policy import words
from shuniu.policy.load_measures import band_problems
from shuniu.policy.parse_bands import parse_bands
from shuniu.policy.problems import Problem, Sink
from shuniu.policy.reader import Table
from shuniu.policy.source import Node

_LISTS = ("all_of", "any_of", "none_of")
_PERCENT = ("%", "％")


def mistakes(root: Node) -> Iterator[Problem]:
    """Rules that say a thing twice, or ask what nothing can be; a last day of validity that nobody states."""
    single = {name for name, row in _facts(root) if _said(row, "type") in ("choice", "boolean", "category")}
    outcome = root.entries.get("outcome")
    lasting = outcome is not None and "validity" in outcome.entries
    for path, node in _maps(root):
        for key in _LISTS:
            yield from _twice(node, key, path)
        if "n_of" in node.entries:
            yield from _twice(node.entries["n_of"], "of", f"{path}.n_of")
        yield from _same_readings(node, path)
        yield from _never(node, path, single)
        if "validity_end" in node.entries and not lasting:
            yield _problem(
                node,
                f"{path}.validity_end",
                "有效期末日（validity_end）要用 outcome 的 validity（有效期多久）",
            )


def remarks(root: Node) -> Iterator[Problem]:
    """What may be meant so: shares that do not look like per cent, tables with overlaps and gaps."""
    units = {name: (_said(row, "label"), _said(row, "unit")) for name, row in _facts(root)}
    percent = {name for name, (_, unit) in units.items() if unit in _PERCENT}
    for path, node in _maps(root):
        yield from _shares(node, path, percent)
        table = node.entries.get("lookup")
        if table is not None and table.kind == "map":
            label = _label(table, root)
            for said in band_problems(label, parse_bands(Table(table, "", Sink("")), "table")):
                yield _problem(table, f"{path}.lookup", said)
        yield from _no_lowest(node, path)
        yield from _units(node, path, units)
        yield from _over_new_year(node, path)
        yield from _to_nowhere(node, path, root)


def _units(node: Node, path: str, units: dict[str, tuple[str, str]]) -> Iterator[Problem]:
    """Facts of different units in one sum, one share or one comparison: 万元 beside 元."""
    if _said(node, "calc") in ("add", "subtract", "share", "smallest", "largest"):
        of = node.entries.get("of")
        beside = of.items if of is not None else []
    elif "fact" in node.entries:
        beside = [node, *(node.entries[op] for op in words.COMPARISONS if op in node.entries)]
    else:
        return
    named = [units[name] for each in beside if (name := _said(each, "fact")) in units]
    known = [(label, unit) for label, unit in named if unit]
    if len({unit for _, unit in known}) > 1:
        said = "、".join(f"{label}（{unit}）" for label, unit in known)
        yield _problem(node, path, f"放在一起算或者比的单位不同：{said}")


def _no_lowest(node: Node, path: str) -> Iterator[Problem]:
    """A table of points or grades that begins above nothing: what stands below it gets no answer."""
    if "table" not in node.entries or not _said(node, "label") or "when" in node.entries:
        return
    lows = [band.low for band in parse_bands(Table(node, "", Sink("")), "table") if band.key is None]
    known = [low for low in lows if low is not None]
    if known and len(known) == len(lows) and min(known) > 0:
        said = f"“{_said(node, 'label')}”的最低一档从 {min(known)} 起，以下没有写"
        yield _problem(node.entries["table"], f"{path}.table", said)


def _to_nowhere(node: Node, path: str, root: Node) -> Iterator[Problem]:
    """A state that a timer comes to, which no record has, nothing asks about, and nothing goes on from."""
    timer = node.entries.get("timer")
    if timer is None or timer.kind != "map":
        return
    fact = next((row for name, row in _facts(root) if name == _said(timer, "records")), None)
    fields = fact.entries.get("fields") if fact is not None else None
    used = {text for row in (fields.items if fields is not None else ()) for text in _texts(row, "values")}
    used |= {text for op in words.COMPARISONS for text in _texts(node, op)}
    steps = timer.entries.get("becomes")
    rows = steps.items if steps is not None else []
    used |= {_said(row, "from") for row in rows}
    for n, row in enumerate(rows, 1):
        if (state := _said(row, "to")) and state not in used:
            expected = "自动转成的状态没有用处：记录里没有，也没有拿来比较"
            yield _problem(row, f"{path}.timer.becomes[{n}].to", expected, f"“{state}”")


def _texts(row: Node, key: str) -> list[str]:
    node = row.entries.get(key)
    found = (node, *node.items) if node is not None else ()
    return [each.value for each in found if isinstance(each.value, str)]


def _maps(root: Node) -> Iterator[tuple[str, Node]]:
    """Every map of the tree with its path; what is shared by an alias once."""
    stack, seen = [("", root)], set[int]()
    while stack:
        path, node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.kind == "map":
            yield path, node
        stack += [(f"{path}[{n}]", item) for n, item in enumerate(node.items, 1)]
        stack += [(f"{path}.{key}".lstrip("."), item) for key, item in node.entries.items()]


def _facts(root: Node) -> Iterator[tuple[str, Node]]:
    node = root.entries.get("facts")
    for row in node.items if node is not None else ():
        yield _said(row, "name"), row


def _said(row: Node, key: str) -> str:
    node = row.entries.get(key)
    return node.value if node is not None and isinstance(node.value, str) else ""


def _problem(node: Node, path: str, expected: str, found: str = "") -> Problem:
    return Problem(node.file or "document.yaml", node.line, path, expected, found)


def _twice(node: Node, key: str, path: str) -> Iterator[Problem]:
    rules = node.entries.get(key)
    for (n, first), (m, second) in combinations(enumerate(rules.items, 1) if rules is not None else (), 2):
        if first.kind == "map" and first.plain() == second.plain():
            yield _problem(second, f"{path}.{key}[{m}]", f"这一条与第 {n} 条完全相同，漏改了或者多写了")


def _same_readings(node: Node, path: str) -> Iterator[Problem]:
    readings = node.entries.get("readings")
    rows = [each for each in readings.items if each.kind == "map"] if readings is not None else []
    for (n, first), (m, second) in combinations(enumerate(rows, 1), 2):
        if _way(first) == _way(second):
            yield _problem(
                second, f"{path}.readings[{m}]", f"这种理解与第 {n} 种的规则完全相同，分不出两种理解"
            )


def _way(reading: Node) -> object:
    return {key: each.plain() for key, each in reading.entries.items() if key not in ("key", "words")}


def _never(node: Node, path: str, single: set[str]) -> Iterator[Problem]:
    """Two values at once of a fact that has one."""
    rules = node.entries.get("all_of")
    asked: dict[str, object] = {}
    for n, row in enumerate(rules.items if rules is not None else (), 1):
        name, value = _said(row, "fact"), row.entries.get("is")
        if name not in single or value is None or value.kind != "scalar":
            continue
        if asked.setdefault(name, value.value) != value.value:
            expected = "同一事实不能同时为两个值，这样永远不符合；二者之一用 any_of 或 in"
            yield _problem(row, f"{path}.all_of[{n}]", expected, value.said())


def _shares(node: Node, path: str, percent: set[str]) -> Iterator[Problem]:
    if _said(node, "calc") != "share" and _said(node, "fact") not in percent:
        return
    for op in words.COMPARISONS:
        bound = node.entries.get(op)
        value = bound.value if bound is not None else None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            continue
        if 0 < value < 1 or value > 100:
            yield _problem(
                node, f"{path}.{op}", f"这里比的是百分数，写 {value} 就是 {value}%；百分之四十写 40"
            )


def _label(table: Node, root: Node) -> str:
    """The fact that a table is looked up by, as the document calls it."""
    by = table.entries.get("by")
    name = _said(by, "fact") or _said(by, "total_of") if by is not None else ""
    sheets = root.entries.get("score_sheets")
    sheet = [(_said(row, "key"), row) for row in (sheets.items if sheets is not None else ())]
    found = next((_said(row, "label") for key, row in (*_facts(root), *sheet) if key == name), "")
    return found or "查表"


def _over_new_year(node: Node, path: str) -> Iterator[Problem]:
    window = node.entries.get("window")
    first, last = (_said(window, key) if window is not None else "" for key in ("from", "to"))
    if window is not None and first and last and first > last:
        said = f"办理时间跨年：{first} 至次年 {last}"
        yield _problem(window, f"{path}.window", f"{said}；不跨年的，from 与 to 写反了")
