"""`manage.py verify_journal`: compute the whole chain again, against heads that somebody has kept outside."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuniu.foundation.journal.queries import verify


class Command(BaseCommand):
    help = "重新计算整条日志链；给出另存的链首校验值时，核对它们都在链中。只读，两个角色都可运行。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("published", nargs="*", metavar="DIGEST", help="另存的链首校验值（64 位）")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = verify(published=options["published"])
        if not proof.intact:
            raise CommandError(f"日志链有问题：{proof.problem}。请保护现场，查明原因。")
        self.stdout.write(
            f"日志链完好：{proof.blocks} 块、{proof.entries} 条，链首 {proof.head if proof.blocks else '（尚未封存）'}。"
        )
