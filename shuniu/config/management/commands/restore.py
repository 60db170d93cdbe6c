"""`manage.py restore FOLDER`: a backup into an empty database, as shuniu_owner; then the journal is proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from shuniu.config.backup import BackupRefused, Manifest, restore
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import verify


class Command(BaseCommand):
    help = "把备份恢复到空数据库和材料文件夹，授权，并核对日志链。以 shuniu_owner 运行。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="manage.py backup 建立的文件夹")
        parser.add_argument(
            "--published",
            action="append",
            default=[],
            metavar="DIGEST",
            help="另存的链首校验值，应在恢复出的链中",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].expanduser().resolve()
        url = settings.ENV.database_url
        if not url:
            raise CommandError("请用 SHUNIU_DATABASE_URL 指明数据库，角色为 shuniu_owner。")
        loader = MigrationLoader(None, ignore_no_migrations=True)
        known = {f"{app}.{name}" for app, name in loader.disk_migrations}
        try:
            manifest = restore(folder, url=url, files=settings.FILES_ROOT, known=known)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        call_command("grants", stdout=self.stdout)
        self._prove(manifest, options["published"])
        self.stdout.write(
            f"已恢复 {manifest.made_at} 的备份：文件 {len(manifest.digests) - 1} 个，日志 {manifest.entries} 条，"
            f"链首第 {manifest.journal.number} 块与清单一致，日志链完好。"
        )
        if ahead := known - set(manifest.migrations):
            self.stdout.write(f"程序比备份新，还有 {len(ahead)} 项数据结构升级：请运行 migrate 和 grants。")

    def _prove(self, manifest: Manifest, published: list[str]) -> None:
        proof = verify(published=published)
        if not proof.intact:
            raise CommandError(f"数据已写入，但日志链有问题：{proof.problem}。请不要启用，查明原因。")
        found = (proof.blocks, proof.head if proof.blocks else "")
        if found != (manifest.journal.number, manifest.journal.digest):
            raise CommandError(
                f"数据已写入，但日志链首是第 {found[0]} 块，清单记的是第 {manifest.journal.number} 块。"
                "请不要启用，查明原因。"
            )
        if Entry.objects.count() != manifest.entries:
            raise CommandError("数据已写入，但日志条数与清单不同。请不要启用，查明原因。")
