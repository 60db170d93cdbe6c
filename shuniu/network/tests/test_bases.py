"""示范基地: applied for, named by two people, looked at again, withdrawn; the database keeps the order."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.foundation.ui import slots
from shuniu.network import queries
from shuniu.network.actions import bases
from shuniu.network.models import Base, BaseStep
from shuniu.network.tests.cast import applied, holder, in_force, office, refused, tomorrow
from shuniu.unions.tests.cast import log_in, me, text, who

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F8")]


@pytest.mark.refusal("network.applicant_only")
@pytest.mark.refusal("network.base_twice")
@pytest.mark.refusal("network.clerk_only")
@pytest.mark.refusal("network.approver_only")
@pytest.mark.refusal("network.same_person")
@pytest.mark.refusal("network.step_open")
@pytest.mark.refusal("network.step_decided")
@pytest.mark.refusal("network.review_ahead")
@pytest.mark.refusal("network.base_state")
@pytest.mark.refusal("network.reason_needed")
def test_a_base_is_named_by_two_people_and_looked_at_again(travel: Any) -> None:
    of = office()
    member, a = holder(of)
    with refused("network.applicant_only"):
        applied(of, a, by=of.leader)
    row = applied(of, a, by=member)
    with refused("network.base_twice"):
        applied(of, a)
    assert [t.sub for t in slots.todos_for(of.clerk) if t.tag == "基地"] == ["待评审"]
    with refused("network.clerk_only"):
        bases.review(by=of.checker, base_id=row.pk, kind="grant", findings="好", review_on=tomorrow())
    with refused("network.review_ahead"):
        bases.review(by=of.clerk, base_id=row.pk, kind="grant", findings="好")
    with refused("network.base_state"):
        bases.review(by=of.clerk, base_id=row.pk, kind="keep", findings="好", review_on=tomorrow())
    step = bases.review(
        by=of.clerk, base_id=row.pk, kind="grant", findings="现场看过", review_on=tomorrow(700)
    )
    with refused("network.step_open"):
        bases.review(by=of.clerk, base_id=row.pk, kind="decline", findings="不好")
    with refused("network.approver_only"):
        bases.decide(by=of.clerk, step_id=step.pk, approve=True)
    same = who("checker", of.union, me(of.clerk))
    with refused("network.same_person"):
        bases.decide(by=same, step_id=step.pk, approve=True)
    with refused("network.reason_needed"):
        bases.decide(by=of.checker, step_id=step.pk, approve=False)
    bases.decide(by=of.checker, step_id=step.pk, approve=True)
    with refused("network.step_decided"):
        bases.decide(by=of.leader, step_id=step.pk, approve=True)
    row.refresh_from_db()
    assert row.state == "in_force" and row.plaque_no.endswith("第001号") and row.review_on == tomorrow(700)
    assert in_force(of, None, name="市总职工服务中心").plaque_no.endswith("第002号"), (
        "a place of the union's own"
    )
    travel(days=690)
    assert [t.sub for t in slots.todos_for(of.clerk) if t.tag == "基地"] == ["到期复核", "到期复核"]
    again = bases.review(by=of.clerk, base_id=row.pk, kind="withdraw", findings="已经停办")
    bases.decide(by=of.leader, step_id=again.pk, approve=True)
    row.refresh_from_db()
    assert row.state == "withdrawn" and not queries.bases_in_force().filter(pk=row.pk).exists()


@pytest.mark.refusal("network.base_stays")
@pytest.mark.refusal("network.base_without_review")
@pytest.mark.refusal("network.step_stays")
def test_the_database_keeps_the_order() -> None:
    of = office()
    row = applied(of, holder(of)[1])
    for change, code in (
        (
            {"state": "in_force", "plaque_no": "x", "granted_on": tomorrow(), "review_on": tomorrow(2)},
            "base_without_review",
        ),
        ({"name": "另一个"}, "base_stays"),
    ):
        with pytest.raises(DatabaseError, match=code), transaction.atomic():
            Base.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="base_stays"), transaction.atomic():
        Base.objects.filter(pk=row.pk)._raw_delete("default")
    step = bases.review(by=of.clerk, base_id=row.pk, kind="decline", findings="条件不够")
    with pytest.raises(DatabaseError, match="step_stays"), transaction.atomic():
        BaseStep.objects.filter(pk=step.pk).update(findings="别的")
    bases.decide(by=of.checker, step_id=step.pk, approve=True)
    assert Base.objects.get().state == "declined"


def test_pages_and_who_sees_them(client: Client, django_assert_max_num_queries: Any) -> None:
    of = office()
    member, a = holder(of)
    log_in(client, member)
    sent = {
        "kind": "point", "name": "班组心理角", "address": "东港区", "services": "谈心", "features": "在班组里",
        "contact": "何专员", "phone": "13900001234",
    }  # fmt: skip
    assert "还没有示范基地" in text(client.get("/bases/own/"))
    assert "待评审" in text(client.post("/bases/apply/", sent, follow=True))
    row = Base.objects.get()
    log_in(client, of.clerk)
    page = text(client.get(f"/bases/{row.pk}/"))
    assert "评审情况" in page and "班组心理角" in text(client.get("/bases/"))
    review = {"do": "review", "kind": "grant", "findings": "看过", "review_on": f"{tomorrow(300):%Y-%m-%d}"}
    assert "等待复核人或领导审签" in text(client.post(f"/bases/{row.pk}/", review, follow=True))
    log_in(client, of.checker)
    assert "已审签" in text(client.post(f"/bases/{row.pk}/", {"do": "agree"}, follow=True))
    client.logout()
    assert "班组心理角" in text(client.get("/bases/register/"))
    elsewhere = office("邻海市总工会")
    log_in(client, elsewhere.clerk)
    assert client.get(f"/bases/{row.pk}/").status_code == 404
    log_in(client, of.clerk)
    for n in range(12):
        applied(of, a, name=f"基地{n}")
    with django_assert_max_num_queries(30):
        client.get("/bases/")
