"""更正: a published call changes by a recorded amendment only, as it is when the amendment is published."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.calls import terms
from shuniu.calls.actions import amendment
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call
from shuniu.calls.queries import casefile
from shuniu.calls.queries.call import gaps
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.working_days import MissingYear
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.unions.tests.cast import who

pytestmark = pytest.mark.django_db


@pytest.mark.refusal("calls.window_without_amendment")
def test_the_window_moves_by_amendment_only() -> None:
    of = cast.office()
    made = cast.published_call(of)
    with pytest.raises(DatabaseError, match=r"calls\.window_without_amendment"), transaction.atomic():
        connection.cursor().execute(
            "UPDATE calls_call SET apply_until = apply_until + interval '1 day' WHERE id = %s", [made.pk]
        )


def longer(made: Call, days: int) -> dict[str, tuple[dt.date | None, dt.date | None]]:
    stage = made.stages.get(kind="apply")
    assert stage.ends_on is not None
    return {stage.key: (stage.starts_on, stage.ends_on + dt.timedelta(days=days))}


@pytest.mark.feature("C1")
def test_an_amendment_is_approved_published_and_moves_the_window() -> None:
    of = cast.office()
    made = cast.published_call(of, days=3)
    before = made.apply_until
    stage = made.stages.get(kind="check")
    assert before is not None and stage.ends_on is not None
    shifted = longer(made, 2)
    proposed = amendment.propose(
        by=of.clerk, call_id=made.pk, reason="报名系统检修", values={"contact": "吴经办"}, days=shifted
    )
    again = amendment.propose(
        by=of.clerk, call_id=made.pk, reason="报名系统检修", values={"contact": "吴经办"}, days=shifted
    )
    assert again == proposed, "a second click proposes nothing more"
    assert Call.objects.get(pk=made.pk).contact == "林经办"
    amendment.publish(by=of.checker, call_id=made.pk, number=proposed.number)
    assert Message.objects.filter(person=of.clerk.person, title__startswith="更正已公布").count() == 1
    made.refresh_from_db()
    assert made.contact == "吴经办" and made.apply_until == before + dt.timedelta(days=2)
    stated = {t["label"]: t["value"] for t in casefile.notice(made)["terms"]}
    assert stated["申报期限"] == 5, "the notice does not contradict itself"


@pytest.mark.feature("C1")
def test_what_is_wrong_in_the_words_is_amended_in_words() -> None:
    of = cast.office()
    made = cast.published_call(of)
    said = "申报材料第 1 项的“2024 年”改为“2025 年”。"
    for _ in range(2):  # the same once more later: nothing that it rests on has changed
        row = amendment.propose(by=of.clerk, call_id=made.pk, reason="笔误", values={"note": said}, days={})
        amendment.publish(by=of.checker, call_id=made.pk, number=row.number)
    page = Client().get(f"/notices/{made.pk}/").content.decode()
    assert page.count(said) == 2 and "其他更正" in page


@pytest.mark.feature("C1")
def test_the_stated_period_is_that_of_the_timetable() -> None:
    of = cast.office()
    made = cast.draft_call(of, days=6)
    assert terms.value_of(made, terms.APPLICATION_DAYS) == 6
    calls.change_terms(
        by=of.clerk, call_id=made.pk, version=made.version, values={terms.APPLICATION_DAYS: (20, "")}
    )
    assert [g.section for g in gaps(Call.objects.get(pk=made.pk))] == ["terms"]
    with refused("calls.incomplete"):
        calls.submit(by=of.clerk, call_id=made.pk)


@pytest.mark.refusal("calls.amend_nothing")
@pytest.mark.refusal("calls.amend_backwards")
@pytest.mark.refusal("calls.amend_done")
@pytest.mark.refusal("calls.reason_needed")
def test_amendments_that_are_refused() -> None:
    of = cast.office()
    made = cast.published_call(of)
    with refused("calls.reason_needed"):
        amendment.propose(by=of.clerk, call_id=made.pk, reason=" ", values={}, days={})
    with refused("calls.amend_nothing"):
        amendment.propose(by=of.clerk, call_id=made.pk, reason="无", values={}, days={})
    with refused("calls.amend_backwards"):
        amendment.propose(by=of.clerk, call_id=made.pk, reason="提前", values={}, days=longer(made, -1))
    good = amendment.propose(by=of.clerk, call_id=made.pk, reason="换人", values={"contact": "吴"}, days={})
    with refused("calls.same_person"):
        assert of.clerk.person is not None
        amendment.publish(by=who("checker", of.union, of.clerk.person), call_id=made.pk, number=good.number)
    amendment.publish(by=of.checker, call_id=made.pk, number=good.number)
    with refused("calls.amend_done"):
        amendment.publish(by=of.checker2, call_id=made.pk, number=good.number)


@pytest.mark.feature("C1")
@pytest.mark.refusal("calls.amend_stale", "calls.amend_backwards", "calls.not_running")
def test_an_amendment_is_judged_again_when_it_is_published(travel: Any) -> None:
    of = cast.office()
    made = cast.published_call(of, days=5)

    def proposed(reason: str, **more: Any) -> int:
        given: dict[str, Any] = {"values": {}, "days": {}} | more
        return amendment.propose(by=of.clerk, call_id=made.pk, reason=reason, **given).number

    first, second = proposed("检修", days=longer(made, 4)), proposed("检修", days=longer(made, 2))
    third = proposed("换人", values={"contact": "吴经办"})
    amendment.publish(by=of.checker, call_id=made.pk, number=first)
    with refused("calls.amend_stale"):
        amendment.publish(by=of.checker, call_id=made.pk, number=second)
    until = Call.objects.get(pk=made.pk).apply_until
    assert until is not None and clock.local_last_day(until) == clock.today() + dt.timedelta(days=8)
    made.refresh_from_db()
    late = proposed("再延", days=longer(made, 1))
    far = proposed("再延", days=longer(made, 900))
    with pytest.raises(MissingYear), transaction.atomic():
        amendment.publish(by=of.checker, call_id=made.pk, number=far)
    travel(days=12)
    with refused("calls.amend_backwards"):
        amendment.publish(by=of.checker, call_id=made.pk, number=late)
    calls.cancel(by=of.leader, call_id=made.pk, reason="机构调整")
    with refused("calls.not_running"):
        amendment.publish(by=of.checker, call_id=made.pk, number=third)


@pytest.mark.feature("M1")
def test_each_open_amendment_waits_once_and_not_for_who_proposed_it() -> None:
    of = cast.office()
    made = cast.published_call(of)
    for name in ("吴经办", "郑经办"):
        amendment.propose(by=of.clerk, call_id=made.pk, reason="换人", values={"contact": name}, days={})
    same = who("checker", of.union, of.clerk.person)

    def waiting(asker: Any) -> list[tuple[str, bool]]:
        return [(t.url, t.waiting) for t in slots.todos_for(asker) if "/amendments/" in t.url]

    urls = [f"/calls/{made.pk}/amendments/{n}/" for n in (1, 2)]
    assert waiting(of.checker) == [(url, False) for url in urls]
    assert waiting(of.clerk) == [(url, True) for url in urls] and waiting(same) == waiting(of.clerk2) == []
    calls.cancel(by=of.leader, call_id=made.pk, reason="机构调整")
    assert waiting(of.checker) == []
