"""People for the tests, made by the actions."""

from __future__ import annotations

import itertools
from typing import Any

from django.test import Client

from shuniu.foundation.access import Who, system
from shuniu.foundation.accounts import actions
from shuniu.foundation.accounts.models import Person

PASSWORD = "shuniu-test-2026"
SETUP = system("测试准备")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_numbers = itertools.count(1)


def person(username: str = "", *, name: str = "测试员", phone: str = "", email: str = "") -> Person:
    """Somebody who can log in with PASSWORD."""
    return actions.create_person(
        by=SETUP, username=username or f"somebody{next(_numbers)}", name=name, password=PASSWORD, phone=phone,
        email=email,
    )  # fmt: skip


def me(somebody: Person) -> Who:
    """The person without any hat."""
    return Who(person=somebody)


def log_in(client: Client, somebody: Person, password: str = PASSWORD, **more: str) -> Any:
    """Log in as people do: by the form."""
    return client.post("/accounts/login/", {"login": somebody.username, "password": password, **more})
