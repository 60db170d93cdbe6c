"""Pages of surveys: three screens without an account, the office's, the rated's."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.foundation.papers import sheets as excel
from shuniu.foundation.ui import slots
from shuniu.surveys import actions, sheets
from shuniu.surveys.models import Answer, Callback, Entry, Survey
from shuniu.surveys.tests.cast import draft, office, opened, rate, rated, refused
from shuniu.unions.tests.cast import log_in, text

pytestmark = pytest.mark.django_db


@pytest.mark.feature("J2")
def test_u37_three_screens_one_ticket_one_rating_and_nobody_is_named(client: Client) -> None:
    of = office()
    owner, org = rated(of)
    it = opened(of, org, people=6)
    here = f"/t/{it.codes[0]}/"
    first = client.get(here)
    assert (
        first.status_code == 200
        and first["X-Robots-Tag"] == "noindex"
        and first["Referrer-Policy"] == "strict-origin"
    )
    words = re.findall(r'href="\?level=(\d)">(\w+)<', text(first))
    assert words == [("5", "非常满意"), ("4", "满意"), ("3", "基本满意"), ("2", "不满意"), ("1", "很不满意")]
    second = text(client.get(f"{here}?level=2"))
    assert "哪些地方不满意" in second and "服务态度" in second and "电话" in second
    assert "哪些地方不满意" not in text(client.get(f"{here}?level=4"))
    refused_ = client.post(here, {"level": "2", "comment": "等了两个月"})
    assert (
        refused_.status_code == 422 and "请至少选择一个" in text(refused_) and "等了两个月" in text(refused_)
    )
    sent = {
        "level": "2",
        "reasons": ["服务态度", "响应速度"],
        "comment": "等了两个月",
        "phone": "１３９０００００１２３",
    }
    assert client.post(here, sent).status_code == 303
    assert "已评价" in text(client.get(here))
    again = client.post(here, sent)
    assert again.status_code == 409 and "已评价" in text(again)
    assert "sessionid" not in client.cookies, "nothing is kept of who answered"
    assert Answer.objects.count() == 1 and Callback.objects.get().phone == "13900000123"
    log_in(client, of.clerk)
    before = text(client.get(f"/surveys/{it.row.pk}/"))
    assert "等了两个月" not in before and "1/6" in before
    for code in it.codes[1:5]:
        rate(code, 5)
    actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    after = text(client.get(f"/surveys/{it.row.pk}/"))
    assert "等了两个月" in after and "4/5，80.00%" in after
    assert not any(e.name in after for e in Entry.objects.all()) and "13900000123" not in after
    due = it.row.items.get(reason="服务态度").due.isoformat()
    assert due in after and due in text(client.get(f"/surveys/items/{it.row.items.all()[0].pk}/"))
    log_in(client, owner)
    own = text(client.get(f"/own-surveys/{it.row.pk}/"))
    assert "4/5，80.00%" in own and due in own
    assert "等了两个月" not in own and "13900000123" not in own and "职工1" not in own


def test_a_code_can_be_typed_and_a_wrong_one_says_what_to_do(client: Client) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=1)
    code = it.codes[0]
    typed = "-".join([code[:4], code[4:8], code[8:12], code[12:]]).lower()
    answer = client.post("/t/", {"code": typed})
    assert answer.status_code == 303 and answer["Location"] == f"/t/{code}/"
    assert client.post("/t/", {"code": "ABCD"}).status_code == 422 and client.get("/t/").status_code == 200
    wrong = client.get(f"/t/{'A' * 16}/")
    assert wrong.status_code == 404 and "请核对票码" in text(wrong)
    for level in ("", "9", "x", "0"):
        assert client.post(f"/t/{code}/", {"level": level}).status_code == 422
    assert not Answer.objects.exists()
    actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    assert (
        "已于" in text(client.get(f"/t/{code}/"))
        and client.post(f"/t/{code}/", {"level": "5"}).status_code == 409
    )


@pytest.mark.feature("J1")
@pytest.mark.feature("J4")
@pytest.mark.refusal("surveys.slips_many")
def test_the_office_prepares_opens_makes_tickets_and_counts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = office()
    org = rated(of)[1]
    log_in(client, of.clerk)
    form = {
        "code": org.code, "title": "技能培训满意度测评", "conductor": "third", "conductor_name": "", "population": "40",
        "sampling": "random", "formula": "satisfied", "reasons": "服务态度\n服务效果", "due_days": "10", "ends_on": "2099-01-01",
    }  # fmt: skip
    bad = client.post("/surveys/new/", form)
    assert bad.status_code == 422 and "写明第三方的名称" in text(bad)
    made = client.post("/surveys/new/", form | {"conductor_name": "望海民意调查中心"})
    row = Survey.objects.get()
    assert made["Location"] == f"/surveys/{row.pk}/roster/"
    roster = f"/surveys/{row.pk}/roster/"
    assert client.post(roster, {"do": "add", "people": "张三，一车间\n李四\n\n"}).status_code == 303
    assert client.post(roster, {"do": "add", "people": "，一车间"}).status_code == 422
    body = excel.write_table(
        title="测评名单", columns=sheets.ROSTER, template_id=sheets.ROSTER_ID,
        rows=[{"name": "王五", "workplace": "二车间"}, {"name": "赵六", "workplace": ""}],
    )  # fmt: skip
    assert client.post(roster, {"do": "import", "file": _upload(body)}).status_code == 303
    assert row.entries.count() == 4
    gone = row.entries.get(name="李四").pk
    assert client.post(roster, {"do": "remove", "entry": [gone]}).status_code == 303
    assert client.post(f"/surveys/{row.pk}/", {"do": "open"}).status_code == 303
    assert client.get(f"/surveys/{row.pk}/edit/").status_code == 409
    monkeypatch.setattr("shuniu.surveys.rules.SLIPS", 2)
    assert "请制链接清单" in text(client.post(f"/surveys/{row.pk}/tickets/", {"as": "slips"}))
    monkeypatch.undo()
    slips = client.post(f"/surveys/{row.pk}/tickets/", {"as": "slips"})
    assert slips["Content-Type"] == "application/pdf" and "no-store" in slips["Cache-Control"]
    assert client.post(f"/surveys/{row.pk}/tickets/", {"as": "links"}).status_code == 422
    links = client.post(f"/surveys/{row.pk}/tickets/", {"as": "links", "reason": "改用链接"})
    assert links.status_code == 200 and links.content[:2] == b"PK"
    assert client.post(roster, {"do": "give_all"}).status_code == 303
    assert row.entries.filter(given_on=None).count() == 0
    page = text(client.get(f"/surveys/{row.pk}/"))
    assert "第三方组织（望海民意调查中心）" in page and "作废 3 张" in page
    assert client.post(f"/surveys/{row.pk}/", {"do": "close", "reason": ""}).status_code == 422
    assert client.post(f"/surveys/{row.pk}/", {"do": "close", "reason": "试"}).status_code == 303
    assert client.get(f"/surveys/{row.pk}/result.pdf").status_code == 409
    actions.issue_evidence(survey_id=row.pk)
    for part in ("roster", "form", "result"):
        assert client.get(f"/surveys/{row.pk}/{part}.pdf")["Content-Type"] == "application/pdf"
    assert client.get(f"/surveys/{row.pk}/other.pdf").status_code == 404
    assert "技能培训满意度测评" in text(client.get("/surveys/"))
    assert client.post(f"/surveys/{row.pk}/", {"do": "explode"}).status_code == 400


def _upload(body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.xlsx", body)


@pytest.mark.feature("J2")
def test_paper_sheets_are_keyed_in_imported_and_marked(client: Client) -> None:
    of = office()
    it = opened(of, rated(of)[1], people=5)
    log_in(client, of.clerk)
    here = f"/surveys/{it.row.pk}/paper/"
    key = {"do": "key", "code": it.codes[0], "level": "2", "reasons": ["服务态度"], "comment": ""}
    assert client.post(here, key).status_code == 303
    twice = client.post(here, key)
    assert twice.status_code == 422 and "已经评价过" in text(twice)
    rows = [
        {"code": it.codes[1], "level": "满意", "reasons": "", "comment": "不错"},
        {"code": it.codes[2], "level": "不满意", "reasons": "服务态度、服务效果"},
        {"code": it.codes[3], "level": "无效"},
    ]  # fmt: skip
    bad = client.post(
        here, {"do": "import", "file": _upload(_paper([*rows, {"code": it.codes[0], "level": "满意"}]))}
    )
    assert bad.status_code == 422 and "第 4 份" in text(bad) and Answer.objects.count() == 1
    assert client.post(here, {"do": "import", "file": _upload(_paper(rows))}).status_code == 303
    made = actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    assert made.channels == {"paper": 1, "import": 3} and made.valid == 3
    assert "其中纸质 4 份" in text(client.get(f"/surveys/{it.row.pk}/"))


def _paper(rows: list[dict[str, Any]]) -> bytes:
    return excel.write_table(title="纸质测评票", columns=sheets.PAPER, rows=rows, template_id=sheets.PAPER_ID)


@pytest.mark.refusal("surveys.file_bad")
@pytest.mark.refusal("surveys.file_large")
@pytest.mark.refusal("surveys.file_rows")
@pytest.mark.refusal("surveys.file_empty")
def test_a_file_is_read_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def roster(*rows: dict[str, str]) -> Any:
        body = excel.write_table(
            title="测评名单", columns=sheets.ROSTER, rows=rows, template_id=sheets.ROSTER_ID
        )
        return _upload(body)

    with refused("surveys.file_bad"):
        sheets.read_roster(_upload(b"PK\x03\x04 not a workbook"))
    with refused("surveys.file_empty"):
        sheets.read_roster(roster())
    with refused("surveys.file_rows"):
        sheets.read_roster(roster({"name": "张三"}, {"name": "张三"}))
    with refused("surveys.file_rows"):
        sheets.read_paper(_upload(_paper([{"code": "A", "level": "还行"}])))
    monkeypatch.setattr(sheets, "_MOST", 10)
    with refused("surveys.file_large"):
        sheets.read_roster(roster({"name": "张三"}))
    assert io.BytesIO(sheets.roster_template()).read(2) == b"PK" == sheets.paper_template()[:2]


@pytest.mark.refusal("surveys.evidence_coming")
@pytest.mark.refusal("surveys.org_only")
@pytest.mark.refusal("surveys.item_state")
@pytest.mark.refusal("surveys.words_needed")
def test_the_rated_see_little_strangers_nothing(client: Client) -> None:
    of, other = office(), office("邻海市总工会")
    owner, org = rated(of)
    stranger, _ = rated(of)
    it = opened(of, org, people=3)
    hidden = draft(of, org)
    rate(it.codes[0], 1, "服务效果", phone="13900001234")
    log_in(client, owner)
    assert client.get(f"/own-surveys/{hidden.pk}/").status_code == 404
    assert it.row.title in text(client.get("/own-surveys/"))
    actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    few = text(client.get(f"/own-surveys/{it.row.pk}/"))
    assert "不足 5 份" in few and "满意率" not in few and "服务效果" in few and "人次" not in few
    item = it.row.items.get()
    assert any(t.title == "服务效果" for t in slots.todos_for(owner))
    own, words = f"/own-surveys/{it.row.pk}/", f"w{item.pk}-text"
    empty = client.post(own, {"item": item.pk, words: ""})
    assert empty.status_code == 422 and "请写明情况" in text(empty)
    assert client.post(own, {"item": item.pk, words: "已改"}).status_code == 303
    assert client.post(own, {"item": item.pk, words: "又改"}).status_code == 409
    assert client.post(own, {"item": item.pk + 1, words: "别的"}).status_code == 404
    for who, base in ((stranger, "/own-surveys/"), (other.clerk, "/surveys/")):
        log_in(client, who)
        assert client.get(f"{base}{it.row.pk}/").status_code == 404
        assert it.row.title not in text(client.get(base))
    assert client.get(f"/surveys/{it.row.pk}/callbacks/").status_code == 404
    assert client.get(f"/surveys/items/{item.pk}/").status_code == 404
    log_in(client, of.clerk)
    assert "13900001234" in text(client.get(f"/surveys/{it.row.pk}/callbacks/"))
    call = Callback.objects.get()
    sent = {"callback": str(call.pk), f"w{call.pk}-text": "已说明"}
    empty = client.post(f"/surveys/{it.row.pk}/callbacks/", {"callback": str(call.pk)})
    assert empty.status_code == 422 and "请写明情况" in text(empty)
    assert client.post(f"/surveys/{it.row.pk}/callbacks/", sent).status_code == 303
    assert "13900001234" not in text(client.get(f"/surveys/{it.row.pk}/callbacks/"))
    assert client.post(f"/surveys/items/{item.pk}/", {"do": "back", "text": "再改"}).status_code == 303
    assert any("测评" in p.title for p in slots.panels_for(of.clerk, org))


def test_lists_and_results_ask_as_often_for_many_as_for_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    of = office()
    org = rated(of)[1]
    it = opened(of, org, people=40)
    rate(it.codes[0], 2, comment="一")
    actions.close(by=of.clerk, survey_id=it.row.pk, reason="试")
    log_in(client, of.clerk)
    for path in ("/surveys/", f"/surveys/{it.row.pk}/", f"/surveys/{it.row.pk}/roster/"):
        client.get(path)
    with django_assert_max_num_queries(30) as few:
        client.get("/surveys/")
    with django_assert_max_num_queries(30) as one:
        client.get(f"/surveys/{it.row.pk}/")
    for n in range(20):
        draft(of, org, title=f"测评{n}", people=1)
    many = opened(of, org, people=40)
    for code in many.codes[:35]:
        rate(code, 2, comment="二")
    actions.close(by=of.clerk, survey_id=many.row.pk, reason="试")
    with django_assert_max_num_queries(len(few)):
        client.get("/surveys/")
    with django_assert_max_num_queries(len(one)):
        client.get(f"/surveys/{many.row.pk}/")


def test_the_next_step_of_a_survey_is_among_the_clerks_tasks(travel: Any) -> None:
    of = office()
    org = rated(of)[1]
    row = draft(of, org)

    def next_step() -> list[tuple[str, str]]:
        return [(t.sub, t.url) for t in slots.todos_for(of.clerk) if t.tag == "测评"]

    assert next_step() == [("录入测评名单", f"/surveys/{row.pk}/roster/")]
    actions.add_people(by=of.clerk, survey_id=row.pk, people=[("张三", "")])
    assert next_step() == [("核对设置，开放测评", f"/surveys/{row.pk}/")]
    actions.open_survey(by=of.clerk, survey_id=row.pk)
    assert next_step() == [("制票，发到每个人手里", f"/surveys/{row.pk}/tickets/")]
    actions.issue_tickets(by=of.clerk, survey_id=row.pk)
    assert next_step() == [], "now others answer"
    travel(days=8)
    assert next_step() == [("测评已经截止，录完纸质票后计票", f"/surveys/{row.pk}/")]
    assert not [t for t in slots.todos_for(of.checker) if t.tag == "测评"]
