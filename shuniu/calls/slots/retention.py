"""What the noun `retention` brings to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.queries.retention import plan_of
from shuniu.calls.rules.retention import READERS
from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("保存期限", "/calls/retention/", frozenset(READERS), 92)


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "sec_admin" and who.union_id is not None and plan_of(who.union_id) is None:
        yield slots.Todo(
            "保存期限", "确定个人信息的保存期限", "/calls/retention/", "确定以前不会清除任何内容",
            key=f"calls.retention:{who.union_id}",
        )  # fmt: skip


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
