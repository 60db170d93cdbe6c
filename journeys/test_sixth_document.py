"""A sixth document, invented and unlike the five: from an empty folder to a published call and a decided application.

Nothing of the product is changed for it: the folder under `journeys/documents` is all there is. It is begun with
`new`, checked at the command line, brought in and published by two people in the product, and then carries a call:
self-assessment on a sheet of a thousand points, check, experts, the document's own vote and places, 公示, list.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect

from journeys import review_steps as review
from journeys.steps import Browser, NewPage
from shuniu.calls import demo_listing, demo_review
from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.calls.models import Application, Call, Meeting
from shuniu.calls.tests import cast, cast_listing, reviews, stars
from shuniu.foundation.calendar import clock
from shuniu.library.models import Release
from shuniu.library.unpacking import make_zip
from shuniu.policy.__main__ import main
from shuniu.recognition.models import Recognition
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser, pytest.mark.feature("B5")]
WRITTEN = Path(__file__).parent / "documents" / stars.KEY
TITLE = "望海市职工服务站点星级评定办法"
ANSWERS = {
    "会员数": "0",
    "站点专职人员": "6",
    "上年服务人次": "5200",
    "上年有记录的活动": "9",
    "查实的投诉": "0",
}


def command(*words: str) -> str:
    """What `python -m shuniu.policy` prints; it ends well."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(list(words)) == 0, said.getvalue()
    return said.getvalue()


@pytest.mark.seconds(45)
@pytest.mark.feature("B6")
@pytest.mark.feature("O2")
def test_from_an_empty_folder_to_a_decided_application(
    new_page: NewPage, live_url: str, travel: Any, tmp_path: Path
) -> None:
    folder = written(tmp_path)
    of = cast.office()
    clerk, checker = (Browser(new_page, live_url, who) for who in (of.clerk, of.checker))
    admin = Browser(new_page, live_url, unions.who("sec_admin", of.union, unions.person("李安全")))
    published(admin, checker, folder)
    call = opened(clerk, checker)
    whos = [stars.applicant(of, name) for name in ("望海市海风驿站服务中心", "望海市港湾驿站服务中心")]
    first = Browser(new_page, live_url, whos[0])
    made = [applied(first, call), stars.handed_in(whos[1], call, served=1200, activities=4)]
    first.close()
    travel(days=6)
    while advance_by_clock():  # a stage at each sweep
        pass
    for each in made:
        review.check_application(clerk, each.pk)
        checker.go(f"/calls/applications/{each.pk}/check/")
        checker.press("同意")
    review.release_all(clerk, call.pk)
    assert [a.stage for a in Application.objects.order_by("pk")] == ["qualified", "qualified"]
    reviewed(of, call, made, Browser(new_page, live_url, None))
    listed(of, call, travel, Browser(new_page, live_url, None))
    clerk.close()
    checker.close()


def written(tmp_path: Path) -> Path:
    """`new` makes the folder, the author writes over it, `check` and `explain` are content."""
    folder = tmp_path / stars.KEY
    command("new", str(folder))
    assert "没有问题" in command("check", str(folder))
    for file in WRITTEN.iterdir():
        shutil.copy(file, folder)
    assert "33 个案例全部相符" in command("check", str(folder))
    assert "每个类别不超过参评站点数的 1/2（进一），至少 1" in command("explain", str(folder))
    return folder


def published(admin: Browser, checker: Browser, folder: Path) -> None:
    """B2, O2: the security administrator brings the zip, a second person publishes it."""
    sent: FilePayload = {
        "name": "站点星级.zip", "mimeType": "application/zip",
        "buffer": make_zip({f.name: f.read_bytes() for f in folder.iterdir()}),
    }  # fmt: skip
    page = admin.go("/library/uploads/")
    page.locator("input[type=file]").set_input_files([sent])
    admin.press("上传并检查")
    admin.sees("33 个案例全部相符")
    admin.press("提请发布")
    admin.sees("已提请")
    path = page.url.removeprefix(admin.base)
    page = checker.go(path)
    checker.prove().press("同意发布")
    checker.sees("已发布")
    assert Release.objects.get().document.key == stars.KEY
    checker.go("/library/")
    checker.sees(TITLE)
    admin.close()


