"""Feedback per item, improvements and the fresh look at them (D10)."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from shuniu.calls import demo_feedback, feedback, terms
from shuniu.calls import demo_listing as lists
from shuniu.calls.actions import feedback as acts
from shuniu.calls.actions import improvement, steps
from shuniu.calls.models import Application, Expert, Feedback, Improvement, ImprovementEvent, RubricItem
from shuniu.calls.queries.feedback import events_of, panel_of, remarks_on
from shuniu.calls.tests import cast
from shuniu.calls.tests.reviews import Review, Travel, refused, review, run
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.files.tests import samples
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.feature("D10")]

COMMENT = "材料齐全，方案可行。"  # what every expert of the demonstration writes


def decided(travel: Travel, swap: bool = False) -> tuple[Review, Application]:
    """One application, reviewed by everybody, shortlisted and told. `swap`: two experts gave each other's points."""

    def marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
        place = seats.index(expert.pk)
        off = {0: 1, 1: -1}.get(place, 0) * (-1 if swap else 1)
        return Decimal(item.weight) - 5 + off

    of = review(travel, applications=1, until="drawn")
    seats = [seat.expert_id for seat in of.seats()]
    run(of, "signed", marks=marks)
    with transaction.atomic():
        locked = steps.lock(of.call.pk)
        stage = locked.stages.get(kind="shortlist")
        steps.step(locked, by=system("测试准备"), verb="open", text="进入初步确定", stage=stage.key)
    return of, Application.objects.get(pk=of.applications[0].pk)


def told(of: Review) -> Application:
    lists.run_publicity(of.call, clerk=of.office.clerk, approver=of.office.checker)
    return Application.objects.get(pk=of.applications[0].pk)


def written(of: Review, application: Application, **comments: str) -> Feedback:
    return acts.save(
        by=of.office.clerk, application_id=application.pk, version=0, summary="总体较好", comments=comments
    )


_POINTS = st.decimals(0, 100, places=1)


@given(st.integers(0, 2), st.dictionaries(st.sampled_from("ab"), _POINTS), _POINTS, st.sampled_from(
    [terms.NO_SCORES, terms.TOTAL_ONLY, terms.ITEM_MEANS]))  # fmt: skip
def test_of_few_sheets_nothing_is_told(n: int, sums: dict[str, Decimal], score: Decimal, mode: str) -> None:
    few = feedback.Panel(n, sums, score)
    assert feedback.means_told(few, mode) == {} and feedback.score_told(few, mode) is None
    many = replace(few, sheets=3)
    assert (feedback.score_told(many, mode) is None) == (mode == terms.NO_SCORES)
    assert bool(feedback.means_told(many, mode)) == (mode == terms.ITEM_MEANS and bool(sums))


