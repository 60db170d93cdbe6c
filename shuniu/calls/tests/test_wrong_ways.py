"""When it goes wrong: whoever is concerned is told, once, where they look."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls.actions import apply, objection, panel, scoring
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call, Decision, Objection, Stage
from shuniu.calls.tests import cast, cast_listing, reviews
from shuniu.calls.tests.test_scoring_closing import after_due
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui.slots import todos_for
from shuniu.registry.queries import people_of
from shuniu.unions.tests.cast import PASSWORD, log_in, me, who

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[Person]:
    """Who got a message of this kind."""
    return {m.person for m in Message.objects.filter(kind=kind).select_related("person")}


def test_a_cancelled_call_is_told_to_applicants_experts_and_the_office(travel: Any, client: Client) -> None:
    of = reviews.review(travel, applications=2, until="declared")
    url = f"/calls/{of.call.pk}/cancel/"
    assert log_in(client, of.office.clerk).post(url, {"reason": "经费调整"}).status_code in (403, 409)
    log_in(client, of.office.leader)
    assert "没有办结的 2 份申报随即终止" in client.get(url).content.decode()
    assert client.post(url, {"reason": "经费调整"}).status_code == 422, "it asks once more who is there"
    assert client.post(url, {"reason": "经费调整", "again-password": PASSWORD}).status_code == 303
    assert "已经取消：经费调整" in client.get(f"/calls/{of.call.pk}/").content.decode()
    assert Call.objects.get(pk=of.call.pk).state == Call.State.CANCELLED
    assert set(Application.objects.values_list("stage", flat=True)) == {Stage.ENDED}
    applicants = {p for a in of.applications for p in people_of(a.organisation_id)}
    assert told("calls.ended") == applicants
    experts = {me(m) for m in of.members()}
    assert "本次通知已取消" in log_in(client, of.members()[0]).get("/review/").content.decode()
    assert not [t for m in of.members() for t in todos_for(m)], "nothing is left to do for an expert"
    assert told("calls.cancelled") >= experts | {me(of.office.clerk), me(of.office.checker)}


def test_a_stage_opened_by_mistake_is_told_to_the_office(travel: Any, client: Client) -> None:
    of = cast.office()
    call = cast.published_call(of, days=3)
    log_in(client, of.leader)
    assert "退回上一环节" not in client.get(f"/calls/{call.pk}/").content.decode(), "the clock opened it"
    cast.move_to(call, "check", of.clerk)
    assert "退回上一环节" in client.get(f"/calls/{call.pk}/").content.decode()
    answer = client.post(f"/calls/{call.pk}/back/", {"reason": "误操作"})
    assert answer.status_code == 303
    assert told("calls.reopened") >= {me(of.clerk), me(of.checker)}


def test_an_expert_who_never_scores_is_told_what_was_recorded(travel: Any, client: Client) -> None:
    of = reviews.review(travel, applications=1, until="declared")
    silent = of.seats()[0]
    url = f"/calls/panels/{of.pk}/seats/{silent.pk}/missing/"
    early = log_in(client, of.office.clerk).post(url, {"reason": "联系不上"})
    assert early.status_code in (409, 422) and "期限内不能记为未评分" in early.content.decode()
    travel(after_due(of))
    assert log_in(client, of.office.clerk).post(url, {"reason": "联系不上"}).status_code == 303
    assert told("calls.missing") == {silent.expert.person}
    other = of.seats()[1]
    panel.replace(by=of.office.clerk, seat_id=other.pk, reason="因病")
    assert told("calls.replaced") == {other.expert.person}
    with reviews.refused("calls.unscored_none"):
        scoring.mark_missing(by=of.office.clerk, seat_id=silent.pk, reason="再记")


def test_a_withdrawal_without_a_clerk_is_told_to_every_clerk(client: Client) -> None:
    of = cast.office()
    call = cast.published_call(of)
    member = cast.applicant(of)
    made = cast.submitted_application(member, call)
    assert made.clerk is None
    answer = log_in(client, member).post(f"/apply/{made.pk}/withdraw/", {"reason": "不再参加"})
    assert answer.status_code == 303
    assert told("calls.withdrawn") == {me(of.clerk), me(of.clerk2)}


def test_cancelling_takes_as_many_statements_for_one_application_as_for_five() -> None:
    counts = []
    for n in (1, 5):
        of = cast.office()
        call = cast.published_call(of)
        category = call.categories.all()[0]
        for _ in range(n):
            apply.start(
                by=cast.applicant(of), call_id=call.pk, category_id=category.pk, arrived_at=clock.now()
            )
        with CaptureQueriesContext(connection) as asked:
            calls.cancel(by=of.leader, call_id=call.pk, reason="经费调整")
        counts.append(len(asked))
        assert Application.objects.filter(call=call, stage=Stage.ENDED).count() == n
        assert Decision.objects.filter(application__call=call, verb="end").count() == n
    assert counts[0] == counts[1]
    assert Message.objects.filter(kind="calls.ended").count() == 6


@pytest.mark.feature("C12")
def test_an_objection_whose_handler_is_away_is_taken_over(travel: Any, client: Client) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity)
    row = objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    third, url = who("clerk", of.union), f"/calls/objections/{row.pk}/"
    assert "接手核查" not in log_in(client, of.clerk).get(url).content.decode(), "who froze the list may not"
    assert not [t for t in todos_for(third) if t.url == url]
    assert row.reply_by is not None
    travel(clock.end_of_day(row.reply_by))
    assert [t.sub for t in todos_for(third) if t.url == url] == [f"{row.handler}逾期没有核完，可以接手"]
    log_in(client, third)
    assert client.post(url, {"do": "take", "reason": ""}).status_code == 422
    assert client.post(url, {"do": "take", "reason": "原核查人病假"}).status_code == 303
    assert Objection.objects.get().handler == third.person and told("calls.objection") >= {me(of.clerk2)}
