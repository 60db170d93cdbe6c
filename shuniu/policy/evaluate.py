"""Judges rules: three-valued, with the reasons and the facts that would still be needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shuniu.policy import kleene, tally, words
from shuniu.policy import rules as r
from shuniu.policy.comparisons import compare
from shuniu.policy.kleene import Truth
from shuniu.policy.records import Records, select
from shuniu.policy.timers import timer
from shuniu.policy.values import Context, Measured, exact, measure, register, unit_words

NONE: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Truth, the deciding reasons, and the facts without which it stays open."""

    truth: Truth
    reasons: tuple[str, ...] = NONE
    missing: tuple[str, ...] = NONE


def judge_rule(rule: r.Rule, context: Context) -> Judged:
    """The truth of a rule in a context."""
    return _RULES[type(rule)](rule, context)


def _deciding(parts: Sequence[Judged], truth: Truth, wanted: Truth) -> Judged:
    """Keeps the reasons and needs of the parts that made the outcome what it is."""
    if truth is None:
        open_parts = [part for part in parts if part.truth is None]
        return Judged(None, _join(p.reasons for p in open_parts), _join(p.missing for p in open_parts))
    decisive = [part for part in parts if part.truth is wanted] or list(parts)
    return Judged(truth, _join(part.reasons for part in decisive))


def _join(groups: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for group in groups for item in group))


def _always(rule: r.Always, context: Context) -> Judged:
    return Judged(rule.holds, ("没有要求" if rule.holds else "一律不符合",))


def _all_of(rule: r.AllOf, context: Context) -> Judged:
    parts = [judge_rule(each, context) for each in rule.rules]
    truth = kleene.every(part.truth for part in parts)
    return _deciding(parts, truth, truth)


def _any_of(rule: r.AnyOf, context: Context) -> Judged:
    parts = [judge_rule(each, context) for each in rule.rules]
    truth = kleene.some(part.truth for part in parts)
    return _deciding(parts, truth, truth)


def _none_of(rule: r.NoneOf, context: Context) -> Judged:
    parts = [judge_rule(each, context) for each in rule.rules]
    truth = kleene.negate(kleene.some(part.truth for part in parts))
    return _deciding(parts, truth, kleene.negate(truth))


def _some_of(rule: r.SomeOf, context: Context) -> Judged:
    parts = [judge_rule(each, context) for each in rule.rules]
    truth = kleene.between(rule.low, rule.high, [part.truth for part in parts])
    return _deciding(parts, truth, True)


def _when(rule: r.When, context: Context) -> Judged:
    condition, then = judge_rule(rule.condition, context), judge_rule(rule.then, context)
    if rule.otherwise is None:
        if condition.truth is False:
            return Judged(True, condition.reasons)
        truth = kleene.implies(condition.truth, then.truth)
        if truth is None:
            return _deciding([condition, then], None, None)
        return Judged(truth, then.reasons)
    other = judge_rule(rule.otherwise, context)
    if condition.truth is not None:
        return then if condition.truth else other
    if then.truth is not None and then.truth == other.truth:
        return Judged(then.truth, _join([then.reasons, other.reasons]))
    return _deciding([condition, then, other], None, None)


def _unless(rule: r.Unless, context: Context) -> Judged:
    require, exception = judge_rule(rule.require, context), judge_rule(rule.exception, context)
    truth = kleene.some((require.truth, exception.truth))
    return _deciding([require, exception], truth, truth)


def _compare(rule: r.Compare, context: Context) -> Judged:
    subject, operand = measure(rule.subject, context), measure(rule.operand, context)
    truth = compare(rule.op, subject, operand)
    if rule.op == "empty":
        asked = "须为空" if operand.value else "不得为空"
    elif isinstance(operand.value, bool):
        asked = ""  # "X：是" says it all
    else:
        asked = f"{words.COMPARISONS[rule.op]}{operand.said}"
    return _told(truth, subject, operand, asked)


def _within(rule: r.Within, context: Context) -> Judged:
    subject = measure(rule.subject, context)
    low, high = measure(rule.low, context), measure(rule.high, context)
    truth = kleene.every(
        (
            compare("at_least" if rule.low_included else "more_than", subject, low),
            compare("at_most" if rule.high_included else "less_than", subject, high),
        )
    )
    ends = ("含" if rule.low_included else "不含", "含" if rule.high_included else "不含")
    asked = f"在{low.said}（{ends[0]}）与{high.said}（{ends[1]}）之间"
    both = Measured(low.value, low.known and high.known, missing=low.missing + high.missing)
    return _told(truth, subject, both, asked)


def _told(truth: Truth, subject: Measured, operand: Measured, asked: str) -> Judged:
    reason = f"{subject.label}：{subject.said}" + (f"（要求：{asked}）" if asked else "")
    if truth is None:
        notes = tuple(note for note in (subject.note, operand.note) if note)
        return Judged(None, notes or (reason,), _join([subject.missing, operand.missing]))
    return Judged(truth, (reason,))


