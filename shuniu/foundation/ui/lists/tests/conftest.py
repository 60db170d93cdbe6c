"""A clerk, a checker and some people on the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from shuniu.foundation import access
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.ui.lists.tests import cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _addresses(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.ROOT_URLCONF = "shuniu.foundation.ui.lists.tests.cast"
    # The foundation stands without the slices above it: addresses, hats and page context are the cast's own.
    monkeypatch.setattr(access, "_providers", [cast.hats])
    settings.TEMPLATES = cast.templates()
    cast.DONE.clear()
    yield
    cast.HATS.clear()


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def who_of(client: Client) -> access.Who:
    return access.who_asks(client.get("/people/?view=none").wsgi_request)


@pytest.fixture
def clerk(db: None) -> Person:
    return cast.person("staff-lin", "林经办", "clerk", phone="13900000001")


@pytest.fixture
def client(clerk: Person) -> Client:
    return logged_in(clerk)


@pytest.fixture
def people(db: None) -> list[Person]:
    """Thirty people; every third has no mail; three share one name."""
    return [
        cast.person(
            f"u{i:02d}",
            "同名" if i < 3 else f"人员{i:02d}",
            phone=f"1390000{i:04d}",
            email="" if i % 3 == 0 else f"u{i}@wanghai.example",
        )
        for i in range(30)
    ]
