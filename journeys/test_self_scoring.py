"""U29: an organisation scores itself item by item beside its evidence, until the document's gate opens."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.steps import Browser, NewPage, pdf
from shuniu.calls.models import Application
from shuniu.calls.tests import award, cast
from shuniu.library.queries import on_disk

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]

# Trainings are counted by their days from the papers filed; the other item is given and must be proved.
_COUNTED = """\
  - name: held
    type: records
    label: 自办培训
    source: evidence
    time: on
    fields:
      - {name: item, type: choice, label: 项目, values: [组织建设]}
      - {name: on, type: date, label: 培训日期}
"""


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> cast.Office:
    award.document(tmp_path, monkeypatch, settings)
    award.counted(tmp_path, _COUNTED, per=20)
    return cast.office()


@pytest.mark.parametrize("document", ["jiangsu", "qingdao-2021"])
def test_U29_a_sheet_totals_what_it_says(document: str) -> None:
    for sheet in on_disk(document).sheets:
        assert sheet.total == 100 == sum((item.points for item in sheet.items), Decimal(0)), sheet.key


@pytest.mark.seconds(15)
@pytest.mark.feature("C5")
@pytest.mark.feature("F1")
@pytest.mark.parametrize("scripted", [True, False], ids=["with-javascript", "without"])
def test_U29_points_with_evidence_alone_and_eighty_open_the_form(
    of: cast.Office, new_page: NewPage, live_url: str, scripted: bool
) -> None:
    lower = award.below(of)
    call = cast.published_call(of)
    options = {} if scripted else {"viewport": {"width": 390, "height": 844}}
    who = cast.applicant(of)
    org = Browser(new_page, live_url, who, java_script_enabled=scripted, **options)
    page = org.go(f"/apply/call/{call.pk}/")
    page.get_by_label(call.categories.all()[0].label).check()
    page.get_by_label("推荐工会").select_option(str(lower.union.pk))
    page.get_by_role("button", name="开始申报").click()
    expect(page.get_by_text("自查自评达到要求后填写").first).to_be_visible()
    page.get_by_role("link", name="自查自评").first.click()
    politics, trainings = page.locator("#row-politics"), page.locator("#row-organisation")

    _given(page, "41")
    expect(page.locator("[data-error-summary]")).to_contain_text("这一项最多 40 分")
    _given(page, "38")
    expect(politics).to_contain_text("没有佐证材料，这一项不能得分")
    expect(trainings).to_contain_text("0 / 60 分")
    expect(page.locator("main")).to_contain_text("自评合计 0 分（未完）")
    _files(page, "politics", "学习制度")
    expect(politics).to_contain_text("38 / 40 分")
    expect(page.locator("main")).to_contain_text("自评合计 38 分")

    for day, points in (("2026-03-01", "20"), ("2026-03-01", "20"), ("2026-04-01", "40")):
        _files(page, "organisation", f"签到表{day}", day)
        expect(trainings).to_contain_text(f"{points} / 60 分")
    expect(page.locator("main")).to_contain_text("自评 78 分，未达到“80 分”")
    made = Application.objects.get()
    org.go(f"/apply/{made.pk}/contact/")
    org.sees("自查自评达到要求后，才能填写申报表")
    org.go(f"/apply/{made.pk}/")
    org.sees("自评 78 分，未达到“80 分”")

    org.go(f"/apply/{made.pk}/self/")
    _given(page, "40")
    expect(page.get_by_text("已达到要求")).to_be_visible()
    expect(page.locator("main")).to_contain_text("自评合计 80 分")
    org.go(f"/apply/{made.pk}/contact/")
    expect(page.get_by_label("联系人")).to_be_editable()
    org.close()


def _given(page: Page, points: str) -> None:
    page.get_by_label("政治建设自评分").fill(points)
    page.get_by_role("button", name="保存并计算").click()
    page.wait_for_load_state()


def _files(page: Page, row: str, name: str, day: str = "") -> None:
    """A file under the row, with its day where the document counts by days."""
    section = page.locator(f"#row-{row}")
    if not section.locator("details[open]").count():
        section.locator("summary").click()
    if day:
        section.get_by_label("培训日期").fill(day)
    section.locator("input[type=file]").set_input_files([pdf(name)])
    section.get_by_role("button", name="上传").click()
    expect(section.get_by_role("link", name=f"{name}.pdf").first).to_be_visible()
