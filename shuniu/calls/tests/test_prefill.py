"""What the platform knows is not asked again: the contact, the people, what an earlier application said."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from shuniu.calls.actions import apply
from shuniu.calls.models import Application, Call
from shuniu.calls.queries import prefill
from shuniu.calls.queries.public import receipt
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.registry import actions as registry
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


def begun(who: Who, call: Call, n: int) -> Application:
    category = call.categories.all()[n]
    return apply.start(by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now())


@pytest.mark.feature("C4")
@pytest.mark.feature("A14")
def test_people_come_from_the_registry_then_from_what_was_handed_in_last() -> None:
    of = cast.office()
    call, who = cast.published_call(of), cast.applicant(of)
    assert begun(who, call, 0).draft["people"] == {}, "nobody knows anything"
    registry.add_fact(
        by=of.clerk, organisation=cast.organisation_of(who), kind="staff", basis="社保缴费名单",
        values={"full_time": 7, "part_time": 2, "specialists": 3}, as_of=dt.date(2024, 3, 1),
    )  # fmt: skip
    second = begun(who, call, 1)
    assert second.draft["people"] == {"full_time": 7, "part_time": 2, "certified": 3}
    assert "社保缴费名单，2024-03-01" in prefill.origin(second, "people")
    page = log_in(Client(), who).get(f"/apply/{second.pk}/people/").content.decode()
    assert "社保缴费名单" in page and 'value="7"' in page
    registry.add_fact(
        by=of.clerk, organisation=cast.organisation_of(who), kind="scope", basis="登记证书",
        values={"text": "职工心理健康服务、婚姻家庭辅导"},
    )  # fmt: skip
    page = log_in(Client(), who).get(f"/apply/{second.pk}/directions/").content.decode()
    assert "登记的业务范围：职工心理健康服务、婚姻家庭辅导（来源：" in page
    cast.hand_in(who, cast.fill(who, second))
    third = begun(who, call, 2)
    assert (third.draft["people"]["full_time"], third.draft["people"]["certified"]) == (11, 6)
    assert second.category.label in prefill.origin(third, "people")
    apply.save_section(by=who, application_id=third.pk, section="people", values={"full_time": 12})
    third.refresh_from_db()
    assert prefill.origin(third, "people") == "", "what was typed comes from nowhere else"


@pytest.mark.feature("C6")
def test_a_receipt_is_verified_by_number_and_digest_together(client: Client) -> None:
    of = cast.office()
    call, who = cast.published_call(of), cast.applicant(of)
    made = cast.submitted_application(who, call)
    assert made.number is not None
    digest = made.submissions.get().digest
    assert receipt(call, made.number, digest[:12]) == made.submissions.get()
    for number, check in (
        ("\x00", "\x00" * 12),
        (made.number, ""),
        (made.number, digest[:11]),
        (made.number, "f" * 12),
        ("SB", digest[:12]),
    ):
        assert receipt(call, number, check) is None
    page = client.get(f"/notices/{call.pk}/", {"receipt": made.number, "check": digest[:12]}).content.decode()
    assert f"回执 {made.number} 属实" in page and made.organisation.name not in page


@pytest.mark.feature("C2")
def test_the_task_list_says_what_was_filled_in_and_what_is_begun(client: Client) -> None:
    of = cast.office()
    call, who = cast.published_call(of), cast.applicant(of)
    made = begun(who, call, 0)
    log_in(client, who)
    page = client.get(f"/apply/{made.pk}/").content.decode()
    assert "还缺 4 份必交材料" in page
    cast.fill(who, made)
    material = made.materials.select_related("attachment").first()
    assert material is not None
    page = client.get(f"/apply/{made.pk}/").content.decode()
    before = page.count("进行中")
    assert made.category.directions[0]["label"] in page and "4 份" in page
    assert client.post(f"/apply/{made.pk}/materials/{material.pk}/remove/").status_code == 303
    page = client.get(f"/apply/{made.pk}/").content.decode()
    assert "还缺 1 份必交材料" in page and page.count("进行中") == before + 1, (
        "begun is not the same as not begun"
    )
    assert "还没有上传" in client.get(f"/apply/{made.pk}/check/").content.decode()


def test_a_form_that_names_no_row_is_told_so(client: Client) -> None:
    of = cast.office()
    call, who = cast.published_call(of), cast.applicant(of)
    made = begun(who, call, 0)
    log_in(client, who)
    item = call.materials.values_list("pk", flat=True)[0]
    for url, data in (
        (f"/apply/{made.pk}/materials/", {"item": "abc"}),
        (f"/apply/{made.pk}/materials/reuse/", {"item": str(item), "attachment": "x"}),
    ):
        assert client.post(url, data).status_code == 404


@pytest.mark.feature("C3")
def test_the_reason_beyond_the_limit_can_be_mended_like_any_other_part(client: Client) -> None:
    of = cast.office()
    call, who = cast.published_call(of), cast.applicant(of)
    for n in range(3):
        begun(who, call, n)
    category = call.categories.all()[3]
    made = apply.start(
        by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now(), override_reason="四类服务都开展了三年"
    )  # fmt: skip
    assert "/limit/" not in log_in(client, who).get(f"/apply/{made.pk - 1}/check/").content.decode()
    page = client.get(f"/apply/{made.pk}/check/").content.decode()
    assert f"/apply/{made.pk}/limit/?next=check#id_reason" in page and page.count("四类服务都开展了三年") == 1
    url = f"/apply/{made.pk}/limit/"
    assert client.post(url, {"reason": " "}).status_code == 422
    answer = client.post(url, {"reason": "五类服务都开展了三年", "next": "check"})
    assert answer["Location"] == f"/apply/{made.pk}/check/"
    made.refresh_from_db()
    assert made.override_reason == "五类服务都开展了三年"
