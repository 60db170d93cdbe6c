"""When the document itself says a stage is open, beside the days of a call."""

from __future__ import annotations

import datetime as dt

from shuniu import policy
from shuniu.calls.models import Call
from shuniu.calls.queries.call import law_of
from shuniu.foundation.ui.formats import day_cn


def of_call(call: Call) -> dict[str, tuple[dt.date | None, dt.date, str]]:
    """Stage key → first and last day of the document's window in the call's year, and the clause where it stands."""
    found = {}
    for stage in law_of(call).stages:
        if stage.window is not None:
            first, last = policy.window_on(stage.window, dt.date(call.year, 12, 31))
            found[stage.key] = (first, last, stage.window.clause or stage.clause)
    return found


def stated(call: Call) -> dict[str, str]:
    """Stage key → the document's own days in words, with their clause."""
    return {
        key: f"{f'{day_cn(first)}至' if first else ''}{day_cn(last)}{'' if first else '前（含当日）'}（{clause}）"
        for key, (first, last, clause) in of_call(call).items()
    }


def differences(call: Call) -> list[str]:
    """Where the call's days lie outside the document's: told to whoever drafts and whoever approves."""
    found, windows, words = [], of_call(call), stated(call)
    for stage in call.stages.all():
        if stage.key not in windows:
            continue
        first, last, _ = windows[stage.key]
        early = first is not None and stage.starts_on is not None and stage.starts_on < first
        late = stage.ends_on is not None and stage.ends_on > last
        if early or late:
            found.append(f"“{stage.label}”的日期与条文不同，条文是{words[stage.key]}")
    return found
