"""Composing, approving, publishing a call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.calls.actions import call, procedure, question
from shuniu.calls.models import Call, CallEvent
from shuniu.calls.queries.call import gaps
from shuniu.calls.tests import cast
from shuniu.foundation.access import Refused
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui import slots
from shuniu.unions.tests.cast import log_in, union, who

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect Refused with this code, in whole words."""
    with pytest.raises(Refused) as problem:
        yield
    assert problem.value.verdict.code == code, problem.value.verdict
    assert "{" not in problem.value.verdict.reason


@pytest.mark.feature("C1")
def test_a_draft_carries_what_the_document_says() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    assert [s.kind for s in made.stages.all()][:3] == ["notice", "apply", "check"]
    assert made.categories.count() == 5
    assert made.soft_limit == 3
    labels = {m.clause: m.label for m in made.materials.all()}
    assert labels["第七条（二）"] == "业务范围与申报类别一致的证明材料"
    assert labels["第七条（一）"] == "在本市登记管理部门登记等 4 项条件的证明材料"
    assert made.terms.filter(key="publicity_days", value=5).exists()
    assert made.document.digest and made.state == Call.State.DRAFT


@pytest.mark.feature("C1")
@pytest.mark.refusal("calls.not_issuer")
def test_only_a_union_that_the_document_allows_opens_a_call() -> None:
    district = union("东港区总工会", level="district")
    clerk = who("clerk", district)
    with refused("calls.not_issuer"):
        call.compose(by=clerk, union=district, document_key=cast.LAW, year=2026)


@pytest.mark.refusal("calls.clerk_only")
def test_another_unions_clerk_composes_nothing_here() -> None:
    of, other = cast.office(), cast.office("邻海市总工会")
    with refused("calls.clerk_only"):
        call.compose(by=other.clerk, union=of.union, document_key=cast.LAW, year=2026)


@pytest.mark.feature("C1")
def test_a_second_person_publishes_and_the_document_is_pinned() -> None:
    of = cast.office()
    made = cast.published_call(of)
    assert made.state == Call.State.PUBLISHED and len(made.digest) == 64
    assert made.frozen is not None and made.frozen["document"]["digest"] == made.document.digest
    assert made.paper is not None and made.paper.number.startswith("望工办〔")
    texts = [e.text for e in timeline(made)]
    assert any("审签并发布" in t for t in texts) and any("提交审签" in t for t in texts)


@pytest.mark.refusal("calls.same_person")
def test_the_submitter_does_not_approve_under_another_hat() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    call.submit(by=of.clerk, call_id=made.pk)
    assert of.clerk.person is not None
    also_checker = who("checker", of.union, of.clerk.person)
    with refused("calls.same_person"):
        call.publish(by=also_checker, call_id=made.pk)


@pytest.mark.refusal("calls.approver_only")
def test_a_clerk_does_not_approve() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    call.submit(by=of.clerk, call_id=made.pk)
    with refused("calls.approver_only"):
        call.publish(by=of.clerk2, call_id=made.pk)


def test_the_second_person_holds_in_the_database_too() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    call.submit(by=of.clerk, call_id=made.pk)
    with pytest.raises(DatabaseError, match="call_second_person"), transaction.atomic():
        Call.objects.filter(pk=made.pk).update(approved_by=of.clerk.person)


@pytest.mark.refusal("calls.not_pending")
def test_a_draft_is_not_published_without_submission() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    with refused("calls.not_pending"):
        call.publish(by=of.checker, call_id=made.pk)


@pytest.mark.refusal("calls.incomplete")
def test_an_incomplete_draft_says_what_is_missing() -> None:
    of = cast.office()
    made = call.compose(by=of.clerk, union=of.union, document_key=cast.LAW, year=2026)
    with refused("calls.incomplete"):
        call.submit(by=of.clerk, call_id=made.pk)


def test_a_planned_publicity_covers_its_working_days() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    assert not gaps(made)
    stage = made.stages.get(kind="publicity")
    assert stage.starts_on is not None
    table = {s.key: (s.starts_on, s.ends_on) for s in made.stages.all()}
    table["publish"] = (None, None)
    enough = working_days.add(stage.starts_on, 5)
    for last, said in ((enough, 0), (None, 0), (enough - dt.timedelta(days=1), 1)):
        table[stage.key] = (stage.starts_on, last)
        made = call.change_timetable(by=of.clerk, call_id=made.pk, version=made.version, days=table)
        found = [gap.text for gap in gaps(made)]
        assert len(found) == said and (last or made.stages.get(kind="publicity").ends_on == enough)
        assert all(f"{enough:%Y-%m-%d} 结束" in text and "5 个工作日" in text for text in found)


