"""Pages of the desk, of joining by code, and of the organisation's own workspace."""

from __future__ import annotations

import pytest
from django.test import Client

from shuniu.foundation.ui import slots
from shuniu.registry import queries
from shuniu.registry.models import Claim, CorrectionRequest
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_pages import browser, pdf

pytestmark = pytest.mark.django_db


@pytest.mark.feature("A14")
def test_joining_by_code_with_a_new_account_until_the_workspace_opens() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    client = Client()
    assert client.get("/org/join/").status_code == 200
    assert client.post("/org/join/", {"code": "5237"}).status_code == 422
    assert "科学计数法" in client.post("/org/join/", {"code": "9.11E+17"}).content.decode()
    answer = client.post("/org/join/", {"code": row.code})
    path = answer.headers["Location"]
    assert row.name in client.get(path).content.decode()
    typed = {
        "position": "主任", "person_name": "陈某", "phone": "13900007777", "username": "chen.mou",
        "password": "a-long-password-1", "again": "a-long-password-1",
    }  # fmt: skip
    answer = client.post(path, typed)
    assert answer.status_code == 422
    assert "没有上传证明材料" in answer.content.decode()
    answer = client.post(path, typed | {"proof": pdf()})
    assert answer.status_code == 303, answer.content.decode()
    claim = Claim.objects.get()
    told = Client().get(path).content.decode()
    assert "正等待" in told and "提交认领申请" not in told, "said before anything is typed"
    assert client.get("/home/")["Location"] == "/org/join/", "whoever waits for the desk sees how it stands"
    assert "待确认" in client.get("/org/join/").content.decode()
    desk = browser(clerk)
    assert row.name in desk.get("/organisations/desk/").content.decode()
    assert [t.url for t in slots.todos_for(clerk)].count(f"/organisations/desk/claims/{claim.pk}/") == 1
    one = f"/organisations/desk/claims/{claim.pk}/"
    assert desk.get(f"{one}proof/").status_code == 200
    assert desk.post(one, {"do": "return", "reason": ""}).status_code == 422
    assert browser(make.staff(make.union("望海市北屏区总工会"))).get(one).status_code == 404
    assert desk.post(one, {"do": "approve"}).status_code == 303
    assert client.get("/home/")["Location"] == "/org/", "log-in leads into the workspace"
    told = Client().get(path).content.decode()
    assert "已有负责人，不能再次认领" in told and "提交认领申请" not in told
    assert row.name in client.get("/org/").content.decode()


@pytest.mark.feature("A14")
def test_registering_a_new_organisation_by_code() -> None:
    city, code = make.union(), make.code("51379900")
    client = Client()
    typed = {
        "name": "望海市新协会", "registrar": "望海市民政局", "registrar_level": "city", "region": "高新区",
        "registered_on": "2020年1月2日", "union": city.pk, "position": "秘书长", "person_name": "王某",
        "phone": "13900006666", "username": "wang.mou", "password": "a-long-password-1", "again": "a-long-passw0rd-1",
        "proof": pdf(),
    }  # fmt: skip
    answer = client.post(f"/org/join/{code}/", typed)
    assert answer.status_code == 422
    assert "两次输入的密码不一致" in answer.content.decode()
    answer = client.post(f"/org/join/{code}/", typed | {"again": "a-long-password-1", "proof": pdf()})
    assert answer.status_code == 303, answer.content.decode()
    assert client.post(f"/claims/{Claim.objects.get().pk}/withdraw/").status_code == 404
    assert client.post(f"/org/claims/{Claim.objects.get().pk}/withdraw/").status_code == 303
    assert client.get("/org/join/nonsense/").status_code == 404


@pytest.mark.feature("A14")
def test_corrections_from_the_workspace_to_the_desk() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk, region="东港区")
    owner = make.member(row)
    client, desk = browser(owner), browser(clerk)
    text = client.get("/org/info/").content.decode()
    assert "申请更正" in text
    assert "工会核验：登记证书副本" in text
    path = "/org/corrections/new/region/"
    assert client.post(path, {"new": "东港区", "reason": "x"}).status_code == 422
    assert client.post(path, {"new": "南湾区", "reason": "迁址", "evidence": pdf()}).status_code == 303
    request = CorrectionRequest.objects.get()
    one = f"/organisations/desk/corrections/{request.pk}/"
    text = desk.get(one).content.decode()
    assert "东港区" in text
    assert "南湾区" in text
    assert desk.post(one, {"do": "approve"}).status_code == 303
    assert "南湾区" in client.get("/org/info/").content.decode()
    assert client.get("/org/corrections/new/nonsense/").status_code == 404


@pytest.mark.feature("A14")
def test_members_are_invited_handed_over_and_removed_in_the_browser() -> None:
    row = make.organisation(make.staff(make.union()))
    owner, colleague = make.member(row), make.member(row, "org_member")
    client = browser(owner)
    answer = client.post("/org/members/", {"name": "小李", "role": "org_member"})
    assert "只显示这一次" in answer.content.decode()
    assert "/accounts/invitation/" in answer.content.decode()
    theirs = queries.current_memberships(row.pk).get(person=colleague.person)
    assert browser(colleague).post(f"/org/members/{theirs.pk}/hand-over/").status_code == 403
    stranger = make.member(make.organisation(make.staff(make.union())))
    assert browser(stranger).post(f"/org/members/{theirs.pk}/remove/").status_code == 404
    mine = queries.current_memberships(row.pk).get(person=owner.person)
    told = client.get(f"/org/members/{mine.pk}/remove/").content.decode()
    assert "唯一的负责人，不能退出" in told and "确认退出" not in told
    assert client.post(f"/org/members/{mine.pk}/remove/").status_code == 409
    for act, words in (("hand-over", "须由同事再移交给您"), ("remove", "不能再代表")):
        told = client.get(f"/org/members/{theirs.pk}/{act}/").content.decode()
        assert words.replace("同事", colleague.name) in told, "what it means is said before it is done"
    assert queries.current_memberships(row.pk).get(person=colleague.person).role == "org_member"
    assert client.post(f"/org/members/{theirs.pk}/hand-over/").status_code == 303
    assert queries.current_memberships(row.pk).get(person=colleague.person).role == "org_owner"


@pytest.mark.feature("Q1")
def test_the_palette_finds_only_what_the_asker_may_see() -> None:
    city = make.union()
    clerk = make.staff(city)
    row = make.organisation(clerk, "望海市晨曦中心")
    assert [f.label for f in slots.found_for(clerk, "晨曦")] == [row.name]
    other = make.staff(make.union("望海市北屏区总工会"))
    assert row.name not in [f.label for f in slots.found_for(other, "晨曦")]
    assert row.name not in [f.label for f in slots.found_for(make.member(row), "晨曦")]
