"""`manage.py demo`: as shuniu_owner, once; a second start finds the story told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from shuniu.config.demo.story import tell_story, was_told
from shuniu.foundation.access import Refused


class Command(BaseCommand):
    help = "建立演示数据。以 shuniu_owner 运行，因为要移动数据库时钟；已有时不做任何事。"

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV.kind != "demo":
            raise CommandError("演示数据只能建在演示环境里（SHUNIU_ENV=demo）。")
        if was_told():
            self.stdout.write("演示数据已经建好。")
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_has_role(current_user, proowner, 'USAGE') FROM pg_proc WHERE oid = 'shuniu.now()'::regprocedure"
            )
            if not (cursor.fetchone() or [False])[0]:
                raise CommandError("请以 shuniu_owner 运行：建立演示数据要移动数据库时钟。")
        try:
            tell_story()
        except Refused as refusal:
            raise CommandError(f"演示数据没有建成，什么也没有留下：{refusal}") from refusal
        self.stdout.write("演示数据建好了。")