@pytest.mark.refusal("calls.window_past")
def test_a_window_that_is_over_is_not_submitted() -> None:
    of = cast.office()
    made = cast.draft_call(of, starts=clock.today() - dt.timedelta(days=30), days=5)
    with refused("calls.window_past"):
        call.submit(by=of.clerk, call_id=made.pk)


@pytest.mark.refusal("calls.rubric_total")
def test_a_score_sheet_totals_100() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    row = {"key": "a", "label": "专业能力", "guide": "看人员", "weight": 90}
    with refused("calls.rubric_total"):
        call.change_rubric(by=of.clerk, call_id=made.pk, version=made.version, rows=[row])


@pytest.mark.refusal("calls.version")
def test_the_second_of_two_savers_is_told() -> None:
    of = cast.office()
    made = cast.draft_call(of)
    call.change_basics(by=of.clerk, call_id=made.pk, version=made.version, values={"title": "先保存的标题"})
    with refused("calls.version"):
        call.change_basics(by=of.clerk2, call_id=made.pk, version=made.version, values={"title": "后保存"})
    assert Call.objects.get(pk=made.pk).title == "先保存的标题"


@pytest.mark.refusal("calls.not_draft")
def test_a_published_call_is_not_edited() -> None:
    of = cast.office()
    made = cast.published_call(of)
    with refused("calls.not_draft"):
        call.change_basics(by=of.clerk, call_id=made.pk, version=made.version, values={"title": "改"})


@pytest.mark.refusal("calls.published_stays")
def test_what_was_published_stays_also_against_raw_sql() -> None:
    of = cast.office()
    made = cast.published_call(of)
    for sql in (
        "UPDATE calls_call SET digest = 'x' WHERE id = %s",
        "UPDATE calls_rubricitem SET weight = 1 WHERE call_id = %s",
        "DELETE FROM calls_callmaterial WHERE call_id = %s",
        "UPDATE calls_callcategory SET label = 'x' WHERE call_id = %s",
    ):
        with pytest.raises(DatabaseError, match=r"calls\.published_stays"), transaction.atomic():
            connection.cursor().execute(sql, [made.pk])


@pytest.mark.feature("C1")
def test_a_draft_is_dropped_by_its_clerk_and_its_record_stays(client: Client) -> None:
    of = cast.office()
    made = cast.draft_call(of)
    with refused("calls.clerk_only"):
        call.discard(by=of.checker, call_id=made.pk)
    log_in(client, of.clerk)
    assert f"/calls/{made.pk}/discard/" in client.get(f"/calls/{made.pk}/").content.decode()
    assert client.post(f"/calls/{made.pk}/discard/").status_code == 303
    page = client.get(f"/calls/{made.pk}/").content.decode()
    assert "草稿已作废" in page and "/discard/" not in page and "林经办" in page
    assert "草稿已作废" in client.get("/calls/").content.decode()
    assert not [t for t in slots.todos_for(of.clerk) if t.url == f"/calls/{made.pk}/"]
    with refused("calls.not_draft"):
        call.submit(by=of.clerk, call_id=made.pk)


def test_the_page_offers_what_the_union_may_open_and_says_why_the_rest_is_closed(client: Client) -> None:
    of = cast.office()
    page = log_in(client, of.clerk).get("/calls/new/").content.decode()
    assert f'<option value="{cast.LAW}"' in page
    lower = who("clerk", union("东港区总工会", level="district"))
    page = log_in(client, lower).get("/calls/new/").content.decode()
    assert f'<option value="{cast.LAW}"' not in page and "可以据此发出通知，东港区总工会不能发出" in page


@pytest.mark.feature("C14")
@pytest.mark.refusal("calls.answered")
def test_a_question_is_answered_to_all_once() -> None:
    of = cast.office()
    made = cast.published_call(of)
    asker = cast.applicant(of)
    asked = question.ask(by=asker, call_id=made.pk, text="可以申报几个方向？")
    assert question.ask(by=asker, call_id=made.pk, text="可以申报几个方向？") == asked
    question.answer(by=of.clerk, question_id=asked.pk, text="可以多个，都应在业务范围之内。")
    assert "可以多个" in Client().get(f"/notices/{made.pk}/").content.decode()
    with refused("calls.answered"):
        question.answer(by=of.clerk2, question_id=asked.pk, text="再答")


