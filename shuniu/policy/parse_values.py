"""Reads value expressions: facts, record counts, dates, numbers, tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from shuniu.policy import rules as r
from shuniu.policy import words
from shuniu.policy.kinds import NONE, Kinds, kinds_of, said
from shuniu.policy.model import FactSpec, Field
from shuniu.policy.parse_bands import parse_bands
from shuniu.policy.parse_records import DATE_UNITS, NOTHING, RecordParser
from shuniu.policy.reader import Table, near
from shuniu.policy.source import Node

if TYPE_CHECKING:
    from shuniu.policy.problems import Sink


class ValueParser(RecordParser):
    """Knows the declared facts and the numbers of the limits; notes problems in ``sink``."""

    def __init__(self, facts: Mapping[str, FactSpec], limits: Mapping[str, int], sink: Sink) -> None:
        self.facts = facts
        self.limits = limits
        self.sink = sink
        self.sheets: tuple[str, ...] = ()  # score sheets that may be named here

    # Rules and values refer to each other: ``where`` is a rule inside a value.
    def rule(self, node: Node, path: str, scope: FactSpec | None = None) -> r.Rule:
        raise NotImplementedError

    def subject(self, table: Table, scope: FactSpec | None) -> r.Value | None:
        """The one value that stands in a comparison beside its comparison word."""
        keys = [key for key in SUBJECTS if table.has(key)]
        if len(keys) != 1:
            guess = next((hint for key in table.node.entries if (hint := near(key, SUBJECTS))), "")
            self.sink.add(
                table.line, table.path, "一处比较应有一个被比较的值：" + "、".join(SUBJECTS) + guess
            )
            return None
        return SUBJECTS[keys[0]](self, table, scope)

    def operand(
        self, node: Node, path: str, scope: FactSpec | None, shape: FactSpec | Field | None = None
    ) -> r.Value:
        """A literal, a list of literals, or another value written as a map."""
        if node.kind == "map":
            table = Table(node, path, self.sink)
            value = self.subject(table, scope)
            table.close()
            return NOTHING if value is None else value
        if node.kind == "list":
            items = tuple(
                item.value for item in node.items if item.kind == "scalar" and item.value is not None
            )
            if len(items) != len(node.items) or not items:
                self.sink.add(node.line, path, "列表中的每一项应为一个值，且不得为空列表")
            return r.Constant(tuple(self.canonical(item, shape) for item in items))
        if node.value is None:
            self.sink.add(node.line, path, "这里应为一个值", "空")
            return NOTHING
        return r.Constant(self.canonical(node.value, shape))

    def canonical(self, value: r.Literal, shape: FactSpec | Field | None) -> r.Literal:
        if shape is not None and isinstance(value, str):
            return shape.aliases.get(value, value)
        return value

    def shape(self, subject: r.Value, scope: FactSpec | None) -> FactSpec | Field | None:
        """The declaration behind a value, where there is one."""
        if isinstance(subject, r.FactRef):
            return self.facts.get(subject.name)
        if isinstance(subject, r.FieldRef) and scope is not None:
            return scope.fields.get(subject.name)
        if isinstance(subject, r.RecordOf) and subject.of in self.facts:
            return self.facts[subject.of].fields.get(subject.field)
        if isinstance(subject, r.Pick) and subject.records.of in self.facts:
            return self.facts[subject.records.of].fields.get(subject.field)
        return None

    def value_at(self, table: Table, key: str, scope: FactSpec | None) -> r.Value:
        node = table.get(key, required=True, what="一个值")
        return NOTHING if node is None else self.operand(node, table.at(key), scope)

    def number_at(self, table: Table, key: str, scope: FactSpec | None) -> r.Value:
        """A value that is calculated with: words and dates, as far as they can be told here, are refused."""
        value = self.value_at(table, key, scope)
        self.must_be_number(table, key, value, scope)
        return value

    def must_be_number(self, table: Table, key: str, value: r.Value, scope: FactSpec | None) -> None:
        if self.kinds(value, scope) - {"number"}:
            found = self.named(value, scope)
            table.wrong(key, "这里要计算，应为数（百分数、分数写成小数，如 0.4）", found)

    def kinds(self, value: r.Value, scope: FactSpec | None) -> Kinds:
        """What the value can be; nothing where it could not be read, since that is said already."""
        return NONE if value is NOTHING else kinds_of(value, self.facts, scope)

    def named(self, value: r.Value, scope: FactSpec | None) -> str:
        """A value as a message names it: what stands there, the label of what it reads, or what it is."""
        if isinstance(value, r.Constant):
            return f"“{value.value}”"
        if isinstance(value, r.Lookup):
            return next(
                (f"“{b.gives}”" for b in value.bands if isinstance(b.gives, str | bool)),
                said(self.kinds(value, scope)),
            )
        shape = self.shape(value, scope)
        return f"“{shape.label}”" if shape is not None else said(self.kinds(value, scope))

    def date_at(self, table: Table, key: str, scope: FactSpec | None) -> r.Value:
        """A value from which is counted: numbers and words, as far as they can be told here, are refused."""
        value = self.value_at(table, key, scope)
        if self.kinds(value, scope) - {"date"}:
            expected = "应为日期（照 2026-07-01 写，不加引号），或类型是 date 的事实"
            table.wrong(key, expected, self.named(value, scope))
        return value

    # --- facts ------------------------------------------------------------------

    def fact(self, table: Table, scope: FactSpec | None) -> r.Value:
        name = table.text("fact", limit=60)
        if name and name not in self.facts:
            table.wrong("fact", "应为已声明的事实", f"“{name}”" + near(name, self.facts))
        return r.FactRef(name)

    def field(self, table: Table, scope: FactSpec | None) -> r.Value:
        name = table.text("field", limit=60)
        if scope is None:
            table.wrong("field", "field 只能用在记录的 where 或 that 之中")
        elif name and name not in scope.fields:
            table.wrong("field", f"“{scope.label}”的记录没有这个字段", f"“{name}”" + near(name, scope.fields))
        return r.FieldRef(name)

    # --- dates ----------------------------------------------------------------

    def today(self, table: Table, scope: FactSpec | None) -> r.Value:
        word = table.text("date", limit=10)
        if word != "on":
            table.wrong("date", "只有 on（判断当日）；其他日期请声明为事实", f"“{word}”")
        return r.Today()

    def shift(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("shift", required=True)
        if inner is None:
            return NOTHING
        start = self.date_at(inner, "from", scope)
        value = r.Shift(start, inner.integer("n", low=-1000, high=1000), inner.choice("unit", DATE_UNITS))
        inner.close()
        return value

    def year(self, table: Table, scope: FactSpec | None) -> r.Value:
        return r.YearOf(self.date_at(table, "year", scope))

    def validity_end(self, table: Table, scope: FactSpec | None) -> r.Value:
        return r.ValidityEnd(self.date_at(table, "validity_end", scope))

    def period_end(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("period_end", required=True)
        if inner is None:
            return NOTHING
        start = self.date_at(inner, "from", scope)
        unit = inner.choice("unit", ("years", "months", "days"))
        value = r.PeriodEnd(start, inner.integer("n", low=1, high=1000, default=1), unit)
        inner.close()
        return value

    # --- numbers and tables ---------------------------------------------------

    def calculation(self, table: Table, scope: FactSpec | None) -> r.Value:
        op = table.choice("calc", sorted(words.CALCULATIONS))
        node = table.get("of", required=True, what="一个列表")
        if node is None or node.kind != "list" or not node.items:
            table.wrong("of", "应为参与计算的值的列表")
            return NOTHING
        if op in ("subtract", "divide", "share", "remainder") and len(node.items) != 2:
            table.wrong("of", f"{op} 需要正好两个值", f" {len(node.items)} 个")
        path = table.at("of")
        parts = tuple(self.operand(item, f"{path}[{n + 1}]", scope) for n, item in enumerate(node.items))
        for part in parts:
            self.must_be_number(table, "of", part, scope)
        return r.Calculation(op, parts)

    def rounded(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("round", required=True)
        if inner is None:
            return NOTHING
        value = self.number_at(inner, "value", scope)
        digits = inner.integer("digits", required=False, low=0, high=6, default=0)
        way = inner.choice("way", words.ROUNDINGS)
        inner.close()
        return r.Rounded(value, digits, way)

    def lookup(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("lookup", required=True)
        if inner is None:
            return NOTHING
        by = self.value_at(inner, "by", scope)
        bands = parse_bands(inner, "table")
        inner.close()
        return r.Lookup(by, bands)

    def choose(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("choose", required=True)
        if inner is None:
            return NOTHING
        node = inner.get("when", required=True, what="一条规则")
        then, otherwise = self.value_at(inner, "then", scope), self.value_at(inner, "otherwise", scope)
        inner.close()
        if node is None:
            return NOTHING
        return r.Choose(self.rule(node, inner.at("when"), scope), then, otherwise)

    # --- the document's own lists ----------------------------------------------

    def categories(self, table: Table, scope: FactSpec | None) -> r.Value:
        table.flag("categories")
        return r.CategoriesListed()

    def directions_of(self, table: Table, scope: FactSpec | None) -> r.Value:
        return r.DirectionsOf(self.value_at(table, "directions_of", scope))

    def limit(self, table: Table, scope: FactSpec | None) -> r.Value:
        key = table.text("limit", limit=60)
        if key not in self.limits:
            table.wrong("limit", "应为 limits 中的名称", f"“{key}”" + near(key, self.limits))
        return r.Limit(key, self.limits.get(key, 0))

    def total_of(self, table: Table, scope: FactSpec | None) -> r.Value:
        return r.SheetTotal(self.sheet(table, "total_of"))

    def sheet(self, table: Table, key: str) -> str:
        """A score sheet by its name; a row of a sheet may look at the sheets above it only."""
        name = table.text(key, limit=60)
        if name and name not in self.sheets:
            expected = "应为 score_sheets 中的名称（评分表里只能引用排在前面的表，推算的事实不能引用）"
            table.wrong(key, expected, f"“{name}”" + near(name, self.sheets))
        return name


def _pick(which: str) -> Callable[[ValueParser, Table, FactSpec | None], r.Value]:
    return lambda parser, table, scope: parser.pick(table, which)


SUBJECTS: Mapping[str, Callable[[ValueParser, Table, FactSpec | None], r.Value]] = {
    "fact": ValueParser.fact,
    "field": ValueParser.field,
    "date": ValueParser.today,
    "count": ValueParser.count,
    "sum": ValueParser.total,
    "latest": _pick("latest"),
    "earliest": _pick("earliest"),
    "largest": _pick("largest"),
    "smallest": _pick("smallest"),
    "record": ValueParser.record,
    "timer": ValueParser.timer,
    "shift": ValueParser.shift,
    "year": ValueParser.year,
    "period_end": ValueParser.period_end,
    "validity_end": ValueParser.validity_end,
    "calc": ValueParser.calculation,
    "round": ValueParser.rounded,
    "lookup": ValueParser.lookup,
    "choose": ValueParser.choose,
    "categories": ValueParser.categories,
    "directions_of": ValueParser.directions_of,
    "limit": ValueParser.limit,
    "total_of": ValueParser.total_of,
}