def _held(rule: r.Held, context: Context) -> Judged:
    since, until = measure(rule.since, context), measure(rule.until, context)
    mark = exact(since, lambda day: context.shift(day, rule.n, rule.unit))
    op = {
        "at_least": "on_or_after",
        "at_most": "on_or_before",
        "more_than": "after",
        "less_than": "before",
    }[rule.op]
    truth = compare(op, until, mark)
    asked = f"{words.COMPARISONS[rule.op]}{rule.n}{unit_words(rule.unit)}"
    reason = f"自{since.label} {since.said} 至 {until.said}（要求：{asked}）"
    if truth is None:
        notes = tuple(note for note in (since.note, until.note) if note)
        return Judged(None, notes or (reason,), _join([since.missing, until.missing]))
    return Judged(truth, (reason,))


def _exists(rule: r.Exists, context: Context) -> Judged:
    found = select(rule.records, context)
    reason = found.label + ("：有符合的记录" if found.certain else "：没有符合的记录")
    if found.certain:
        return Judged(True, (reason,))
    if not found.known or found.possible:
        return Judged(None, (found.why_open(),), found.missing)
    return Judged(False, (reason,))


def _every(rule: r.Every, context: Context) -> Judged:
    found = select(rule.records, context)
    if not found.known:
        return Judged(None, (found.why_open(),), found.missing)
    truths: list[Truth] = []
    for record, sure in found.rows:
        with context.record(record, found.spec):
            truth = judge_rule(rule.that, context).truth
        truths.append(truth if sure or truth is True else None)
    short = rule.records.last is not None and len(truths) < rule.records.last
    truths.extend([None] * len(found.open_years))
    if short and not found.open_years:
        truths.append(None)
    truth = kleene.every(truths)
    if truth is None:
        return Judged(None, (found.why_open(),), (found.spec.name,))
    return Judged(truth, (found.label + ("：所查记录全部符合" if truth else "：有一条记录不符合"),))


def _consecutive(rule: r.Consecutive, context: Context) -> Judged:
    records = Records.of(rule.of, context)
    anchor = measure(rule.anchor, context)
    if not records.known or not anchor.known:
        return Judged(None, (records.why_open(),), _join([records.missing, anchor.missing]))
    by_year: dict[int, list[Truth]] = {}
    for record, year in records.with_years():
        with context.record(record, records.spec):
            truth = judge_rule(rule.that, context).truth
        if year is not None:
            by_year.setdefault(year, []).append(truth)
    missing_is: Truth = None if records.yearly else False
    truths = {year: kleene.some(values) for year, values in by_year.items()}
    this_year = anchor.value.year
    if rule.ending is not None:
        last = this_year - rule.ending
        runs = [range(last - rule.n + 1, last + 1)]
    else:
        # Years outside what is recorded may be open as well, so every run that could touch one counts.
        years = [*truths, this_year]
        runs = [range(first, first + rule.n) for first in range(min(years) - rule.n, this_year - rule.n + 2)]
    truth = kleene.some(kleene.every(truths.get(year, missing_is) for year in run) for run in runs)
    reason = f"{records.label}：要求连续 {rule.n} 年符合"
    return Judged(truth, (reason,), (records.name,) if truth is None else NONE)


def _choose(value: r.Choose, context: Context) -> Measured:
    """The value of the branch that the rule takes; where that is not known, the value both branches share."""
    judged = judge_rule(value.condition, context)
    if judged.truth is not None:
        found = measure(value.then if judged.truth else value.otherwise, context)
        why = "；".join(judged.reasons)
        return replace(found, label=found.label or "按条件", said=f"{found.said}（{why}）")
    then, other = measure(value.then, context), measure(value.otherwise, context)
    if then.known and other.known and then.value == other.value:
        return then
    note = "；".join(judged.reasons)
    return Measured(None, False, label="按条件", said="未知", note=note, missing=judged.missing)


def judge_truth(rule: r.Rule, context: Context) -> Truth:
    return judge_rule(rule, context).truth


_RULES: dict[type, Callable[[Any, Context], Judged]] = {
    r.Always: _always,
    r.AllOf: _all_of,
    r.AnyOf: _any_of,
    r.NoneOf: _none_of,
    r.SomeOf: _some_of,
    r.When: _when,
    r.Unless: _unless,
    r.Compare: _compare,
    r.Within: _within,
    r.Held: _held,
    r.Exists: _exists,
    r.Every: _every,
    r.Consecutive: _consecutive,
}


def register_rule(kind: type, function: Callable[[Any, Context], Judged]) -> None:
    """The rule over score sheets stands in ``score``, which needs this module."""
    _RULES[kind] = function


register(r.Count, tally.count)
register(r.Total, tally.total)
register(r.Timer, timer)
register(r.Choose, _choose)
