"""The demonstration's accounts, listed on the log-in page; empty everywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

PASSWORD = "shuniu-demo-2026"  # noqa: S105 - printed on the demonstration's log-in page


@dataclass(frozen=True)
class DemoAccount:
    """One line of the list: who it is, how one logs in, what waits for them."""

    role: str
    username: str
    waits: str


_providers: list[Callable[[], Iterable[DemoAccount]]] = []


def register(provider: Callable[[], Iterable[DemoAccount]]) -> None:
    """The demonstration tells its accounts."""
    if provider not in _providers:
        _providers.append(provider)


def accounts() -> list[DemoAccount]:
    """Every demonstration account; nothing unless this copy is the demonstration."""
    if settings.ENV.kind != "demo":
        return []
    return [account for provider in _providers for account in provider()]
