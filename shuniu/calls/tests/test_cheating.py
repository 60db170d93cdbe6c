"""Direct POSTs by whoever should not: each refused with its reason and the clause of its stage, nothing changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from shuniu.calls.actions import call as calls
from shuniu.calls.actions import listing, objection, scoring
from shuniu.calls.models import Objection, ObjectionDecision, PublicList, ScoreDraft, Stage
from shuniu.calls.tests import cast, cast_listing, reviews
from shuniu.calls.tests.test_audit import at_desk, concluded, fresh
from shuniu.foundation.access import Hat, Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.unions import actions as unions
from shuniu.unions.models import RoleGrant
from shuniu.unions.tests.cast import PASSWORD, as_role, log_in, me, who

pytestmark = pytest.mark.django_db


def refused_page(answer: Any, *words: str) -> None:
    """Not done, and the page says why."""
    text = answer.content.decode()
    assert answer.status_code in (403, 409, 422), answer.status_code
    for word in words:
        assert word in text, word


def sent(client: Client, by: Who, url: str, **data: object) -> Any:
    """A POST under somebody's hat, as a page of theirs would never send it."""
    return log_in(client, by).post(url, data | {"password": PASSWORD})


@pytest.mark.feature("R5")
def test_who_froze_a_list_does_not_approve_it_under_another_role(client: Client) -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    made = listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    url = f"/calls/lists/{made.pk}/"
    who("leader", of.union, me(of.clerk))
    same = as_role(me(of.clerk), of.union, "leader")
    refused_page(sent(client, same, url, do="approve"), "不能是同一人", "第五条（五）")
    refused_page(sent(client, of.clerk2, url, do="approve"), "审签由", "第五条（五）")
    stranger = cast.office("邻海市总工会")
    assert sent(client, stranger.leader, url, do="approve").status_code == 404
    assert PublicList.objects.get().published_at is None


def test_the_clerk_of_an_application_does_not_check_it(client: Client) -> None:
    of = cast.office()
    made = at_desk(of)
    conclusion = concluded(of, made)
    agree = {"do": "approve", "conclusion": conclusion.pk}
    who("checker", of.union, me(of.clerk))
    same = as_role(me(of.clerk), of.union, "checker")
    url = f"/calls/applications/{made.pk}/check/"
    refused_page(sent(client, same, url, **agree), "不能是同一人", "第五条（三）")
    door = sent(client, of.clerk2, url, **agree)
    assert door.status_code == 403 and "第五条（三）" in door.content.decode(), "the door names it too"
    assert fresh(made).stage == Stage.CHECKING


def test_a_score_after_the_closing_and_a_score_by_a_stranger(travel: Any, client: Client) -> None:
    of = reviews.review(travel, applications=1, until="closed")
    late = of.members()[0]
    application = of.applications[0].pk
    before = list(ScoreDraft.objects.values())
    item = next(iter(of.marks()))
    answer = sent(client, late, f"/review/{of.pk}/{application}/save/", **{f"p{item}": "1"})
    assert answer.status_code == 409 and "第五条（四）" in answer.json()["error"]
    assert "评分已经结束" in answer.json()["error"]
    with pytest.raises(Refused) as no:
        scoring.save_points(by=late, application_id=application, points={item: None})
    assert (no.value.verdict.code, no.value.verdict.clause) == ("calls.scoring_closed", "第五条（四）")
    assert sent(client, of.office.clerk, f"/review/{of.pk}/{application}/save/", p1="1").status_code == 403
    assert list(ScoreDraft.objects.values()) == before


@pytest.mark.feature("C12")
def test_an_objection_after_midnight_and_a_decision_by_who_took_part(travel: Any, client: Client) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    url = f"/calls/objections/{row.pk}/"
    refused_page(sent(client, of.clerk, url, do="accept"), "没有参加原决定", "第五条（五）")
    assert sent(client, of.clerk2, url, do="accept").status_code == 303
    proposal = {
        "do": "propose",
        "verdict": "dismissed",
        "effect": "keep",
        "findings": "属实",
        "reply": "不属实",
    }
    assert sent(client, of.clerk2, url, **proposal).status_code == 303
    refused_page(sent(client, of.checker, url, do="approve"), "没有参加原决定", "第五条（五）")
    who("leader", of.union, me(of.clerk2))
    same = as_role(me(of.clerk2), of.union, "leader")
    refused_page(sent(client, same, url, do="approve"), "不能是同一人", "第五条（五）")
    assert not ObjectionDecision.objects.exists()
    travel(publicity.closes_at + dt.timedelta(seconds=1))
    late = {
        "key": "7f6c1c4e-5f0e-4e0e-9a39-0e8f3a0c9b11", "kind": "named", "entry": "", "name": "秦举报",
        "phone": "13900007777", "contact": "", "text": "过了期限才反映。",
    }  # fmt: skip
    client.logout()
    refused_page(client.post(f"/objections/{publicity.pk}/new/", late), "不在公示期内", "第五条（五）")
    assert Objection.objects.count() == 1
    assert not Entry.objects.filter(verb="calls.decide_objection").exists()


@pytest.mark.feature("C6")
def test_a_refusal_at_a_door_or_to_a_script_names_the_clause_and_tells_strangers_nothing(
    client: Client,
) -> None:
    of = cast.office()
    applicant = cast.applicant(of)
    made = cast.submitted_application(applicant, cast.published_call(of))
    script = {"X-Requested-With": "autosave"}
    log_in(client, applicant)
    answer = client.post(
        f"/apply/{made.pk}/plan/autosave/", {"_changed": "text", "text": "晚了"}, headers=script
    )
    assert answer.status_code == 409 and "第五条（二）" in answer.json()["error"]
    money = who("finance", of.union)
    draft = cast.draft_call(of)
    for asker, url, clause in (
        (money, f"/calls/{made.call_id}/applications/", "第五条（三）"),
        (money, f"/calls/applications/{made.pk}/audit/", "第五条（三）"),
        (of.clerk, f"/calls/{draft.pk}/approve/", "第五条（一）"),
        (of.leader, f"/calls/{draft.pk}/amend/", "第五条（一）"),
        (of.clerk, f"/apply/call/{made.call_id}/", "第五条（二）"),
    ):
        door = log_in(client, asker).get(url)
        assert door.status_code == 403 and clause in door.content.decode(), url
    stranger = cast.office("邻海市总工会")
    door = log_in(client, stranger.clerk).get(f"/calls/{draft.pk}/approve/")
    assert door.status_code == 403 and "第五条" not in door.content.decode()
    with pytest.raises(Refused) as no:
        calls.submit(by=of.leader, call_id=draft.pk)
    assert (no.value.verdict.code, no.value.verdict.clause) == ("calls.clerk_only", "第五条（一）")


@pytest.mark.feature("C12")
def test_who_stands_in_for_somebody_who_took_part_does_not_decide_the_objection() -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    deputy, today = who("finance", of.union), clock.today()
    assert of.clerk.person is not None and deputy.person is not None
    grant = RoleGrant.objects.get(person=of.clerk.person, union=of.union)
    unions.delegate(
        by=of.clerk, grant=grant, to_person=me(deputy), first_day=today, last_day=today, reason="外出"
    )
    hat = Hat("union", of.union.pk, of.union.name, "clerk", of.clerk.person.name)
    with pytest.raises(Refused, check=lambda no: no.verdict.code == "calls.not_independent"):
        objection.accept(by=Who(person=deputy.person, hat=hat), objection_id=row.pk, hold=False)
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
