"""Clauses, categories and facts: the parts to which all others refer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from shuniu.policy import model as m
from shuniu.policy import words
from shuniu.policy.parse_rules import PYTHON, RuleParser
from shuniu.policy.reader import Table, near
from shuniu.policy.source import Node

ClauseOf = Callable[..., str]


def unique(table: Table, key: str, names: Sequence[str]) -> None:
    """Every name once; an empty one was reported when it was read."""
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        node = table.node.entries.get(key)
        rows = [row for row in node.items if _named(row) == name] if node is not None else []
        line = rows[1].line if len(rows) > 1 else table.line_of(key)
        table.sink.add(line, table.at(key), f"名称不得重复：“{name}”")


def _named(row: Node) -> object:
    return next((row.entries[each].value for each in ("key", "level") if each in row.entries), None)


def clauses(table: Table) -> tuple[m.Clause, ...]:
    found: list[m.Clause] = []
    for row in table.tables("clauses", required=True):
        parent = _clause(row, "")
        found.append(parent)
        found.extend(_clause(item, parent.number) for item in row.tables("items"))
    unique(table, "clauses", [clause.number for clause in found])
    return tuple(found)


def _clause(row: Table, parent: str) -> m.Clause:
    kind = row.choice("kind", words.CLAUSE_KINDS)
    return m.Clause(
        number=parent + m.plain_number(row.text("number", limit=40)),
        words=row.text("words"),
        kind=kind,
        does=row.text("does", required=kind != "text", default="原文摘要，仅供阅读，不据此自动判断。"),
        quote=row.text("quote", required=False, limit=30),
    )


def load_categories(table: Table, clause: ClauseOf) -> tuple[m.Category, ...]:
    found: list[m.Category] = []
    for row in table.tables("categories"):
        key = row.word("key")
        directions = tuple(
            m.Direction(each.word("key"), each.text("label", limit=40), each.text("includes", required=False))
            for each in row.tables("directions")
        )
        unique(row, "directions", [direction.key for direction in directions])
        parent = row.text("parent", required=False, limit=60)
        before = [category.key for category in found]
        if parent and parent not in before:
            row.wrong(
                "parent", "上级类别应为写在前面的另一个类别的 key", f"“{parent}”" + near(parent, before)
            )
        label = row.text("label", limit=40)
        if label and any(each.label == label for each in found):
            row.wrong("label", "类别的名称不得相同：事实里填的是名称，分不出是哪一个", f"“{label}”")
        found.append(m.Category(key, label, clause(row), directions, parent))
    unique(table, "categories", [category.key for category in found])
    return tuple(found)


def load_facts(
    table: Table,
    categories: tuple[m.Category, ...],
    limits: Mapping[str, int],
    clause: ClauseOf,
    reads: type[RuleParser] = RuleParser,
) -> tuple[MappingProxyType[str, m.FactSpec], RuleParser]:
    """The declared facts and the parser that knows them. Derived facts may use facts declared before them."""
    facts: dict[str, m.FactSpec] = {}
    parser = reads(facts, limits, table.sink)
    for row in table.tables("facts"):
        spec = _fact(row, categories, parser, clause)
        if spec.name in facts:
            row.wrong("name", f"事实不得重复声明：“{spec.name}”")
        elif spec.name:
            facts[spec.name] = spec
    return MappingProxyType(facts), parser


def _fact(row: Table, categories: tuple[m.Category, ...], parser: RuleParser, clause: ClauseOf) -> m.FactSpec:
    name, kind = row.word("name"), row.choice("type", words.FACT_TYPES)
    source = row.choice("source", words.SOURCES)
    values, aliases = _values(row, kind, categories)
    fields: dict[str, m.Field] = {}
    if kind == "records":
        for each in row.tables("fields", required=True):
            found = _field(each, categories)
            fields[found.name] = found
    time = row.text("time", required=False, limit=60)
    if time and (time not in fields or fields[time].type not in ("date", "year")):
        row.wrong("time", "应为 fields 中类型是 date 或 year 的字段", f"“{time}”")
    yearly = row.flag("yearly")
    if yearly and not time:
        row.wrong("yearly", "每年应有一条记录（yearly）时，必须写明 time")
    derive = None
    if row.has("derive"):
        derive = parser.value_at(row, "derive", None)
    elif source == "derived":
        row.wrong("derive", "推算的事实必须写明 derive", "缺少")
    return m.FactSpec(
        name=name,
        type=kind,
        label=row.text("label", limit=60),
        source=source,
        unit=row.text("unit", required=False, limit=10),
        question=row.text("question", required=source == "judgement"),
        clause=clause(row, required=False),
        hint=row.text("hint", required=False),
        values=values,
        pending=row.texts("pending"),
        aliases=MappingProxyType(aliases),
        fields=MappingProxyType(fields),
        time=time,
        yearly=yearly,
        derive=derive,
    )


def _field(row: Table, categories: tuple[m.Category, ...]) -> m.Field:
    kind = row.choice("type", [each for each in words.FACT_TYPES if each != "records"])
    values, aliases = _values(row, kind, categories)
    given = row.get("missing_is")
    missing_is = given.value if given is not None and given.kind == "scalar" else None
    if missing_is is not None and not suits_type(kind, missing_is, values):
        row.wrong("missing_is", "没有填写时视为的值，应与该字段的类型相符", given.said() if given else "")
    return m.Field(
        name=row.word("name"),
        type=kind,
        label=row.text("label", limit=60),
        values=values,
        pending=row.texts("pending"),
        aliases=MappingProxyType(aliases),
        unit=row.text("unit", required=False, limit=10),
        missing_is=missing_is,
    )


def suits_type(kind: str, value: object, values: tuple[str, ...]) -> bool:
    """Whether a literal may stand in a field of that type."""
    wanted = PYTHON.get(kind)
    if wanted is None or not isinstance(value, wanted) or (isinstance(value, bool) and kind != "boolean"):
        return False
    return not values or value in values


def _values(
    row: Table, kind: str, categories: tuple[m.Category, ...]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The values that a choice may take, and other names by which they go."""
    if kind == "category":
        return (), {each.label: each.key for each in categories}
    if kind == "directions":
        return (), {direction.label: direction.key for each in categories for direction in each.directions}
    values = row.texts("values", required=kind in ("choice", "choices"))
    aliases = row.pairs("same_as")
    for other, value in aliases.items():
        if value not in values:
            row.wrong("same_as", f"“{other}”应等同于 values 中的一个值", f"“{value}”")
    for value in row.texts("pending"):
        if value not in values:
            row.wrong("pending", "应取自 values", f"“{value}”")
    return values, aliases
