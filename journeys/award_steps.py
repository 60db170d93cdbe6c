"""What an award that goes up adds to a selection in the browser: self-assessment, visit, recommendation, publicity work."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from playwright.sync_api import FilePayload, expect

from journeys.steps import Browser, pdf
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples

PHOTO: FilePayload = {"name": "现场.png", "mimeType": "image/png", "buffer": samples.png()}


def begin(applicant: Browser, call_id: int, category: str, recommender: str) -> int:
    """The union through which it goes is chosen first; the key of the application."""
    page = applicant.go(f"/apply/call/{call_id}/")
    page.get_by_label(category).check()
    page.get_by_label("推荐工会").select_option(label=recommender)
    applicant.press("开始申报")
    page.wait_for_url(re.compile(r"/apply/\d+/$"))
    return int(page.url.rstrip("/").split("/")[-1])


def file_training(applicant: Browser, application: int, title: str, on: dt.date) -> None:
    """A counted row: each file says what it proves, and the points follow."""
    page = applicant.go(f"/apply/{application}/self/")
    row = page.locator("#row-training")
    if row.locator("details").get_attribute("open") is None:
        row.locator("summary").click()
    row.get_by_label("培训日期").fill(f"{on:%Y-%m-%d}")
    row.get_by_label("培训名称").fill(title)
    page.locator("#file-training").set_input_files([pdf(title)])
    page.locator("#row-training button[formaction]").click()
    expect(page.locator("#row-training ul.files")).to_contain_text(title)


def prove_rows(applicant: Browser, application: int, rows: dict[str, str]) -> None:
    """A file under each of these rows of the score sheet (key → label)."""
    page = applicant.go(f"/apply/{application}/self/")
    for key, label in rows.items():
        details = page.locator(f"#row-{key} details")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        page.locator(f"#file-{key}").set_input_files([pdf(label)])
        page.locator(f"#row-{key} button[formaction]").click()
        expect(page.locator(f"#row-{key} ul.files li")).to_have_count(1)


def give_points(applicant: Browser, application: int, points: dict[str, int]) -> None:
    """Own points, row by row, saved together."""
    page = applicant.go(f"/apply/{application}/self/")
    for key, value in points.items():
        page.locator(f"#id_points_{key}").fill(str(value))
    applicant.press("保存并继续")


def fill_form(applicant: Browser, application: int) -> None:
    """The form that the gate has opened, the papers, the undertaking, handing in."""
    page = applicant.page
    parts: list[tuple[str, dict[str, str], list[str]]] = [
        ("registry", {}, ["以上登记信息与登记证书一致"]),
        ("contact", {"联系人": "何专员", "手机或电话": "13900001234"}, []),
        ("experience", {"其他项目经历": "港区一线职工心理驿站，服务 3,260 人次，验收合格。"}, []),
        ("people", {"专职人员": "11", "持证专业人员": "6"}, []),
        ("plan", {"服务方案": "为一线职工提供心理健康讲座、个案服务和回访。"}, []),
    ]
    for part, texts, ticks in parts:
        applicant.go(f"/apply/{application}/{part}/")
        for label, text in texts.items():
            page.get_by_label(label, exact=label == "联系人").fill(text)
        for label in ticks:
            page.get_by_label(label).check()
        applicant.press("保存并继续")
    applicant.go(f"/apply/{application}/materials/")
    for n in range(page.locator("input[type=file]").count()):
        page.locator("input[type=file]").nth(n).set_input_files([pdf(f"材料{n}")])
        expect(page.locator("section[data-upload]").nth(n).locator("li .is-ok")).to_be_visible()
    applicant.go(f"/apply/{application}/check/")
    page.get_by_label("法定代表人姓名").fill("何法人")
    page.get_by_label("本单位承诺", exact=False).check()
    applicant.press("提交申报")
    applicant.sees("已收到")


def plan_visit(clerk: Browser, application: int) -> None:
    """Day, hour, place, visitors; the organisation is told."""
    page = clerk.go(f"/calls/applications/{application}/visit/")
    page.get_by_label("评估日期").fill(f"{clock.today():%Y-%m-%d}")
    page.get_by_label("时间").fill("00:00")
    page.get_by_label("地点").fill("学府路 26 号")
    page.get_by_label("评估人员").fill("林评估、吴评估")
    clerk.press("安排实地评估")


def visit_and_sign(clerk: Browser, application: int, points: dict[int, int]) -> None:
    """On a tablet: a photograph, points item by item (key of the call's item → points), opinion, signature."""
    page = clerk.go(f"/calls/applications/{application}/visit/")
    page.locator("#photo").set_input_files([PHOTO])
    clerk.press("上传")
    clerk.sees("现场.png")
    for item, value in points.items():
        page.locator(f"#id_p{item}").fill(str(value))
    page.get_by_label("评估意见").fill("情况属实，同意推荐。")
    clerk.press("签字，送申报单位核对")


def answer_visit(applicant: Browser, application: int) -> None:
    """The other side reads the record and signs."""
    page = applicant.go(f"/apply/{application}/visit/")
    page.get_by_label("已核对以上实地评估记录", exact=False).check()
    applicant.press("签字")


def promote(clerk: Browser, call_id: int, **said: Any) -> None:
    """宣传推广: one line."""
    page = clerk.go(f"/calls/{call_id}/promotion/")
    page.get_by_label("形式").select_option(label=said["form"])
    page.get_by_label("媒体或者场合").fill(said["outlet"])
    page.get_by_label("标题").fill(said["title"])
    page.get_by_label("日期").fill(f"{clock.today():%Y-%m-%d}")
    clerk.press("登记")
    clerk.sees("已登记")
