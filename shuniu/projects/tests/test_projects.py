"""项目: registered by the union, frozen with a digest, honoured, paid for; strangers see nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.foundation.ui import slots
from shuniu.funds.tests.cast import treasury
from shuniu.projects import actions
from shuniu.projects.models import FactSheet, Project
from shuniu.recognition.actions import honours
from shuniu.recognition.models import Honour
from shuniu.recognition.tests.cast import Office, holder, office, refused
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.unions.tests.cast import log_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F2")]


def project(of: Any, organisation: Organisation, **values: Any) -> Project:
    """A project of last year, completed, by the action."""
    given: dict[str, Any] = {
        "name": "职工心理驿站", "leader": "何主任", "starts_on": dt.date(2025, 3, 1),
        "completed_on": dt.date(2025, 12, 1), "contract_no": "HT-1", "amount_fen": 5_000_000,
    } | values  # fmt: skip
    return actions.register(by=of.clerk, union=of.union, organisation=organisation, values=given)


def cast() -> tuple[Office, Organisation]:
    of = office()
    return of, holder(of)[1]


@pytest.mark.refusal("projects.clerk_only")
@pytest.mark.refusal("projects.twice")
@pytest.mark.refusal("projects.days")
@pytest.mark.refusal("projects.future")
@pytest.mark.refusal("projects.one_end")
@pytest.mark.refusal("projects.amount")
def test_what_is_registered_holds_together() -> None:
    of, a = cast()
    row = project(of, a)
    assert row.state == "completed" and row.key == f"projects.project:{row.pk}"
    with refused("projects.clerk_only"):
        actions.register(by=of.leader, union=of.union, organisation=a, values={"name": "x"})
    with refused("projects.twice"):
        project(of, a)
    with refused("projects.days"):
        project(of, a, name="另一个", ends_on=dt.date(2024, 1, 1))
    with refused("projects.future"):
        project(of, a, name="另一个", completed_on=clock.today() + dt.timedelta(days=1))
    with refused("projects.one_end"):
        project(of, a, name="另一个", terminated_on=dt.date(2025, 5, 1))
    with refused("projects.amount"):
        project(of, a, name="另一个", amount_fen=-1)


def test_a_frozen_sheet_stays_and_is_the_same_while_nothing_changes() -> None:
    of, a = cast()
    row = project(of, a)
    first = actions.freeze(by=of.clerk, project_id=row.pk, purpose="推荐评优")
    assert actions.freeze(by=of.clerk, project_id=row.pk, purpose="再次") == first
    actions.change(by=of.clerk, project_id=row.pk, values={"amount_fen": 6_000_000})
    second = actions.freeze(by=of.clerk, project_id=row.pk, purpose="再次")
    assert (second.number, first.facts["amount_fen"], second.facts["amount_fen"]) == (2, 5_000_000, 6_000_000)
    subject = actions.subject_of(first)
    assert subject.digest == first.digest != second.digest and subject.key == row.key
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        FactSheet.objects.filter(pk=first.pk).update(digest="0" * 64)
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        connection.cursor().execute("DELETE FROM projects_factsheet")


@pytest.mark.feature("F3")
@pytest.mark.feature("F4")
def test_a_result_from_above_raises_the_subsidy_of_the_project() -> None:
    t = treasury()
    row = project(t.of, t.organisation)
    t.honour("city", subject=row.key)
    assert t.settle(t.subsidy(row.key)).amount_fen == 1_000_000  # type: ignore[union-attr]
    made = actions.record_result(
        by=t.of.clerk, project_id=row.pk,
        proof=factories.paper("表彰文件"), award=honours.Award(
            "province", "全省优秀项目", "海东省总工会", "海工发〔2026〕7号", clock.today(), leader=row.leader,
        ),
    )  # fmt: skip
    assert made.subject_key == row.key and made.subject_facts["contract_no"] == "HT-1"
    honours.confirm(by=t.of.checker, honour_id=made.pk)
    more = t.settle(t.subsidy(row.key))
    assert more is not None and more.amount_fen == 2_000_000, "both unpaid: one payment of the highest"
    page = text(log_in(Client(), t.of.clerk).get(f"/projects/{row.pk}/"))
    assert "全省优秀项目" in page and "¥20,000.00" in page


def test_pages_of_the_clerk_the_organisation_and_strangers() -> None:
    of, other = office(), office("邻海市总工会")
    owner, a = holder(of)
    stranger, _ = holder(of)
    clerk = log_in(Client(), of.clerk)
    assert "还没有项目" in text(clerk.get("/projects/"))
    sent = {"code": a.code, "name": "班组安全课堂", "starts_on": "2026-03-01", "amount_fen": "30,000"}
    assert clerk.post("/projects/new/", sent | {"code": "错"}).status_code == 422
    assert clerk.post("/projects/new/", sent).status_code == 303
    row = Project.objects.get()
    path = f"/projects/{row.pk}/"
    assert row.amount_fen == 3_000_000 and "班组安全课堂" in text(log_in(Client(), owner).get(path))
    for outsider in (stranger, other.clerk):
        assert log_in(Client(), outsider).get(path).status_code == 404
    assert log_in(Client(), other.clerk).get(f"{path}edit/").status_code == 404
    assert clerk.post(path, {"do": "freeze"}).status_code == 303 and row.sheets.count() == 1
    assert clerk.post(path, {"do": "explode"}).status_code == 400
    result: dict[str, Any] = {
        "do": "result", "level": "national", "title": "全国优秀项目", "granted_by": "中华全国总工会",
        "decision": "总工发〔2026〕2号", "awarded_on": f"{clock.today()}", "document_key": "",
    }  # fmt: skip
    assert clerk.post(path, result).status_code == 422, "without its paper"
    result["proof"] = SimpleUploadedFile("表彰.pdf", samples.pdf(note="表彰"))
    assert clerk.post(path, result).status_code == 303
    assert Honour.objects.get().subject_key == row.key
    assert any(p.title == "项目" for p in slots.panels_for(of.clerk, a))
    assert [f.label for f in slots.found_for(of.clerk, "班组安全") if f.group == "项目"] == ["班组安全课堂"]


def test_of_two_who_save_at_once_the_second_sees_both() -> None:
    of, a = cast()
    row = project(of, a)
    client = log_in(Client(), of.clerk)
    page = text(client.get(f"/projects/{row.pk}/edit/"))
    seen = page.split('name="seen" value="')[1].split('"')[0].replace("&quot;", '"')
    given = {"name": "改名", "starts_on": "2025-03-01", "completed_on": "2025-12-01", "seen": seen}
    assert client.post(f"/projects/{row.pk}/edit/", given).status_code == 303
    again = client.post(f"/projects/{row.pk}/edit/", given | {"name": "另改"})
    assert again.status_code == 409 and "改名" in text(again) and "另改" in text(again)
    row.refresh_from_db()
    assert row.name == "改名"


def test_the_list_asks_as_often_for_one_row_as_for_thirty(django_assert_max_num_queries: Any) -> None:
    of, a = cast()
    project(of, a)
    client = log_in(Client(), of.clerk)
    client.get("/projects/")
    with django_assert_max_num_queries(60) as few:
        client.get("/projects/")
    for n in range(30):
        project(of, a, name=f"项目{n}")
    with django_assert_max_num_queries(len(few)):
        client.get("/projects/")
