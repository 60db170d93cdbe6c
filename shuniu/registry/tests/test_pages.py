"""Pages: owner sees, colleague may, stranger gets 404; forms keep what was typed; constant queries."""

from __future__ import annotations

import datetime as dt
import html
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from shuniu.foundation.access import Who
from shuniu.foundation.files.tests import samples
from shuniu.registry import actions, queries
from shuniu.registry.actions import imports
from shuniu.registry.models import FACTS, Import, ImportState, Organisation, Source
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_excel import HEADER, read, workbook

pytestmark = pytest.mark.django_db


def browser(who: Who) -> Client:
    """A client that is logged in under the hat of `who`."""
    client = Client()
    assert who.person is not None
    client.force_login(who.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["hat"] = who.hat.key if who.hat else ""
    session.save()
    return client


def pdf(name: str = "证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.pdf(note=name), content_type="application/pdf")


# --- who sees what ----------------------------------------------------------------------------------


@pytest.mark.feature("A11")
def test_a_parent_union_reads_a_sibling_and_a_stranger_do_not() -> None:
    city = make.union()
    east, west = (make.union(f"望海市{name}总工会", parent=city) for name in ("东港区", "北屏区"))
    owner = make.staff(east)
    row = make.organisation(owner, "望海市东港区暖阳服务中心")
    other = make.organisation(owner)
    path = f"/organisations/{row.pk}/"
    for who, status in (
        (owner, 200), (make.staff(east, "leader"), 200), (make.staff(city, "checker"), 200),
        (make.staff(west), 404), (make.staff(east, "sys_admin"), 403), (make.staff(east, "expert"), 403),
        (make.member(other), 403),
    ):  # fmt: skip
        assert browser(who).get(path).status_code == status, who.hat
    assert "暖阳" in browser(owner).get("/organisations/").content.decode()
    assert "暖阳" in browser(make.staff(city)).get("/organisations/").content.decode()
    assert "暖阳" not in browser(make.staff(west)).get("/organisations/").content.decode()
    assert Client().get(path).status_code in {302, 401}


@pytest.mark.feature("A14")
def test_an_organisation_sees_itself_and_no_other() -> None:
    clerk = make.staff(make.union())
    row, other = make.organisation(clerk), make.organisation(clerk)
    fact = actions.add_fact(by=clerk, organisation=other, kind="staff", values={"full_time": 3}, basis="名单")
    owner, colleague, stranger = make.member(row), make.member(row, "org_member"), make.member(other)
    for who in (owner, colleague):
        page = browser(who)
        assert row.name in page.get("/org/").content.decode()
        for path in ("/org/info/", "/org/members/", "/org/materials/", f"/organisations/{row.pk}/profile/"):
            assert page.get(path).status_code == 200, path
        assert page.get(f"/organisations/{other.pk}/profile/").status_code == 404
        assert page.get(f"/organisations/{other.pk}/facts/staff/{fact.pk}/").status_code == 404
        assert page.get(f"/organisations/{row.pk}/facts/staff/{fact.pk}/").status_code == 404
    assert browser(stranger).get(f"/organisations/{other.pk}/facts/staff/{fact.pk}/").status_code == 200
    assert browser(clerk).get("/org/").status_code == 403


@pytest.mark.feature("A14")
def test_a_file_is_served_to_its_own_people_and_their_union() -> None:
    city = make.union()
    clerk = make.staff(city)
    row, other = make.organisation(clerk), make.organisation(clerk)
    owner = make.member(row)
    client = browser(owner)
    assert client.post("/org/materials/", {"file": pdf()}).status_code == 303
    from shuniu.foundation.files.models import Attachment

    file = Attachment.objects.get(owner=f"registry.organisation:{row.pk}")
    assert client.get(f"/org/materials/{file.pk}/").status_code == 200
    assert browser(clerk).get(f"/organisations/{row.pk}/files/{file.pk}/").status_code == 200
    stranger = browser(make.member(other))
    assert stranger.get(f"/org/materials/{file.pk}/").status_code == 404
    assert stranger.get(f"/organisations/{row.pk}/files/{file.pk}/").status_code == 404
    assert stranger.post(f"/org/materials/{file.pk}/remove/").status_code == 404
    assert client.post(f"/org/materials/{file.pk}/remove/").status_code == 303
    assert "最近移出" in client.get("/org/materials/").content.decode()
    assert client.post(f"/org/materials/{file.pk}/restore/").status_code == 303


# --- unions -----------------------------------------------------------------------------------------


@pytest.mark.feature("A1")
def test_registering_by_form_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    clerk = make.staff(make.union())
    client, code = browser(clerk), make.code()
    typed = {
        "code": code[:-1] + ("0" if code[-1] != "0" else "1"),
        "name": "望海市甲中心",
        "basis": "登记证书副本",
        "registered_on": "2019.3.5",
    }
    answer = client.post("/organisations/new/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "错误：" in text
    assert "校验位" in text
    assert "望海市甲中心" in text
    answer = client.post("/organisations/new/", typed | {"code": f"　{code.lower()} "})
    row = Organisation.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/organisations/{row.pk}/")
    assert row.registered_on == dt.date(2019, 3, 5)
    assert client.post("/organisations/new/", typed | {"code": code}).status_code == 422


@pytest.mark.feature("A2")
def test_facts_by_form_with_source_on_the_page() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    owner, client = make.member(row), browser(clerk)
    base = f"/organisations/{row.pk}/facts"
    typed = {
        "name": "职工心理服务", "client_kind": "union", "client": "望海市总工会", "year": "２０２４",
        "amount_fen": "128,000.50", "headcount": "3200", "result": "验收合格", "category_hint": "", "basis": "合同",
        "as_of": "", "evidence": pdf("合同.pdf"),
    }  # fmt: skip
    assert browser(owner).post(f"{base}/project/new/", typed).status_code == 303
    fact = queries.snapshot(row, dt.date(2999, 1, 1)).rows["project"][0]
    assert (fact.source, fact.amount_fen, fact.year) == (Source.SELF_REPORTED, 12800050, 2024)  # type: ignore[attr-defined]
    page = client.get(f"/organisations/{row.pk}/").content.decode()
    assert "¥128,000.50" in page
    assert "自报，未核验" in page
    one = f"{base}/project/{fact.pk}/"
    assert "核验" in client.get(one).content.decode()
    answer = client.post(f"{one}verify/", {"basis": "合同原件"})
    assert answer.status_code == 303
    assert "工会核验：合同原件" in client.get(answer.headers["Location"]).content.decode()
    assert "已被更正取代" in client.get(one).content.decode()
    bad = client.post(
        f"{base}/rating/new/", {"grade": "4A", "valid_from": "去年", "valid_to": "2028年12月31日"}
    )
    assert bad.status_code == 422
    assert "不是完整的日期" in bad.content.decode()
    assert client.get(f"{base}/nonsense/new/").status_code == 404


@pytest.mark.parametrize(
    "path", ["profile/", "status/", "merge/", "pinyin/", *(f"facts/{k}/new/" for k in FACTS)]
)
def test_every_form_opens_and_an_empty_one_is_refused_in_words(path: str) -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    client = browser(clerk)
    assert client.get(f"/organisations/{row.pk}/{path}").status_code == 200
    answer = client.post(f"/organisations/{row.pk}/{path}", {})
    assert answer.status_code == 422
    assert "没有填写" in answer.content.decode()


@pytest.mark.feature("A15")
@pytest.mark.feature("Q1")
def test_the_list_is_searched_filtered_and_exported_as_seen() -> None:
    clerk = make.staff(make.union())
    first = make.organisation(clerk, "望海市晨曦职工心理关爱中心")
    make.organisation(clerk, "望海市启航职业技能促进会", code=make.code("51379900"))
    actions.add_fact(
        by=clerk, organisation=first, kind="rating", basis="公告",
        values={"grade": "4A", "valid_from": dt.date(2024, 1, 1), "valid_to": dt.date(2028, 12, 31)},
    )  # fmt: skip
    client = browser(clerk)
    for query in ("q=晨曦", "q=晨曦　心理", "q=cxzg", f"q={first.code}", "type=service", "rating=3A%2B"):
        text = client.get(f"/organisations/?{query}").content.decode()
        assert "晨曦" in text, query
        assert "启航" not in text, query
    answer = client.get("/organisations/?type=service&export=1")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [str(c) for c in sheet[2][:2]] == ["名称", "统一社会信用代码"]
    assert [r[0] for r in sheet[3:]] == ["望海市晨曦职工心理关爱中心"]
    assert sheet[3][1] == first.code
    actions.state_profile(
        by=clerk, organisation=first, values={"name": "望海市朝霞关爱中心"}, basis="变更登记"
    )
    told = "曾用名“望海市晨曦职工心理关爱中心”"
    assert told in html.unescape(client.get("/organisations/?q=晨曦").content.decode())
    answer = client.get("/organisations/?q=晨曦&export=1")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert told in str(sheet[3][0]), "the export says what the page says"


@pytest.mark.parametrize(
    "path", ["/organisations/", "/organisations/?q=望海", "/organisations/?rating=none&sort=-code"]
)
def test_the_list_makes_as_many_queries_for_thirty_rows_as_for_one(path: str) -> None:
    clerk = make.staff(make.union())
    client = browser(clerk)
    make.organisation(clerk, "望海市第零服务中心")
    client.get(path)
    counts = []
    for more in (0, 29):
        for _ in range(more):
            make.organisation(clerk)
        with CaptureQueriesContext(
            connection,
        ) as queries_made:
            client.get(path)
        counts.append([q["sql"] for q in queries_made if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])
    assert len(counts[0]) == len(counts[1])
    assert len(counts[0]) <= 12, counts[0]


@pytest.mark.feature("A13")
def test_the_import_in_the_browser() -> None:
    clerk = make.staff(make.union())
    client, code = browser(clerk), make.code()
    assert client.get("/organisations/imports/").status_code == 200
    assert client.get("/organisations/imports/template/").content.startswith(b"PK")
    content = workbook([HEADER, [1, code, "甲中心", "2021.3.5"], [2, code[:-2], "乙中心", ""]])
    file = SimpleUploadedFile("名单.xlsx", content)
    assert client.post("/organisations/imports/", {"file": file}).status_code == 422
    file.seek(0)
    sent = {"file": file, "source_detail": "民政局名单", "as_of": "2026-10-31"}
    answer = client.post("/organisations/imports/", sent)
    assert answer.status_code == 303
    batch = Import.objects.get()
    path = answer.headers["Location"]
    assert "正在读取" in client.get(path).content.decode()
    imports.read_import(import_id=batch.pk)
    text = client.get(path).content.decode()
    assert "B3" in text
    assert "应为 18 位" in text
    assert "确认写入 1 行" in text
    assert client.get(f"{path}errors/").content.startswith(b"PK")
    assert browser(make.staff(make.union("望海市北屏区总工会"))).get(path).status_code == 404
    assert client.post(f"{path}confirm/").status_code == 303
    imports.write_import(by=clerk, import_id=batch.pk)
    assert Organisation.objects.get().code == code
    assert client.post(f"{path}confirm/").status_code == 409
    batch.refresh_from_db()
    assert batch.state == ImportState.DONE


def test_a_discarded_list_changes_nothing() -> None:
    clerk = make.staff(make.union())
    batch = read(clerk, workbook([["统一社会信用代码", "名称"], [make.code(), "甲"]]))
    assert browser(clerk).post(f"/organisations/imports/{batch.pk}/discard/").status_code == 303
    assert not Organisation.objects.exists()
