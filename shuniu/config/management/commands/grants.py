"""`manage.py grants`: as shuniu_owner, after every migrate."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from shuniu.foundation.truths import grant_statements


class Command(BaseCommand):
    help = "给应用角色 shuniu_app 授权：只增不改的表只给读和增。以 shuniu_owner 运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in grant_statements():
                cursor.execute(statement)
        self.stdout.write("已按表授权。")
