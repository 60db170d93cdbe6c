"""`manage.py demo_large`: the volume of the benchmarks behind the pages of the demonstration, as shuniu_owner."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from shuniu.calls.models import Call
from shuniu.unions.models import Union

CITY = "望海市总工会"


class Command(BaseCommand):
    help = "在演示数据之上加入大体量数据：十万家社会组织，一次一万份申报、每份三张评分表的遴选。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", default="full", choices=("full", "middle", "tiny"))

    def handle(self, *args: Any, **options: Any) -> None:
        from benchmarks.volume import TITLE, build_upon
        from benchmarks.volume_size import SIZES

        if settings.ENV.kind == "production":
            raise CommandError("正式环境不能写入演示数据。")
        if not Union.objects.filter(name=CITY).exists():
            raise CommandError("还没有演示数据：请先运行 make run 或 make demo-reset。")
        if Call.objects.filter(title=TITLE).exists():
            self.stdout.write("大体量数据已经在了。要从头再来，请先运行 make demo-reset。")
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            if (cursor.fetchone() or [""])[0] == "shuniu_app":
                raise CommandError("请用 make demo-large 运行：写入窗口期内的申报需要数据库属主移动时钟。")
        size = SIZES[options["size"]]
        self.stdout.write(f"正在加入 {size.organisations:,} 家社会组织和 {size.applications:,} 份申报 …")
        build_upon(CITY, size, say=self.stdout.write)
        self.stdout.write(f"完成。用 linjb 登录，在“遴选”里打开“{TITLE}”。")
