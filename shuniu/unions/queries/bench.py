"""The work bench: what waits for the asker, sorted by how urgent it is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from shuniu.foundation.access import Hat, Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.ui import slots

SOON = 3  # working days

Bucket = Literal["overdue", "soon", "other", "waiting"]
LABELS: dict[Bucket, str] = {
    "overdue": "已逾期", "soon": f"{SOON} 个工作日内到期", "other": "其他待办", "waiting": "等待对方",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One line as the component `todo` shows it."""

    tag: str
    label: str
    url: str
    detail: str
    due: str
    due_kind: str
    on: dt.date | None


@dataclass(frozen=True)
class Bench:
    """The rows of each bucket; the figures on the page are their lengths."""

    today: dt.date
    horizon: dt.date  # the last day that counts as soon
    missing_year: int  # 0, or the year whose working days nobody entered
    rows: dict[Bucket, list[Row]] = field(default_factory=dict)

    @property
    def mine(self) -> int:
        """How many things wait for the asker."""
        return sum(len(self.rows[b]) for b in ("overdue", "soon", "other"))

    @property
    def first(self) -> Row | None:
        """The most urgent one."""
        return next((row for b in ("overdue", "soon", "other") for row in self.rows[b]), None)

    def hint(self, bucket: Bucket) -> str:
        """The quiet line under a figure."""
        rows = self.rows[bucket]
        if not rows:
            return "没有"
        if bucket == "overdue":
            return f"最久{rows[0].due.removeprefix('逾期')}" if rows[0].due != "已逾期" else ""
        if bucket == "soon":
            return f"{short_day(self.horizon)}前办结"
        if bucket == "other":
            return f"最近到期 {short_day(rows[0].on)}" if rows[0].on else "没有期限"
        tags = Counter(row.tag for row in rows).most_common()
        shown = tags if len(tags) < 4 else [*tags[:2], ("其他", sum(count for _, count in tags[2:]))]
        return "，".join(f"{tag} {count}" for tag, count in shown)


def short_day(day: dt.date) -> str:
    """11月20日"""
    return f"{day.month}月{day.day}日"


def bench_of(who: Who) -> Bench:
    """Everything that waits for the asker or for whom the asker waits, each thing in one bucket.

    Where the calendar lacks a year, soon means three days instead of working days, and the page says so.
    """
    today = clock.today()
    missing = 0
    try:
        horizon = working_days.add(today, SOON)
    except working_days.MissingYear as problem:
        horizon, missing = today + dt.timedelta(days=SOON), problem.year
    bench = Bench(today, horizon, missing, {"overdue": [], "soon": [], "other": [], "waiting": []})
    for todo in slots.todos_for(who):
        bucket: Bucket = "waiting" if todo.waiting else _bucket(todo.due, today, horizon)
        bench.rows[bucket].append(_row(todo, today, horizon))
    return bench


def other_hats(who: Who) -> list[Hat]:
    """The asker's other roles in unions."""
    return [hat for hat in who.hats if hat.kind == "union" and hat != who.hat]


def elsewhere(who: Who) -> list[tuple[Hat, int]]:
    """The same with how much waits under each: as much work as a bench of each."""
    there = ((hat, Who(person=who.person, hat=hat, hats=who.hats)) for hat in other_hats(who))
    return [(hat, sum(not todo.waiting for todo in slots.todos_for(asker))) for hat, asker in there]


def _bucket(due: dt.date | None, today: dt.date, horizon: dt.date) -> Bucket:
    if due is None or due > horizon:
        return "other"
    return "overdue" if due < today else "soon"


def _row(todo: slots.Todo, today: dt.date, horizon: dt.date) -> Row:
    words, kind = due_words(todo.due, today), ""
    if todo.due is not None and not todo.waiting:
        kind = {"overdue": "bad", "soon": "warn"}.get(_bucket(todo.due, today, horizon), "")
    return Row(todo.tag, todo.title, todo.url, todo.sub, words, "bad" if kind == "bad" else "", todo.due)


def due_words(due: dt.date | None, today: dt.date) -> str:
    """逾期 2 个工作日, 今天, 明天, 11月20日; empty without a date."""
    if due is None:
        return ""
    if due == today:
        return "今天"
    if due == today + dt.timedelta(days=1):
        return "明天"
    if due > today:
        return short_day(due) if due.year == today.year else f"{due:%Y-%m-%d}"
    try:
        late = working_days.count(due, today, first_day_counts=False)
    except working_days.MissingYear:
        return f"逾期 {(today - due).days} 日"
    return f"逾期 {late} 个工作日" if late else "已逾期"
