"""Turns the rules of a file into operator trees, checking names and types against the declared facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from shuniu.policy import rules as r
from shuniu.policy import words
from shuniu.policy.kinds import said
from shuniu.policy.model import FactSpec, Field
from shuniu.policy.parse_values import ValueParser
from shuniu.policy.reader import Table, near
from shuniu.policy.source import Node

# Used where a rule cannot be read; the file is refused, so it never judges anything.
BROKEN: r.Rule = r.AnyOf(())

_UNITS = ("years", "months", "days")
HELD = ("at_least", "at_most", "more_than", "less_than")


class RuleParser(ValueParser):
    """Reads rules; values come from ``ValueParser``."""

    def rule(self, node: Node, path: str, scope: FactSpec | None = None) -> r.Rule:
        table = Table(node, path, self.sink)
        if node.kind != "map":
            return BROKEN
        found = [key for key in LOGIC if table.has(key)]
        if len(found) == 1:
            rule = LOGIC[found[0]](self, table, scope)
        elif found:
            table.wrong(found[1], f"一条规则只用一个逻辑词，已有“{found[0]}”")
            rule = BROKEN
        else:
            rule = self.comparison(table, scope)
        if rule is not BROKEN:
            table.close()
        return rule

    def child(self, table: Table, key: str, scope: FactSpec | None) -> r.Rule:
        node = table.get(key, required=True, what="一条规则")
        return BROKEN if node is None else self.rule(node, table.at(key), scope)

    def children(self, table: Table, key: str, scope: FactSpec | None) -> tuple[r.Rule, ...]:
        node = table.get(key, required=True, what="一个规则列表")
        if node is None:
            return ()
        if node.kind != "list" or not node.items:
            table.wrong(key, "应为规则的列表，每项以“- ”开头，至少一项", node.said())
            return ()
        path = table.at(key)
        return tuple(self.rule(item, f"{path}[{n + 1}]", scope) for n, item in enumerate(node.items))

    def always(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.Always(table.flag("always"))

    def passes(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.Passes(self.sheet(table, "passes"))

    def all_of(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.AllOf(self.children(table, "all_of", scope))

    def any_of(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.AnyOf(self.children(table, "any_of", scope))

    def none_of(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.NoneOf(self.children(table, "none_of", scope))

    def negation(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.NoneOf((self.child(table, "not", scope),))

    def n_of(self, table: Table, scope: FactSpec | None) -> r.Rule:
        inner = table.table("n_of", required=True)
        if inner is None:
            return BROKEN
        rules = self.children(inner, "of", scope)
        low = inner.integer("at_least", required=False, low=0, high=len(rules), default=-1)
        high = inner.integer("at_most", required=False, low=0, high=len(rules), default=-1)
        if not (inner.has("at_least") or inner.has("at_most")):
            inner.wrong("at_least", "必须写明 at_least（至少几项）或 at_most（至多几项）")
        if low > high >= 0:
            inner.wrong("at_most", "at_most 不应小于 at_least", f" {high}")
        inner.close()
        return r.SomeOf(None if low < 0 else low, None if high < 0 else high, rules)

    def when(self, table: Table, scope: FactSpec | None) -> r.Rule:
        otherwise = self.child(table, "otherwise", scope) if table.has("otherwise") else None
        return r.When(self.child(table, "when", scope), self.child(table, "then", scope), otherwise)

    def unless(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.Unless(self.child(table, "require", scope), self.child(table, "unless", scope))

    def exists(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.Exists(self.selection(table, "exists"))

    def none(self, table: Table, scope: FactSpec | None) -> r.Rule:
        return r.NoneOf((r.Exists(self.selection(table, "none")),))

    def every(self, table: Table, scope: FactSpec | None) -> r.Rule:
        inner = table.table("every", required=True)
        if inner is None:
            return BROKEN
        records = self.selection_of(inner, extra=("that",))
        that = self.child(inner, "that", self.facts.get(records.of))
        inner.close()
        return r.Every(records, that)

    def consecutive(self, table: Table, scope: FactSpec | None) -> r.Rule:
        inner = table.table("consecutive", required=True)
        if inner is None:
            return BROKEN
        of = self.records_name(inner)
        n = inner.integer("n", low=1, high=50, default=1)
        that = self.child(inner, "that", self.facts.get(of))
        ending = (
            inner.integer("ending_years_before", low=0, high=50, default=0)
            if inner.has("ending_years_before")
            else None
        )
        anchor = self.anchor(inner)
        inner.close()
        return r.Consecutive(of, n, that, anchor, ending)

    def comparison(self, table: Table, scope: FactSpec | None) -> r.Rule:
        """``{fact: x, at_least: 3}``: one subject and one comparison."""
        if table.has("elapsed"):
            return self.held(table, scope)
        ops = [key for key in (*words.COMPARISONS, "between") if table.has(key)]
        if len(ops) != 1:
            known = (*LOGIC, *words.COMPARISONS, "between")
            guess = next((hint for key in table.node.entries if (hint := near(key, known))), "")
            expected = (
                "一条规则应有一个比较词（" + "、".join((*words.COMPARISONS, "between")) + "）或一个逻辑词"
            )
            self.sink.add(table.line, table.path, expected + guess)
            return BROKEN
        op = ops[0]
        subject = self.subject(table, scope)
        if subject is None:
            return BROKEN
        if op == "between":
            return self.between(table, subject, scope)
        node = table.get(op, required=True, what="比较的对象")
        if node is None:
            return BROKEN
        operand = self.operand(node, table.at(op), scope, self.shape(subject, scope))
        self.suits(table, op, subject, operand, scope)
        self.alike(table, op, subject, operand, scope)
        if isinstance(subject, r.Timer):
            self.states(table, op, subject, operand)
        return r.Compare(subject, op, operand)

    def alike(
        self, table: Table, op: str, subject: r.Value, operand: r.Value, scope: FactSpec | None
    ) -> None:
        """Two values that are read from facts can be compared only where they may be of one kind."""
        if op not in ("is", "is_not") and op not in words.ORDERED:
            return
        left, right = self.kinds(subject, scope), self.kinds(operand, scope)
        told = isinstance(operand, r.Constant) and self.shape(subject, scope) is not None  # by ``suits``
        if left and right and not left & right and not told:
            both = f"{self.named(subject, scope)}是{said(left)}，{self.named(operand, scope)}是{said(right)}"
            table.wrong(op, f"两边不能相比：{both}")

    def states(self, table: Table, op: str, timer: r.Timer, operand: r.Value) -> None:
        """What a timer is compared with is one of its states."""
        if not isinstance(operand, r.Constant) or timer.of not in self.facts:
            return
        spec = self.facts[timer.of].fields.get(timer.field)
        recorded = spec.values if spec is not None else ()
        asked = operand.value if isinstance(operand.value, tuple) else (operand.value,)
        known = dict.fromkeys((timer.start, *recorded, *(step.becomes for step in timer.steps)))
        for value in asked:
            if recorded and value not in known:
                found = f"“{value}”" + near(value, known)
                table.wrong(op, f"这个状态只会是：{'、'.join(known)}", found)

    def between(self, table: Table, subject: r.Value, scope: FactSpec | None) -> r.Rule:
        inner = table.table("between", required=True)
        if inner is None:
            return BROKEN
        shape = self.shape(subject, scope)
        low_node = inner.get("from", required=True)
        high_node = inner.get("to", required=True)
        low_in = inner.flag("from_included", default=True)
        high_in = inner.flag("to_included", default=True)
        inner.close()
        if low_node is None or high_node is None:
            return BROKEN
        low = self.operand(low_node, inner.at("from"), scope, shape)
        high = self.operand(high_node, inner.at("to"), scope, shape)
        if isinstance(low, r.Constant) and isinstance(high, r.Constant):
            a, b = low.value, high.value
            if isinstance(a, int | Decimal) and isinstance(b, int | Decimal) and a > b:
                inner.wrong("to", "上限不应小于下限", f"“{b}”")
            if isinstance(a, date) and isinstance(b, date) and a > b:
                inner.wrong("to", "结束日期不应早于开始日期", f"“{b}”")
        return r.Within(subject, low, high, low_in, high_in)

    def held(self, table: Table, scope: FactSpec | None) -> r.Rule:
        inner = table.table("elapsed", required=True)
        ops = [key for key in HELD if table.has(key)]
        if inner is None or len(ops) != 1:
            self.sink.add(table.line, table.path, f"elapsed 应配一个比较词：{'、'.join(HELD)}")
            return BROKEN
        since = self.date_at(inner, "since", scope)
        until = self.date_at(inner, "until", scope) if inner.has("until") else r.Today()
        unit = inner.choice("unit", _UNITS)
        inner.close()
        return r.Held(since, until, ops[0], table.integer(ops[0], low=0, high=1000), unit)

    def suits(
        self, table: Table, op: str, subject: r.Value, operand: r.Value, scope: FactSpec | None
    ) -> None:
        """The comparison must make sense for the type of the fact, and a choice must exist."""
        shape = self.shape(subject, scope)
        if (
            op in words.ORDERED
            and shape is not None
            and shape.type in ("text", "boolean", "choice", "category")
        ):
            table.wrong(op, f"“{shape.label}”不是数或日期，不能比大小；请用 is 或 in")
        if op in words.ORDERED and isinstance(operand, r.Constant) and isinstance(operand.value, str | bool):
            table.wrong(
                op, "比大小的应为数或日期（百分数、分数写成数，占比的 40% 写 40）", f"“{operand.value}”"
            )
        plural = shape is not None and shape.type in ("choices", "directions")
        if op.startswith("includes") and shape is not None and not plural:
            table.wrong(op, f"“{shape.label}”不是多选，请用 is 或 in")
        if (
            op in words.LIST_OPERANDS
            and isinstance(operand, r.Constant)
            and not isinstance(operand.value, tuple)
        ):
            table.wrong(op, "这里应为一个列表，如 [甲, 乙]")
        if (
            op not in words.LIST_OPERANDS
            and isinstance(operand, r.Constant)
            and isinstance(operand.value, tuple)
        ):
            table.wrong(op, "这里应为一个值，不是列表")
        if op == "empty":
            if not isinstance(operand, r.Constant) or not isinstance(operand.value, bool):
                table.wrong(op, "应为 true（须为空）或 false（不得为空）")
        elif isinstance(operand, r.Constant) and shape is not None:
            self.constants(table, op, shape, operand)

    def constants(self, table: Table, op: str, shape: FactSpec | Field, operand: r.Constant) -> None:
        wanted = PYTHON.get(shape.type)
        values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
        for value in values:
            if wanted is not None and (
                not isinstance(value, wanted) or (isinstance(value, bool) and shape.type != "boolean")
            ):
                table.wrong(op, f"“{shape.label}”的值应为{_SAID[shape.type]}", f"“{value}”")
            elif shape.values and op != "matches" and value not in shape.values:
                found = f"“{value}”" + near(value, shape.values)
                table.wrong(op, f"“{shape.label}”只有这些值：{'、'.join(shape.values)}", found)


PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "choice": str,
    "choices": str,
    "boolean": bool,
    "integer": int,
    "year": int,
    "decimal": (int, Decimal),
    "date": date,
}
_SAID = {
    "text": "文字",
    "choice": "文字",
    "choices": "文字",
    "boolean": " true 或 false",
    "integer": "整数",
    "year": "年份",
    "decimal": "数",
    "date": "日期",
}

LOGIC: Mapping[str, Callable[[RuleParser, Table, FactSpec | None], r.Rule]] = {
    "always": RuleParser.always,
    "all_of": RuleParser.all_of,
    "any_of": RuleParser.any_of,
    "none_of": RuleParser.none_of,
    "n_of": RuleParser.n_of,
    "not": RuleParser.negation,
    "when": RuleParser.when,
    "unless": RuleParser.unless,
    "exists": RuleParser.exists,
    "none": RuleParser.none,
    "every": RuleParser.every,
    "consecutive": RuleParser.consecutive,
    "passes": RuleParser.passes,
}
