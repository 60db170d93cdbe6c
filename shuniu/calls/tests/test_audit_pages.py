"""Pages of the check desk: who sees what, what a click does, how many queries a list makes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls import demo_audit
from shuniu.calls.actions import audit
from shuniu.calls.models import Application, Correction, Stage, Tick
from shuniu.calls.queries import audit as queries
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_audit import at_desk, concluded, fresh
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


def get(who: Any, url: str, status: int = 200) -> str:
    answer = log_in(Client(), who).get(url)
    assert answer.status_code == status, (url, answer.status_code)
    return answer.content.decode() if not answer.streaming else ""


def post(who: Any, url: str, data: dict[str, Any], status: int = 303, **headers: str) -> Any:
    answer = log_in(Client(), who).post(url, data, headers=headers)
    assert answer.status_code == status, (url, answer.status_code, answer.content.decode()[:2000])
    return answer


def desk_url(application: Application, tail: str = "audit/") -> str:
    return f"/calls/applications/{application.pk}/{tail}"


@pytest.mark.feature("C8")
def test_who_sees_the_desk() -> None:
    of = cast.office()
    stranger = cast.office("邻海市总工会")
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    call = made.call_id
    addresses = [desk_url(made), f"/calls/{call}/applications/", f"/calls/{call}/late/"]
    for one in (of.clerk, of.clerk2, of.checker, of.leader, unions.who("auditor", of.union)):
        for url in addresses:
            get(one, url)
    for url in [*addresses, desk_url(made, "check/"), f"/calls/{call}/applications/next/"]:
        get(stranger.checker, url, 404)
    get(of.clerk, desk_url(made, "check/"), 403)
    for one in (who, unions.who("finance", of.union), unions.who("sec_admin", of.union)):
        for url in addresses:
            get(one, url, 403)
    draft = cast.filled_application(cast.applicant(of), cast.published_call(of))
    get(of.clerk, desk_url(draft), 404)
    for tail in ("answer/", "tick/", "conclude/", "correct/", "reading/", "assign/"):
        post(stranger.clerk, desk_url(made, f"audit/{tail}"), {}, 404)


@pytest.mark.feature("C7")
@pytest.mark.feature("C8")
def test_the_desk_shows_evidence_findings_and_one_open_question() -> None:
    of = cast.office()
    made = at_desk(of)
    html = get(of.clerk, desk_url(made))
    assert html.count("finding--ask") == 1
    assert "/library/beijing-2017/#第七条（一）" in html and "市民政局年检公告" in html
    first = made.materials.order_by("item__order").first()
    assert first is not None and f'<iframe src="/calls/materials/{first.pk}/#' in html
    assert 'aria-current="step"' in html and "data-jk" in html
    assert html.count("来源") < len(queries.latest_findings(made)) and "条相同）：" in html
    html = get(of.clerk, f"{desk_url(made)}?ask=has_experience")
    assert "是否组织实施过相关类别的项目？" in html and html.count("finding--ask") == 1
    second = made.materials.order_by("item__order")[1]
    html = get(of.clerk, f"{desk_url(made)}?file={second.pk}")
    assert re.search(rf'id="f-{second.item.key}"\s+aria-current="true"', html)


@pytest.mark.feature("C8")
def test_answering_leads_to_the_next_question_and_a_no_needs_its_reason() -> None:
    of = cast.office()
    made = at_desk(of)
    url = desk_url(made, "audit/answer/")
    fields = {"a-fact": "scope_matches", "a-seen": "0", "condition": "scope"}
    answer = post(of.clerk, url, fields | {"a-value": "no", "a-note": ""}, 422)
    html = answer.content.decode()
    assert "错误：" in html and "请写明理由" in html
    post(of.clerk, url, fields | {"a-value": "yes", "a-note": "已核对章程"})
    assert queries.answers_of(made)["scope_matches"].note == "已核对章程"
    html = post(of.clerk2, url, fields | {"a-value": "no", "a-note": "范围不含"}, 409).content.decode()
    assert "已核对章程" in html and "范围不含" in html, "both versions"
    answer = post(
        of.clerk,
        url,
        {"a-fact": "has_experience", "a-seen": "0", "a-value": "fix", "condition": "experience"},
    )
    assert "fix=experience" in answer["Location"]
    html = get(of.clerk, answer["Location"].split("#")[0])
    asked = get(of.clerk, f"{desk_url(made)}?at=experience")
    assert "港区一线职工心理驿站" in asked.split('id="f-experience"')[1].split("</article>")[0], (
        "beside the question"
    )
    assert re.search(r'name="k-pick_\d+"[^>]*checked', html) and "为“第七条（四） 有相关类别" in html
    no = {"a-fact": "has_experience", "a-seen": "0", "a-value": "no", "condition": "experience"}
    post(of.clerk, url, no | {"a-note": "只有志愿活动"})
    html = get(of.clerk, desk_url(made))
    assert '<option value="第七条（四）" selected>' in html, "a conclusion 不符合 begins with its ground"
    assert "有相关类别项目的工作经历：只有志愿活动</textarea>" in html
    assert f"{made}：提交申报" in get(of.clerk, f"/calls/{made.call_id}/"), (
        "the call's own page says about whom"
    )


@pytest.mark.feature("C8")
def test_a_tick_is_saved_at_once_and_a_colleague_sees_both_versions() -> None:
    of = cast.office()
    made = at_desk(of)
    url = desk_url(made, "audit/tick/")
    data = {"condition": "scope", "version": "0", "ticked": "1", "_changed": "ticked"}
    answer = post(of.clerk, url, data, 204, **{"X-Requested-With": "autosave"})
    assert answer["X-Form-Version"] == "1" and Tick.objects.get().ticked
    late = {"condition": "scope", "version": "0", "note": "缺第三页"}
    answer = post(of.clerk2, url, late | {"_changed": "note"}, 409, **{"X-Requested-With": "autosave"})
    assert "林经办" in answer.json()["error"]
    html = post(of.clerk2, url, late, 409).content.decode()
    assert "缺第三页" in html and "已核对" in html and "林经办" in html
    post(of.clerk2, url, late | {"version": "1"})
    assert Tick.objects.get().note == "缺第三页"
    assert "checked" not in get(of.clerk, f"{desk_url(made)}?at=scope").split('id="t-scope"')[1][:60]
    too_long = {"condition": "scope", "version": "2", "note": "长" * 501, "_changed": "note"}
    post(of.clerk2, url, too_long, 422, **{"X-Requested-With": "autosave"})


@pytest.mark.feature("C8")
def test_the_correction_is_shown_before_it_goes_out() -> None:
    of = cast.office()
    made = at_desk(of)
    url = desk_url(made, "audit/correct/")
    html = get(of.clerk, desk_url(made))
    index = re.search(r'for="id_k-pick_(\d+)"><input[^>]*><span>说明服务方案', html)
    n = index.group(1) if index else "5"
    assert "一次性补正" in html and "还可补正 1 次" in html
    assert '"缺少该项材料" selected' not in html, "every material is there"
    answer = post(of.clerk, url, {"k-message": ""}, 422)
    assert "请至少选择一项" in answer.content.decode()
    data = {f"k-pick_{n}": "on", f"k-stock_{n}": "own", f"k-own_{n}": "", "k-message": "谢谢"}
    assert "需要补正的原因" in post(of.clerk, url, data, 422).content.decode()
    data[f"k-own_{n}"] = "没有写时间"
    html = post(of.clerk, url, data, 200).content.decode()
    assert "没有写时间" in html and "5 个工作日内" in html and not Correction.objects.exists()
    post(of.clerk, url, data | {"do": "send"})
    sent = Correction.objects.get()
    assert sent.items[0]["reason"] == "没有写时间" and fresh(made).stage == Stage.CORRECTING
    answer = log_in(Client(), of.clerk).get(desk_url(made, "audit/correction-1.pdf"))
    assert answer["Content-Type"] == "application/pdf" and b"".join(answer)[:5] == b"%PDF-"
    post(of.clerk, url, data | {"do": "send"}, 409)


@pytest.mark.feature("C8")
def test_conclusion_second_person_and_release_through_the_pages() -> None:
    of = cast.office()
    made = at_desk(of)
    demo_audit.judge_all(made, of.clerk)
    run = queries.current_run(made)
    assert run is not None
    url = desk_url(made, "audit/conclude/")
    data = {"c-run": str(run.number), "c-verdict": "unqualified"}
    html = post(of.clerk, url, data, 422).content.decode()
    assert "写明依据的条款" in html and "写明“不符合”的理由" in html
    post(of.clerk, url, {"c-run": str(run.number - 1), "c-verdict": "qualified"}, 409)
    post(of.clerk, url, {"c-run": str(run.number), "c-verdict": "qualified"})
    assert fresh(made).stage == Stage.CHECKING
    page = desk_url(made, "check/")
    html = get(of.checker, page)
    assert "办理经过" in html and "同意" in html
    assert "没有变化" in get(of.checker, page)
    decision = queries.conclusion_of(made)
    assert decision is not None
    answer = post(of.checker, page, {"conclusion": decision.pk, "do": "return", "reason": ""}, 422)
    assert "退回请写明理由" in answer.content.decode()
    post(of.checker, page, {"conclusion": decision.pk, "do": "approve", "reason": ""})
    post(of.checker2, page, {"conclusion": decision.pk, "do": "approve", "reason": ""}, 409)
    assert fresh(made).stage == Stage.QUALIFIED
    get(of.leader, desk_url(made, "audit/sheet.pdf"))
    get(of.checker, desk_url(made, "reopen/"))
    post(of.checker, desk_url(made, "reopen/"), {"reason": ""}, 422)
    _release(of.clerk, made)
    assert fresh(made).released_at is not None
    get(of.checker, desk_url(made, "reopen/"), 409)


def _release(clerk: Any, made: Application) -> None:
    client = log_in(Client(), clerk)
    base = f"/calls/{made.call_id}/applications/"
    html = client.get(f"{base}?tab=release&batch=release&pick=all").content.decode()
    assert f"{made.organisation}，{made.category.label}：符合</li>" in html
    assert "可以办理 1 项" in html and "将有 1 家单位收到通知" in html
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    answer = client.post("/lists/calls.applications/batch/release/", hidden)
    if answer.status_code == 404:
        action = re.search(r'<form method="post" action="([^"]+)"', html)
        assert action is not None
        answer = client.post(action.group(1), hidden)
    assert answer.status_code == 303, answer.content.decode()[:500]


@pytest.mark.feature("C8")
def test_the_batch_bar_assigns_to_clerks_of_this_union_only() -> None:
    of = cast.office()
    other = cast.office("邻海市总工会")
    made = at_desk(of)
    html = get(of.checker, f"/calls/{made.call_id}/applications/?batch=assign&pick={made.pk}")
    assert "吴经办" in html and html.count("<option") == 3
    assert other.clerk.person is not None and f'value="{other.clerk.person.pk}"' not in html
    post(of.checker, desk_url(made, "audit/assign/"), {"clerk": str(other.clerk.person.pk)}, 422)
    post(of.checker, desk_url(made, "audit/assign/"), {"clerk": str(of.clerk2.person.pk)})  # type: ignore[union-attr]
    assert fresh(made).clerk == of.clerk2.person


@pytest.mark.feature("C8")
def test_the_list_filters_counts_and_costs_the_same_at_any_size() -> None:
    of = cast.office()
    call = cast.published_call(of)
    first = at_desk(of, call, cast.applicant(of, "望海市晨曦职工心理关爱中心"))
    url = f"/calls/{call.pk}/applications/"
    client = log_in(Client(), of.clerk)
    client.get(url)

    def count() -> int:
        clock.forget()
        clock.now()  # asks the database every twenty seconds, whoever calls
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    one = count()
    assert one <= 12, one
    for _ in range(4):
        made = cast.submitted_application(cast.applicant(of), call)
        audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    assert count() == one
    concluded(of, first)
    for query, names in (
        ("q=晨曦", 1), ("q=whscx", 1), ("judged=ask", 4), ("judged=no", 0), ("tab=checking", 1),
        ("tab=waiting", 5), ("clerk=none", 4), ("region=东港区", 5), ("tab=concluded", 0),
        (f"submitted_to={clock.today() - dt.timedelta(days=1)}", 0),
    ):  # fmt: skip
        html = get(of.clerk, f"{url}?{query}")
        assert html.count('<th scope="row">') == names, query
    counts = queries.counts_of(call)
    assert (counts["all"], counts["waiting"], counts["checking"], counts["unassigned"]) == (5, 5, 1, 4)


@pytest.mark.feature("C8")
def test_the_next_one_is_mine_and_the_neighbours_follow_the_list() -> None:
    of = cast.office()
    call = cast.published_call(of)
    rows = [cast.submitted_application(cast.applicant(of), call) for _ in range(3)]
    cast.move_to(call, "check", of.clerk)
    audit.assign(by=of.checker, application_id=rows[2].pk, clerk_id=of.clerk.person.pk)  # type: ignore[union-attr]
    answer = log_in(Client(), of.clerk).get(f"/calls/{call.pk}/applications/next/")
    assert answer["Location"] == desk_url(rows[2])
    html = get(of.clerk, f"{desk_url(rows[1])}?from=tab%3Dwaiting")
    assert "待审核 2/3" in html and desk_url(rows[0]) in html and desk_url(rows[2]) in html
    for row in rows:
        demo_audit.conclude_one(row, of.clerk)
    both = unions.who("checker", of.union, of.clerk.person)
    for asker, waits in ((of.clerk, False), (both, False), (of.checker, True)):
        answer = log_in(Client(), asker).get(f"/calls/{call.pk}/applications/next/")
        assert (answer["Location"] != f"/calls/{call.pk}/applications/") is waits, (
            "nobody checks their own work"
        )


@pytest.mark.feature("M1")
def test_what_waits_for_whom() -> None:
    of = cast.office()
    made = at_desk(of)

    def titles(who: Any) -> list[str]:
        return [t.title for t in slots.todos_for(who) if t.tag in ("审核", "复核", "补正", "补报")]

    assert titles(of.clerk) == ["1 份申报还没有指派经办人"] and titles(of.checker) == []
    demo_audit.judge_all(made, of.clerk)
    assert titles(of.clerk) == [made.organisation.name] and titles(of.clerk2) == []
    concluded(of, made)
    assert titles(of.clerk) == [] and titles(of.checker) == [made.organisation.name]
    audit.confirm(by=of.checker, application_id=made.pk)
    assert titles(of.clerk2) == ["1 份审核结论待统一生效"]
    html = get(of.clerk, f"/calls/{made.call_id}/")
    assert "资格审核" in html and f"/calls/{made.call_id}/applications/?tab=release" in html
    bench = get(of.clerk, "/work/")
    assert f'<h2 id="h-call">{made.call.title}</h2>' in bench and 'aria-label="办理阶段"' in bench
    assert "其他进行中的" not in bench and "h-call" not in get(unions.who("finance", of.union), "/work/")
