"""A5: the platform of adverse information behind its port; A13: the own register taken out and sent back."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shuniu.foundation.access import Refused
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.registry import actions
from shuniu.registry.actions import imports
from shuniu.registry.adverse_source import AdverseSource, JsonList, Unreadable, adverse_source
from shuniu.registry.models import Import, ImportState, Penalty, RowState
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_excel import read, workbook
from shuniu.registry.tests.test_pages import browser

pytestmark = [pytest.mark.django_db]


class Platform:
    """A registrar's platform on a local port; `said` is what it answers."""

    def __init__(self) -> None:
        self.said: bytes = b""
        self.status = 200
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(platform.status)
                self.end_headers()
                self.wfile.write(platform.said)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def publish(self, *records: dict[str, Any], **said: Any) -> None:
        told = {"source": "望海市民政局活动异常名录", "as_of": str(clock.today()), "records": records} | said
        self.said = json.dumps(told).encode()


@pytest.fixture
def platform(settings: Any) -> Iterator[Platform]:
    made = Platform()
    settings.ENV = replace(settings.ENV, adverse_url=made.address)
    yield made
    made.server.shutdown()
    made.server.server_close()


# --- the contract of every source ---------------------------------------------------------------------


@pytest.mark.feature("A5")
def test_a_source_tells_whose_list_it_is_of_which_day_and_every_line(platform: Platform) -> None:
    source: AdverseSource | None = adverse_source()
    assert source is not None
    platform.publish({"名称": "甲中心", "列入日期": "2026-09-01", "移出日期": None})
    told = source.fetch()
    assert (told.source, told.as_of) == ("望海市民政局活动异常名录", clock.today())
    assert list(told.lines) == [{"名称": "甲中心", "列入日期": "2026-09-01", "移出日期": ""}]