@pytest.mark.django_db
@pytest.mark.refusal("calls.feedback_early")
@pytest.mark.refusal("calls.feedback_state")
@pytest.mark.refusal("calls.feedback_empty")
@pytest.mark.refusal("calls.feedback_names")
@pytest.mark.refusal("calls.feedback_same")
@pytest.mark.refusal("calls.feedback_version")
@pytest.mark.refusal("calls.feedback_stays")
def test_feedback_is_written_released_by_a_second_person_and_stays(travel: Travel) -> None:
    of, made = decided(travel)
    who, clerk, checker = of.applicants[0], of.office.clerk, of.office.checker
    item = of.call.rubric.order_by("order")[0]
    with refused("calls.feedback_early"):
        written(of, made)
    made = told(of)
    with refused("calls.feedback_state"):
        acts.release(by=checker, application_id=made.pk)
    given: dict[str, Any] = {"by": clerk, "application_id": made.pk, "comments": {item.key: "请补充案例"}}
    acts.save(**given, version=0, summary="")
    with refused("calls.feedback_version"):
        acts.save(**given, version=0, summary="晚了")
    with refused("calls.feedback_empty"):
        acts.submit(**given, version=1, summary=" ")
    name = of.seats()[0].expert.name
    with refused("calls.feedback_names"):
        acts.submit(**given | {"comments": {item.key: f"{name}认为不足"}}, version=1, summary="总体较好")
    row = acts.submit(**given, version=1, summary="总体较好")
    assert any(t.title.startswith("评审反馈") for t in slots.todos_for(checker))
    both = Who(person=clerk.person, hat=checker.hat)
    with refused("calls.feedback_same"):
        acts.release(by=both, application_id=made.pk)
    client = log_in(Client(), who)
    assert "还没有发出评审反馈" in client.get(f"/apply/{made.pk}/feedback/").content.decode()
    assert client.get(f"/apply/{made.pk}/feedback.pdf").status_code == 404
    acts.release(by=checker, application_id=made.pk)
    shown = client.get(f"/apply/{made.pk}/feedback/").content.decode()
    assert "请补充案例" in shown and "总体较好" in shown and str(item.weight - 5) in shown
    assert Message.objects.filter(person=who.person, kind="calls.feedback_told").count() == 1
    paper = client.get(f"/apply/{made.pk}/feedback.pdf")
    assert paper.status_code == 200 and paper["Content-Type"] == "application/pdf"
    with refused("calls.feedback_state"):
        acts.save(by=clerk, application_id=made.pk, version=9, summary="改", comments={})
    with pytest.raises(DatabaseError, match="feedback_stays"), transaction.atomic():
        Feedback.objects.filter(pk=row.pk).update(summary="改")
    with pytest.raises(DatabaseError, match="feedback_stays"), transaction.atomic():
        Feedback.objects.all().delete()
    other = log_in(Client(), cast.applicant(of.office, "望海市另一家服务中心"))
    assert other.get(f"/apply/{made.pk}/feedback/").status_code == 404


class _Back(Exception):
    """Ends a world."""


@pytest.mark.django_db
def test_two_worlds_in_which_two_experts_gave_each_others_points_read_alike(travel: Travel) -> None:
    pages: list[str] = []
    for swap in (False, True):
        try:
            with transaction.atomic():
                of, made = decided(travel, swap)
                made = told(of)
                assert panel_of(made).sheets >= feedback.FEWEST
                assert (("", COMMENT) in remarks_on(made)) and made.score is not None
                demo_feedback.tell(made, clerk=of.office.clerk, approver=of.office.checker)
                row = Feedback.objects.get()
                body = repr(row.content)
                assert COMMENT not in body
                assert not any(seat.expert.name in body for seat in of.seats())
                page = log_in(Client(), of.applicants[0]).get(f"/apply/{made.pk}/feedback/").content.decode()
                assert COMMENT not in page
                pages.append(body)
                raise _Back
        except _Back:
            continue
    assert pages[0] == pages[1]


