"""States that change by themselves with time."""

from __future__ import annotations

from datetime import date

from shuniu.policy import dates
from shuniu.policy import rules as r
from shuniu.policy.records import Records
from shuniu.policy.values import Context, Measured, said


def timer(value: r.Timer, context: Context) -> Measured:
    """A record after the day of the judgement has not happened yet; an undated one leaves the state open."""
    records = Records.of(value.of, context)
    label = f"{records.label}的状态"
    if not records.known:
        return Measured(
            None, False, label=label, said="未知", note=records.why_open(), missing=records.missing
        )
    dated = [(when, row) for row in records.rows if isinstance(when := row.get(records.spec.time), date)]
    if len(dated) < len(records.rows) or any(value.field not in row for _, row in dated):
        note = f"{records.label}中有记录的日期或状态不明"
        return Measured(None, False, label=label, said="未知", note=note, missing=(records.name,))
    past = [(when, row[value.field]) for when, row in dated if when <= context.on]
    if not past:
        return Measured(value.start, label=label, said=said(value.start))
    since = max(when for when, _ in past)
    states = {str(found) for when, found in past if when == since}
    if len(states) > 1:
        note = f"{records.label}中同一天有不同的状态"
        return Measured(None, False, label=label, said="未知", note=note, missing=(records.name,))
    state = _moved_on(value, states.pop(), since, context)
    return Measured(state, label=label, said=said(state))


def _moved_on(value: r.Timer, state: str, since: date, context: Context) -> str:
    """The state on the day, after every step whose time has passed; a circle of steps runs on to that day."""
    steps = {step.state: step for step in value.steps}
    while (step := steps.get(state)) is not None:
        try:
            since = dates.shift(since, step.n, step.unit)
        except dates.DateRangeError:
            break
        if since > context.on:
            break
        state = step.becomes
    return state
