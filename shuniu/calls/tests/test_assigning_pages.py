"""The pages of 分派: the clerk's way, the second person's, and what an expert does not get to see."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls.actions import assignment
from shuniu.calls.models import AssignmentPlan
from shuniu.calls.tests import assignments, cast, reviews
from shuniu.foundation.ui import slots
from shuniu.unions.tests import cast as unions

db = pytest.mark.django_db


def address(of: reviews.Review, more: str = "") -> str:
    """The page of the call's assignment."""
    return f"/calls/panels/of/{of.call.pk}/assignment/{more}"


def to_do(who: Any) -> list[str]:
    """What is on somebody's bench under 分派 and 审签."""
    return [t.title for t in slots.todos_for(who) if "分派" in t.title]


@db
@pytest.mark.feature("D2", "D3")
def test_from_the_button_to_the_members_own_sheets(travel: Any, client: Client) -> None:
    of = assignments.declared(travel)
    assert to_do(of.office.clerk) == ["分派评审委员：4 家单位"]
    unions.log_in(client, of.office.clerk)
    assert "生成分派方案" in client.get(address(of)).content.decode()
    assert client.post(address(of), {"action": "ask"}).status_code == 303
    waits = client.get(address(of), headers={"HX-Request": "true"})
    assert "正在计算" in waits.content.decode()
    assert "HX-Refresh" not in waits
    plan = AssignmentPlan.objects.get()
    assignment.compute(plan_id=plan.pk)
    assert client.get(address(of), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    shown = client.get(address(of)).content.decode()
    for row in plan.reviews.select_related("seat__expert", "application__organisation"):
        assert f"{row.seat.expert.number} 号 {row.seat.expert.name}（70）" in shown
        assert row.application.organisation.name in shown
    assert to_do(of.office.clerk) == ["核对分派方案"]
    assert client.post(address(of), {"action": "submit"}).status_code == 303
    assert client.get(address(of, "decide/")).status_code == 403
    assert to_do(of.office.checker) == ["分派方案"]
    unions.log_in(client, of.office.checker)
    assert "没有调整" in client.get(address(of, "decide/")).content.decode()
    assert client.post(address(of, "decide/"), {"do": "return"}).status_code == 422
    assert client.post(address(of, "decide/"), {"do": "approve"}).status_code == 303
    assert client.get(address(of, "decide/")).status_code == 303
    assert to_do(of.office.clerk) == []
    assert "已生效" in client.get(address(of)).content.decode()
    assert client.get(address(of) + "?plan=7").status_code == 404


@db
@pytest.mark.feature("D3", "D4")
def test_an_expert_gets_nothing_of_what_others_review(travel: Any, client: Client) -> None:
    """The same address with what is assigned and what is not: material, sheet and name are not there."""
    of = assignments.declared(travel, each=1)
    unions.log_in(client, of.members()[0])
    empty = client.get(f"/review/{of.pk}/").content.decode()
    assert "还没有分派给您的单位" in empty
    assert not any(a.organisation.name in empty for a in of.applications)
    assignments.confirmed(of)
    held = min(s for _, s in assignments.sheets(of))  # of five members one is given nothing
    own = {a for a, s in assignments.sheets(of) if s == held}
    member = next(m for seat, m in zip(of.seats(), of.members(), strict=True) if seat.pk == held)
    unions.log_in(client, member)
    pages = client.get(f"/review/{of.pk}/").content.decode() + client.get("/review/").content.decode()
    for a in of.applications:
        desk = client.get(f"/review/{of.pk}/{a.pk}/")
        assert (desk.status_code == 200) == (a.pk in own)
        assert (a.organisation.name in pages) == (a.pk in own)
        file = a.materials.all()[0].attachment_id
        got = client.get(f"/review/{of.pk}/{a.pk}/files/{file}/")
        assert (got.status_code == 404) == (a.pk not in own)
    for who in (member, of.applicants[0]):
        unions.log_in(client, who)
        assert client.get(address(of)).status_code == 403
    unions.log_in(client, cast.office("邻海市总工会").clerk)
    for more in ("", "drop/", f"{of.applications[0].pk}/"):
        assert client.get(address(of, more)).status_code == 404


@db
@pytest.mark.feature("D3")
def test_one_is_changed_by_hand_and_gaps_ask_for_a_reason(travel: Any, client: Client) -> None:
    of = assignments.declared(travel, limit=1, applications=3)
    plan = assignments.proposed(of)
    unions.log_in(client, of.office.clerk)
    shown = client.get(address(of)).content.decode()
    assert "再补充 1 位" in shown
    answer = client.post(address(of), {"action": "submit"})
    assert answer.status_code == 422
    assert "缺额提交的理由" in answer.content.decode()
    here = plan.gaps.get().application_id
    page = client.get(address(of, f"{here}/")).content.decode()
    assert "没有可以换上的委员" in page
    whole = plan.reviews.exclude(application=here)[0]
    wrong = {"out": str(whole.seat_id), "into": str(whole.seat_id), "reason": "试"}
    assert client.post(address(of, f"{whole.application_id}/"), wrong).status_code == 422
    with_reason = {"action": "submit", "gap_reason": "专家库一时补不上"}
    assert client.post(address(of), with_reason).status_code == 303
    assert client.post(address(of, "drop/"), {"reason": "再想想"}).status_code == 422


@db
@pytest.mark.feature("D3")
def test_a_member_is_put_in_for_another(travel: Any, client: Client) -> None:
    of = assignments.declared(travel, each=1, applications=2)
    plan = assignments.proposed(of)
    row = plan.reviews.all()[0]
    seat = next(s for s in of.seats() if s.pk not in plan.reviews.values_list("seat_id", flat=True))
    unions.log_in(client, of.office.clerk)
    form = address(of, f"{row.application_id}/")
    assert f"{seat.expert.number} 号 {seat.expert.name}，匹配度 70" in client.get(form).content.decode()
    typed = {"out": str(row.seat_id), "into": str(seat.pk), "reason": "方向更相符"}
    assert client.post(form, typed).status_code == 303
    assert (row.application_id, seat.pk) in assignments.pairs(plan)
    client.post(address(of), {"action": "submit"})
    unions.log_in(client, of.office.leader)
    assert "方向更相符" in client.get(address(of, "decide/")).content.decode()


@db
@pytest.mark.feature("D2")
def test_the_page_asks_as_often_for_few_as_for_many(travel: Any, client: Client) -> None:
    counts = []
    for n, name in ((1, "望海市总工会"), (5, "邻海市总工会")):
        of = assignments.declared(travel, applications=n, name=name)
        assignments.proposed(of)
        unions.log_in(client, of.office.clerk)
        client.get(address(of))
        with CaptureQueriesContext(connection) as asked:
            client.get(address(of))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 35
