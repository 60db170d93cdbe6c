"""`manage.py demo_objects`: the numbers that stand in the demonstration's addresses, as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from shuniu.config.demo.objects import named_objects


class Command(BaseCommand):
    help = "演示数据里各类记录的编号（JSON），供截图使用。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(named_objects(), ensure_ascii=False))
