"""`manage.py backup FOLDER`: database and files, while the product works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuniu.config.backup import BackupRefused, back_up


class Command(BaseCommand):
    help = "备份数据库和材料文件到一个新的文件夹；可以在运行中进行。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="新的或空的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].expanduser().resolve()
        url = settings.ENV.database_url
        if not url:
            raise CommandError("请用 SHUNIU_DATABASE_URL 指明数据库。")
        try:
            made = back_up(folder, url=url, files=settings.FILES_ROOT)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        head = made.journal
        self.stdout.write(
            f"已备份到 {folder}：数据库 1 个，文件 {len(made.digests) - 1} 个，"
            f"日志 {made.entries} 条，链首第 {head.number} 块 {head.digest or '（尚未封存）'}。"
        )
        if made.missing:
            raise CommandError(
                f"备份已做完，但有 {len(made.missing)} 个文件在备份之前就已缺失或损坏：{'、'.join(made.missing[:5])}。"
                "请从更早的备份中取回。"
            )