@pytest.mark.django_db
@pytest.mark.refusal("calls.improvement_early")
@pytest.mark.refusal("calls.improvement_office")
@pytest.mark.refusal("calls.improvement_state")
@pytest.mark.refusal("calls.improvement_words")
@pytest.mark.refusal("calls.improvement_days")
@pytest.mark.refusal("calls.improvement_row")
@pytest.mark.refusal("calls.improvement_evidence")
@pytest.mark.refusal("calls.improvement_scored")
@pytest.mark.refusal("calls.improvement_stays")
def test_an_improvement_runs_until_somebody_who_gave_no_points_has_looked(travel: Travel) -> None:
    of, made = decided(travel)
    who, clerk, checker = of.applicants[0], of.office.clerk, of.office.checker
    item = of.call.rubric.order_by("order")[0]
    asked: dict[str, Any] = {"by": clerk, "application_id": made.pk, "row": item.key}
    asked |= {"what": "补制度", "wants": "制度"}
    with refused("calls.improvement_early"):
        improvement.ask(**asked, days=15)
    made = told(of)
    with refused("calls.improvement_days"):
        improvement.ask(**asked, days=0)
    with refused("calls.improvement_row"):
        improvement.ask(**asked | {"row": "nothing"}, days=15)
    with refused("calls.improvement_words"):
        improvement.ask(**asked | {"what": " "}, days=15)
    with refused("calls.improvement_office"):
        improvement.ask(**asked | {"by": unions.who("clerk", unions.union("北屏市总工会"))}, days=15)
    row = improvement.ask(**asked, days=15)
    assert row.due == working_days.add(clock.today(), 15)
    todo = next(t for t in slots.todos_for(who) if t.tag == "改进")
    assert todo.due == row.due and todo.url == f"/apply/improvements/{row.pk}/"
    with refused("calls.improvement_state"):
        improvement.accept(by=checker, improvement_id=row.pk)
    with refused("calls.improvement_evidence"):
        improvement.report(by=who, improvement_id=row.pk, text="好了")
    paper = [("制度.pdf", io.BytesIO(samples.pdf()))]
    improvement.report(by=who, improvement_id=row.pk, text="好了", uploads=paper)
    scored = Who(person=of.seats()[0].expert.person, hat=checker.hat)
    with refused("calls.improvement_scored"):
        improvement.accept(by=scored, improvement_id=row.pk)
    with pytest.raises(DatabaseError, match="improvement_scored"), transaction.atomic():
        assert scored.person is not None
        ImprovementEvent.objects.create(
            improvement=row,
            kind="pass",
            state="done",
            due=row.due,
            by=scored.person,
            identity=scored.person.identity,
        )
    with refused("calls.improvement_words"):
        improvement.again(by=checker, improvement_id=row.pk, text="", days=10)
    row = improvement.again(by=checker, improvement_id=row.pk, text="缺签字页", days=10)
    travel(days=40)
    late = next(t for t in slots.todos_for(clerk) if t.tag == "改进")
    assert late.sub == "已逾期，请催办" and not late.waiting
    assert improvement.remind_overdue() and not improvement.remind_overdue(), "both sides are told once"
    improvement.report(
        by=who, improvement_id=row.pk, text="补了签字页", uploads=[("签字.png", io.BytesIO(samples.png()))]
    )
    row = improvement.accept(by=checker, improvement_id=row.pk, text="齐了")
    assert [e.kind for e in events_of(row)] == ["ask", "report", "again", "report", "pass"]
    with pytest.raises(DatabaseError, match="improvement_stays"), transaction.atomic():
        Improvement.objects.filter(pk=row.pk).update(state="open")
    with pytest.raises(DatabaseError, match=r"permission denied|append-only"), transaction.atomic():
        ImprovementEvent.objects.update(text="改")


@pytest.mark.django_db
def test_what_an_organisation_offers_is_taken_or_not(travel: Travel) -> None:
    of, made = decided(travel)
    made = told(of)
    who, clerk = of.applicants[0], of.office.clerk
    item = of.call.rubric.order_by("order")[0]
    offered = improvement.offer(by=who, application_id=made.pk, row="", what="建意见箱")
    with refused("calls.not_member"):
        improvement.offer(by=clerk, application_id=made.pk, row="", what="建意见箱")
    assert improvement.decline(by=clerk, improvement_id=offered.pk, reason="已在做").state == "declined"
    second = improvement.offer(by=who, application_id=made.pk, row=item.key, what="每季总结")
    assert improvement.agree(by=clerk, improvement_id=second.pk, days=5).state == "open"
    with pytest.raises(DatabaseError, match="improvement_stays"), transaction.atomic():
        Improvement.objects.filter(pk=second.pk).update(due=dt.date(2030, 1, 1))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS improvement_state_told IMMEDIATE")