@pytest.mark.refusal("calls.question_closed")
def test_questions_end_with_the_window(travel: Any) -> None:
    of = cast.office()
    made = cast.published_call(of, days=2)
    asker = cast.applicant(of)
    travel(days=3)
    with refused("calls.question_closed"):
        question.ask(by=asker, call_id=made.pk, text="还能问吗？")


@pytest.mark.feature("O2")
@pytest.mark.refusal("calls.stage_unfinished")
def test_the_clock_opens_and_closes_the_application_stage(travel: Any) -> None:
    of = cast.office()
    made = cast.published_call(of, days=2)
    assert made.stages.get(key=made.stage).kind == "apply"
    with refused("calls.stage_unfinished"):
        procedure.advance(by=of.clerk, call_id=made.pk)
    travel(days=3)
    assert procedure.advance_by_clock() == 1
    assert procedure.advance_by_clock() == 0
    made.refresh_from_db()
    assert made.stages.get(key=made.stage).kind == "check"


@pytest.mark.refusal("calls.first_stage")
@pytest.mark.refusal("calls.back_over")
def test_a_stage_opened_by_mistake_is_taken_back(travel: Any) -> None:
    of = cast.office()
    made = cast.published_call(of, starts=clock.today() + dt.timedelta(days=1))
    with refused("calls.first_stage"):
        procedure.go_back(by=of.checker, call_id=made.pk, reason="误操作")
    cast.move_to(made, "check", of.clerk)
    for kind in ("apply", "notice"):
        procedure.go_back(by=of.checker, call_id=made.pk, reason="误操作")
        made.refresh_from_db()
        assert made.stages.get(key=made.stage).kind == kind
    assert procedure.advance_by_clock() == 0, "what was taken back stays back"
    travel(days=1)
    procedure.advance_by_clock()
    with refused("calls.back_over"):  # the clock would open it again within the minute
        procedure.go_back(by=of.checker, call_id=made.pk, reason="误操作")


@pytest.mark.refusal("calls.not_running")
def test_a_cancelled_call_goes_nowhere() -> None:
    of = cast.office()
    made = cast.published_call(of)
    application = cast.submitted_application(cast.applicant(of), made)
    call.cancel(by=of.leader, call_id=made.pk, reason="上级统一安排")
    application.refresh_from_db()
    assert application.stage == "ended"
    with refused("calls.not_running"):
        procedure.advance(by=of.clerk, call_id=made.pk)


@pytest.mark.refusal("calls.state_without_event")
@pytest.mark.real_transactions
def test_state_is_the_replay_of_events() -> None:
    of = cast.office()
    made = cast.published_call(of)
    last = CallEvent.objects.filter(call=made).order_by("-id").first()
    assert last is not None and (last.state, last.stage) == (made.state, made.stage)
    with pytest.raises(DatabaseError, match=r"calls\.state_without_event"), transaction.atomic():
        Call.objects.filter(pk=made.pk).update(state=Call.State.FINISHED)


def test_owner_colleague_and_stranger_see_what_they_may(client: Client) -> None:
    of, other = cast.office(), cast.office("邻海市总工会")
    made = cast.draft_call(of)
    for person, expected in ((of.clerk, 200), (of.checker, 200), (other.clerk, 404), (other.leader, 404)):
        assert log_in(client, person).get(f"/calls/{made.pk}/").status_code == expected
    assert log_in(client, of.clerk).get("/calls/").status_code == 200
    for section in ("basics", "timetable", "categories", "materials", "terms", "rubric"):
        assert log_in(client, of.clerk).get(f"/calls/{made.pk}/{section}/").status_code == 200
        assert log_in(client, other.clerk).get(f"/calls/{made.pk}/{section}/").status_code == 404


def test_a_refused_form_keeps_what_was_typed(client: Client) -> None:
    of = cast.office()
    made = cast.draft_call(of)
    log_in(client, of.clerk)
    data = {
        "version": made.version,
        "title": "",
        "intro": "保留我",
        "department": "部",
        "contact": "人",
        "phone": "1",
    }
    answer = client.post(f"/calls/{made.pk}/basics/", data)
    assert answer.status_code == 422 and "保留我" in answer.content.decode()
    data |= {"title": "新标题", "version": 1}
    answer = client.post(f"/calls/{made.pk}/basics/", data)
    assert answer.status_code == 409 and "保留我" in answer.content.decode()
