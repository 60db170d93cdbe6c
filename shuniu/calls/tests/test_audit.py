"""The check desk: runs of the engine, judgements, conclusion and second person, release."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuniu.calls import demo_audit
from shuniu.calls.actions import apply, audit
from shuniu.calls.models import Application, Call, Decision, JudgeRun, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.registry import actions as registry
from shuniu.registry.models import Inspection, Status

pytestmark = pytest.mark.django_db


def at_desk(of: cast.Office, call: Call | None = None, who: Who | None = None) -> Application:
    """An application in a call whose check is open, judged once."""
    call = call or cast.published_call(of)
    made = cast.submitted_application(who or cast.applicant(of), call)
    cast.move_to(call, "check", of.clerk)
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    return fresh(made)


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def concluded(of: cast.Office, application: Application, *, no: Any = ()) -> Decision:
    demo_audit.conclude_one(application, of.clerk, no=no)
    found = queries.conclusion_of(application)
    assert found is not None
    return found


def checked(of: cast.Office, application: Application, *, no: Any = ()) -> Application:
    concluded(of, application, no=no)
    audit.confirm(by=of.checker, application_id=application.pk)
    return fresh(application)


def with_inspection(of: cast.Office, result: str) -> Who:
    """An applicant whose inspection of last year was corrected to something else."""
    who = cast.applicant(of)
    row = Inspection.objects.get(organisation=who.organisation_id)
    registry.correct_fact(
        by=of.clerk, row=row, values={"result": result}, reason="按公告更正", basis="市民政局更正公告"
    )
    return who


@pytest.mark.feature("C7")
def test_a_run_says_every_condition_with_clause_facts_source_and_day() -> None:
    of = cast.office()
    made = at_desk(of)
    run = queries.current_run(made)
    assert run is not None and run.number == 1 and run.law == made.call.document.digest
    rows = {f.condition: f for f in queries.findings_of(made, 1)}
    inspection = rows["inspection"]
    assert inspection.status == "met" and inspection.clause == "第七条（一）" and inspection.reason
    used = next(f for f in inspection.facts if f["name"] == "inspections")
    assert "市民政局年检公告" in used["source"] and used["as_of"]
    assert inspection.judged_on == clock.today()
    assert rows["capability"].status == "judged"
    assert [a["name"] for a in rows["capability"].asks] == ["has_management", "has_specialists"]
    assert made.judged == "ask" and made.due_on is not None


@pytest.mark.feature("C7")
def test_the_engine_runs_again_only_when_something_changed_and_says_what() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    assert JudgeRun.objects.filter(application=made).count() == 1
    registry.change_status(
        by=of.clerk, organisation=cast.organisation_of(who), status=Status.CANCELLED, since=clock.today(),
        basis="注销公告",
    )  # fmt: skip
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    rows = {f.condition: f.status for f in queries.latest_findings(made)}
    assert rows["registration_alive"] == "not_met" and fresh(made).judged == "no"
    entry = Entry.objects.filter(verb="calls.judge").order_by("-id").first()
    assert entry is not None and "由“符合”变为“不符合”" in entry.text


@pytest.mark.feature("C7")
def test_the_year_before_stays_the_year_before_the_submission(travel: Any) -> None:
    of = cast.office()
    made = at_desk(of)
    day = clock.today()
    travel(to=dt.datetime(day.year + 1, 1, 8, 9, tzinfo=clock.TZ))
    audit.answer(by=of.clerk, application_id=made.pk, fact="scope_matches", value=True)
    run = queries.current_run(made)
    assert run is not None and run.facts_on == dt.date(day.year + 1, 1, 8) and run.law_on == day
    rows = {f.condition: f for f in queries.latest_findings(made)}
    assert rows["inspection"].status == "met" and str(day.year - 1) in rows["inspection"].reason


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.say_why_not")
@pytest.mark.refusal("calls.no_such_question")
@pytest.mark.refusal("calls.answered_meanwhile")
def test_people_answer_what_only_people_can_judge() -> None:
    of = cast.office()
    made = at_desk(of)
    with refused("calls.say_why_not"):
        audit.answer(by=of.clerk, application_id=made.pk, fact="has_management", value=False)
    with refused("calls.no_such_question"):
        audit.answer(by=of.clerk, application_id=made.pk, fact="inspections", value=True)
    first = audit.answer(by=of.clerk, application_id=made.pk, fact="has_management", value=True, seen=0)
    assert fresh(made).clerk == of.clerk.person, "whoever begins becomes its clerk"
    with refused("calls.answered_meanwhile"):
        audit.answer(
            by=of.clerk2, application_id=made.pk, fact="has_management", value=False, note="制度不全", seen=0
        )
    audit.answer(
        by=of.clerk2,
        application_id=made.pk,
        fact="has_management",
        value=False,
        note="制度不全",
        seen=first.pk,
    )
    assert {f.condition: f.status for f in queries.latest_findings(made)}["capability"] == "not_met"
    with pytest.raises(IntegrityError, match="judgement_no_why"), transaction.atomic():
        made.judgements.create(fact="has_management", answer=False, by_id=made.created_by_id)


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.no_such_reading")
def test_two_readings_need_a_decision_with_a_reason() -> None:
    of = cast.office()
    made = at_desk(of, who=with_inspection(of, "basically"))
    found = {f.condition: f for f in queries.latest_findings(made)}["inspection"]
    assert found.status == "ambiguous" and len(found.readings) == 3
    choose: dict[str, Any] = {"call_id": made.call_id, "condition": "inspection"}
    with refused("calls.no_such_reading"):
        audit.choose_reading(by=of.clerk, application_id=made.pk, reading="other", reason="x", **choose)
    with refused("calls.reason_needed"):
        audit.choose_reading(by=of.clerk, application_id=made.pk, reading="basic", reason=" ", **choose)
    with refused("calls.checker_only"):
        audit.choose_reading(by=of.clerk, reading="basic", reason="统一", **choose)
    audit.choose_reading(by=of.checker, reading="basic", reason="经市民政局确认", **choose)
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    found = {f.condition: f for f in queries.latest_findings(made)}["inspection"]
    assert found.status == "met" and found.chosen["why"] == "经市民政局确认"
    audit.choose_reading(
        by=of.clerk, application_id=made.pk, reading="literal", reason="本单位另有情况", **choose
    )
    assert {f.condition: f.status for f in queries.latest_findings(made)}["inspection"] == "not_met"


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.conclude_left")
@pytest.mark.refusal("calls.conclude_not_met")
@pytest.mark.refusal("calls.conclude_no_ground")
@pytest.mark.refusal("calls.conclude_clause")
@pytest.mark.refusal("calls.audit_moved")
def test_a_conclusion_waits_for_every_condition() -> None:
    of = cast.office()
    made = at_desk(of)
    for verdict in ("qualified", "unqualified"):
        with refused("calls.conclude_left"):
            audit.conclude(
                by=of.clerk, application_id=made.pk, verdict=verdict, note="x", clause="第七条（二）"
            )
    demo_audit.judge_all(made, of.clerk)
    with refused("calls.conclude_no_ground"):
        audit.conclude(
            by=of.clerk, application_id=made.pk, verdict="unqualified", note="x", clause="第七条（二）"
        )
    with refused("calls.audit_moved"):
        audit.conclude(by=of.clerk, application_id=made.pk, verdict="qualified", run=1)
    audit.answer(by=of.clerk, application_id=made.pk, fact="scope_matches", value=False, note="范围不含此类")
    with refused("calls.conclude_not_met"):
        audit.conclude(by=of.clerk, application_id=made.pk, verdict="qualified")
    with refused("calls.reason_needed"):
        audit.conclude(by=of.clerk, application_id=made.pk, verdict="unqualified", clause="第七条（二）")
    with refused("calls.conclude_clause"):
        audit.conclude(by=of.clerk, application_id=made.pk, verdict="unqualified", note="范围不含此类")
    done = audit.conclude(
        by=of.clerk, application_id=made.pk, verdict="unqualified", note="范围不含此类", clause="第七条（二）"
    )
    assert done.to_stage == Stage.CHECKING and done.clause == "第七条（二）"


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.check_not_open")
def test_nothing_is_concluded_before_the_check_begins() -> None:
    of = cast.office()
    made = cast.submitted_application(cast.applicant(of), cast.published_call(of))
    demo_audit.judge_all(made, of.clerk)
    with refused("calls.check_not_open"):
        audit.conclude(by=of.clerk, application_id=made.pk, verdict="qualified")


@pytest.mark.feature("C8")
def test_a_fourth_category_needs_its_reason_accepted() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    keys = list(call.categories.values_list("key", flat=True))
    for key in keys[:3]:
        cast.submitted_application(who, call, key)
    fourth = cast.filled_application(who, call, keys[3], reason="业务范围明确包括文体服务")
    apply.submit(
        by=who, application_id=fourth.pk, key=uuid.uuid4(), arrived_at=clock.now(),
        signatory="何法人", undertaken=True,
    )  # fmt: skip
    cast.move_to(call, "check", of.clerk)
    audit.run_findings(by=demo_audit.RUN, application_id=fourth.pk)
    for finding in queries.latest_findings(fourth):
        for ask in finding.asks:
            audit.answer(by=of.clerk, application_id=fourth.pk, fact=ask["name"], value=True)
    assert fresh(fourth).judged == "ask"
    with refused("calls.conclude_left"):
        audit.conclude(by=of.clerk, application_id=fourth.pk, verdict="qualified")
    audit.accept_reason(by=of.clerk, application_id=fourth.pk, condition="at_most_three", value=True)
    assert fresh(fourth).judged == "yes"
    audit.conclude(by=of.clerk, application_id=fourth.pk, verdict="qualified")
    with refused("calls.no_such_question"):
        other = Application.objects.filter(call=call, ordinal=1).get()
        audit.run_findings(by=demo_audit.RUN, application_id=other.pk)
        audit.accept_reason(by=of.clerk, application_id=other.pk, condition="scope", value=True)
