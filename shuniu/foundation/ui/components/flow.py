"""Where a thing stands and how it came there: task list, stage bar, timeline, facts, findings."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from .signs import part

register = template.Library()

TASK_STATES = {
    "done": ("status", "ok", "已完成"),
    "now": ("badge", "now", "进行中"),
    "todo": ("badge", "wait", "未开始"),
    "locked": ("status", "lock", "还不能开始"),
    "fixed": ("status", "lock", "不用改"),
}
STAGE_ICONS = {"done": "tick", "now": "half", "next": "ring", "bad": "cross", "skipped": "close"}
STAGE_WORDS = {"done": "已完成", "now": "进行中", "next": "未开始", "bad": "未通过", "skipped": "不经过"}


def _value(row: Any, name: str, default: Any = "") -> Any:
    return row.get(name, default) if isinstance(row, dict) else getattr(row, name, default)


@register.simple_tag
def task_list(tasks: Iterable[Any]) -> SafeString:
    """How one fills a form: {label, url, hint, state: done|now|todo|locked|fixed, word}."""
    rows = []
    for task in tasks:
        state = _value(task, "state", "todo")
        shape, kind, word = TASK_STATES[state]
        rows.append(
            {
                "task": task,
                "shape": shape,
                "kind": kind,
                "word": _value(task, "word") or word,
                "open": state not in {"locked", "fixed"} and bool(_value(task, "url")),
            }
        )
    return part("task_list", rows=rows)


def _bar(parts: Sequence[Any]) -> dict[str, object]:
    """Counts of a stage as one bar of 430 units, with gaps of 2 between the parts."""
    total = sum(_value(item, "count", 0) for item in parts)
    left, shapes = 0.0, []
    for depth, item in enumerate(parts):
        width = 430 * _value(item, "count", 0) / total if total else 0
        shapes.append(
            {
                "x": round(left, 1),
                "width": round(max(width - 2, 0), 1),
                "item": item,
                "shade": _value(item, "shade") or f"d{(1, 2, 0)[min(depth, 2)]}",
            }
        )
        left += width
    sentence = "，".join(f"{_value(item, 'count', 0)} {_value(item, 'label')}" for item in parts)
    return {"shapes": shapes, "sentence": sentence}


@register.simple_tag
def stage_bar(stages: Iterable[Any], variant: str = "", label: str = "办理阶段") -> SafeString:
    """Read-only picture of the case: {label, state, lines, counts, word}; variant `call` (counts) or `side`.

    A line is words, or {count, text, url}; counts are {count, label, url, shade} and show as one bar.
    """
    rows = []
    for stage in stages:
        state = _value(stage, "state", "next")
        counts = _value(stage, "counts", ())
        rows.append(
            {
                "stage": stage,
                "state": state,
                "icon": STAGE_ICONS[state],
                "word": _value(stage, "word") or STAGE_WORDS[state],
                "lines": [
                    {"text": line} if isinstance(line, str) else line for line in _value(stage, "lines", ())
                ],
                "bar": _bar(counts) if counts else None,
            }
        )
    return part("stage_bar", rows=rows, variant=variant, label=label)


@register.simple_tag
def timeline(entries: Iterable[Any], newest: int = 8) -> SafeString:
    """What happened, newest first: {when, by, behalf_of, text, clause, clause_url, detail, changes}.

    Also {document, document_url}; a change is {label, before, after}. Beyond `newest` the rest is folded,
    on the page all the same; a fold is not worth two lines.
    """
    rows = list(entries)
    cut = newest if len(rows) > newest + 2 else len(rows)
    return part("timeline", newest=rows[:cut], older=rows[cut:])


@register.simple_tag
def facts(rows: Iterable[Any], variant: str = "") -> SafeString:
    """Label and value: pairs, or {label, value, url, source, date, change_url, change}.

    variant `lines` for check answers and verification, `row` for a strip in one line.
    """
    plain = [{"label": row[0], "value": row[1]} if isinstance(row, tuple) else row for row in rows]
    return part("facts", rows=plain, variant=variant)


@register.simple_tag
def finding(f: Any) -> SafeString:
    """One condition judged: {clause, clause_url, title, kind, word, facts, source, source_url}.

    Also {id, quote, remark}; the kinds are those of `status`.
    """
    return part("finding", f=f, content="")


@register.simple_block_tag(end_name="endfinding_ask")
def finding_ask(content: SafeString, f: Any) -> SafeString:
    """The same with a question to the reader: the form stands under the facts."""
    return part("finding", f=f, content=content)
