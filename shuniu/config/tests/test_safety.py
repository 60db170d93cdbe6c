"""O4: production refuses to start where a setting or a role would undo its promises; the health page."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import psycopg
import pytest
from axes.helpers import get_client_ip_address
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from shuniu.config import environment, safety
from shuniu.config.environment import KNOWN_KEYS, ROOT, UnsafeSettings
from shuniu.config.middleware import client_address
from shuniu.foundation.accounts.adapter import Adapter
from shuniu.foundation.notices.actions import note_sweep

pytestmark = pytest.mark.feature("O4")

GOOD = {
    "SHUNIU_ENV": "production",
    "SHUNIU_SECRET_KEY": "f3b1" * 16,
    "SHUNIU_HOSTS": "shuniu.example.org",
    "SHUNIU_PUBLIC_URL": "https://shuniu.example.org",
}


# --- settings -----------------------------------------------------------------------------------------


def test_production_starts_with_what_it_needs() -> None:
    read = environment.read(GOOD)
    assert read.production
    assert not read.debug
    assert read.hosts == ("shuniu.example.org",)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SHUNIU_SECRET_KEY": ""}, "没有密钥"),
        ({"SHUNIU_SECRET_KEY": "x" * 49}, "太短"),
        *(({"SHUNIU_SECRET_KEY": known}, "公开的或太短") for known in sorted(KNOWN_KEYS)),
        ({"SHUNIU_DEBUG": "1"}, "不能打开 SHUNIU_DEBUG"),
        ({"SHUNIU_HOSTS": ""}, "没有域名"),
        ({"SHUNIU_PUBLIC_URL": ""}, "没有对外地址"),
        ({"SHUNIU_PUBLIC_URL": "http://shuniu.example.org"}, "以 https:// 开头"),
        ({"SHUNIU_PROXIES": "one"}, "SHUNIU_PROXIES 应为不小于 0 的整数，现在是“one”"),
        ({"SHUNIU_PROXIES": "-1"}, "应为不小于 0 的整数"),
        ({"SHUNIU_HOSTS": "*"}, "不能用"),
        ({"SHUNIU_ENV": "prod"}, "demo、test 或 production"),
    ],
)
def test_production_refuses_unsafe_settings(change: dict[str, str], sentence: str) -> None:
    with pytest.raises(UnsafeSettings, match=sentence):
        environment.read(GOOD | change)


def test_a_surrounding_that_says_nothing_is_production() -> None:
    with pytest.raises(UnsafeSettings, match="没有密钥"):
        environment.read({})


def test_the_web_process_itself_does_not_start(tmp_path: Path) -> None:
    """Not only the function refuses: the application that the server loads does."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("SHUNIU_")}
    done = subprocess.run(
        [sys.executable, "-c", "import shuniu.config.wsgi"],
        env=clean | {"SHUNIU_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "shuniu.config.settings"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "正式环境没有密钥" in done.stderr


# --- the database's address ---------------------------------------------------------------------------


def test_options_of_the_address_reach_the_driver() -> None:
    made = environment.database(
        "postgresql://shuniu_app:p%40ss%2Fword@db.example.org:6432/shuniu"
        "?sslmode=verify-full&sslrootcert=/etc/shuniu/ca%20root.pem&connect_timeout=5&application_name=web",
        pooled=False,
    )
    assert (made["HOST"], made["PORT"], made["NAME"]) == ("db.example.org", "6432", "shuniu")
    assert (made["USER"], made["PASSWORD"]) == ("shuniu_app", "p@ss/word")
    assert made["OPTIONS"] == {
        "application_name": "web",
        "sslmode": "verify-full",
        "sslrootcert": "/etc/shuniu/ca root.pem",
        "connect_timeout": "5",
    }


def test_a_socket_folder_is_a_host() -> None:
    made = environment.database("postgresql://shuniu_app@/shuniu?host=/run/my%20socket", pooled=True)
    assert (made["HOST"], made["PORT"]) == ("/run/my socket", "")


def test_an_address_that_cannot_be_read_is_refused_without_its_password() -> None:
    with pytest.raises(UnsafeSettings, match="SHUNIU_DATABASE_URL 写得不对") as refused:
        environment.database("postgresql://shuniu_app:geheim@db:1/n?ssl_mode=require", pooled=False)
    assert "geheim" not in str(refused.value)


@pytest.mark.django_db
def test_an_option_of_the_address_is_obeyed_by_the_connection() -> None:
    """The embedded server speaks no TLS, so an address that asks for it must fail and not go on in plain."""
    from django.db.backends.postgresql.base import DatabaseWrapper

    url = os.environ["SHUNIU_DATABASE_URL"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW ssl")
        if (cursor.fetchone() or [""])[0] != "off":
            pytest.skip("this server speaks TLS")
    base = connection.settings_dict
    wanted = environment.database(f"{url}{'&' if urlparse(url).query else '?'}sslmode=require", pooled=False)
    wrapper = DatabaseWrapper(base | wanted, alias="tls")
    try:
        with pytest.raises(Exception, match="SSL"):
            wrapper.connect()
    finally:
        wrapper.close()


# --- behind a proxy -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "203.0.113.7", "127.0.0.1"),  # nobody stands in front: the header is the client's invention
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the client wrote the first part itself
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),  # did not come through both proxies
        (1, "unknown", "127.0.0.1"),
    ],
)
def test_wrong_passwords_are_counted_by_the_clients_own_address(
    proxies: int, forwarded: str, counted: str, settings: Any
) -> None:
    settings.ENV = dataclasses.replace(settings.ENV, proxies=proxies)
    seen = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append((get_client_ip_address(request), request.META["REMOTE_ADDR"]))
        return HttpResponse()

    client_address(answer)(RequestFactory().post("/accounts/login/", headers={"x-forwarded-for": forwarded}))
    assert seen == [(counted, counted)]
    if proxies and counted != "127.0.0.1":  # the other counter agrees
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        request = RequestFactory().post("/accounts/login/", headers={"x-forwarded-for": forwarded})
        assert Adapter().get_client_ip(request) == counted


