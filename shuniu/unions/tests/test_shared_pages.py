"""Calendar, journal, palette; the same number of queries for one row and for thirty."""

from __future__ import annotations

import datetime as dt
import io
import re
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Day
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import head
from shuniu.foundation.journal.tests.sealing import seal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui.lists.actions import prefer
from shuniu.unions import actions
from shuniu.unions.models import Union
from shuniu.unions.tests import cast
from shuniu.unions.tests.cast import page, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


# --- calendar, journal, palette --------------------------------------------------------------------


@pytest.mark.feature("M3")
def test_the_calendar_is_entered_and_changed_by_page(city: Union, admin: Who, clerk: Who) -> None:
    assert page(clerk, "/calendar/").status_code == 403
    year = clock.today().year
    assert f"{year} 年的放假和调休安排还没有录入" in text(page(admin, "/calendar/"))
    path = f"/calendar/{year}/"
    wrong = post(admin, path, source="放假通知", days="元旦那天放假")
    assert wrong.status_code == 422
    assert "看不懂" in text(wrong)
    monday = next(d for n in range(7) if (d := dt.date(year, 12, 1) + dt.timedelta(days=n)).weekday() == 0)
    assert post(admin, path, source="放假通知", days=f"{monday} 放假 测试").status_code == 303
    assert post(admin, path, date=monday, working="yes", note="").status_code == 422
    assert Day.objects.count() == 1
    assert post(admin, path, date=monday, working="yes", note="更正").status_code == 303
    assert not Day.objects.exists()
    security = cast.who("sec_admin", city)
    assert "更改一天" not in text(page(security, path))
    assert "由系统管理员维护" in text(post(security, path, date=monday, working="no", note="试"))
    assert page(admin, "/calendar/99999/").status_code == 404


@pytest.mark.feature("M3")
@pytest.mark.refusal("calendar.keeper")
def test_one_union_keeps_the_calendar_and_the_others_read_it(
    city: Union, district: Union, admin: Who
) -> None:
    cast.union("海东省总工会", level="province")  # above, but without anybody who could keep it
    year = clock.today().year
    below, beside = cast.who("sys_admin", district), cast.who("sys_admin", cast.union("邻海市总工会"))
    path, given = f"/calendar/{year}/", {"source": "放假通知", "days": f"{year}-01-01 放假 元旦"}
    given["days"] = "" if dt.date(year, 1, 1).weekday() > 4 else given["days"]
    for stranger in (below, beside):
        shown = text(page(stranger, path))
        assert "由望海市总工会的系统管理员维护" in shown
        assert 'name="days"' not in shown
        refused = post(stranger, path, **given)
        assert refused.status_code == 422
        assert "由望海市总工会的系统管理员维护" in text(refused)
        assert "尚未录入" not in text(page(stranger, "/work/"))
    assert "尚未录入" in text(page(admin, "/work/"))
    assert post(admin, path, **given).status_code == 303
    kept = text(page(below, path))
    assert "放假通知" in kept
    assert "更改一天" not in kept


@pytest.mark.feature("R2")
def test_the_auditor_searches_the_journal_of_the_own_union(city: Union, clerk: Who) -> None:
    auditor = cast.who("auditor", city)
    cast.who("clerk", cast.union("临溪区总工会"), cast.person("临溪人"))
    found = text(page(auditor, "/journal/"))
    assert "授予林经办望海市总工会经办人身份" in found
    assert "临溪人" not in found
    assert page(clerk, "/journal/").status_code == 403
    narrowed = text(page(auditor, "/journal/?verb=grant_role&q=林经办"))
    assert "共 1 条" in narrowed
    entry = Entry.objects.get(union_id=city.pk, verb="grant_role", text__contains="林经办")
    assert "待封存" in text(page(auditor, f"/journal/{entry.pk}/"))
    other = Entry.objects.filter(text__contains="临溪人").first()
    assert other is not None
    assert page(auditor, f"/journal/{other.pk}/").status_code == 404


@pytest.mark.feature("R1")
def test_facts_are_said_in_words_with_the_sealed_text_folded_behind_them(city: Union, clerk: Who) -> None:
    auditor = cast.who("auditor", city)
    facts = {"to": cast.me(clerk).pk, "days": [["2027-02-06", True]], "digest": "ab" * 32, "reason": ""}
    with transaction.atomic():
        row = journal.record(by=clerk, verb="unions.hand_on", text="转办林经办", subject=city, facts=facts)
    shown = text(page(auditor, f"/journal/{row.pk}/"))
    assert re.search(rf'<dt>转给</dt>\s*<dd class="break">\s*{clerk.name}\s*</dd>', shown)
    assert "2027-02-06 上班" in shown and f"<code>{'ab' * 32}</code>" in shown
    assert "<dt>理由</dt>" not in shown, "what says nothing is left out"
    words_, _, raw = shown.partition("原始数据")
    assert "&quot;to&quot;" not in words_ and "&quot;to&quot;" in raw


