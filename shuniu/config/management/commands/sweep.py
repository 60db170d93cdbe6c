"""`manage.py sweep NAME…`: run sweeps by hand; without a name, all of them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuniu.foundation.jobs import SWEEPS, run_sweep


class Command(BaseCommand):
    help = "立即运行一次巡检；不写名称则全部运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or sorted(SWEEPS)
        if unknown := [name for name in names if name not in SWEEPS]:
            known = "、".join(sorted(SWEEPS))
            raise CommandError(f"没有名为 {'、'.join(unknown)} 的巡检。现有：{known}。")
        for name in names:
            self.stdout.write(f"{name}：{run_sweep(name)}")
