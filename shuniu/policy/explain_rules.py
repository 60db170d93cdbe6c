"""Says a rule in Chinese."""

from __future__ import annotations

from decimal import Decimal

from shuniu.policy import rules as r
from shuniu.policy import words
from shuniu.policy.dates import UNITS
from shuniu.policy.facts import show
from shuniu.policy.model import Document, FactSpec, Field
from shuniu.policy.parse_records import WHOLE_UNITS
from shuniu.policy.values import said


class Explainer:
    """Words for the rules and values of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def rule(self, rule: r.Rule, scope: FactSpec | None = None) -> str:
        match rule:
            case r.Always(holds):
                return "没有要求" if holds else "一律不符合"
            case r.AllOf(rules):
                return self._join(rules, "，并且", scope)
            case r.AnyOf(rules):
                return self._join(rules, "，或者", scope)
            case r.NoneOf((r.Exists(records),)):
                return self._records(records, "没有")
            case r.NoneOf((only,)):
                return f"没有（{self.rule(only, scope)}）的情况"
            case r.NoneOf(rules):
                return f"以下情况都没有：{self._join(rules, '、', scope)}"
            case r.SomeOf(low, high, rules):
                bounds = [f"至少 {low} 项"] * (low is not None) + [f"至多 {high} 项"] * (high is not None)
                return f"以下各项符合{'、'.join(bounds)}：{self._join(rules, '；', scope)}"
            case r.When(condition, then, otherwise):
                rest = f"；否则{self.rule(otherwise, scope)}" if otherwise is not None else ""
                return f"如果{self.rule(condition, scope)}，则{self.rule(then, scope)}{rest}"
            case r.Unless(require, exception):
                return f"{self.rule(require, scope)}；但{self.rule(exception, scope)}的除外"
            case r.Compare(subject, "empty", operand):
                empty = isinstance(operand, r.Constant) and operand.value
                return f"{self.value(subject, scope)}{'须为空' if empty else '不得为空'}"
            case r.Compare((r.FactRef() | r.FieldRef()) as subject, "is", r.Constant(bool() as value)):
                return f"{self.value(subject, scope)}{'' if value else '：否'}"
            case r.Compare(r.Calculation("share", _) as subject, op, r.Constant(int() | Decimal() as bound)):
                return f"{self.value(subject, scope)}{words.COMPARISONS[op]} {bound}%"
            case r.Compare(subject, op, operand):
                compared = self._operand(subject, operand, scope)
                return f"{self.value(subject, scope)}{words.COMPARISONS[op]}{compared}"
            case r.Within(subject, low, high, low_in, high_in):
                ends = ("含" if low_in else "不含", "含" if high_in else "不含")
                first, last = self.value(low, scope), self.value(high, scope)
                return f"{self.value(subject, scope)}在{first}（{ends[0]}）至{last}（{ends[1]}）之间"
            case r.Held(since, until, op, n, unit):
                span = f"自{self.value(since, scope)}至{self.value(until, scope)}"
                return f"{span}{words.COMPARISONS[op]} {n}{UNITS[unit]}"
            case r.Exists(records):
                return self._records(records, "有")
            case r.Every(records, that):
                return f"{self._records(records)}都符合：{self.rule(that, self.document.facts[records.of])}"
            case r.Consecutive(of, n, that, anchor, ending):
                spec = self.document.facts[of]
                to = f"到{self._year(anchor, ending)}为止" if ending is not None else ""
                return f"{spec.label}{to}连续 {n} 年符合：{self.rule(that, spec)}"
            case r.Passes(sheet):
                return f"“{self._sheet(sheet)}”合格，没有触发一票否决"

    def _sheet(self, key: str) -> str:
        return next(each.label for each in self.document.sheets if each.key == key)

    def _join(self, rules: tuple[r.Rule, ...], word: str, scope: FactSpec | None) -> str:
        """Parts that are joined themselves stand in brackets, so that 并且 and 或者 do not run together."""
        said = [(each, self.rule(each, scope)) for each in rules]
        nested = (r.AllOf, r.AnyOf, r.When, r.Unless, r.SomeOf)
        return word.join(f"（{text}）" if isinstance(each, nested) else text for each, text in said)

    def _operand(self, subject: r.Value, operand: r.Value, scope: FactSpec | None) -> str:
        """A constant is said as the fact beside it says its values."""
        shape: FactSpec | Field | None = None
        if isinstance(subject, r.FactRef):
            shape = self.document.facts[subject.name]
        elif isinstance(subject, r.FieldRef) and scope is not None:
            shape = scope.fields[subject.name]
        if isinstance(operand, r.Constant) and shape is not None and not isinstance(operand.value, tuple):
            shown = show(self.document, shape, operand.value)
            return f"“{shown}”" if isinstance(operand.value, str) else shown
        return self.value(operand, scope)

    def value(self, value: r.Value, scope: FactSpec | None = None) -> str:
        match value:
            case r.Constant(constant):
                return said(constant)
            case r.FactRef(name):
                return self.document.facts[name].label
            case r.FieldRef(name):
                return scope.fields[name].label if scope is not None else name
            case r.Today():
                return "判断日"
            case r.Count(records, ""):
                return f"{self._records(records)}的件数"
            case r.Count(records, name):
                return f"{self._records(records)}中不同的{self._field(records.of, name)}数"
            case r.Total(records, name, each):
                return f"{self._records(records)}的{self._measured(records.of, name, each)}合计"
            case r.Pick(records, name, which, each):
                return f"{_WHICH[which]}{self._records(records)}的{self._measured(records.of, name, each)}"
            case r.RecordOf(of, before, name, anchor):
                return f"{self._year(anchor, before)}{self.document.facts[of].label}的{self._field(of, name)}"
            case r.Timer(of, _, start, steps):
                moves = "；".join(f"{s.state}满 {s.n}{UNITS[s.unit]}变为{s.becomes}" for s in steps)
                return f"{self.document.facts[of].label}的状态（起初{start}；{moves}）"
            case r.Shift(start, n, unit):
                return f"{self.value(start, scope)}{'后' if n >= 0 else '前'} {abs(n)}{UNITS[unit]}"
            case r.YearOf(day):
                return f"{self.value(day, scope)}所在年份"
            case r.PeriodEnd(start, n, unit):
                return f"自{self.value(start, scope)}起 {n}{UNITS[unit]}的最后一日"
            case r.ValidityEnd(start):
                return f"自{self.value(start, scope)}起的有效期末日"
            case r.Calculation(op, parts) if op in _SIGNS:
                return _SIGNS[op].join(self._term(each, scope) for each in parts)
            case r.Calculation("share", (part, whole)):
                return f"{self._term(part, scope)}占{self._term(whole, scope)}的百分比"
            case r.Calculation("remainder", (part, whole)):
                return f"{self._term(part, scope)}除以{self._term(whole, scope)}的余数"
            case r.Calculation(op, parts):
                return f"以下各数中{_CALCULATIONS[op]}的（{'；'.join(self.value(each, scope) for each in parts)}）"
            case r.Rounded(inner, digits, way):
                return f"{self.value(inner, scope)}（{words.ROUNDINGS[way]}保留 {digits} 位小数）"
            case r.Lookup(by, rows):
                return f"按{self.value(by, scope)}查表（{bands(rows)}）"
            case r.Choose(condition, a, b):
                ways = f"为 {self.value(a, scope)}；否则为 {self.value(b, scope)}"
                return f"（如果{self.rule(condition, scope)}，{ways}）"
            case r.CategoriesListed():
                return "本办法列出的类别"
            case r.DirectionsOf(category):
                return f"{self.value(category, scope)}列出的方向"
            case r.Limit(_, number):
                return f" {number}"
            case r.SheetTotal(sheet):
                return f"“{self._sheet(sheet)}”合计"

    def _measured(self, of: str, name: str, each: r.Value | None) -> str:
        return (
            self._field(of, name) if each is None else f"（每条{self.value(each, self.document.facts[of])}）"
        )

    def _term(self, value: r.Value, scope: FactSpec | None) -> str:
        """A term of a calculation; one that is calculated itself, or looked up, stands in brackets."""
        said = self.value(value, scope)
        return f"（{said}）" if isinstance(value, r.Calculation | r.Lookup) else said

    def _field(self, of: str, name: str) -> str:
        return self.document.facts[of].fields[name].label

    def _year(self, anchor: r.Value, before: int) -> str:
        """A year counted back from the day of the judgement, or from the anchor where there is one."""
        year = {0: "本年度", 1: "上一年度"}.get(before, f"前 {before} 年的年度")
        return year if isinstance(anchor, r.Today) else f"{self.value(anchor)}的{year}"

    def _look_back(self, window: r.Window) -> str:
        """Whole years, half-years and quarters begin with the calendar; other spans end on the anchor."""
        if window.start is not None and window.end is not None:
            return f"{self.value(window.start)}至{self.value(window.end)}之间"
        anchor, unit = self.value(window.anchor), UNITS[window.unit]
        if window.unit not in WHOLE_UNITS:
            return f"{anchor}往前 {window.n}{unit}内"
        here = f"{anchor}所在的{unit.removeprefix('个')}"
        if not window.current:
            return f"{here}之前 {window.n}{unit}内"
        return here if window.n == 1 else f"连同{here}在内 {window.n}{unit}内"

    def _records(self, selection: r.Selection, which: str = "") -> str:
        """The records of a selection; ``which`` (有、没有) stands before what they are."""
        spec = self.document.facts[selection.of]
        parts = [self._look_back(selection.within)] if selection.within is not None else []
        if selection.where is not None:
            said = self.rule(selection.where, spec)
            parts.append(said if isinstance(selection.where, r.Compare) else f"符合（{said}）")
        last = f"最近 {selection.last} 次" if selection.last is not None else ""
        return which + "、".join(parts) + "的" * bool(parts) + last + spec.label


_WHICH = {"latest": "最近一次", "earliest": "最早一次", "largest": "最大的", "smallest": "最小的"}
_SIGNS = {"add": " ＋ ", "subtract": " － ", "multiply": " × ", "divide": " ÷ "}
_CALCULATIONS = {"smallest": "最小", "largest": "最大"}


def bands(rows: tuple[r.Band, ...], word: str = "得") -> str:
    """The rows of a table in words."""
    return "；".join(f"{_band(row)}{word} {_gives(row.gives)}" for row in rows)


def _band(row: r.Band) -> str:
    if row.key is not None:
        return f"{_gives(row.key)}的" if isinstance(row.key, bool) else f"“{row.key}”"
    if row.low is None:
        return f"{row.high} {'以下' if row.high_included else '以下（不含）'}"
    if row.high is None:
        return f"{row.low} {'以上' if row.low_included else '以上（不含）'}"
    low, high = "" if row.low_included else "（不含）", "" if row.high_included else "（不含）"
    return f"{row.low}{low} 至 {row.high}{high} "


def _gives(value: r.Literal) -> str:
    return ("是" if value else "否") if isinstance(value, bool) else str(value)