@pytest.mark.feature("A5")
@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"<html>", "JSON"), (b"[" * 100_000, "JSON"), (b"[]", "records"), (b'{"records": []}', "source"),
        (b'{"records": [], "source": "x", "as_of": "yesterday"}', "as_of"),
        (b'{"records": [1], "source": "x", "as_of": "2026-01-01"}', "1"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_list_is_named(platform: Platform, said: bytes, why: str) -> None:
    platform.said = said
    with pytest.raises(Unreadable, match=why):
        JsonList(platform.address).fetch()


def test_a_platform_that_does_not_answer_and_one_that_is_no_web_address(platform: Platform) -> None:
    platform.status = 503
    with pytest.raises(OSError, match="503"):
        JsonList(platform.address).fetch()
    with pytest.raises(ValueError, match="http"):
        JsonList("file:///etc/passwd")


# --- from the platform to the facts -------------------------------------------------------------------


@pytest.mark.feature("A5")
def test_what_the_platform_says_is_looked_at_and_confirmed_like_a_list(platform: Platform) -> None:
    clerk = make.staff(make.union())
    row, began = make.organisation(clerk), clock.today() - dt.timedelta(days=9)
    line = {
        "统一社会信用代码": row.code, "名称": row.name, "种类": "活动异常名录", "列入日期": str(began), "事由": "未报送年报",
    }  # fmt: skip
    platform.publish(line, line | {"统一社会信用代码": "91"})
    client = browser(clerk)
    assert "取回名录" in client.get("/organisations/imports/").content.decode()
    address = client.post("/organisations/imports/platform/").headers["Location"]
    batch = Import.objects.get()
    imports.read_import(import_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.source_detail) == (ImportState.PREVIEW, "望海市民政局活动异常名录")
    assert sorted(batch.rows.values_list("state", flat=True)) == ["bad", "new"]
    assert "应为 18 位" in client.get(f"{address}?tab=bad").content.decode()
    assert not Penalty.objects.exists()
    imports.confirm_import(by=clerk, batch=batch)
    imports.write_import(by=clerk, import_id=batch.pk)
    fact = Penalty.objects.get()
    assert (fact.organisation_id, fact.from_on, fact.content) == (row.pk, began, "未报送年报")
    assert fact.source_text == "名单导入：望海市民政局活动异常名录"


@pytest.mark.feature("A5")
@pytest.mark.parametrize("wrong", ["silent", "later", "empty"])
def test_a_platform_that_fails_is_told_in_words(platform: Platform, wrong: str) -> None:
    clerk = make.staff(make.union())
    platform.publish(as_of="2999-01-01" if wrong == "later" else str(clock.today()))
    platform.status = 500 if wrong == "silent" else 200
    batch = imports.fetch_adverse(by=clerk, union=make.union())
    imports.read_import(import_id=batch.pk)
    batch.refresh_from_db()
    words = {"silent": "平台没有答复", "later": "晚于今天", "empty": ""}[wrong]
    assert batch.problem.startswith(words) or words in batch.problem
    assert batch.state == (ImportState.PREVIEW if wrong == "empty" else ImportState.REFUSED)
    assert batch.rows_total == 0


@pytest.mark.refusal("registry.no_platform")
def test_without_a_platform_nothing_is_offered() -> None:
    clerk = make.staff(make.union())
    with pytest.raises(Refused) as refused:
        imports.fetch_adverse(by=clerk, union=make.union())
    assert refused.value.verdict.code == "registry.no_platform"
    assert "取回名录" not in browser(clerk).get("/organisations/imports/").content.decode()


# --- the own register, out and in again ---------------------------------------------------------------


@pytest.mark.feature("A13")
@pytest.mark.feature("Q1")
@pytest.mark.refusal("registry.register_large")
def test_the_register_that_is_sent_back_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    city = make.union()
    clerk, below = make.staff(city), make.staff(make.union("望海市东港区总工会", parent=city))
    row = make.organisation(
        clerk, "望海市 甲乙\u3000中心", region="东港区", registered_on=dt.date(2019, 3, 5), supervisor="望海市总工会",
        registrar_level="district", contact_phone="0512 6666 6666", legal_representative="张\u3000三",
    )  # fmt: skip
    make.organisation(clerk, "丙中心", region="北屏区")
    make.organisation(below, "别会的中心")
    actions.register_candidate(by=clerk, union=city, name="还没有登记的小组", basis="走访")
    today = clock.today()
    first, last = today - dt.timedelta(days=400), today + dt.timedelta(days=400)
    for kind, values in (
        ("scope", {"text": "　　职工心理健康\r\n宣传、咨询"}), ("union", {"status": "own"}),
        ("rating", {"grade": "4A", "valid_from": first, "valid_to": last}),
        ("inspection", {"year": today.year - 1, "result": "passed"}),
    ):  # fmt: skip
        actions.add_fact(by=clerk, organisation=row, kind=kind, values=values, basis="证书")
    content, count = imports.take_register(by=clerk)
    assert count == 2
    assert Entry.objects.filter(verb="take_register").count() == 1
    batch = read(clerk, content, as_of=today)
    assert [(r.state, r.differences) for r in batch.rows.all()] == [(RowState.SAME, [])] * 2
    assert imports.take_register(by=clerk, region="北屏区")[1] == 1
    answer = browser(clerk).get("/organisations/imports/register/?region=东港区")
    assert answer.content.startswith(b"PK")
    monkeypatch.setattr("shuniu.registry.actions.imports.register.MOST", 1)
    with pytest.raises(Refused) as refused:
        imports.take_register(by=clerk)
    assert refused.value.verdict.code == "registry.register_large"


@pytest.mark.feature("A13")
def test_what_contradicts_a_verified_fact_is_written_down_once() -> None:
    clerk = make.staff(make.union())
    row, year = make.organisation(clerk), clock.today().year - 1
    verified = {"year": year, "result": "failed"}
    actions.add_fact(by=clerk, organisation=row, kind="inspection", values=verified, basis="年检结论书")
    content = workbook(
        [["统一社会信用代码", "名称", "年检年度", "年检结论"], [row.code, row.name, year, "合格"]]
    )
    batch = read(clerk, content, as_of=clock.today())
    assert batch.rows.get().state == RowState.CHANGED
    imports.confirm_import(by=clerk, batch=batch)
    imports.write_import(by=clerk, import_id=batch.pk)
    row.refresh_from_db()
    assert row.inspection_result == "failed", "what was verified counts"
    assert read(clerk, content, as_of=clock.today()).rows.get().state == RowState.SAME
