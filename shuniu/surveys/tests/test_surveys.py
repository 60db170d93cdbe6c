"""A survey from its roster to its result: who may, what changes, what is refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal.models import Entry as Journal
from shuniu.foundation.journal.queries import timeline
from shuniu.registry.models import Membership
from shuniu.surveys import actions, queries
from shuniu.surveys.models import Answer, Callback, Evidence, Item, Survey
from shuniu.surveys.tests.cast import draft, office, opened, rate, rated, refused
from shuniu.unions.tests.cast import me

pytestmark = pytest.mark.django_db


@pytest.mark.feature("J1")
@pytest.mark.feature("J5")
def test_from_roster_to_result_item_and_erased_number() -> None:
    of = office()
    owner, org = rated(of)
    it = opened(of, org, people=10, subject_key="projects.project:7")
    assert (
        actions.mark_given(
            by=of.clerk, survey_id=it.row.pk, entry_ids=it.row.entries.values_list("pk", flat=True)
        )
        == 10
    )
    for code, level in zip(it.codes, (5, 5, 4, 4, 4, 3, 2), strict=False):
        rate(code, level, phone="13900001234" if level == 2 else "", comment="" if level < 5 else "很好")
    actions.key_sheets(
        by=of.clerk, survey_id=it.row.pk,
        sheets=[actions.Sheet(it.codes[7].lower(), 1, ("响应速度", "服务态度")), actions.Sheet(it.codes[8], 0)],
    )  # fmt: skip
    made = actions.close(by=of.clerk, survey_id=it.row.pk, reason="全部票已经收回")
    assert made.levels == {"5": 2, "4": 3, "3": 1, "2": 1, "1": 1, "0": 1}
    assert made.channels == {"web": 7, "paper": 2} and made.reasons == {"服务态度": 2, "响应速度": 1}
    assert (made.roster, made.given, made.issued, made.received, made.valid) == (10, 10, 10, 9, 8)
    assert made.rate == Fraction(5, 8) and queries.exact(5, 8) == "5/8，62.50%"
    found = queries.satisfaction_of(org.pk, subject_key="projects.project:7")[0]
    assert (found.rate, found.valid, found.issued) == (Fraction(5, 8), 8, 10)
    today = clock.today()
    facts = queries.facts_of_many([org.pk], today, subject_key="projects.project:7")[org.pk]
    assert (facts["satisfaction_rate"].value, facts["surveyed_by"].value) == (Decimal("62.5"), "工会")
    assert queries.facts_of_many([org.pk], today, subject_key="projects.project:8") == {org.pk: {}}
    assert queries.facts_of_many([org.pk], today - dt.timedelta(days=1)) == {org.pk: {}}
    items = list(it.row.items.all())
    assert {i.reason: i.count for i in items} == {"服务态度": 2, "响应速度": 1}
    assert {i.due for i in items} == {working_days.add(clock.today(), 15)}
    _put_right(of, owner, items)
    assert Callback.objects.get().phone == "" and Callback.objects.get().state == "lapsed"
    assert not Journal.objects.filter(text__contains="13900001234").exists()
    it.row.refresh_from_db()
    assert "surveys.answer" not in {e.verb for e in timeline(it.row)}


def _put_right(of: Any, owner: Who, items: list[Item]) -> None:
    with refused("surveys.item_state"):
        actions.accept(by=of.clerk, item_id=items[0].pk)
    with refused("surveys.org_only"):
        actions.report(by=of.clerk, item_id=items[0].pk, text="已培训")
    with refused("surveys.words_needed"):
        actions.report(by=owner, item_id=items[0].pk, text=" ")
    for item in items:
        actions.report(by=owner, item_id=item.pk, text="已培训服务人员")
    actions.send_back(by=of.clerk, item_id=items[0].pk, remark="请附培训签到")
    actions.report(by=owner, item_id=items[0].pk, text="已附签到")
    for item in items:
        assert Callback.objects.get().phone
        actions.accept(by=of.checker, item_id=item.pk)


@pytest.mark.feature("J3")
def test_the_evidence_pack_is_made_once() -> None:
    of = office()
    it = opened(of, rated(of)[1], people=3, conductor="third", conductor_name="望海民意调查中心")
    rate(it.codes[0], 4)
    actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    assert actions.issue_evidence(survey_id=it.row.pk) == 3
    assert actions.issue_evidence(survey_id=it.row.pk) == 0
    papers = {e.part: e.paper for e in Evidence.objects.select_related("paper")}
    assert set(papers) == {"roster", "form", "result"}
    assert "第三方组织（望海民意调查中心）" in str(papers["result"].data)
    assert "1/1，100.00%" in str(papers["result"].data) and "本办法未规定" in str(papers["result"].data)


@pytest.mark.parametrize(
    ("formula", "expected"), [("satisfied", (2, 4)), ("basic", (3, 4)), ("issued", (2, 6))]
)
@pytest.mark.feature("J1")
def test_the_formula_is_the_survey_s(formula: str, expected: tuple[int, int]) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=6, formula=formula)
    for code, level in zip(it.codes, (5, 4, 3, 1), strict=False):
        rate(code, level)
    made = actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    assert (made.numerator, made.denominator) == expected


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_rate_is_written_exactly_or_marked(part: int, whole: int) -> None:
    numerator = min(part, whole)
    said = queries.exact(numerator, whole)
    shown = Fraction(said.split("，")[1].removeprefix("约 ").removesuffix("%")) / 100
    true = Fraction(numerator, whole)
    assert said.startswith(f"{numerator}/{whole}，") and abs(shown - true) <= Fraction(1, 20_000)
    assert ("约" in said) == (shown != true)


@pytest.mark.refusal("surveys.staff_only")
@pytest.mark.refusal("surveys.rated")
def test_only_the_office_and_nobody_of_the_rated() -> None:
    of, other = office(), office("邻海市总工会")
    org = rated(of)[1]
    row = draft(of, org, people=1)
    with refused("surveys.staff_only"):
        actions.open_survey(by=other.clerk, survey_id=row.pk)
    Membership.objects.create(organisation=org, person=me(of.checker), role="org_member")
    with refused("surveys.rated"):
        actions.open_survey(by=of.checker, survey_id=row.pk)


@pytest.mark.refusal("surveys.not_draft")
@pytest.mark.refusal("surveys.empty_roster")
@pytest.mark.refusal("surveys.ends_past")
@pytest.mark.refusal("surveys.population_small", "surveys.not_all")
@pytest.mark.refusal("surveys.twice")
@pytest.mark.refusal("surveys.roster_full")
def test_what_stands_before_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    of = office()
    org = rated(of)[1]
    row = draft(of, org, population=1)
    with refused("surveys.empty_roster"):
        actions.open_survey(by=of.clerk, survey_id=row.pk)
    actions.add_people(by=of.clerk, survey_id=row.pk, people=[("张三", "一车间"), ("张三", "二车间")])
    with refused("surveys.twice"):
        actions.add_people(by=of.clerk, survey_id=row.pk, people=[("李四", ""), ("张三", "一车间")])
    assert row.entries.count() == 2, "all or none"
    with refused("surveys.population_small"):
        actions.open_survey(by=of.clerk, survey_id=row.pk)
    monkeypatch.setattr("shuniu.surveys.rules.MOST", 2)
    with refused("surveys.roster_full"):
        actions.add_people(by=of.clerk, survey_id=row.pk, people=[("王五", "")])
    actions.change(by=of.clerk, survey_id=row.pk, population=10, ends_on=clock.today() - dt.timedelta(days=1))
    with refused("surveys.ends_past"):
        actions.open_survey(by=of.clerk, survey_id=row.pk)
    actions.change(by=of.clerk, survey_id=row.pk, ends_on=clock.today(), sampling="all")
    with refused("surveys.not_all"):
        actions.open_survey(by=of.clerk, survey_id=row.pk)
    actions.change(by=of.clerk, survey_id=row.pk, population=2)
    actions.open_survey(by=of.clerk, survey_id=row.pk)
    with refused("surveys.not_draft"):
        actions.change(by=of.clerk, survey_id=row.pk, formula="basic")
    gone = draft(of, org, people=2)
    actions.discard(by=of.clerk, survey_id=gone.pk)
    assert not Survey.objects.filter(pk=gone.pk).exists()


@pytest.mark.refusal("surveys.not_open")
@pytest.mark.refusal("surveys.no_tickets")
@pytest.mark.refusal("surveys.tickets_made")
@pytest.mark.refusal("surveys.all_used")
@pytest.mark.refusal("surveys.void")
def test_tickets_once_and_again_only_with_a_reason() -> None:
    of = office()
    row = draft(of, rated(of)[1], people=2)
    with refused("surveys.not_open"):
        actions.issue_tickets(by=of.clerk, survey_id=row.pk)
    actions.open_survey(by=of.clerk, survey_id=row.pk)
    with refused("surveys.no_tickets"):
        actions.mark_given(by=of.clerk, survey_id=row.pk, entry_ids=[])
    first = actions.issue_tickets(by=of.clerk, survey_id=row.pk)
    with refused("surveys.tickets_made"):
        actions.issue_tickets(by=of.clerk, survey_id=row.pk)
    second = actions.issue_tickets(by=of.clerk, survey_id=row.pk, reason="打印机卡纸")
    with refused("surveys.void"):
        rate(first[0], 5)
    for code in second:
        rate(code, 5)
    with refused("surveys.all_used"):
        actions.issue_tickets(by=of.clerk, survey_id=row.pk, reason="再来")


@pytest.mark.refusal("surveys.sheets_many")
@pytest.mark.refusal("surveys.unknown_ticket")
@pytest.mark.refusal("surveys.used")
@pytest.mark.refusal("surveys.level_needed")
@pytest.mark.refusal("surveys.why_needed")
@pytest.mark.refusal("surveys.unknown_reason")
@pytest.mark.refusal("surveys.no_phone")
@pytest.mark.refusal("surveys.phone_form")
@pytest.mark.feature("J2")
def test_an_answer_is_whole_and_comes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=3)
    now = clock.now()
    for code, values in (
        ("surveys.unknown_ticket", {"code": "A" * 16, "level": 5}), ("surveys.level_needed", {"level": 0}),
        ("surveys.level_needed", {"level": 6}), ("surveys.why_needed", {"level": 2}),
        ("surveys.unknown_reason", {"level": 2, "reasons": ["天气"]}),
        ("surveys.unknown_reason", {"level": 5, "reasons": ["服务态度"]}),
        ("surveys.no_phone", {"level": 5, "phone": "13900001234"}),
        ("surveys.phone_form", {"level": 1, "reasons": ["其他"], "phone": "请打电话"}),
    ):  # fmt: skip
        with refused(code):
            actions.answer(**({"code": it.codes[0], "arrived_at": now} | values))  # type: ignore[arg-type]
    assert not Answer.objects.exists()
    rate(it.codes[0], 5)
    with refused("surveys.used"):
        rate(it.codes[0], 1)
    other = opened(of, rated(of)[1], people=1)
    with refused("surveys.unknown_ticket"):
        actions.key_sheets(by=of.clerk, survey_id=it.row.pk, sheets=[actions.Sheet(other.codes[0], 5)])
    monkeypatch.setattr("shuniu.surveys.rules.SHEETS", 1)
    with refused("surveys.sheets_many"):
        two = [actions.Sheet(code, 5) for code in it.codes[1:]]
        actions.key_sheets(by=of.clerk, survey_id=it.row.pk, sheets=two)
    monkeypatch.undo()
    with refused("surveys.used"):
        both = [actions.Sheet(it.codes[1], 5), actions.Sheet(it.codes[0], 5)]
        actions.key_sheets(by=of.clerk, survey_id=it.row.pk, sheets=both, imported=True)


@pytest.mark.real_transactions
@pytest.mark.refusal("surveys.over")
@pytest.mark.refusal("surveys.too_early")
def test_the_last_day_ends_at_midnight_and_the_count_comes_by_itself(travel: Any) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=4, ends_on=clock.today())
    with refused("surveys.too_early"):
        actions.close(by=of.clerk, survey_id=it.row.pk)
    midnight = clock.end_of_day(it.row.ends_on)
    rate_at = {"level": 4, "reasons": ()}
    travel(midnight + dt.timedelta(seconds=20))
    actions.answer(code=it.codes[0], arrived_at=midnight - dt.timedelta(seconds=1), **rate_at)  # type: ignore[arg-type]
    for arrived in (midnight, clock.now()):
        with refused("surveys.over"):
            actions.answer(code=it.codes[1], arrived_at=arrived, **rate_at)  # type: ignore[arg-type]
    actions.key_sheets(by=of.clerk, survey_id=it.row.pk, sheets=[actions.Sheet(it.codes[1], 2)])
    assert actions.close_forgotten() == 0
    travel(days=11)
    assert actions.close_forgotten() == 1 and actions.close_forgotten() == 0
    it.row.refresh_from_db()
    assert it.row.state == "closed" and [i.reason for i in it.row.items.all()] == ["未写明原因"]


@pytest.mark.real_transactions
@pytest.mark.refusal("surveys.callback_over")
@pytest.mark.feature("J5")
def test_a_number_is_erased_by_the_call_or_by_time(travel: Any) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=3)
    for code in it.codes[:2]:
        rate(code, 1, phone="0532-80001234")
    row = Callback.objects.all()[0]
    assert not queries.callbacks_visible_to(of.clerk).exists(), "a number before the count tells of an answer"
    with refused("surveys.not_open"):
        actions.call_back(by=of.clerk, callback_id=row.pk, text="还没有计票")
    actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    assert queries.callbacks_visible_to(of.clerk).count() == 2
    actions.call_back(by=of.clerk, callback_id=row.pk, text="已致歉，约定下周上门")
    row.refresh_from_db()
    assert row.phone == "" and row.done_by == of.clerk.person
    with refused("surveys.callback_over"):
        actions.call_back(by=of.clerk, callback_id=row.pk, text="又打")
    assert actions.erase_numbers() == 0
    travel(days=31)
    assert actions.erase_numbers() == 1 and not Callback.objects.exclude(phone="").exists()


@pytest.mark.refusal("surveys.fixed")
@pytest.mark.refusal("surveys.roster_fixed")
@pytest.mark.refusal("surveys.answer_stays")
@pytest.mark.refusal("surveys.counted")
@pytest.mark.refusal("surveys.count")
@pytest.mark.refusal("surveys.busy")
def test_what_the_database_refuses_is_said_in_words() -> None:
    from django.db import IntegrityError, connection, transaction

    from shuniu.surveys.actions.common import database_refusals
    from shuniu.surveys.models import Entry, Tally, Unused

    of = office()
    it = opened(of, rated(of)[1], people=2)
    rate(it.codes[0], 5)

    def half() -> None:
        Unused.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def twice() -> None:
        raise IntegrityError from type("Lost", (Exception,), {"sqlstate": "40P01"})()

    ways: dict[str, Any] = {
        "fixed": lambda: Survey.objects.update(formula="basic"),
        "roster_fixed": lambda: Entry.objects.update(name="别人"),
        "answer_stays": lambda: Answer.objects.update(level=1),
        "counted": lambda: Tally.objects.update(answers=0),
        "count": half,
        "busy": twice,
    }
    for code, way in ways.items():
        with refused(f"surveys.{code}"), database_refusals(), transaction.atomic():
            way()
