"""Pages of an organisation: the same verdict shows the form and refuses it; papers and columns by role."""

from __future__ import annotations

import pytest

from shuniu.registry import actions
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_pages import browser

pytestmark = pytest.mark.django_db


@pytest.mark.feature("A11")
def test_the_clerk_of_a_parent_union_gets_no_form_and_is_told_why() -> None:
    city = make.union()
    keeper = make.staff(make.union("望海市东港区总工会", parent=city))
    row = make.organisation(keeper)
    fact = actions.add_fact(
        by=make.member(row), organisation=row, kind="staff", values={"full_time": 3}, basis="名册"
    )
    base, one = f"/organisations/{row.pk}/", f"facts/staff/{fact.pk}/"
    writing = ("profile/", "status/", "merge/", "pinyin/", "facts/staff/new/", f"{one}verify/", f"{one}correct/",
               f"{one}retract/")  # fmt: skip
    own, parent = browser(keeper), browser(make.staff(city))
    for path in writing:
        assert own.get(base + path).status_code == 200, path
        for answer in (parent.get(base + path), parent.post(base + path)):
            assert answer.status_code == 409, path
            assert "由管理该组织的工会（望海市东港区总工会）的经办人办理" in answer.content.decode(), path
            assert "系统规则：一家组织由一个工会管理，上级工会只读" in answer.content.decode(), path
    shown = parent.get(base).content.decode()
    assert "更新基本信息" in own.get(base).content.decode()
    assert "更新基本信息" not in shown
    assert "由管理该组织的工会（望海市东港区总工会）" in shown
    assert "核验</a>" not in parent.get(base + one).content.decode()
    code = "/code/"
    bare = actions.register_candidate(
        by=keeper, union=row.owning_union, name="望海市骑手互助组", basis="走访"
    )
    assert own.get(f"/organisations/{bare.pk}{code}").status_code == 200
    assert parent.get(f"/organisations/{bare.pk}{code}").status_code == 409


@pytest.mark.feature("R3")
@pytest.mark.refusal("registry.files")
def test_papers_are_served_to_whoever_works_on_the_facts_and_to_nobody_above() -> None:
    city = make.union()
    east = make.union("望海市东港区总工会", parent=city)
    keeper = make.staff(east)
    row = make.organisation(keeper)
    owner = make.member(row)
    fact = actions.add_fact(
        by=owner,
        organisation=row,
        kind="staff",
        values={"full_time": 3},
        basis="名册",
        evidence=make.paper("名册"),
    )
    base = f"/organisations/{row.pk}/"
    path, link = f"{base}files/{fact.evidence_id}/", f'href="{base}files/{fact.evidence_id}/"'
    for who, status in (
        (owner, 200), (keeper, 200), (make.staff(east, "checker"), 200), (make.staff(east, "leader"), 200),
        (make.staff(east, "auditor"), 200), (make.staff(east, "finance"), 403), (make.staff(city), 409),
        (make.staff(city, "auditor"), 409), (make.staff(make.union("邻海市总工会")), 404),
    ):  # fmt: skip
        client = browser(who)
        answer = client.get(path)
        assert answer.status_code == status, who.hat
        if status == 409:
            assert "请联系该工会" in answer.content.decode()
        if who.union_id in (east.pk, city.pk):
            shown = client.get(f"{base}facts/staff/{fact.pk}/").content.decode()
            assert "名册.pdf" in shown, "the fact says what it rests on"
            assert (link in shown) == (status == 200)
            assert (link in client.get(base).content.decode()) == (status == 200)


@pytest.mark.feature("R3")
def test_the_columns_of_the_staff_list_are_for_whoever_has_the_list() -> None:
    city = make.union()
    clerk = make.staff(city)
    owner = make.member(make.organisation(clerk))
    for path in ("/lists/registry.organisations/columns/", "/lists/registry.organisations/views/"):
        assert browser(clerk).get(path).status_code == 200
        for who in (owner, make.staff(city, "expert"), make.staff(city, "sys_admin")):
            answer = browser(who).get(path)
            assert answer.status_code == 403, who.hat
            assert "法定代表人" not in answer.content.decode()
