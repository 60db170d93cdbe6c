"""`manage.py create_first_admin`: the first administrators of a real installation, by invitation links."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from shuniu.foundation.access import STAFF_ROLES, Refused, system
from shuniu.foundation.calendar import clock
from shuniu.unions import actions
from shuniu.unions.models import ADMIN_ROLES, Level, Union
from shuniu.unions.queries import holders_of

FIRST = system("首次安装")
ADMIN_LABELS = {role: STAFF_ROLES[role] for role in ADMIN_ROLES}


class Command(BaseCommand):
    help = "首次安装：设立本级工会，为系统、安全、审计管理员各生成一条邀请链接（登录名和密码由本人设置）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--union", help="工会全称，例如 望海市总工会")
        parser.add_argument("--level", choices=Level.values, default=Level.CITY.value, help="工会层级")
        for role, label in ADMIN_LABELS.items():
            parser.add_argument(f"--{role.replace('_', '-')}", dest=role, help=f"{label}姓名")

    def handle(self, *args: Any, **options: Any) -> None:
        name = (options["union"] or self._ask("工会全称")).strip()
        people = {
            role: (
                options[role] if options[role] is not None else self._ask(f"{label}姓名（可留空，以后再设）")
            )
            for role, label in ADMIN_LABELS.items()
        }
        if not name or not people["sys_admin"].strip():
            raise CommandError("工会全称和系统管理员姓名必须填写。")
        given = [person.strip() for person in people.values() if person.strip()]
        if len(set(given)) < len(given):
            raise CommandError("三种管理员须由三个人分别担任，姓名不能相同。")
        try:
            links = self._invite(name, options["level"], people)
        except Refused as refused:
            raise CommandError(refused.verdict.reason) from refused
        for label, person, address in links:
            self.stdout.write(f"{label} {person}：{address}")
        self.stdout.write("链接 14 日内有效，只能用一次；请分别交给本人。本命令不会再次显示这些链接。")

    def _ask(self, question: str) -> str:
        return input(f"{question}：").strip()

    @transaction.atomic
    def _invite(self, name: str, level: str, people: dict[str, str]) -> list[tuple[str, str, str]]:
        union = Union.objects.filter(name=name).first() or actions.create_union(
            by=FIRST, name=name, short_name=name.removesuffix("总工会")[:30], level=level
        )
        links = []
        for role, label in ADMIN_LABELS.items():
            person = people[role].strip()
            if not person:
                continue
            if holders_of([union.pk], role):
                raise CommandError(f"{union.name}已有{label}，后续由系统管理员在“工会”页面办理。")
            token = actions.invite_to_role(
                by=FIRST, union=union, role=role, invited_name=person, first_day=clock.today()
            )
            links.append((label, person, settings.PUBLIC_URL + reverse("accounts:invitation", args=[token])))
        return links
