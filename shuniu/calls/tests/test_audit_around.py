"""Around the check desk: late entries, hints of borrowed files, the desk as the demonstration plays it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls import demo_audit
from shuniu.calls.models import Application, LateRequest
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_audit import at_desk, fresh
from shuniu.calls.tests.test_audit_pages import desk_url, get, post
from shuniu.foundation.calendar import clock
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.feature("C6")
def test_a_late_entry_through_the_pages() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    url = f"/calls/{call.pk}/late/"
    assert call.apply_until is not None
    day = clock.local_last_day(call.apply_until) + dt.timedelta(days=3)
    data = {"code": "52379900", "day": str(day), "reason": "停电"}
    assert "没有代码为" in post(of.clerk, url, data, 422).content.decode()
    data["code"] = cast.organisation_of(who).code or ""
    assert "日期应写成" in post(of.clerk, url, data | {"day": "下周"}, 422).content.decode()
    post(of.clerk, url, data)
    row = LateRequest.objects.get()
    page = f"{url}{row.pk}/"
    get(of.clerk, page, 403)
    get(cast.office("邻海市总工会").leader, page, 404)
    assert "停电" in get(of.leader, page)
    post(of.leader, page, {"do": "return", "reason": ""}, 422)
    post(of.leader, page, {"do": "approve", "reason": ""})
    post(of.leader, page, {"do": "approve", "reason": ""}, 409)
    assert "已批准" in get(of.clerk, url)


@pytest.mark.feature("C8")
def test_borrowed_files_and_shells_are_hints() -> None:
    of = cast.office()
    call = cast.published_call(of)
    made = at_desk(of, call, cast.applicant(of, "甲中心"))
    cast.submitted_application(cast.applicant(of, "乙中心"), call)
    html = get(of.clerk, desk_url(made))
    assert "与同次申报的“乙中心”法定代表人和联系电话相同" in html and "不是审核依据" in html
    assert fresh(made).judged == "ask", "a hint decides nothing"


@pytest.mark.feature("C8")
def test_the_whole_desk_is_played_by_the_demo() -> None:
    of = cast.office()
    call = cast.published_call(of)
    rows = [cast.submitted_application(cast.applicant(of), call) for _ in range(3)]
    cast.move_to(call, "check", of.clerk)
    told = demo_audit.audit_all(call, of.clerk, of.checker, no={rows[1].pk: ["has_experience"]})
    assert told == {"qualified": 2, "unqualified": 1, "waiting": 0}
    assert all(a.released_at for a in Application.objects.filter(call=call))


@pytest.mark.feature("C7")
def test_the_desk_costs_a_small_number_of_queries_also_when_it_was_never_audited() -> None:
    of = cast.office()
    call = cast.published_call(of)
    rows = [cast.submitted_application(cast.applicant(of), call) for _ in range(3)]
    client = log_in(Client(), of.clerk)
    demo_audit.judge_all(rows[0], of.clerk)

    def cost(made: Application) -> int:
        clock.forget()
        clock.now()  # asks the database every twenty seconds, whoever calls
        with CaptureQueriesContext(connection) as asked:
            assert client.get(desk_url(made)).status_code == 200
        return sum("SAVEPOINT" not in each["sql"] for each in asked.captured_queries)

    assert not rows[1].judge_runs.exists()
    never, audited, again = cost(rows[1]), cost(rows[0]), cost(rows[1])
    assert rows[1].judge_runs.count() == 1 and again < never <= 26 and audited <= 20, (never, audited, again)
    assert cost(rows[2]) == never, "whoever else applies"
