"""Every address × everybody × reading and writing, against the reviewed file `matrix.toml`.

A difference is printed as the line that would make it agree; it is pasted after a look at what it opens, never
before. `SHUNIU_MATRIX=file` writes all lines there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.test import Client

from journeys import addresses, matrix
from journeys.conftest import Standing
from journeys.world import ACTORS, worn

_PARTS = 6


def _note(line: str) -> None:
    if target := os.environ.get("SHUNIU_MATRIX"):
        with Path(target).open("a", encoding="utf-8") as out:
            out.write(f"{line}\n")


class _Back(Exception):
    """Ends a transaction without a trace."""


def _ask(client: Client, cookie: tuple[str, str] | None, path: str, words: dict[str, Any] | None) -> str:
    """The outcome; whatever was written is taken back."""
    found = ""
    cache.clear()  # no limit of how often is reached
    client.cookies.clear()
    if cookie:
        client.cookies[cookie[0]] = cookie[1]
    try:
        with transaction.atomic():
            answer: Any = client.get(path) if words is None else client.post(path, words)
            found = matrix.outcome(answer)
            # As the client closes what is not a file: the end of a request would close this connection.
            request_finished.disconnect(close_old_connections)
            answer.close()
            request_finished.connect(close_old_connections)
            raise _Back
    except _Back:
        pass
    return found


@pytest.fixture
def asked(there: Standing) -> Iterator[Callable[[str, str], dict[str, str]]]:
    client = Client(raise_request_exception=False)  # one for all: its middleware is loaded once

    names = addresses.addresses()

    def ask(label: str, method: str) -> dict[str, str]:
        path = addresses.path_of(there.world, label)
        words = addresses.words_of(there.world, label) if method == "POST" else None
        kind, roles = getattr(names[label.split("#")[0]].view, "access_guard", ("", ()))
        row: dict[str, str] = {}
        shut = ""
        for actor in ACTORS:
            name = worn(actor, roles)
            who = there.world.people.get(name)
            # The door compares roles and nothing else: what it says to the first one, it says to all.
            behind = kind == "members" and bool(roles) and who is not None and who.role not in roles
            row[actor] = shut if behind and shut else _ask(client, there.cookie(name), path, words)
            shut = row[actor] if behind else shut
        return row

    yield ask
    connection.close()


def test_every_address_has_an_example() -> None:
    assert addresses.without_example() == []


def test_the_file_lists_every_address_and_no_other() -> None:
    listed, there = set(matrix.read()), set(addresses.labels())
    assert sorted(there - listed) == [], "not in matrix.toml"
    assert sorted(listed - there) == [], "no such address"


@pytest.mark.seconds(65)
@pytest.mark.parametrize("part", range(_PARTS))
def test_who_gets_in(asked: Callable[[str, str], dict[str, str]], part: int) -> None:
    expected, wrong, broken = matrix.read(), [], []
    for label in addresses.labels()[part::_PARTS]:
        rows = {method: asked(label, method) for method in matrix.METHODS}
        broken += [f"{m} {label} {a}: {o}" for m in rows for a, o in rows[m].items() if o.startswith("5")]
        if expected.get(label) != rows:
            wrong.append(matrix.entry(label, rows))
            _note(wrong[-1])
    assert broken == []
    assert not wrong, "\n" + "\n".join(wrong)


def test_strangers_to_an_object_stay_outside() -> None:
    """Independent of the lines' details: whoever has nothing to do with it gets in only where a reason says so."""
    found, reasons = [], matrix.strangers()
    names = addresses.addresses()
    for label, rows in matrix.read().items():
        if not names[label.split("#")[0]].arguments or label in reasons:
            continue
        for actor in ("sibling", "other_expert", "other", "anonymous"):
            found += [f"{m} {label}: {actor}" for m in rows if rows[m][actor] in matrix.INSIDE]
    assert found == []
    assert all(len(why) > 5 for why in reasons.values())
    assert sorted(set(reasons) - set(matrix.read())) == []
