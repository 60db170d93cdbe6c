"""`manage.py demo_accounts`: the demonstration's accounts as a table."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

from shuniu.foundation.accounts import demo


def _wide(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns under one another, whatever script stands in them."""
    widths = [max(_wide(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _wide(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


class Command(BaseCommand):
    help = "列出演示账号：身份、登录名、密码、等着办的事。"
    requires_system_checks = ()  # printed at every start: only reads

    def handle(self, *args: Any, **options: Any) -> None:
        found = demo.accounts()
        if not found:
            self.stdout.write("没有演示账号。")
            return
        rows = [("身份", "登录名", "密码", "等着办的事")]
        rows += [(account.role, account.username, demo.PASSWORD, account.waits) for account in found]
        self.stdout.write(table(rows))
