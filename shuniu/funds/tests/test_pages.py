"""Pages of money: who sees what, the whole way by buttons, constant queries, strangers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.funds import queries
from shuniu.funds.actions.matching import set_standard
from shuniu.funds.models import MatchingStandard, Payee, Payment, Use
from shuniu.funds.tests.cast import WAN, treasury
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.unions.approvals import find
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import PASSWORD, log_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F4")]
SURE = {"again-password": PASSWORD}


def test_from_an_honour_to_a_use_by_buttons_alone() -> None:
    t = treasury(0)
    finance, clerk, checker, owner = (
        log_in(Client(), who) for who in (t.finance, t.of.clerk, t.of.checker, t.owner)
    )
    made = finance.post("/funds/new/", {"year": "2026", "name": "荣誉补助", "source": "union"})
    fund = made["Location"]
    asked = {"do": "budget", "way": "up", "amount_fen": "50,000", "reason": "年初预算"}
    assert finance.post(fund, asked).status_code == 303
    assert checker.post(fund, {"do": "approve", **SURE}).status_code == 303
    assert "¥50,000.00" in text(finance.get(fund)) and "荣誉补助" in text(clerk.get("/funds/"))
    t.honour("province")
    row = t.subsidy()
    page = f"/subsidies/{row.pk}/"
    assert "待补齐" in text(finance.get("/subsidies/")) and "核定差额" in text(finance.get(page))
    assert "核定差额" not in text(clerk.get(page)), "money is settled by finance"
    assert finance.post(page, {"do": "settle", "fund_id": ""}).status_code == 422
    fund_id = fund.strip("/").split("/")[-1]
    assert finance.post(page, {"do": "settle", "fund_id": fund_id}).status_code == 303
    wrong = {"do": "payee", "name": "中心", "bank": "银行", "account": "不是账号"}
    assert clerk.post(page, wrong).status_code == 422
    payee = {"do": "payee", "name": "中心", "bank": "望海银行", "account": "６２００ 0012 34567"}
    assert clerk.post(page, payee).status_code == 303
    assert Payee.objects.get().account == "6200001234567"
    assert find(t.of.checker, "payee", Payee.objects.get().pk) is not None
    assert "4567" in text(log_in(Client(), t.auditor).get(page))
    assert "6200001234567" not in text(log_in(Client(), t.auditor).get(page)), "others see the last figures"
    assert clerk.post(page, {"do": "confirm_payee"}).status_code in (400, 409)
    assert checker.post(page, {"do": "confirm_payee", **SURE}).status_code == 303
    paid = {"do": "pay", "paid_on": f"{clock.today()}", "voucher": "PZ-1", "use_due_on": "", **SURE}
    assert finance.post(page, paid).status_code == 303
    assert Payment.objects.get().state == "paid" and "PZ-1" in text(finance.get("/payments/?tab=paid"))
    used = {
        "do": "use",
        "amount_fen": "1",
        "used_on": f"{clock.today()}",
        "named": "",
        "other": "设备",
        "reason": "",
    }
    assert owner.post(page, used).status_code == 422
    assert owner.post(page, used | {"reason": "急需"}).status_code == 303
    use = Use.objects.get()
    assert checker.post(page, {"do": f"accept_use_{use.pk}"}).status_code == 303
    said = text(owner.get(page))
    assert "已补齐" in said and "望海银行" not in said and "¥20,000.00" in said
    assert any(p.title == "经费补助" for p in slots.panels_for(t.of.clerk, t.organisation))


def test_strangers_get_nothing_and_unknown_acts_are_refused_in_words() -> None:
    t, other = treasury(), treasury(name="邻海市总工会")
    t.honour("city")
    row = t.subsidy()
    stranger = factories.member(factories.organisation(t.of.clerk))
    for who in (other.finance, other.of.leader, stranger):
        assert log_in(Client(), who).get(f"/subsidies/{row.pk}/").status_code == 404
    assert log_in(Client(), other.finance).get(f"/funds/{t.fund.pk}/").status_code == 404
    assert "职工心理驿站" not in text(log_in(Client(), other.finance).get("/subsidies/"))
    client = log_in(Client(), t.finance)
    for path in (f"/subsidies/{row.pk}/", f"/funds/{t.fund.pk}/", "/matching/"):
        assert client.post(path, {"do": "explode"}).status_code == 400, path


@pytest.mark.feature("I5")
def test_finance_of_a_district_adds_its_standard() -> None:
    t = treasury()
    client = log_in(Client(), t.finance)
    sent = {
        "do": "add",
        "level": "city",
        "amount_fen": "",
        "share": "",
        "first_day": "2026-01-01",
        "source": "东工发1号",
    }
    assert client.post("/matching/", sent).status_code == 422
    assert client.post("/matching/", sent | {"share": "50"}).status_code == 303
    assert "补助的 50.00%" in text(log_in(Client(), t.of.clerk).get("/matching/"))


@pytest.mark.feature("I5")
def test_the_standard_of_the_district_is_computed_into_an_amount() -> None:
    t = treasury()
    district = unions.union("东港区总工会", level="district", parent=t.of.union)
    finance = unions.who("finance", district)
    Organisation.objects.filter(pk=t.organisation.pk).update(owning_union=district)
    t.honour("city")
    row = t.subsidy()
    common: dict[str, Any] = {
        "by": finance, "union": district, "document_key": "test-ladder", "first_day": clock.today(), "source": "东工发1号",
    }  # fmt: skip
    set_standard(level="city", share=Decimal("33.33"), **common)
    set_standard(level="province", amount_fen=700_000, **common)
    client = log_in(Client(), t.finance)
    page = text(client.get(f"/subsidies/{row.pk}/")).replace("<b>", "").replace("</b>", "")
    assert "配套 ¥3,333.00" in page and "¥7,000.00" not in page, "for honours in force only"
    t.honour("province")
    t.subsidy()
    page = text(client.get(f"/subsidies/{row.pk}/")).replace("<b>", "").replace("</b>", "")
    assert "配套 ¥7,000.00（按最高荣誉计这一项）" in page
    assert MatchingStandard(share=Decimal("33.33")).of(101) == 33, "never more than the share"


def test_lists_ask_as_often_for_one_row_as_for_thirty(django_assert_max_num_queries: Any) -> None:
    t = treasury()
    t.honour("city")
    t.payee(row := t.subsidy())
    due = t.settle(row)
    assert due is not None
    t.pay(due)
    client = log_in(Client(), t.finance)
    pages = ("/subsidies/", "/payments/?tab=all", "/funds/")
    counts = []
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(70) as few:
            client.get(page)
        counts.append(len(few))
    for n in range(30):
        t.honour("city", subject=f"projects.project:{n + 10}")
        made = t.subsidy(f"projects.project:{n + 10}")
        t.settle(made)
    for page, count in zip(pages, counts, strict=True):
        with django_assert_max_num_queries(count):
            assert client.get(page).status_code == 200
    with django_assert_max_num_queries(20):
        slots.todos_for(t.finance)
    listed = {r.pk: r for r in queries.with_standing(queries.subsidies_visible_to(t.finance))}
    for pk, standing in queries.standings(list(listed.values())).items():
        found = listed[pk]
        assert (found.entitled_fen, found.committed_fen, found.paid_fen) == (  # type: ignore[attr-defined]
            standing.entitled, standing.balances.committed, standing.balances.paid,
        )  # fmt: skip
    assert WAN in {s.balances.paid for s in queries.standings(list(listed.values())).values()}
