"""Shortlist, 公示, formal list, corrections: who, when, what follows, what the database keeps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from shuniu.calls.actions import apply, listing
from shuniu.calls.models import Publicity, PublicList, Stage
from shuniu.calls.tests import cast, cast_listing
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.calendar.models import Day, Year
from shuniu.foundation.notices.models import Message
from shuniu.foundation.papers.models import Paper
from shuniu.registry.queries import people_of

pytestmark = pytest.mark.django_db


@pytest.mark.feature("C11")
def test_the_shortlist_is_frozen_from_decisions_by_category_rank_and_pinyin() -> None:
    of = cast.office()
    call = cast.published_call(of)
    last = cast_listing.shortlisted(of, call, cast.applicant(of, "望海市阿甲服务中心"), rank=2)
    b = cast_listing.shortlisted(of, call, cast.applicant(of, "望海市乙服务中心"), rank=1)
    a = cast_listing.shortlisted(of, call, cast.applicant(of, "望海市丙服务中心"), rank=1)
    cast.submitted_application(cast.applicant(of), call)  # not decided: never on the list
    cast.move_to(call, "shortlist", of.clerk)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    assert [r["application"] for r in made.frozen] == [a.pk, b.pk, last.pk]
    assert len(made.digest) == 64 and made.entries.count() == 3
    assert made.frozen[0]["decision"] == a.decisions.get(to_stage=Stage.SHORTLISTED).pk


@pytest.mark.refusal("calls.list_stage")
def test_no_shortlist_before_the_review() -> None:
    of = cast.office()
    call = cast.published_call(of)
    with refused("calls.list_stage"):
        listing.freeze_shortlist(by=of.clerk, call_id=call.pk)


@pytest.mark.refusal("calls.list_undecided")
def test_no_shortlist_while_somebody_has_no_outcome() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    made = cast.submitted_application(cast.applicant(of), call)
    from shuniu.calls.actions import stages

    with transaction.atomic():
        stages.decide(stages.lock(made.pk), by=of.checker, verb="x", to=Stage.QUALIFIED, text="合格")
    with refused("calls.list_undecided"):
        listing.freeze_shortlist(by=of.clerk, call_id=call.pk)


@pytest.mark.refusal("calls.list_empty")
def test_an_empty_list_is_not_frozen() -> None:
    of = cast.office()
    call = cast.published_call(of)
    cast.move_to(call, "shortlist", of.clerk)
    with refused("calls.list_empty"):
        listing.freeze_shortlist(by=of.clerk, call_id=call.pk)


@pytest.mark.refusal("calls.list_frozen_already")
def test_one_shortlist_per_call() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    with refused("calls.list_frozen_already"):
        listing.freeze_shortlist(by=of.clerk2, call_id=call.pk)


@pytest.mark.feature("C11")
def test_the_publicity_is_counted_in_working_days_and_published_with_a_numbered_paper() -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of)
    assert publicity.ends_on == working_days.add(clock.today(), 5)
    assert publicity.closes_at == clock.end_of_day(publicity.ends_on)
    assert call.stages.get(key=call.stage).kind == "publicity"
    paper = publicity.paper
    assert paper is not None and paper.number.startswith("望工办〔")
    text = str(paper.data)
    assert applications[0].organisation.name in text and "5个工作日" in text
    assert "何专员" not in text and "何法人" not in text and "林经办" not in text
    assert not Message.objects.filter(kind="calls.publicity").exists(), "told by the job, not in the approval"
    assert listing.tell_outcomes(list_id=publicity.list_id) == len(applications)
    assert listing.tell_outcomes(list_id=publicity.list_id) == 0, "nobody is told twice"
    assert Message.objects.filter(kind="calls.publicity").count() == len(applications)


@pytest.mark.refusal("calls.same_person")
def test_who_froze_does_not_approve() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    from shuniu.unions.tests.cast import as_role

    assert of.clerk.person is not None
    with refused("calls.same_person"):
        listing.approve_shortlist(by=as_role(of.clerk.person, of.union, "checker"), list_id=made.pk)
    with refused("calls.approver_only"):
        listing.approve_shortlist(by=of.clerk2, list_id=made.pk)


def test_the_database_knows_a_second_person_too() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    assert of.clerk.person is not None
    with pytest.raises(DatabaseError, match="list_second_person"), transaction.atomic():
        PublicList.objects.filter(pk=made.pk).update(
            approved_by=of.clerk.person, approved_identity="other", published_at=clock.now()
        )


@pytest.mark.refusal("calls.list_changed")
def test_a_withdrawal_after_freezing_stops_the_approval_until_it_is_frozen_anew() -> None:
    of = cast.office()
    call, applications = cast_listing.reviewed_call(of)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    from shuniu.foundation.access import Hat
    from shuniu.unions.tests.cast import person

    gone = applications[0].organisation
    leaver = Who(person=person(), hat=Hat("organisation", gone.pk, gone.name, "org_owner"))
    apply.withdraw(by=leaver, application_id=applications[0].pk, reason="不再参加")
    with refused("calls.list_changed"):
        listing.approve_shortlist(by=of.checker, list_id=made.pk)
    listing.return_list(by=of.checker, list_id=made.pk, reason="有单位撤回")
    with refused("calls.list_over"):
        listing.approve_shortlist(by=of.checker, list_id=made.pk)
    again = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    assert again.number == 2 and len(again.frozen) == 1
    listing.approve_shortlist(by=of.checker, list_id=again.pk)


@pytest.mark.refusal("calls.list_over")
def test_a_list_that_was_sent_back_is_over() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    listing.return_list(by=of.leader, list_id=made.pk, reason="名次有误")
    with refused("calls.list_over"):
        listing.return_list(by=of.leader, list_id=made.pk, reason="再退一次")


@pytest.mark.refusal("calls.list_frozen")
@pytest.mark.refusal("calls.publicity_stays")
def test_a_frozen_list_and_its_days_stand_in_the_database() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    row = publicity.list
    for change in (
        "UPDATE calls_publiclist SET frozen = '[]' WHERE id = %s",
        "UPDATE calls_publiclist SET published_at = NULL WHERE id = %s",
        "DELETE FROM calls_publiclist WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match=r"calls\.list_frozen|permission"), transaction.atomic():
            connection.cursor().execute(change, [row.pk])
    for change in (
        "UPDATE calls_publicity SET closes_at = closes_at - interval '1 second' WHERE id = %s",
        "UPDATE calls_publicity SET closed_at = shuniu.now() WHERE id = %s",
        "UPDATE calls_publicity SET working_days = 1 WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match=r"calls\.publicity_stays"), transaction.atomic():
            connection.cursor().execute(change, [publicity.pk])


@pytest.mark.feature("C11")
def test_the_publicity_closes_by_itself_at_the_second(travel: object) -> None:
    of = cast.office()
    call, _, publicity = cast_listing.on_view(of, 1)
    travel(publicity.closes_at - dt.timedelta(seconds=2))  # type: ignore[operator]
    assert listing.close_due() == 0
    travel(publicity.closes_at)  # type: ignore[operator]
    assert listing.close_due() == 1
    assert listing.close_due() == 0, "a repeated sweep changes nothing"
    call.refresh_from_db()
    assert call.stages.get(key=call.stage).kind == "publish"
    assert Message.objects.filter(kind="calls.publicity_over").count() == 2, "both clerks, once"


@pytest.mark.feature("M3")
def test_a_new_holiday_moves_the_end_by_a_paper_of_its_own() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    before, papers = publicity.ends_on, Paper.objects.count()
    first_paper = publicity.paper_id
    off = working_days.add(clock.today(), 2)
    calendar.set_day(by=cast.SYSTEM, date=off, working=False, note="临时放假")
    assert listing.recompute_open() == 1
    publicity.refresh_from_db()
    assert publicity.ends_on == working_days.add(before, 1)
    assert publicity.closes_at == clock.end_of_day(publicity.ends_on)
    assert publicity.paper_id == first_paper and Paper.objects.count() == papers + 1
    change = publicity.changes.get()
    assert change.paper is not None and change.paper.replaces_id == first_paper
    assert listing.recompute_open() == 0
    calendar.set_day(by=cast.SYSTEM, date=off, working=True, note="不放了")
    assert listing.recompute_open() == 0, "nobody loses time"
    concerned = people_of(publicity.list.entries.get().application.organisation_id)
    assert Message.objects.filter(title__startswith="公示期延至", person__in=concerned).exists()


def test_a_missing_year_blocks_the_publicity_and_says_so() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    Day.objects.all().delete()
    Year.objects.all().delete()
    with pytest.raises(working_days.MissingYear) as missing:
        listing.approve_shortlist(by=of.checker, list_id=made.pk)
    assert str(clock.today().year) in missing.value.verdict.reason
    assert not Publicity.objects.exists()
