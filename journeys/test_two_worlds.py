"""Two databases that differ in one secret: whoever may not know it gets identical pages.

The second database is a clone of the world in which the owner of the tables changed the secret. Each secret is
first shown to somebody who may know it: there the pages differ, so there was something that could have leaked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
import pytest
from django.test import Client

from journeys import addresses, matrix
from journeys.conftest import Standing
from journeys.world import World

# One of each kind; their colleagues see by the same queries.
OUTSIDE = ("other_expert", "parent", "sibling", "owner", "other", "anonymous")


@dataclass(frozen=True)
class Secret:
    """What differs, on which tables, and who (label, actor) is seen to know it."""

    name: str
    tables: Sequence[str]
    change: str
    known: tuple[str, str]
    kept_from: Sequence[str]


SECRETS = (
    Secret(
        "who objected", ["calls_objection"],
        "UPDATE calls_objection SET name = '别名人', phone = '13911112222', text = '完全不同的事实。'",
        ("calls:objection", "clerk"), [*OUTSIDE, "expert", "finance"],
    ),
    Secret(
        "an expert's name", ["calls_expert"],
        "UPDATE calls_expert SET name = name || '改', employer = '别处单位' WHERE id = %(expert_row)s",
        ("calls:expert", "clerk"), [a for a in OUTSIDE if a != "other_expert"],
    ),
    Secret(
        "an open score", ["calls_scoredraft"],
        "UPDATE calls_scoredraft SET points = CASE WHEN points >= 2 THEN points - 1.5 ELSE points + 1 END",
        ("calls:desk", "expert"), [*OUTSIDE, "finance"],
    ),
    Secret(
        "what an application says before it is handed in", ["calls_application"],
        "UPDATE calls_application SET draft = jsonb_set(draft, '{plan,text}', '\"另一个方案。\"')"
        " WHERE id = %(draft_app)s",
        ("calls:apply_section", "owner"), ["clerk", "checker", "expert", "parent", "other", "anonymous"],
    ),
)  # fmt: skip

# What differs between two readings of the same page.
_PASSING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|data-upload-token="[^"]*"|name="(ticket|key|digest|seen|tab)" value="[^"]*"'
    r"|\d\d:\d\d(:\d\d)?|/objections/reply/[^\"]*|[0-9a-f]{12}(?=</)"
)


def _pages(actor: str) -> list[str]:
    return [label for label, rows in matrix.read().items() if rows["GET"][actor] == "page"]


def _read(there: Standing, world: World, actor: str, labels: Sequence[str]) -> dict[str, str]:
    client, cookie = Client(raise_request_exception=False), there.cookie(actor)
    if cookie:
        client.cookies[cookie[0]] = cookie[1]
    return {
        label: _PASSING.sub("", client.get(addresses.path_of(world, label)).content.decode())
        for label in labels
    }


@pytest.fixture
def other_world(there: Standing) -> Iterator[str]:
    """The name of a clone of the world's database, where the test changes its one thing."""
    name = f"{there.database}_two"
    there.leave()
    there.worker.cluster.create_database(name, template=there.database)
    yield name
    there.leave()
    there.worker.cluster.drop_database(name)


@pytest.mark.seconds(32)
@pytest.mark.parametrize("secret", SECRETS, ids=lambda s: s.name.replace(" ", "-"))
def test_whoever_may_not_know_sees_no_difference(there: Standing, other_world: str, secret: Secret) -> None:
    knows = secret.known[1]
    wanted = {actor: _pages(actor) for actor in secret.kept_from} | {knows: [secret.known[0]]}
    wanted = {actor: [x for x in labels if x not in _CHANGES_BY_ITSELF] for actor, labels in wanted.items()}
    there.enter()
    first = {actor: _read(there, there.world, actor, labels) for actor, labels in wanted.items()}
    there.worker.use(other_world)
    with psycopg.connect(there.worker.cluster.url("shuniu_owner", other_world), autocommit=True) as owner:
        for table in secret.tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        assert owner.execute(secret.change, there.world.ids).rowcount, "nothing was changed"
    second = {actor: _read(there, there.world, actor, labels) for actor, labels in wanted.items()}
    label = secret.known[0]
    assert first[knows][label] != second[knows][label], "there was nothing that could have leaked"
    told = [
        f"{actor} {label}"
        for actor in secret.kept_from
        for label, body in first[actor].items()
        if body != second[actor][label]
    ]
    assert told == []


# Reading them is itself an act, or they show how long ago something was.
_CHANGES_BY_ITSELF = frozenset({"accounts:sessions"})