@pytest.mark.django_db
def test_the_pages_of_feedback(travel: Travel) -> None:
    of, made = decided(travel)
    made = told(of)
    clerk, checker = of.office.clerk, of.office.checker
    item = of.call.rubric.order_by("order")[0]
    desk, second = log_in(Client(), clerk), log_in(Client(), checker)
    page = f"/calls/applications/{made.pk}/feedback/"
    assert "已反馈 0 家" in desk.get(f"/calls/{of.call.pk}/").content.decode()
    assert str(made.organisation) in desk.get(f"/calls/{of.call.pk}/feedback/").content.decode()
    shown = desk.get(page).content.decode()
    assert COMMENT in shown and "专家平均" in shown
    sent = {"do": "submit", "version": "0", "summary": "", f"c_{item.key}": "请补充"}
    empty = desk.post(page, sent)
    assert (
        empty.status_code == 422
        and "请写综合意见" in empty.content.decode()
        and "请补充" in empty.content.decode()
    )
    assert desk.post(page, sent | {"summary": "较好"}).status_code == 303
    assert desk.post(page, {"do": "release"}).status_code == 409
    assert second.post(page, {"do": "return", "reason": "再写具体些"}).status_code == 303
    assert "再写具体些" in desk.get(page).content.decode()
    version = Feedback.objects.get().version
    assert desk.post(page, sent | {"summary": "较好", "version": version}).status_code == 303
    assert second.post(page, {"do": "release"}).status_code == 303


@pytest.mark.django_db
def test_the_pages_of_improvement(travel: Travel) -> None:
    of, made = decided(travel)
    made = told(of)
    who, clerk, checker = of.applicants[0], of.office.clerk, of.office.checker
    item = of.call.rubric.order_by("order")[0]
    desk, second, own = log_in(Client(), clerk), log_in(Client(), checker), log_in(Client(), who)
    page = f"/calls/applications/{made.pk}/feedback/"
    ask = {"do": "ask", "ask-row": item.key, "ask-what": "补制度", "ask-wants": "制度", "ask-days": "15"}
    assert desk.post(page, ask | {"ask-days": "三"}).status_code == 422
    assert desk.post(page, ask).status_code == 303
    row = Improvement.objects.get()
    mine = f"/apply/improvements/{row.pk}/"
    assert "补制度" in own.get(f"/apply/{made.pk}/feedback/").content.decode()
    bare = own.post(mine, {"text": "好了"})
    assert bare.status_code == 422 and "要求提交佐证" in bare.content.decode()
    file = io.BytesIO(samples.png())
    file.name = "制度.png"
    assert own.post(mine, {"text": "好了", "file": file}).status_code == 303
    office = f"/calls/improvements/{row.pk}/"
    assert "待复查" in desk.get("/calls/improvements/").content.decode()
    address = next(
        part.split('"')[0]
        for part in second.get(office).content.decode().split('href="')
        if "/files/" in part
    )
    assert second.get(address).status_code == 200 and own.get(address).status_code == 200
    stranger = log_in(Client(), cast.applicant(of.office, "望海市另一家服务中心"))
    elsewhere = log_in(Client(), unions.who("clerk", unions.union("北屏市总工会")))
    assert [c.get(address).status_code for c in (stranger, elsewhere)] == [404, 404]
    assert [stranger.get(mine).status_code, elsewhere.get(office).status_code] == [404, 404]
    assert elsewhere.get(page).status_code == 404
    assert second.post(office, {"do": "again", "r-text": "", "r-days": "5"}).status_code == 422
    assert second.post(office, {"do": "pass", "r-text": "齐了"}).status_code == 303
    assert "复查通过" in own.get(mine).content.decode()
    offer = own.post(f"/apply/{made.pk}/feedback/", {"row": "", "what": "建意见箱"})
    assert offer.status_code == 303
    later = Improvement.objects.get(offered=True)
    assert desk.post(f"/calls/improvements/{later.pk}/", {"do": "decline", "reason": ""}).status_code == 422
    assert desk.post(f"/calls/improvements/{later.pk}/", {"do": "agree", "s-days": "5"}).status_code == 303
    with CaptureQueriesContext(connection) as few:
        desk.get("/calls/improvements/?tab=all")
    for n in range(4):
        improvement.ask(by=clerk, application_id=made.pk, row="", what=f"第{n}件", wants="", days=5)
    with CaptureQueriesContext(connection) as many:
        listed = desk.get("/calls/improvements/?tab=all").content.decode()
    assert "第3件" in listed and len(many) <= len(few), "a list asks as often for six rows as for two"
    todos = [t for t in slots.panels_for(clerk, made.organisation) if t.title == "改进事项"]
    assert todos and len(todos[0].context["rows"]) == 6, (
        "the record for the next award has everything but offers"
    )
