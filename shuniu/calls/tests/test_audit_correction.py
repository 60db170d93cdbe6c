"""一次性补正, what the clock does at the desk, deregistration, late entries, and two people at once."""

from __future__ import annotations

import datetime as dt
import io
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shuniu.calls import demo_audit
from shuniu.calls.actions import apply, audit, material
from shuniu.calls.models import Application, Correction, Decision, LateGrant, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.apply import snapshot_of
from shuniu.calls.queries.correction import so_far
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_audit import at_desk, concluded, fresh
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.files.tests import samples
from shuniu.foundation.jobs import run_sweep
from shuniu.foundation.notices.models import Message
from shuniu.foundation.papers.queries import is_intact
from shuniu.registry import actions as registry
from shuniu.registry.models import Status
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db
ITEMS = [
    {"key": "plan", "reason": "内容过于笼统"},
    {"key": "material:experience", "reason": "缺少验收或结项证明"},
]


def corrected(of: cast.Office, application: Application) -> Correction:
    return audit.send_correction(by=of.clerk, application_id=application.pk, items=ITEMS)


def answer_it(who: Who, application: Application) -> None:
    apply.save_section(
        by=who,
        application_id=application.pk,
        section="plan",
        values={"text": "三月起每周二，服务 120 人次。"},
    )
    item = application.call.materials.get(key="experience")
    upload = io.BytesIO(samples.pdf(note=f"验收{application.pk}"))
    upload.name = "验收证明.pdf"
    material.upload(by=who, application_id=application.pk, item_id=item.pk, upload=upload)
    apply.answer_correction(by=who, application_id=application.pk, key=uuid.uuid4(), arrived_at=clock.now())


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.correction_nothing")
@pytest.mark.refusal("calls.correction_item")
@pytest.mark.refusal("calls.correction_reason")
@pytest.mark.refusal("calls.correction_rounds")
@pytest.mark.refusal("calls.section_locked")
def test_a_correction_is_told_once_with_paper_and_deadline_and_shows_before_and_after() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    for items, code in (
        ([], "calls.correction_nothing"),
        ([{"key": "materials", "reason": "x"}], "calls.correction_item"),
        ([{"key": "plan", "reason": " "}], "calls.correction_reason"),
    ):
        with refused(code):
            audit.send_correction(by=of.clerk, application_id=made.pk, items=items)
    sent = corrected(of, made)
    days = 5
    assert clock.local_last_day(sent.due_at) == working_days.add(clock.today(), days)
    assert sent.paper is not None and is_intact(sent.paper) and sent.paper.data["number"].endswith("-补1")
    assert fresh(made).stage == Stage.CORRECTING
    assert Message.objects.filter(person=who.person, kind="calls.correction").count() == 1
    with refused("calls.section_locked"):
        apply.save_section(by=who, application_id=made.pk, section="people", values={"full_time": 99})
    assert [(i.changed, i.done) for i in so_far(fresh(made), sent)] == [(False, False)] * 2
    page = log_in(Client(), who).get(f"/apply/{made.pk}/").content.decode()
    assert page.count("还没有改动") == 2 and "还有 2 项没有改动" in page
    given = log_in(Client(), who).get(f"/apply/{made.pk}/correction/1.pdf")
    assert given["Content-Type"] == "application/pdf"
    assert "需要补正：内容过于笼统" in log_in(Client(), who).get(f"/apply/{made.pk}/plan/").content.decode()
    files = log_in(Client(), who).get(f"/apply/{made.pk}/materials/").content.decode()
    assert files.count("data-upload=") == files.count("/remove/") == 1, (
        "only what was asked for can be changed"
    )
    answer_it(who, made)
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    page = log_in(Client(), who).get(f"/apply/{made.pk}/receipt/").content.decode()
    assert "补正到达时间" in page and "补正后校验值" in page
    shown = queries.mended(fresh(made))
    assert shown is not None
    plan, files = shown["rows"]
    assert [c["label"] for c in plan["changes"]] == ["说明"]
    assert "120 人次" in plan["changes"][0]["after"] and "120 人次" not in plan["changes"][0]["before"]
    assert "验收证明.pdf" in files["changes"][0]["after"] and "验收证明" not in files["changes"][0]["before"]
    with refused("calls.correction_rounds"):
        corrected(of, made)