# --- role and clock, on a real cluster ----------------------------------------------------------------


def refusal(url: str) -> str:
    """What a web process in production says that works with the database at `url`; empty: it starts."""
    code = (
        "import shuniu.config.settings, django; django.setup()\n"
        "from shuniu.config.safety import refuse_unsafe_start\n"
        "from shuniu.config.environment import UnsafeSettings\n"
        "try: refuse_unsafe_start()\n"
        "except UnsafeSettings as problem: print(problem)\n"
    )
    surroundings = dict(os.environ) | GOOD | {"SHUNIU_DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.real_transactions
def test_production_serves_as_the_application_and_as_nobody_more_powerful(
    owner_connection: psycopg.Connection[tuple[Any, ...]], administrator_url: str
) -> None:
    assert refusal(os.environ["SHUNIU_DATABASE_URL"]) == ""
    assert "shuniu_owner 拥有表或可建表" in refusal(os.environ["SHUNIU_OWNER_DATABASE_URL"])
    assert "权限过大" in refusal(administrator_url)


@pytest.mark.django_db
def test_a_right_to_create_is_found(owner_connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    assert safety.unsafe_role() == ""
    try:
        owner_connection.execute("GRANT CREATE ON SCHEMA public TO shuniu_app")
        assert "可建表" in safety.unsafe_role()
    finally:
        owner_connection.execute("REVOKE CREATE ON SCHEMA public FROM shuniu_app")
    assert safety.unsafe_role() == ""


@pytest.mark.real_transactions
def test_a_bent_clock_is_refused(owner_connection: psycopg.Connection[tuple[Any, ...]], travel: Any) -> None:
    assert safety.unsafe_clock() == ""
    travel(days=3)
    assert "shuniu.now() 被改动过" in refusal(os.environ["SHUNIU_DATABASE_URL"])


# --- health -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_says_what_an_operator_watches(client: Client) -> None:
    fresh = client.get("/health/")
    assert fresh.status_code == 200
    assert fresh.json() == {
        "ok": True, "database": "ok", "last_sweep_age_seconds": None, "jobs_waiting": 0, "mail_queued": 0,
        "mail_failed_today": 0,
    }  # fmt: skip
    note_sweep("journal.seal")
    assert client.get("/health/").json()["last_sweep_age_seconds"] in (0, 1)


@pytest.mark.real_transactions
def test_health_is_503_while_the_database_is_away(client: Client) -> None:
    kept = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "9"
    try:
        away = client.get("/health/")
    finally:
        connection.settings_dict["PORT"] = kept
    assert away.status_code == 503
    assert away.json() == {"ok": False, "database": "unreachable"}
