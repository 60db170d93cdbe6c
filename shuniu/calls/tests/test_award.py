"""Self-assessment with its gate, the recommending union's desk, visit and recommendation (C5, C9, C10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from shuniu.calls import self_assessment
from shuniu.calls.actions import apply, procedure, recommend, visit
from shuniu.calls.models import Application, Call, CallQuota, Recommendation, RubricItem, Stage, VisitMark
from shuniu.calls.queries import audit as desk
from shuniu.calls.queries.recommend import calls_recommended_in, share_of, shares_of
from shuniu.calls.tests import award, cast
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.registry.tests import factories as registry

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> Iterator[cast.Office]:
    award.document(tmp_path, monkeypatch, settings)
    yield cast.office()


@pytest.fixture
def lower(of: cast.Office) -> cast.Office:
    return award.below(of)


@pytest.fixture
def call(of: cast.Office, lower: cast.Office) -> Call:
    return cast.published_call(of)


def begun(call: Call, who: Who, lower: cast.Office) -> Application:
    return apply.start(
        by=who, call_id=call.pk, category_id=call.categories.all()[0].pk, arrived_at=clock.now(),
        recommender_id=lower.union.pk,
    )  # fmt: skip


@pytest.mark.feature("C9")
def test_the_places_are_the_documents_and_fixed_with_the_publication(of: cast.Office, call: Call) -> None:
    assert dict(call.quotas.values_list("level", "at_most")) == {"district": 2, "industry": 1}
    assert [(i.key, i.weight) for i in call.rubric.all()] == [("politics", 40), ("organisation", 60)]
    with pytest.raises(DatabaseError, match="published_stays"), transaction.atomic():
        CallQuota.objects.create(call=call, level="bureau", at_most=9, label="加一个", clause="第五条")


@pytest.mark.feature("C5")
def test_a_mark_that_is_reached_opens_the_form_while_a_row_is_open(of: cast.Office, tmp_path: Path) -> None:
    path = tmp_path / "policies" / award.KEY / "document.yaml"
    path.write_text(path.read_text().replace("pass_mark: 80", "pass_mark: 55"))
    lower = award.below(of)
    call, who = cast.published_call(of), cast.applicant(of)
    made = begun(call, who, lower)
    for points, reached in (("54", False), ("55", True)):
        apply.save_section(
            by=who, application_id=made.pk, section="self", values={"points_organisation": points}
        )
        found = self_assessment.assess(Application.objects.get(), clock.today())
        assert found is not None and (found.total, found.reached) == (None, reached)
        assert "政治建设" in found.said, "it is not whole for that"


@pytest.mark.feature("C9")
def test_places_may_be_a_share_of_what_each_union_has(
    of: cast.Office, lower: cast.Office, tmp_path: Path
) -> None:
    award.by_size(tmp_path)
    west, north = award.below(of, "西港区总工会"), award.below(of, "北港区总工会")
    trade = award.below(of, "市教科文卫体工会", "industry")
    for office, n in ((lower, 9), (west, 16), (north, 4)):
        for _ in range(n):
            registry.organisation(office.clerk, status="normal")
    call = cast.published_call(of)
    places = {"东港区总工会": 1, "西港区总工会": 2, "市教科文卫体工会": 1, "北港区总工会": 0}
    assert {s.union.name: s.at_most for s in shares_of(call)} == places
    share = share_of(call, lower.union)
    assert share is not None and (share.given, share.at_most) == (0, 1)
    assert all(call.pk in calls_recommended_in(o.clerk) for o in (lower, west, trade))
    who = cast.applicant(of)
    made = award.qualified(call, who, lower, of)
    award.visited(made, who, lower)
    with pytest.raises(DatabaseError, match="no_quota"), transaction.atomic():
        raw(made, 1, at_most=2)
    assert recommend.propose(by=lower.clerk, application_id=made.pk, reason="好").at_most == 1


@pytest.mark.feature("C5")
@pytest.mark.refusal("calls.self_gate")
def test_eighty_points_open_the_form(of: cast.Office, lower: cast.Office, call: Call) -> None:
    who = cast.applicant(of)
    made = begun(call, who, lower)
    contact = {"name": "何专员", "phone": "13900001234"}
    with refused("calls.self_gate"):
        apply.save_section(by=who, application_id=made.pk, section="contact", values=contact)
    award.self_assessed(who, made, (30, 49))
    found = self_assessment.assess(Application.objects.get(), clock.today())
    assert found is not None and found.total == Decimal(79) and not found.reached
    with refused("calls.self_gate"):
        apply.save_section(by=who, application_id=made.pk, section="contact", values=contact)
    award.self_assessed(who, made, (30, 50))
    apply.save_section(by=who, application_id=made.pk, section="contact", values=contact)
    assert Application.objects.get().draft["contact"]["phone"] == contact["phone"]
    apply.save_section(by=who, application_id=made.pk, section="self", values={"points_politics": "41"})
    found = self_assessment.assess(Application.objects.get(), clock.today())
    assert found is not None and found.total is None, "more than the item has is no score"


@pytest.mark.refusal("calls.no_recommender")
@pytest.mark.refusal("calls.wrong_recommender")
def test_an_application_goes_through_a_union_that_has_places(
    of: cast.Office, lower: cast.Office, call: Call
) -> None:
    who = cast.applicant(of)
    category = call.categories.all()[0].pk
    with refused("calls.no_recommender"):
        apply.start(by=who, call_id=call.pk, category_id=category, arrived_at=clock.now())
    university = award.below(of, "望海大学工会", "university")
    with refused("calls.wrong_recommender"):
        begun(call, who, university)
    assert begun(call, who, lower).desk == lower.union


@pytest.mark.feature("C9")
@pytest.mark.refusal("calls.recommender_stays")
def test_the_recommending_union_checks_and_the_city_sees_what_was_recommended(
    of: cast.Office, lower: cast.Office, call: Call
) -> None:
    who = cast.applicant(of)
    made = award.qualified(call, who, lower, of)
    assert made.stage == Stage.QUALIFIED and made.released_at is not None
    other = award.below(of, "北屏区总工会")
    assert desk.desk_applications(lower.clerk).count() == 1
    assert not desk.desk_applications(of.clerk).exists() and not desk.desk_applications(other.clerk).exists()
    award.visited(made, who, lower)
    award.recommended(made, lower)
    assert desk.desk_applications(of.clerk).count() == 1
    with pytest.raises(DatabaseError, match="recommender_stays"), transaction.atomic():
        Application.objects.update(recommender=other.union)


@pytest.mark.feature("C10")
@pytest.mark.refusal("calls.visit_marks_left")
@pytest.mark.refusal("calls.visit_opinion")
@pytest.mark.refusal("calls.visit_photos")
@pytest.mark.refusal("calls.visit_early")
@pytest.mark.refusal("calls.visit_unsigned")
@pytest.mark.refusal("calls.visit_stays")
def test_a_visit_is_scored_and_signed_by_both_sides(of: cast.Office, lower: cast.Office, call: Call) -> None:
    who = cast.applicant(of)
    made = award.qualified(call, who, lower, of)
    row = award.planned(made, lower)
    with refused("calls.visit_unsigned"):
        visit.answer(by=who, visit_id=row.pk, text="")
    with refused("calls.visit_marks_left"):
        visit.sign(by=lower.clerk, visit_id=row.pk)
    items = list(RubricItem.objects.filter(call=call).order_by("order"))
    with refused("calls.points_out_of_bounds"), transaction.atomic():
        visit.score(by=lower.clerk, visit_id=row.pk, marks={items[0].pk: (Decimal(41), "")}, opinion="")
    whole: visit.Marks = {items[0].pk: (Decimal(30), "有记录"), items[1].pk: (Decimal(50), "")}
    visit.score(by=lower.clerk, visit_id=row.pk, marks=whole, opinion="")
    with refused("calls.visit_opinion"):
        visit.sign(by=lower.clerk, visit_id=row.pk)
    visit.score(by=lower.clerk, visit_id=row.pk, marks={}, opinion="情况属实。")
    with refused("calls.visit_photos"):
        visit.sign(by=lower.clerk, visit_id=row.pk)
    award.scored(row, lower)
    later = clock.now() + dt.timedelta(days=2)
    visit.plan(by=lower.clerk, application_id=made.pk, planned_at=later, place="二楼", visitors="林评估")
    with refused("calls.visit_early"):
        visit.sign(by=lower.clerk, visit_id=row.pk)
    award.planned(made, lower)
    visit.sign(by=lower.clerk, visit_id=row.pk)
    with refused("calls.visit_stays"):
        visit.score(by=lower.clerk, visit_id=row.pk, marks={}, opinion="改一改")
    with pytest.raises(DatabaseError, match="visit_stays"), transaction.atomic():
        VisitMark.objects.update(points=1)
    visit.answer(by=who, visit_id=row.pk, text="无异议")
    with refused("calls.visit_stays"):
        visit.answer(by=who, visit_id=row.pk, text="有异议")
    with pytest.raises(DatabaseError, match="visit_stays"), transaction.atomic():
        type(row).objects.update(answer="改")


@pytest.mark.feature("C9")
@pytest.mark.refusal("calls.recommender_only")
@pytest.mark.refusal("calls.not_visited")
@pytest.mark.refusal("calls.not_to_recommend")
@pytest.mark.refusal("calls.recommended_already")
@pytest.mark.refusal("calls.recommend_same")
@pytest.mark.refusal("calls.recommendation_over")
@pytest.mark.refusal("calls.recommendation_stays")
def test_a_recommendation_needs_check_visit_and_a_second_person(
    of: cast.Office, lower: cast.Office, call: Call
) -> None:
    who = cast.applicant(of)
    waiting = award.through(call, cast.applicant(of, "望海市另一家服务中心"), lower)
    made = award.qualified(call, who, lower, of)
    with refused("calls.not_visited"):
        recommend.propose(by=lower.clerk, application_id=made.pk, reason="好")
    award.visited(made, who, lower)
    with refused("calls.not_to_recommend"):
        recommend.propose(by=lower.clerk, application_id=waiting.pk, reason="好")
    with refused("calls.recommender_only"):
        recommend.propose(by=of.clerk, application_id=made.pk, reason="好")
    with refused("calls.reason_needed"):
        recommend.propose(by=lower.clerk, application_id=made.pk, reason=" ")
    row = recommend.propose(by=lower.clerk, application_id=made.pk, reason="成效突出")
    with refused("calls.recommended_already"):
        recommend.propose(by=lower.clerk, application_id=made.pk, reason="再来")
    both = lower.checker.__class__(person=lower.clerk.person, hat=lower.checker.hat)
    with refused("calls.recommend_same"):
        recommend.confirm(by=both, recommendation_id=row.pk)
    recommend.confirm(by=lower.checker, recommendation_id=row.pk)
    with refused("calls.recommendation_over"):
        recommend.confirm(by=lower.leader, recommendation_id=row.pk)
    assert [(s.given, s.confirmed) for s in shares_of(call) if s.union == lower.union] == [(1, 1)]
    with pytest.raises(DatabaseError, match="recommendation_stays"), transaction.atomic():
        Recommendation.objects.update(reason="改写")
    with pytest.raises(DatabaseError, match="recommendation_stays"), transaction.atomic():
        Recommendation.objects.all().delete()
    recommend.take_back(by=lower.leader, recommendation_id=row.pk, reason="材料有误")
    with refused("calls.recommendation_over"):
        recommend.take_back(by=lower.leader, recommendation_id=row.pk, reason="再收")
    assert recommend.propose(by=lower.clerk, application_id=made.pk, reason="更正后推荐").slot == 1


@pytest.mark.refusal("calls.recommend_stage")
@pytest.mark.refusal("calls.recommend_late")
def test_the_round_has_its_stages_and_its_last_day(
    of: cast.Office, lower: cast.Office, call: Call, travel: Any
) -> None:
    who = cast.applicant(of)
    made = award.qualified(call, who, lower, of)
    award.visited(made, who, lower)
    cast.move_to(call, "review", of.clerk)
    with refused("calls.recommend_stage"):
        recommend.propose(by=lower.clerk, application_id=made.pk, reason="好")
    cast.move_to(call, "recommend", of.clerk)
    last = call.stages.get(kind="recommend").ends_on
    assert last is not None
    travel(clock.end_of_day(last))
    with refused("calls.recommend_late"):
        recommend.propose(by=lower.clerk, application_id=made.pk, reason="好")
    with pytest.raises(DatabaseError, match="recommend_late"), transaction.atomic():
        raw(made, 1)


@pytest.mark.feature("C9")
def test_who_was_not_recommended_does_not_go_on(
    of: cast.Office, lower: cast.Office, call: Call, travel: Any
) -> None:
    first, second = cast.applicant(of), cast.applicant(of, "望海市另一家服务中心")
    made = award.qualified(call, first, lower, of)
    left = award.qualified(call, second, lower, of)
    award.visited(made, first, lower)
    award.recommended(made, lower)
    cast.move_to(call, "recommend", of.clerk)
    last = call.stages.get(kind="recommend").ends_on
    assert last is not None
    with refused("calls.stage_unfinished"):
        procedure.advance(by=of.clerk, call_id=call.pk)
    travel(clock.end_of_day(last))
    procedure.advance(by=of.clerk, call_id=call.pk)
    assert Application.objects.get(pk=made.pk).stage == Stage.QUALIFIED
    assert Application.objects.get(pk=left.pk).stage == Stage.NOT_SHORTLISTED


def raw(application: Application, slot: int, at_most: int = 2) -> None:
    """A recommendation by plain SQL."""
    person = application.created_by_id
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls_recommendation (application_id, call_id, union_id, slot, at_most, reason, proposed_by_id,"
            " proposed_identity, proposed_at, confirmed_identity, ended_reason)"
            " VALUES (%s, %s, %s, %s, %s, '好', %s, 'x', shuniu.now(), '', '')",
            [application.pk, application.call_id, application.recommender_id, slot, at_most, person],
        )


@pytest.mark.feature("C9")
@pytest.mark.refusal("calls.quota_full")
@pytest.mark.refusal("calls.no_quota")
@pytest.mark.real_transactions
def test_of_many_callers_at_once_just_the_places_are_given(
    tmp_path: Path, monkeypatch: Any, settings: Any
) -> None:
    """reliability.md §2: none over, none unused; the same by plain SQL."""
    award.document(tmp_path, monkeypatch, settings)
    of = cast.office()
    lower = award.below(of)
    call = cast.published_call(of)
    rows = []
    for n in range(6):
        who = cast.applicant(of, f"望海市第{n + 1}服务中心")
        made = award.qualified(call, who, lower, of)
        award.visited(made, who, lower)
        rows.append(made)

    def click(n: int) -> str:
        try:
            recommend.propose(by=lower.clerk, application_id=rows[n % len(rows)].pk, reason="好")
        except Exception as problem:
            return getattr(getattr(problem, "verdict", None), "code", repr(problem))
        finally:
            connections.close_all()
        return "in"

    with ThreadPoolExecutor(24) as pool:
        said = list(pool.map(click, range(48)))
    assert said.count("in") == 2 and Recommendation.objects.count() == 2
    assert set(said) <= {"in", "calls.quota_full", "calls.recommended_already", "calls.conflict"}
    assert "calls.quota_full" in said
    free = next(a for a in rows if not a.recommendations.exists())
    for slot, at_most, refusal in ((3, 2, "within_quota"), (3, 3, "no_quota"), (1, 2, "recommendation_slot")):
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            raw(free, slot, at_most)