@pytest.mark.feature("C8")
def test_before_and_after_are_told_in_the_words_of_the_form() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    asked = [{"key": "directions", "reason": "与证明材料不一致"}]
    sent = audit.send_correction(by=of.clerk, application_id=made.pk, items=asked)
    first, second = made.category.directions[:2]
    apply.save_section(
        by=who, application_id=made.pk, section="directions", values={"directions": [second["key"]]}
    )
    assert [i.done for i in so_far(fresh(made), sent)] == [True]
    apply.answer_correction(by=who, application_id=made.pk, key=uuid.uuid4(), arrived_at=clock.now())
    shown = queries.mended(fresh(made))
    assert shown is not None
    (change,) = shown["rows"][0]["changes"]
    assert (change["before"], change["after"]) == (first["label"], second["label"])


@pytest.mark.feature("C8")
def test_a_correction_not_handed_in_comes_back_once_and_is_a_ground(travel: Any) -> None:
    of = cast.office()
    made = at_desk(of, who=cast.applicant(of, registrar_level=""))
    assert made.judged == "open"
    for finding in queries.latest_findings(made):
        for ask in finding.asks:
            audit.answer(by=of.clerk, application_id=made.pk, fact=ask["name"], value=True)
    with refused("calls.conclude_no_ground"):
        audit.conclude(
            by=of.clerk, application_id=made.pk, verdict="unqualified", note="x", clause="第七条（一）"
        )
    sent = corrected(of, made)
    travel(to=sent.due_at + dt.timedelta(seconds=30))
    assert audit.expire_due() == 0, "what arrived in time may still be on its way"
    travel(to=sent.due_at + dt.timedelta(seconds=90))
    run_sweep("calls.corrections")
    run_sweep("calls.corrections")
    made = fresh(made)
    assert made.stage == Stage.SUBMITTED and made.decisions.filter(verb="correction_expired").count() == 1
    assert Message.objects.filter(kind="calls.correction_expired", person=of.clerk.person).count() == 1
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    audit.conclude(
        by=of.clerk,
        application_id=made.pk,
        verdict="unqualified",
        note="登记机关没有证明",
        clause="第七条（一）",
    )


@pytest.mark.feature("M3")
def test_a_new_holiday_lengthens_an_open_correction() -> None:
    of = cast.office()
    made = at_desk(of)
    sent = corrected(of, made)
    last = clock.local_last_day(sent.due_at)
    calendar.confirm_year(by=cast.SYSTEM, year=last.year, source="更正通知", days=[(last, False, "调整放假")])
    audit.recompute_due()
    sent.refresh_from_db()
    assert clock.local_last_day(sent.due_at) == working_days.next_working_day(last + dt.timedelta(days=1))
    assert fresh(made).due_on == clock.local_last_day(sent.due_at)


@pytest.mark.feature("C8")
def test_an_organisation_struck_off_leaves_every_running_call() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    corrected(of, made)
    assert audit.end_deregistered() == 0
    registry.change_status(
        by=of.clerk, organisation=cast.organisation_of(who), status=Status.CANCELLED, since=clock.today(),
        basis="注销公告",
    )  # fmt: skip
    assert audit.end_deregistered() == 1 and audit.end_deregistered() == 0
    made = fresh(made)
    decision = made.decisions.latest("id")
    assert made.stage == Stage.ENDED and decision.clause == "第七条（一）" and "已注销" in decision.note
    for person in (who.person, of.clerk.person):
        assert Message.objects.filter(person=person, kind="calls.ended").count() == 1


