"""Numbers: stats that open their list, bars with sentence and table, progress, countdown and days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString

from shuniu.foundation.ui import formats

from .flow import _value
from .signs import kind_of, part

register = template.Library()


@register.simple_tag
def stats(items: Iterable[Any], label: str = "数目") -> SafeString:
    """Numbers that open a list of just so many rows: {label, number, unit, url, hint, kind}."""
    return part(
        "stats",
        items=[(item, *_tone(_value(item, "kind"), _value(item, "number"))) for item in items],
        label=label,
    )


@register.simple_tag
def stat(label: str, number: int, url: str, unit: str = "件", hint: str = "", kind: str = "") -> SafeString:
    """One number alone."""
    shape, tone = _tone(kind, number)
    item = {"label": label, "number": number, "url": url, "unit": unit, "hint": hint}
    return part("stat", item=item, shape=shape, tone=tone)


def _tone(kind: str, number: int) -> tuple[str, str]:
    """Icon and tone of a figure; where there is none of it, nothing warns."""
    if not kind:
        return "", ""
    return kind_of(kind) if number else ("ring", "is-wait")


@dataclass(frozen=True)
class Bar:
    """One drawn row; lengths are per cent of the longest."""

    row: Any
    text: str
    width: float
    second_x: float
    second: float
    goal: float | None
    reached: bool


@register.simple_tag
def bars(
    rows: Sequence[Any],
    sentence: str,
    label: str = "项目",
    value: str = "数量",
    unit: str = "",
    legend: Sequence[str] | str = (),
    side: bool = False,
    opened: bool = False,
) -> SafeString:
    """Bar chart drawn on the server, with the sentence that sums it up and its table.

    rows: {label, value, url, text, goal, second, whole}. `goal` draws a mark, `second` a paler part after
    the value, `whole` a track of its own length. `legend` names the shades in this order: "已支付,未付,可用".
    """
    longest = max([1.0, *(float(x) for row in rows for x in _lengths(row))])
    drawn = [_drawn(row, longest) for row in rows]
    names = legend.split(",") if isinstance(legend, str) and legend else legend
    return part(
        "bars",
        bars=drawn,
        sentence=sentence,
        label=label,
        value=value,
        unit=unit,
        side=side,
        opened=opened,
        keys=[{"text": text, "shade": ("d1", "d2", "d0")[i]} for i, text in enumerate(names[:3])],
        has_goal=any(bar.goal is not None for bar in drawn),
        has_second=any(bar.second for bar in drawn),
        track=any(_value(row, "goal", None) is not None or _value(row, "whole", None) for row in rows),
    )


def _lengths(row: Any) -> list[Any]:
    goal = _value(row, "goal", None)
    spare = [float(goal) * 1.25] if goal is not None else []
    return [_value(row, "value", 0) + (_value(row, "second", 0) or 0), _value(row, "whole", 0) or 0, *spare]


def _drawn(row: Any, longest: float) -> Bar:
    """A row with a goal or a whole is measured by its own, so that unlike things stand in one chart."""
    value, second = float(_value(row, "value", 0)), float(_value(row, "second", 0) or 0)
    goal, whole = _value(row, "goal", None), _value(row, "whole", None)
    scale = float(whole) if whole else max(float(goal) * 1.25, value) if goal else longest
    width = round(100 * value / scale, 1) if scale else 0.0
    return Bar(
        row=row,
        text=str(_value(row, "text") or f"{_value(row, 'value', 0):,}"),
        width=width,
        second_x=round(width + 0.3, 1) if second else 0.0,
        second=round(max(100 * second / scale - 0.3, 0), 1) if second else 0.0,
        goal=round(100 * float(goal) / scale, 1) if goal else None,
        reached=goal is None or value >= float(goal),
    )


@register.simple_tag
def progress(value: int, max: int, label: str, text: str = "") -> SafeString:
    """A running job: bar and words."""
    return part("progress", value=value, max=max, label=label, text=text or f"{value} / {max}")


@register.simple_tag
def days(items: Iterable[Any], label: str = "公示期") -> SafeString:
    """The working days of a period: {date, state: past|today|next}."""
    rows = []
    for item in items:
        on, state = _value(item, "date"), _value(item, "state", "next")
        word = "今天" if state == "today" else f"周{formats.WEEKDAYS[on.weekday()]}"
        rows.append({"day": on.day, "on": on, "word": word, "state": state})
    return part("days", rows=rows, label=label)


@register.simple_block_tag(end_name="endcountdown")
def countdown(
    content: SafeString,
    title: str,
    left: int | None,
    until: date | None = None,
    unit: str = "个工作日",
    items: Sequence[Any] = (),
    remark: str = "",
    id: str = "countdown",
) -> SafeString:
    """How long still: state, figure, days, and the one thing to do (the content)."""
    strip = days(items) if items else ""
    return part(
        "countdown",
        content=content,
        title=title,
        left=left,
        until=until,
        unit=unit,
        strip=strip,
        remark=remark,
        heading_id=f"{id}-h",
    )
