"""`manage.py policies`: every document folder is well-formed and none was changed under its version."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shuniu.library.actions import changed_folders
from shuniu.library.queries import all_on_disk
from shuniu.policy import PolicyError


class Command(BaseCommand):
    help = "检查制度库：格式正确，且没有在原版本下改动过。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            documents = all_on_disk()
        except PolicyError as problem:
            raise CommandError(str(problem)) from problem
        if problems := changed_folders():
            raise CommandError("\n".join(problems))
        for document in documents:
            self.stdout.write(f"《{document.title}》{document.version}  {document.digest[:12]}")