@pytest.mark.feature("C6")
@pytest.mark.refusal("calls.late_unknown")
@pytest.mark.refusal("calls.late_until")
@pytest.mark.refusal("calls.late_pending")
@pytest.mark.refusal("calls.late_same")
@pytest.mark.refusal("calls.late_decided")
@pytest.mark.refusal("calls.late_over")
def test_a_late_entry_is_granted_by_a_second_person(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.filled_application(who, call)
    assert call.apply_until is not None
    travel(to=call.apply_until + dt.timedelta(hours=1))
    until = call.apply_until + dt.timedelta(days=2)
    code = cast.organisation_of(who).code or ""
    ask = {"by": of.clerk, "call_id": call.pk, "reason": "系统故障，有登记"}
    with refused("calls.late_unknown"):
        audit.ask_late(code="52379900MJE999999X", until=until, **ask)  # type: ignore[arg-type]
    with refused("calls.late_until"):
        audit.ask_late(code=code, until=call.apply_until, **ask)  # type: ignore[arg-type]
    row = audit.ask_late(code=code, until=until, **ask)  # type: ignore[arg-type]
    with refused("calls.late_pending"):
        audit.ask_late(code=code, until=until, **ask)  # type: ignore[arg-type]
    double = unions.who("leader", of.union, unions.person("林经办", phone=of.clerk.person.phone))  # type: ignore[union-attr]
    with refused("calls.late_same"):
        audit.decide_late(by=double, request_id=row.pk, granted=True)
    audit.decide_late(by=of.leader, request_id=row.pk, granted=True)
    with refused("calls.late_decided"):
        audit.decide_late(by=of.checker, request_id=row.pk, granted=False, answer="x")
    grant = LateGrant.objects.get()
    assert (grant.by, grant.approved_by) == (of.clerk.person, of.leader.person)
    apply.submit(
        by=who, application_id=made.pk, key=uuid.uuid4(), arrived_at=clock.now(), signatory="何法人",
        undertaken=True,
    )  # fmt: skip
    cast.move_to(call, "review", of.clerk)
    with refused("calls.late_over"):
        audit.ask_late(code=code, until=until, **ask)  # type: ignore[arg-type]


# --- two at once --------------------------------------------------------------------------------------


def both(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment; each gives its value or its refusal."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(n: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            results[n] = act()
        except Refused as problem:
            results[n] = problem.verdict
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    return results


@pytest.mark.feature("C8")
@pytest.mark.real_transactions
def test_two_checkers_at_once_exactly_one_wins() -> None:
    of = cast.office()
    made = at_desk(of)
    concluded(of, made)
    results = both(
        lambda: audit.confirm(by=of.checker, application_id=made.pk),
        lambda: audit.confirm(by=of.checker2, application_id=made.pk),
        lambda: audit.return_conclusion(by=of.leader, application_id=made.pk, reason="再看看"),
    )
    won = [r for r in results if isinstance(r, Decision)]
    assert len(won) == 1
    assert {getattr(r, "code", "") for r in results if r is not won[0]} == {"calls.audit_stage"}
    assert fresh(made).stage == won[0].to_stage
    assert Decision.objects.filter(application=made).exclude(verb__in=("submit", "conclude")).count() == 1


@pytest.mark.feature("C8")
@pytest.mark.real_transactions
def test_two_auditors_at_once_one_conclusion_one_correction() -> None:
    of = cast.office()
    made = at_desk(of)
    demo_audit.judge_all(made, of.clerk)
    results = both(
        lambda: audit.conclude(by=of.clerk, application_id=made.pk, verdict="qualified"),
        lambda: audit.conclude(by=of.clerk2, application_id=made.pk, verdict="qualified"),
        lambda: audit.send_correction(by=of.clerk2, application_id=made.pk, items=ITEMS),
    )
    assert sum(isinstance(r, Decision | Correction) for r in results) == 1
    made = fresh(made)
    assert made.stage in (Stage.CHECKING, Stage.CORRECTING)
    assert made.decisions.filter(verb__in=("conclude", "correct")).count() == 1
    assert made.stage == made.decisions.latest("id").to_stage


@pytest.mark.feature("C8")
@pytest.mark.real_transactions
def test_the_end_of_a_correction_and_its_answer_at_once(travel: Any) -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    sent = corrected(of, made)
    travel(to=sent.due_at + dt.timedelta(seconds=62))
    results = both(
        lambda: audit.expire_due(),
        lambda: audit.expire_due(),
        lambda: apply.answer_correction(
            by=who, application_id=made.pk, key=uuid.uuid4(), arrived_at=clock.now()
        ),
    )
    assert sorted(r for r in results if isinstance(r, int)) == [0, 1]
    sent.refresh_from_db()
    assert sent.answered_at is None and sent.expired_at is not None
    assert fresh(made).submissions.count() == 1 and snapshot_of(fresh(made))
