"""`manage.py migrate`, which refuses a database that was made by other migrations of the same names."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate

from shuniu.config import migrating, schema

# Django's command knows no other way to be given another executor.
migrate.MigrationExecutor = migrating.Executor  # type: ignore[attr-defined]


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> str | None:
        if changed := schema.changed(schema.present(), schema.kept()):
            raise CommandError(
                f"这个数据库的结构由另一版 {'、'.join(changed)} 建立，与现在的程序不符，不能升级；数据没有改动。"
                "请换回建立它的程序；演示数据可用 make demo-reset 重建。"
            )
        done: str | None = super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            schema.keep()
        return done
