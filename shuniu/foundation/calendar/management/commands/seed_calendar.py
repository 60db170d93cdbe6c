"""`manage.py seed_calendar`: the working calendars that are known, from three years ago on."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shuniu.foundation import access
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.actions import seed_known_years


class Command(BaseCommand):
    help = "录入已公布的各年放假和调休安排；已录入的年份不动，未公布的年份留空。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=int, dest="first", help="从哪一年起，默认三年前")

    def handle(self, *args: Any, **options: Any) -> None:
        this_year = clock.today().year
        first = options["first"] or this_year - 3
        added = seed_known_years(by=access.system("初始工作日历"), first_year=first, last_year=this_year + 2)
        self.stdout.write(f"已录入：{'、'.join(map(str, added)) or '没有新的年份'}。")
