"""Two databases that differ in secrets alone: whoever may not know them gets identical pages.

The second database is a clone of the world in which the owner of the tables changed what is secret to some
people. Whoever has the same secrets kept from them reads in the same clone. Each secret is shown to somebody who may
know it, before and after its change: there the page differs, so there was something that could have leaked.
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
BESIDE = ("sibling", "child", "other", "anonymous")


@dataclass(frozen=True, eq=False)
class Secret:
    """What differs, on which tables, who (label, actor) is seen to know it, and from whom it is kept."""

    name: str
    tables: Sequence[str]
    change: str
    known: tuple[str, str] | None  # None: nobody may know it yet
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
    Secret(
        "scores that others gave", ["calls_scoresheet"],
        "UPDATE calls_scoresheet SET total = total - 1, comment = '另一段评语。' WHERE total > 1 AND seat_id <> %(seat)s",
        ("calls:ranking", "clerk"), [*(a for a in OUTSIDE if a != "other_expert"), "expert", "finance"],
    ),
    Secret(
        "a conflict that an expert declared", ["calls_recusal"],
        "INSERT INTO calls_recusal (seat_id, application_id, kind, detail, at)"
        " SELECT id, %(review_app)s, 'declared', '曾任该单位顾问', now() FROM calls_seat"
        " WHERE committee_id = %(committee)s AND id <> %(seat)s ORDER BY id LIMIT 1",
        ("calls:committee", "clerk"), [*OUTSIDE, "expert", "finance"],
    ),
    Secret(
        "who is to review what", ["calls_plannedreview"],
        "UPDATE calls_plannedreview SET seat_id = (SELECT id FROM calls_seat WHERE committee_id ="
        " (SELECT committee_id FROM calls_seat s WHERE s.id = seat_id) ORDER BY position DESC LIMIT 1), field = 11"
        " WHERE id = (SELECT min(id) FROM calls_plannedreview)",
        ("calls:assignment", "clerk"), [*OUTSIDE, "expert", "finance"],
    ),
    Secret(
        "what a visit found before it is signed", ["calls_visitmark", "calls_visit"],
        "WITH said AS (UPDATE calls_visit SET opinion = '另一种意见。' WHERE id = %(open_visit)s)"
        " UPDATE calls_visitmark SET points = points - 1, note = '另一处发现' WHERE visit_id = %(open_visit)s",
        ("calls:visit", "clerk"), [*OUTSIDE, "expert", "finance"],
    ),
    Secret(
        "what a visit found", ["calls_visitmark", "calls_visit"],
        "WITH said AS (UPDATE calls_visit SET opinion = '另一种意见。' WHERE id = %(visited)s)"
        " UPDATE calls_visitmark SET points = points - 1, note = '另一处发现' WHERE visit_id = %(visited)s",
        ("calls:apply_visit", "owner"), [*BESIDE, "other_expert", "expert", "finance"],
    ),
    Secret(
        "why a union wants to recommend", ["calls_recommendation"],
        "UPDATE calls_recommendation SET reason = '另一个理由。' WHERE id = %(recommendation)s",
        ("calls:recommend", "checker"), [*OUTSIDE, "expert", "finance"],
    ),
    Secret(
        "where money goes", ["funds_payee"],
        "UPDATE funds_payee SET account = '9' || substr(account, 2) WHERE subsidy_id = %(subsidy)s",
        ("funds:subsidy", "finance"), [*OUTSIDE, "expert"],
    ),
    Secret(
        "which payment was made", ["funds_payment"],
        "UPDATE funds_payment SET voucher = '别的凭证' WHERE subsidy_id = %(subsidy)s",
        ("funds:subsidy", "finance"), [*BESIDE, "other_expert", "expert"],
    ),
    Secret(
        "answers before the count", ["surveys_answer"],
        "UPDATE surveys_answer SET level = 6 - level, reasons = '{}', comment = '另一种意见。'"
        " WHERE survey_id = %(open_survey)s",
        None, ["clerk", "checker", *OUTSIDE, "finance"],
    ),
    Secret(
        "what people wrote", ["surveys_answer"],
        "UPDATE surveys_answer SET comment = '另一种意见。' WHERE survey_id = %(counted_survey)s AND comment <> ''",
        ("surveys:survey#counted", "clerk"), [*OUTSIDE, "finance"],
    ),
    Secret(
        "a number that was left", ["surveys_callback"],
        "UPDATE surveys_callback SET phone = '13911112222' WHERE survey_id = %(counted_survey)s",
        ("surveys:callbacks", "clerk"), [*OUTSIDE, "finance"],
    ),
    Secret(
        "who is asked", ["surveys_entry"],
        "UPDATE surveys_entry SET name = name || '改'", ("surveys:roster", "clerk"), [*OUTSIDE, "finance"],
    ),
)  # fmt: skip


def _groups() -> list[tuple[tuple[str, ...], tuple[Secret, ...]]]:
    """Readers together from whom the same is kept; whoever has most pages reads alone."""
    found: dict[tuple[object, ...], list[str]] = {}
    for actor in dict.fromkeys(actor for secret in SECRETS for actor in secret.kept_from):
        kept = tuple(secret for secret in SECRETS if actor in secret.kept_from)
        found.setdefault((actor if actor in ("clerk", "checker") else "", *kept), []).append(actor)
    return [(tuple(actors), key[1:]) for key, actors in found.items()]  # type: ignore[misc]


# What differs between two readings of the same page.
_PASSING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|data-upload-token="[^"]*"|name="(ticket|key|digest|seen|tab)" value="[^"]*"'
    r"|\d\d:\d\d(:\d\d)?|/objections/reply/[^\"]*|[0-9a-f]{12}(?=</)"
)


def _pages(actor: str) -> list[str]:
    return [
        label
        for label, rows in matrix.read().items()
        if rows["GET"][actor] == "page" and label not in _CHANGES_BY_ITSELF
    ]


def _read(there: Standing, actor: str, labels: Sequence[str]) -> dict[str, str]:
    client, cookie = Client(raise_request_exception=False), there.cookie(actor)
    if cookie:
        client.cookies[cookie[0]] = cookie[1]
    return {
        label: _PASSING.sub("", client.get(addresses.path_of(there.world, label)).content.decode())
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


@pytest.mark.seconds(15)
@pytest.mark.parametrize(
    ("actors", "secrets"), [pytest.param(*group, id="-".join(group[0])) for group in _groups()]
)
def test_whoever_may_not_know_sees_no_difference(
    there: Standing, other_world: str, actors: tuple[str, ...], secrets: tuple[Secret, ...]
) -> None:
    wanted = {actor: _pages(actor) for actor in actors}
    there.enter()
    first = {actor: _read(there, actor, labels) for actor, labels in wanted.items()}
    there.worker.use(other_world)
    with psycopg.connect(there.worker.cluster.url("shuniu_owner", other_world), autocommit=True) as owner:
        for secret in secrets:
            _change(owner, there.world, secret)
    second = {actor: _read(there, actor, labels) for actor, labels in wanted.items()}
    told = [
        f"{actor} {label}: {_where(body, second[actor][label])}"
        for actor in wanted
        for label, body in first[actor].items()
        if body != second[actor][label]
    ]
    assert told == []


def test_each_secret_is_told_to_somebody(there: Standing, other_world: str) -> None:
    """Or there was nothing that could have leaked."""
    there.worker.use(other_world)
    with psycopg.connect(there.worker.cluster.url("shuniu_owner", other_world), autocommit=True) as owner:
        for secret in SECRETS:
            if secret.known is None:
                continue
            label, actor = secret.known
            _, before, again = (_read(there, actor, [label]) for _ in range(3))
            assert before == again, f"{label} is never the same twice"
            _change(owner, there.world, secret)
            assert before != _read(there, actor, [label]), f"{secret.name} does not show on {label}"


def _change(owner: psycopg.Connection[tuple[object, ...]], world: World, secret: Secret) -> None:
    for table in secret.tables:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    assert owner.execute(secret.change, world.ids).rowcount, f"{secret.name}: nothing was changed"


def _where(one: str, two: str) -> str:
    at = next((n for n, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0)
    return f"…{one[max(at - 40, 0) : at + 40]}… / …{two[max(at - 40, 0) : at + 40]}…"


# Reading them is itself an act, or they show how long ago something was.
_CHANGES_BY_ITSELF = frozenset({"accounts:sessions"})
