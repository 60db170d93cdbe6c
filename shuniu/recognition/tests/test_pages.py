"""Pages of recognitions: verification by everybody, the organisation's, the office's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.recognition import actions
from shuniu.recognition.tests.cast import ago, holder, office, recognition
from shuniu.registry import actions as registry
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.feature("E10")
def test_verification_says_one_word_first_and_nothing_private(client: Client) -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a, first_day=ago(10), decided_on=ago(10))
    for address in (
        f"/verify/{row.verify_code}/",
        f"/verify/?q={row.certificate_no.lower()}",
        f"/verify/?q={a.code}",
    ):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200 and answer["X-Robots-Tag"] == "noindex"
        assert page.index("有效") < page.index(a.name) and 'name="robots" content="noindex"' in page
        assert "职工生活服务类" in page and row.certificate_no in page and of.union.name in page
        for private in ("何法人", "何专员", "13900001234"):
            assert private not in page
    actions.suspend(by=of.leader, recognition_id=row.pk, reason="内部核查中")
    page = client.get(f"/verify/{row.verify_code}/").content.decode()
    assert "暂停使用" in page and "内部核查中" not in page
    actions.resume(by=of.leader, recognition_id=row.pk, reason="无误")
    request = actions.request_withdrawal(by=who, recognition_id=row.pk, reason="内部原因")
    actions.decide_withdrawal(by=of.leader, request_id=request.pk, approve=True)
    page = client.get(f"/verify/{row.verify_code}/").content.decode()
    today = clock.today()
    assert f"自 {today.year}年{today.month}月{today.day}日 起退出" in page and "内部原因" not in page


@pytest.mark.feature("E10")
def test_what_is_typed_off_paper_is_understood(client: Client) -> None:
    of = office()
    _, a = holder(of)
    row = recognition(of, a, first_day=ago(700), decided_on=ago(700))
    registry.record_former_code(
        by=of.clerk, organisation=a, code="5137990055", until=ago(900), basis="原登记证书"
    )
    wide = "".join(chr(ord(c) + 0xFEE0) if c != "-" else "—" for c in row.certificate_no.lower())
    for typed in (wide, f" {a.code} ".lower(), "51379900-55"):
        page = client.get("/verify/", {"q": typed}).content.decode()
        assert row.certificate_no in page and "有效期至" in page, typed
        assert page.index("有效") < page.index(a.name) and "即将到期" not in page, (
            "it is valid to its last day"
        )
    assert client.get(f"/verify/{row.verify_code.lower()}/").status_code == 200


@pytest.mark.feature("E10")
def test_a_certificate_that_a_corrected_list_moved_names_the_other(client: Client) -> None:
    of = office()
    _, a = holder(of)
    row = recognition(of, a)
    made = actions.correct(
        by=of.leader, effect_key=row.effect_key, category="work", category_label="职工工作服务类",
        directions=["技能人才培养"], reason="名单有误", decision="更正公告",
    )  # fmt: skip
    assert made is not None
    page = client.get(f"/verify/{row.verify_code}/").content.decode()
    assert "已取消" in page and f"本证书由 {made.certificate_no} 代替" in page
    assert (
        f"由证书 {row.certificate_no} 更正而来" in client.get(f"/verify/{made.verify_code}/").content.decode()
    )


@pytest.mark.feature("E7")
def test_a_withdrawal_of_what_has_ended_waits_no_longer(client: Client) -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a)
    actions.request_withdrawal(by=who, recognition_id=row.pk, reason="业务调整")
    assert any(t.tag == "退出" for t in slots.todos_for(of.leader))
    actions.annul(by=of.leader, effect_key=row.effect_key, reason="名单有误")
    assert not any(t.tag == "退出" for t in slots.todos_for(of.leader))
    assert "已取消" in log_in(client, of.leader).get(f"/recognitions/{row.pk}/").content.decode()
    log_in(client, who)
    assert "等待" not in client.get(f"/certificates/{row.pk}/").content.decode()


@pytest.mark.feature("E10")
def test_an_unknown_number_says_so_and_what_to_do(client: Client) -> None:
    answer = client.get("/verify/?q=HZDW-2026-9999")
    assert answer.status_code == 404 and "查无此证" in answer.content.decode()
    assert "请核对" in client.get("/verify/NOSUCHCODE/").content.decode()
    assert client.get("/verify/?q=").status_code == 422
    assert client.get("/verify/").status_code == 200


@pytest.mark.refusal("recognition.paper_coming")
def test_owner_office_and_stranger(client: Client) -> None:
    of, other = office(), office("邻海市总工会")
    who, a = holder(of)
    stranger, _ = holder(of)
    row = recognition(of, a)
    log_in(client, who)
    assert a.name in client.get(f"/certificates/{row.pk}/").content.decode()
    assert row.certificate_no in client.get("/certificates/").content.decode()
    assert client.get(f"/certificates/{row.pk}.pdf").status_code == 409, "not made yet"
    actions.issue_certificate(recognition_id=row.pk)
    assert client.get(f"/certificates/{row.pk}.pdf")["Content-Type"] == "application/pdf"
    sent = client.post(f"/certificates/{row.pk}/", {"reason": "业务调整"})
    assert sent.status_code == 303
    log_in(client, stranger)
    for address in (f"/certificates/{row.pk}/", f"/certificates/{row.pk}.pdf"):
        assert client.get(address).status_code == 404
    log_in(client, other.leader)
    assert client.get(f"/recognitions/{row.pk}/").status_code == 404
    assert row.certificate_no not in client.get("/recognitions/").content.decode()
    log_in(client, of.leader)
    page = client.get(f"/recognitions/{row.pk}/").content.decode()
    assert "批准退出" in page and "业务调整" in page
    assert client.post(f"/recognitions/{row.pk}/", {"do": "return", "reason": ""}).status_code == 422
    assert client.post(f"/recognitions/{row.pk}/", {"do": "approve"}).status_code == 303
    assert any("资质" in p.title for p in slots.panels_for(of.clerk, a))


@pytest.mark.feature("E1")
def test_the_staff_list_asks_as_often_for_one_row_as_for_thirty(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    of = office()
    recognition(of, holder(of)[1])
    log_in(client, of.clerk)
    with django_assert_max_num_queries(60) as few:
        assert client.get("/recognitions/").status_code == 200
    organisation = holder(of)[1]
    for n in range(30):
        recognition(of, organisation, category=f"c{n}")
    with django_assert_max_num_queries(60) as many:
        page = client.get("/recognitions/?q=HZDW").content.decode()
        assert client.get("/recognitions/").status_code == 200
    assert page
    with django_assert_max_num_queries(len(few)):
        client.get("/recognitions/")
    assert len(many)


def test_what_ran_out_stands_under_its_own_tab_and_a_number_is_found_by_its_beginning(client: Client) -> None:
    of = office()
    over = recognition(of, holder(of)[1], first_day=ago(800), decided_on=ago(800))
    runs = recognition(of, holder(of)[1], first_day=ago(700), decided_on=ago(700))
    log_in(client, of.clerk)
    for query, there, gone in (("tab=running", runs, over), ("tab=expired", over, runs)):
        page = client.get(f"/recognitions/?{query}").content.decode()
        assert there.organisation.name in page and gone.organisation.name not in page, query
    page = client.get(f"/recognitions/?q={over.certificate_no[:-1].lower()}").content.decode()
    assert over.organisation.name in page


def test_an_act_that_the_page_does_not_know_is_refused_in_words() -> None:
    of = office()
    row = recognition(of, holder(of)[1])
    client = log_in(Client(), of.clerk)
    for path, words in (
        (f"/recognitions/{row.pk}/", {"do": "explode"}),
        ("/recognitions/", {"action": "explode"}),
    ):
        answer = client.post(path, words)
        assert answer.status_code == 400, path
        assert "这一页没有这项操作" in answer.content.decode(), path
    row.refresh_from_db()
    assert row.state == "valid"
