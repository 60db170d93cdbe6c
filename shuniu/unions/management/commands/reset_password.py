"""`manage.py reset_password LOGIN`: a link for somebody locked out; whoever runs it owns the host."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from shuniu.foundation.access import system
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.queries import person_by


class Command(BaseCommand):
    help = "为一个账号生成重设密码的链接（1 日内有效）；--second-factor 同时重设第二步验证。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", help="登录名或手机号")
        parser.add_argument("--second-factor", action="store_true", help="同时重设第二步验证")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_by(options["login"])
        if person is None:
            raise CommandError(f"没有找到启用的账号“{options['login']}”。请核对登录名。")
        by = system("命令行重设密码")
        if options["second_factor"]:
            accounts.remove_second_factor(by=by, person=person)
        token = accounts.invite(
            by=by, purpose="accounts.password", payload={"person_id": person.pk}, invited_name=person.name,
            label="重设密码", valid_days=1,
        )  # fmt: skip
        self.stdout.write(settings.PUBLIC_URL + reverse("accounts:invitation", args=[token]))
