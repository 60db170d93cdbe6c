"""Applying at once: real threads on real PostgreSQL. The last second of a window: journeys/test_races_http.py."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from shuniu.calls.actions import apply
from shuniu.calls.models import Application
from shuniu.calls.tests import cast
from shuniu.foundation.calendar import clock

pytestmark = pytest.mark.real_transactions


@pytest.mark.refusal("calls.category_twice_race")
def test_two_members_who_begin_the_same_category_at_once_make_one_application() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    category = call.categories.all()[0]
    outcomes = in_threads(
        8, lambda n: apply.start(by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now()).pk
    )
    assert sum(1 for o in outcomes if isinstance(o, int)) == 1
    assert {getattr(getattr(o, "verdict", None), "code", "") for o in outcomes if not isinstance(o, int)} <= {
        "calls.category_twice", "calls.category_twice_race",
    }  # fmt: skip
    assert Application.objects.filter(call=call, organisation=category_owner(who)).count() == 1


def category_owner(who: Any) -> Any:
    return cast.organisation_of(who)


def in_threads(count: int, act: Any) -> list[Any]:
    """Run `act(n)` in real threads that start together; what each returned or raised."""
    gate = threading.Barrier(count)
    outcomes: list[Any] = [None] * count

    def run(n: int) -> None:
        try:
            gate.wait()
            outcomes[n] = act(n)
        except Exception as problem:
            outcomes[n] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