def opened(clerk: Browser, checker: Browser) -> Call:
    """The clerk composes a call under it, a second person publishes it."""
    clerk.go("/calls/new/").get_by_label("依据的制度").select_option(stars.KEY)
    clerk.press("生成草稿")
    call = Call.objects.get()
    clerk.go(f"/calls/{call.pk}/rubric/")
    clerk.sees("评分表依据第五条，总分 1000 分")
    clerk.go(f"/calls/{call.pk}/categories/")
    clerk.sees("服务站点 / 心理驿站")
    clerk.go(f"/calls/{call.pk}/basics/").get_by_label("联系人").fill("林经办")
    clerk.press("保存")
    page = clerk.go(f"/calls/{call.pk}/timetable/")
    start = clock.today()
    for stage in call.stages.exclude(kind__in=("notice", "self_assess")):
        page.locator(f"#id_{stage.key}_from").fill(f"{start:%Y-%m-%d}")
        end = start + dt.timedelta(days=16 if stage.kind == "publicity" else 4)
        page.locator(f"#id_{stage.key}_to").fill(f"{end:%Y-%m-%d}")
        start = end + dt.timedelta(days=1)
    clerk.press("保存")
    clerk.press("提交审签")
    clerk.sees("已提交审签")
    checker.go(f"/calls/{call.pk}/approve/")
    checker.prove().press("同意并发布")
    checker.sees("已审签并发布")
    advance_by_clock()
    return Call.objects.get()


def applied(applicant: Browser, call: Call) -> Application:
    """Facts that only this document asks for, its sheet, then the form that the sheet opens."""
    page = applicant.go(f"/apply/call/{call.pk}/")
    page.get_by_label("心理驿站").check()
    applicant.press("开始申报")
    key = int(page.url.rstrip("/").split("/")[-1])
    at = f"/apply/{key}"
    page = applicant.go(f"{at}/plan/")
    applicant.sees("先完成“自查自评”")
    page = applicant.go(f"{at}/facts/")
    for label, value in ANSWERS.items():
        page.get_by_label(label, exact=False).fill(value)
    page.get_by_label("现有星级获评日期").fill("2018-05-01")
    for group, choice in (
        ("申报星级", "三星"), ("现有星级", "没有"), ("领受专项补助", "是"), ("挂有其他系统的牌子", "否"),
        ("受过市级以上表彰", "是"), ("两年内发生安全责任事故", "否"),
    ):  # fmt: skip
        page.get_by_role("group", name=group).first.get_by_label(choice, exact=True).check()
    applicant.press("保存并继续")
    page = applicant.go(f"{at}/self/")
    page.locator("#id_points_place").fill("270")
    page.locator("#id_points_voice").fill("160")
    applicant.press("保存并继续")
    made = Application.objects.get(pk=key)
    cast.fill(applicant_of(made), made)
    page = applicant.go(f"{at}/check/")
    page.get_by_label("法定代表人姓名").fill("何法人")
    page.get_by_label("本单位承诺", exact=False).check()
    applicant.press("提交申报")
    applicant.sees("已收到")
    return Application.objects.get(pk=key)


def applicant_of(made: Application) -> Any:
    """Who began it, for the parts that every application has."""
    from shuniu.registry.tests import factories as registry

    return registry.member(made.organisation)


def reviewed(of: cast.Office, call: Call, made: list[Application], anybody: Browser) -> None:
    """Experts on the thousand points; the document's vote and its places decide."""
    anybody.close()
    reviews.pool(of, 5, category="mind")
    category = call.categories.get(key="mind")
    auditor = unions.who("auditor", of.union, unions.person("赵经审"))
    committee = demo_review.run_review(
        call, clerk=of.clerk, second=auditor, signer=of.checker, categories=[category], until="signed"
    )[0]
    meeting = Meeting.objects.get(committee=committee)
    assert {row["in"] for row in meeting.outcome} == {True, False}, "one of two is half"
    assert all(float(row["score"]) > 600 for row in meeting.outcome), "out of a thousand"


def listed(of: cast.Office, call: Call, travel: Any, public: Browser) -> None:
    """公示, formal list, certificate with the document's own letters and two years."""
    cast.move_to(call, "shortlist", of.clerk)
    publicity = demo_listing.run_publicity(call, clerk=of.clerk, approver=of.checker)
    cast_listing.after_publicity(publicity, travel)
    demo_listing.publish_formal(call, clerk=of.clerk, approver=of.checker)
    granted = Recognition.objects.get()
    assert granted.certificate_no.startswith("XJZD-") and granted.category_label == "心理驿站"
    assert granted.last_day + dt.timedelta(days=1) == granted.first_day.replace(
        year=granted.first_day.year + 2
    )
    public.go("/recognised/")
    public.sees(granted.certificate_no)
    expect(public.page.locator("body")).to_contain_text(granted.organisation.name)
    public.close()
