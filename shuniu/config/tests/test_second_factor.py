"""Where a second factor is required, the house stays shut to staff and experts until they have one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shuniu.config.middleware import second_factor
from shuniu.foundation import access
from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.accounts.tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


@pytest.fixture
def required(settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MFA_REQUIRED = True


def hats(kind: str, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_providers", [lambda person: [Hat(kind, 1, "望海市总工会", role)]])


def through(path: str, somebody: Person | None) -> HttpResponse:
    request = HttpRequest()
    request.path, request.method = path, "GET"
    request.who = Who(person=somebody)  # type: ignore[attr-defined]
    return second_factor(lambda _: HttpResponse("in"))(request)


@pytest.mark.parametrize(
    ("kind", "role", "status"),
    [("union", "clerk", 303), ("union", "expert", 303), ("organisation", "org_owner", 200)],
)
def test_staff_and_experts_set_up_a_second_factor_first(
    required: None, monkeypatch: pytest.MonkeyPatch, kind: str, role: str, status: int
) -> None:
    hats(kind, role, monkeypatch)
    somebody = person()
    assert through("/work/", somebody).status_code == status
    assert through("/accounts/2fa/", somebody).status_code == 200
    assert through("/work/", None).status_code == 200
    TOTP.activate(somebody, generate_totp_secret())
    assert through("/work/", somebody).status_code == 200


def test_the_demonstration_leaves_it_off() -> None:
    assert settings.MFA_REQUIRED is False
    assert through("/work/", person()).status_code == 200