@pytest.mark.feature("R2")
def test_the_journal_is_exported_as_seen_and_the_export_is_journalled(city: Union, clerk: Who) -> None:
    auditor = cast.who("auditor", city)
    with transaction.atomic():
        journal.record(by=clerk, verb="edit", text="=HYPERLINK(1)", subject=city)
    path = f"/journal/?{urlencode({'q': 'HYPERLINK'})}"
    shown = text(page(auditor, path))
    answer = page(auditor, f"{path}&export=xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("数据").to_python()
    assert f"导出人：{auditor.name}" in str(sheet[1][0]) and "导出时间：" in str(sheet[1][0])
    assert [row[0] for row in sheet[3:]] == ["=HYPERLINK(1)"], "as text, and only what the view showed"
    assert all(str(head) in shown for head in sheet[2])
    entry = Entry.objects.get(verb="lists.export")
    assert (entry.person_id, entry.union_id) == (cast.me(auditor).pk, city.pk)
    assert entry.facts["rows"] == 1 and "HYPERLINK" in entry.facts["query"]
    lines = b"".join(page(auditor, f"{path}&export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].split(",") == sheet[2] and lines[1].startswith("'=HYPERLINK(1),") and len(lines) == 2
    for kind in ("xlsx", "csv"):
        assert page(clerk, f"{path}&export={kind}").status_code == 403
    assert Entry.objects.filter(verb="lists.export").count() == 2


@pytest.mark.feature("R2")
def test_the_column_of_facts_names_people_in_one_query(city: Union, clerk: Who) -> None:
    auditor = cast.who("auditor", city)
    with transaction.atomic():
        for _ in range(3):
            facts = {"to": cast.me(clerk).pk, "days": [["2027-02-06", True]]}
            journal.record(by=clerk, verb="unions.hand_on", text="转办林经办", subject=city, facts=facts)
    prefer(by=auditor, key="unions.journal", columns=["said"], density="", page_size=None)
    client, path = cast.log_in(Client(), auditor), "/journal/?verb=unions.hand_on"
    assert text(client.get(path)).count("转给：林经办；与周次不同的日子：2027-02-06 上班") == 3
    few = count_queries(client, path)
    with transaction.atomic():
        journal.record(
            by=clerk, verb="unions.hand_on", text="转办", subject=city, facts={"to": cast.me(auditor).pk}
        )
    assert count_queries(client, path) == few


@pytest.mark.feature("R2")
@pytest.mark.real_transactions
@pytest.mark.refusal("unions.not_auditor")
@pytest.mark.refusal("unions.nothing_sealed")
def test_the_chain_is_proved_and_its_head_is_public() -> None:
    from shuniu.foundation.access import Refused

    city = cast.union()
    admin, auditor = cast.who("sys_admin", city), cast.who("audit_admin", city)
    with pytest.raises(Refused, check=lambda r: r.verdict.code == "unions.not_auditor"):
        actions.ask_for_proof(by=admin)
    assert "还没有封存的日志" in text(Client().get("/journal/head/"))
    with pytest.raises(Refused, check=lambda r: r.verdict.code == "unions.nothing_sealed"):
        actions.ask_for_proof(by=auditor)
    seal()
    block = head()
    assert block is not None
    assert block.digest in text(Client().get("/journal/head/"))
    assert post(auditor, "/journal/verify/").status_code == 303
    assert actions.prove(by=auditor).intact
    assert Message.objects.filter(person=cast.me(auditor), title__startswith="日志完整").exists()
    assert "最近一次核验" in text(page(auditor, "/journal/"))


def test_the_palette_finds_pages_and_unions(city: Union, clerk: Who) -> None:
    client = cast.log_in(Client(), clerk)
    labels = [r["label"] for r in client.get("/palette/", {"q": "望海"}).json()["results"]]
    assert labels == ["望海市总工会"]
    assert [r["url"] for r in client.get("/palette/", {"q": "gzt"}).json()["results"]] == ["/work/"]
    assert client.get("/palette/").json()["results"], "an empty question shows where one can go"
    assert client.get("/palette/", {"q": "操作日志"}).json()["results"] == [], "not for a clerk"
    assert Client().get("/palette/").status_code == 302


@pytest.mark.parametrize("path", ["/unions/", "/unions/?q=工会", "/inbox/", "/work/"])
def test_pages_ask_no_more_for_thirty_rows_than_for_one(city: Union, clerk: Who, path: str) -> None:
    def grow(numbers: range) -> None:
        for n in numbers:
            cast.union(f"第{n}区总工会", level="district", parent=city)
            tell([cast.me(clerk)], title=f"消息{n}", kind="test")

    client = cast.log_in(Client(), clerk)
    grow(range(1))
    client.get(path)
    few = count_queries(client, path)
    grow(range(1, 30))
    assert count_queries(client, path) == few
    # The bench asks every slice once what waits, what runs and what ends.
    assert few <= (42 if path == "/work/" else 12)


def test_the_people_of_a_union_cost_the_same_for_one_and_thirty(city: Union, admin: Who) -> None:
    client = cast.log_in(Client(), admin)
    cast.who("clerk", city)
    few = count_queries(client, f"/unions/{city.pk}/")
    for _ in range(25):
        cast.who("clerk", city)
    assert count_queries(client, f"/unions/{city.pk}/") == few


def count_queries(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    # The clock is compared with the database's now and then, whatever the page.
    return sum("extract(epoch FROM shuniu.now())" not in query["sql"] for query in queries)
