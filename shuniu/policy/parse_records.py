"""Reads values over record lists: counts, sums, the record of a year, timers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shuniu.policy import rules as r
from shuniu.policy.model import FactSpec
from shuniu.policy.reader import Table, near
from shuniu.policy.source import Node

NOTHING: r.Value = r.Constant("")
DATE_UNITS = ("years", "months", "days", "working_days", "calendar_years", "half_years", "quarters")
WHOLE_UNITS = DATE_UNITS[4:]


class RecordParser:
    """Values over records; rules, facts and plain values come from the parsers that build on it."""

    facts: Mapping[str, FactSpec]

    def rule(self, node: Node, path: str, scope: FactSpec | None = None) -> r.Rule:
        raise NotImplementedError

    def value_at(self, table: Table, key: str, scope: FactSpec | None) -> r.Value:
        raise NotImplementedError

    def date_at(self, table: Table, key: str, scope: FactSpec | None) -> r.Value:
        raise NotImplementedError

    def records_name(self, table: Table, key: str = "of") -> str:
        name = table.text(key, limit=60)
        spec = self.facts.get(name)
        if name and (spec is None or spec.type != "records"):
            table.wrong(key, "应为类型是 records 的事实", f"“{name}”" + near(name, self.facts))
        return name

    def field_name(self, table: Table, of: str, key: str = "field") -> str:
        name = table.text(key, limit=60)
        spec = self.facts.get(of)
        if name and spec is not None and spec.type == "records" and name not in spec.fields:
            table.wrong(key, f"“{spec.label}”的记录没有这个字段", f"“{name}”" + near(name, spec.fields))
        return name

    def anchor(self, table: Table) -> r.Value:
        return self.date_at(table, "anchor", None) if table.has("anchor") else r.Today()

    def selection(self, table: Table, key: str) -> r.Selection:
        inner = table.table(key, required=True)
        if inner is None:
            return r.Selection("")
        records = self.selection_of(inner)
        inner.close()
        return records

    def selection_of(self, table: Table, extra: tuple[str, ...] = ()) -> r.Selection:
        table.known.update(extra)
        of = self.records_name(table)
        spec = self.facts.get(of)
        where_node = table.get("where")
        where = None if where_node is None else self.rule(where_node, table.at("where"), spec)
        inner = table.table("within")
        within = None if inner is None else self.window(inner)
        last = table.integer("last", low=1, high=100) if table.has("last") else None
        if (within is not None or last is not None) and spec is not None and not spec.time:
            table.wrong("of", f"“{spec.label}”没有声明 time（记录按哪个字段算时间），不能用 within 或 last")
        return r.Selection(of, where, within, last)

    def window(self, table: Table) -> r.Window:
        if table.has("from") or table.has("to"):
            start = self.date_at(table, "from", None)
            end = self.date_at(table, "to", None)
            written = [each.value for each in (start, end) if isinstance(each, r.Constant)]
            days = [each for each in written if isinstance(each, date)]
            if len(days) == 2 and days[0] > days[1]:
                table.wrong("to", "结束日期不应早于开始日期", f"“{days[1]}”")
            table.close()
            return r.Window(0, "days", r.Today(), False, start, end)
        n = table.integer("n", low=1, high=100, default=1)
        unit = table.choice("unit", DATE_UNITS)
        current = table.flag("current")
        if current and unit not in WHOLE_UNITS:
            table.wrong("current", f"current 只用于整的期间：{'、'.join(WHOLE_UNITS)}；往前推算的已含当天")
        anchor = self.anchor(table)
        table.close()
        return r.Window(n, unit, anchor, current)

    def count(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("count", required=True)
        if inner is None:
            return NOTHING
        records = self.selection_of(inner, extra=("distinct",))
        distinct = self.field_name(inner, records.of, "distinct") if inner.has("distinct") else ""
        inner.close()
        return r.Count(records, distinct)

    def measured(self, table: Table, of: str) -> tuple[str, r.Value | None]:
        """What of each record counts: a ``field``, or ``each``: a value worked out for every record."""
        if not table.has("each"):
            return self.field_name(table, of), None
        if table.has("field"):
            table.wrong("each", "field 与 each 只写一个")
        return "", self.value_at(table, "each", self.facts.get(of))

    def total(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("sum", required=True)
        if inner is None:
            return NOTHING
        records = self.selection_of(inner, extra=("field", "each"))
        value = r.Total(records, *self.measured(inner, records.of))
        inner.close()
        return value

    def pick(self, table: Table, which: str) -> r.Value:
        inner = table.table(which, required=True)
        if inner is None:
            return NOTHING
        records = self.selection_of(inner, extra=("field", "each"))
        spec = self.facts.get(records.of)
        if which in ("latest", "earliest") and spec is not None and spec.type == "records" and not spec.time:
            inner.wrong("of", f"“{spec.label}”没有声明 time，分不出先后")
        field, each = self.measured(inner, records.of)
        value = r.Pick(records, field, which, each)
        inner.close()
        return value

    def record(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("record", required=True)
        if inner is None:
            return NOTHING
        of = self.records_name(inner)
        spec = self.facts.get(of)
        if spec is not None and spec.type == "records" and not spec.time:
            inner.wrong("of", f"“{spec.label}”没有声明 time，无法按年份取记录")
        before = inner.integer("years_before", low=0, high=50)
        value = r.RecordOf(of, before, self.field_name(inner, of), self.anchor(inner))
        inner.close()
        return value

    def timer(self, table: Table, scope: FactSpec | None) -> r.Value:
        inner = table.table("timer", required=True)
        if inner is None:
            return NOTHING
        of = self.records_name(inner, "records")
        spec = self.facts.get(of)
        if spec is not None and not (spec.time and spec.fields and spec.fields[spec.time].type == "date"):
            inner.wrong("records", "计时需要按日期（time）记录的事实")
        field = self.field_name(inner, of, "state")
        steps = []
        for row in inner.tables("becomes", required=True):
            after = row.table("after", required=True)
            state, becomes = row.text("from", limit=60), row.text("to", limit=60)
            if after is not None:
                n = after.integer("n", low=1, high=1000, default=1)
                steps.append(r.Step(state, n, after.choice("unit", ("years", "months", "days")), becomes))
                after.close()
        known = spec.fields[field].values if spec is not None and field in spec.fields else ()
        for step in steps:
            if known and step.state not in (*known, *(each.becomes for each in steps)):
                found = f"“{step.state}”" + near(step.state, known)
                inner.wrong("becomes", f"自动变化的起点应为记录里的状态：{'、'.join(known)}", found)
        value = r.Timer(of, field, inner.text("start", limit=60), tuple(steps))
        states = [step.state for step in steps]
        if len(set(states)) < len(states):
            inner.wrong("becomes", "同一状态只能自动变为一种状态")
        inner.close()
        return value
