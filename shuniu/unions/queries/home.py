"""Where somebody's work begins: higher slices say it for their own people."""

from __future__ import annotations

from collections.abc import Callable

from shuniu.foundation.access import STAFF_ROLES, Who

Home = Callable[[Who], str]
_homes: list[Home] = []


def register_home(home: Home) -> None:
    """`register_home(lambda who: "/org/" if who.organisation_id else "")`; "" means: not mine."""
    if home not in _homes:
        _homes.append(home)


def home_url(who: Who) -> str:
    """The first page of the asker under the present hat; the portal for strangers."""
    if who.person is None:
        return "/"
    for home in _homes:
        if url := home(who):
            return url
    return "/work/" if who.role in STAFF_ROLES else "/me/"
