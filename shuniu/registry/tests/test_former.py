"""A1: a record keeps the codes and names of before, with day and basis, and is found by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from shuniu.foundation.access import Refused
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui import slots
from shuniu.registry import actions, queries
from shuniu.registry.models import FormerCode
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_pages import browser

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A1")]

UNTIL = dt.date(2026, 3, 31)


def test_a_changed_code_finds_the_record_and_says_so() -> None:
    clerk = make.staff(make.union())
    old, new = make.code(), make.code("53379900")
    row = make.organisation(clerk, "望海市晨星服务中心", code=old)
    client = browser(clerk)
    sent = {"what": "change", "text": new.lower(), "until": "2026.3.31", "basis": "换发的登记证书"}
    assert client.post(f"/organisations/{row.pk}/former/", sent).status_code == 303
    row.refresh_from_db()
    assert (row.code, row.legal_type) == (new, "foundation")
    former = FormerCode.objects.get()
    assert (former.code, former.until, former.basis) == (old, UNTIL, "换发的登记证书")
    assert queries.organisation_by_code(old) == queries.organisation_by_code(new) == row
    page = client.get(f"/organisations/{row.pk}/").content.decode()
    assert old in page
    assert "换发的登记证书" in page
    listed = client.get("/organisations/", {"q": old}).content.decode()
    assert f"曾用代码 {old}" in listed
    assert "曾用代码" not in client.get("/organisations/", {"q": new}).content.decode()
    assert f"曾用代码 {old}" in slots.found_for(clerk, old)[0].hint
    assert slots.found_for(clerk, new)[0].hint == new
    assert timeline(row)[0].verb == "change_code"


def test_names_and_numbers_of_before_are_put_on_record() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk, "望海市晨星服务中心")
    actions.record_former_name(by=clerk, organisation=row, name="望海市启明小组", until=UNTIL, basis="旧章程")
    actions.record_former_code(
        by=clerk, organisation=row, code="民证字第00123号", until=UNTIL, basis="旧证书", evidence=make.paper()
    )
    client = browser(clerk)
    assert "曾用名“望海市启明小组”" in client.get("/organisations/", {"q": "启明"}).content.decode()
    page = client.get(f"/organisations/{row.pk}/").content.decode()
    assert "民证字第00123号" in page
    assert "/files/" in page
    renamed = actions.state_profile(
        by=clerk, organisation=row, values={"name": "望海市新星服务中心"}, basis="公告"
    )
    assert renamed.values == {"name": "望海市新星服务中心"}
    assert row.former_names.get(name="望海市晨星服务中心").basis == "工会核验：公告"


@pytest.mark.refusal("registry.former_until")
@pytest.mark.refusal("registry.former_code")
@pytest.mark.refusal("registry.former_taken")
@pytest.mark.refusal("registry.former_same")
@pytest.mark.refusal("registry.former_there")
@pytest.mark.refusal("registry.no_code_yet")
def test_what_cannot_be_recorded() -> None:
    city = make.union()
    clerk = make.staff(city)
    row, other = make.organisation(clerk), make.organisation(clerk)
    bare = actions.register_candidate(by=clerk, union=city, name="望海市骑手互助组", basis="走访")
    assert row.code and other.code
    given: dict[str, Any] = {"by": clerk, "organisation": row, "until": UNTIL, "basis": "证书"}
    actions.record_former_code(**given, code="A123456")
    actions.record_former_name(**given, name="旧名")

    def refused(act: Callable[..., object], **more: object) -> str:
        with pytest.raises(Refused) as problem:
            act(**(given | more))
        assert "{" not in problem.value.verdict.reason
        return problem.value.verdict.code

    tomorrow = clock.today() + dt.timedelta(days=1)
    assert refused(actions.record_former_name, name="更旧名", until=tomorrow) == "registry.former_until"
    assert refused(actions.record_former_code, code="123") == "registry.former_code"
    assert refused(actions.record_former_code, code=other.code) == "registry.former_taken"
    assert refused(actions.record_former_code, organisation=other, code="A123456") == "registry.former_taken"
    assert refused(actions.record_former_code, code=row.code) == "registry.former_same"
    assert refused(actions.record_former_name, name=row.name) == "registry.former_same"
    assert refused(actions.change_code, code=row.code) == "registry.former_same"
    assert refused(actions.record_former_name, name="旧名") == "registry.former_there"
    assert refused(actions.record_former_code, code="a123456") == "registry.former_there"
    assert refused(actions.change_code, organisation=bare, code=make.code()) == "registry.no_code_yet"
    assert refused(actions.change_code, code=other.code) == "registry.exists"
    code = make.code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert refused(actions.change_code, code=wrong) == "registry.code"
    assert (
        refused(actions.record_former_name, name="更旧名", by=make.staff(city, "leader")) == "registry.clerk"
    )


def test_only_the_clerk_of_the_keeping_union_gets_the_form() -> None:
    city = make.union()
    keeper = make.staff(make.union("望海市东港区总工会", parent=city))
    row = make.organisation(keeper)
    path = f"/organisations/{row.pk}/former/"
    assert browser(keeper).get(path).status_code == 200
    assert path in browser(keeper).get(f"/organisations/{row.pk}/").content.decode()
    parent = browser(make.staff(city))
    assert parent.get(path).status_code == 409
    assert path not in parent.get(f"/organisations/{row.pk}/").content.decode()
    assert browser(make.staff(make.union("邻海市总工会"))).get(path).status_code == 404
    wrong = browser(keeper).post(
        path, {"what": "change", "text": "123", "until": "2026-3-31", "basis": "证书"}
    )
    assert wrong.status_code == 422
    assert "18" in wrong.content.decode()
