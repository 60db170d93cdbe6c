"""北京 2017: from the notice to the certificates, in a real browser, role by role, clause by clause."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from journeys.steps import Browser, NewPage, apply_for
from shuniu.calls.models import Application, Call
from shuniu.calls.tests import cast
from shuniu.foundation.calendar import clock

pytestmark = [pytest.mark.real_transactions, pytest.mark.browser]


def publish_in_browser(of: cast.Office, new_page: NewPage, live_url: str, **options: Any) -> Call:
    """第五条（一）: a clerk composes from the document, a second person approves, the portal shows it."""
    clerk = Browser(new_page, live_url, of.clerk, **options)
    page = clerk.go("/calls/new/")
    page.get_by_label("依据的制度").select_option("beijing-2017")
    clerk.press("生成草稿")
    made = Call.objects.get()
    page = clerk.go(f"/calls/{made.pk}/basics/")
    page.get_by_label("联系人").fill("林经办")
    clerk.press("保存")
    page = clerk.go(f"/calls/{made.pk}/timetable/")
    start = clock.today()
    for stage in made.stages.exclude(kind="notice"):
        page.locator(f"#id_{stage.key}_from").fill(f"{start:%Y-%m-%d}")
        end = start + dt.timedelta(days=4)
        page.locator(f"#id_{stage.key}_to").fill(f"{end:%Y-%m-%d}")
        start = end + dt.timedelta(days=1)
    clerk.press("保存")
    clerk.press("提交审签")
    clerk.sees("已提交审签")
    clerk.close()
    checker = Browser(new_page, live_url, of.checker, **options)
    checker.go("/work/")
    checker.go(f"/calls/{made.pk}/approve/")
    checker.sees("第七条")
    checker.press("同意并发布")
    checker.sees("已审签并发布")
    checker.close()
    made.refresh_from_db()
    assert made.state == Call.State.PUBLISHED
    return made


@pytest.mark.feature("C1")
@pytest.mark.feature("C3")
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_article_5_1_and_5_2_notice_and_application(script: bool, new_page: NewPage, live_url: str) -> None:
    from shuniu.calls.actions.procedure import advance_by_clock

    of = cast.office()
    who = cast.applicant(of, "望海市晨曦职工心理关爱中心")
    call = publish_in_browser(of, new_page, live_url, java_script_enabled=script)
    advance_by_clock()
    public = Browser(new_page, live_url, None, java_script_enabled=script)
    public.go(f"/notices/{call.pk}/")
    public.sees(call.title)
    public.sees("本办法未规定")
    public.close()
    applicant = Browser(new_page, live_url, who, java_script_enabled=script)
    made = apply_for(applicant, call.pk, "职工生活服务", "职工人文关怀和心理健康")
    applicant.close()
    row = Application.objects.get(pk=made)
    assert row.stage == "submitted" and row.submissions.count() == 1
    assert row.draft["contact"]["phone"] == "13900001234"
