"""The check desk: the second person, what a decision keeps, release, assignment, ticks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuniu.calls import demo_audit
from shuniu.calls.actions import audit
from shuniu.calls.given import digest
from shuniu.calls.models import Application, Stage
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_audit import at_desk, checked, concluded, fresh
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.foundation.papers.queries import is_intact
from shuniu.registry import actions as registry
from shuniu.registry.models import Inspection
from shuniu.registry.queries import people_of
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.same_checker")
@pytest.mark.refusal("calls.checker_only")
@pytest.mark.refusal("calls.other_conclusion")
@pytest.mark.refusal("calls.audit_stage")
def test_another_natural_person_checks() -> None:
    of = cast.office()
    made = at_desk(of)
    decision = concluded(of, made)
    with refused("calls.checker_only"):
        audit.confirm(by=of.clerk2, application_id=made.pk)
    person = of.clerk.person
    assert person is not None
    double = unions.person(person.name, phone=person.phone)
    other_account = unions.who("checker", of.union, double)
    with refused("calls.same_checker"):
        audit.confirm(by=other_account, application_id=made.pk)
    with refused("calls.other_conclusion"):
        audit.confirm(by=of.checker, application_id=made.pk, decision_id=decision.pk + 1)
    done = audit.confirm(by=of.checker, application_id=made.pk, decision_id=decision.pk)
    assert fresh(made).stage == Stage.QUALIFIED and done.confirms == decision
    assert fresh(made).released_at is None, "told by the release only"
    sheet = fresh(made).audit_sheets.get()
    assert is_intact(sheet.paper) and sheet.paper.title == "资格审核表"
    with refused("calls.audit_stage"):
        audit.confirm(by=of.checker2, application_id=made.pk)


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.reason_needed")
def test_the_second_person_sends_it_back_with_a_reason() -> None:
    of = cast.office()
    made = at_desk(of)
    concluded(of, made)
    with refused("calls.reason_needed"):
        audit.return_conclusion(by=of.checker, application_id=made.pk, reason=" ")
    audit.return_conclusion(by=of.checker, application_id=made.pk, reason="请补看项目经历")
    assert fresh(made).stage == Stage.SUBMITTED
    told = Message.objects.filter(person=of.clerk.person, kind="calls.conclusion_returned").get()
    assert told.body == "请补看项目经历"
    assert not Message.objects.filter(
        person__in=people_of(made.organisation_id), kind__contains="conclu"
    ).exists()


@pytest.mark.feature("R2")
def test_the_decision_keeps_digests_of_law_facts_and_evidence_and_who() -> None:
    of = cast.office()
    made = at_desk(of)
    facts = concluded(of, made).facts
    assert facts["law"]["digest"] == made.call.document.digest
    assert facts["submission"] == made.submissions.get().digest
    hashes = set(made.materials.values_list("attachment__blob__sha256", flat=True))
    assert {sha for given in facts["evidence"].values() for sha in given} == hashes
    assert facts["people"] == {"clerk": of.clerk.person.pk, "judged_by": [of.clerk.person.pk]}  # type: ignore[union-attr]
    assert facts["findings"]["inspection"] == "met"
    body = {k: v for k, v in facts.items() if k != "digest"}
    assert digest(body) == facts["digest"]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE calls_decision SET facts = '{}' WHERE application_id = %s", [made.pk])


@pytest.mark.feature("R2")
@pytest.mark.refusal("calls.facts_changed")
def test_a_conclusion_that_no_longer_rests_on_facts_is_not_confirmed_nor_released() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = at_desk(of, who=who)
    concluded(of, made)
    row = Inspection.objects.get(organisation=who.organisation_id)
    registry.correct_fact(
        by=of.clerk, row=row, values={"result": "failed"}, reason="按公告更正", basis="市民政局更正公告"
    )
    with refused("calls.facts_changed"):
        audit.confirm(by=of.checker, application_id=made.pk)
    audit.return_conclusion(by=of.checker, application_id=made.pk, reason="年检结论变了")
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    assert checked(of, made).stage == Stage.UNQUALIFIED
    again = registry.correct_fact(
        by=of.clerk, row=Inspection.objects.get(organisation=who.organisation_id, superseded_by__isnull=True),
        values={"result": "passed"}, reason="复议后更正", basis="市民政局复议决定",
    )  # fmt: skip
    assert again.pk
    with refused("calls.facts_changed"):
        audit.release(by=of.clerk, application_id=made.pk)
    audit.reopen(by=of.checker, application_id=made.pk, reason="年检结论经复议更正")
    assert fresh(made).stage == Stage.SUBMITTED


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.nothing_to_release")
@pytest.mark.refusal("calls.released_already")
@pytest.mark.refusal("calls.desk_only")
def test_release_tells_each_applicant_once() -> None:
    of = cast.office()
    call = cast.published_call(of)
    first, second = cast.applicant(of), cast.applicant(of)
    good = at_desk(of, call, first)
    bad = cast.submitted_application(second, call, at=clock.now())
    with refused("calls.nothing_to_release"):
        audit.release(by=of.clerk, application_id=good.pk)
    checked(of, good)
    checked(of, bad, no=["scope_matches"])
    mine = Message.objects.filter(kind="calls.audited")
    assert not mine.exists()
    with refused("calls.desk_only"):
        audit.release(by=first, application_id=good.pk)
    assert "2 份：符合 1 份，不符合 1 份" in audit.release_many(by=of.clerk, ids=[bad.pk, good.pk])
    audit.release_many(by=of.clerk, ids=[bad.pk, good.pk])
    audit.release(by=of.checker, application_id=good.pk)
    assert mine.filter(person=first.person).count() == 1
    told = mine.get(person=second.person)
    assert "依据第七条（二）" in told.body
    with refused("calls.released_already"):
        audit.reopen(by=of.checker, application_id=good.pk, reason="晚了")


@pytest.mark.feature("C8")
@pytest.mark.refusal("calls.assign_target")
@pytest.mark.refusal("calls.tick_version")
def test_assignment_and_ticks() -> None:
    of = cast.office()
    made = at_desk(of)
    with refused("calls.assign_target"):
        audit.assign(by=of.checker, application_id=made.pk, clerk_id=of.checker.person.pk)  # type: ignore[union-attr]
    words = audit.assign_many(by=of.checker, ids=[made.pk], clerk=of.clerk2.person.pk)  # type: ignore[union-attr]
    assert "1 份" in words and fresh(made).clerk == of.clerk2.person
    assert Message.objects.filter(person=of.clerk2.person, kind="calls.assigned").exists()
    first = audit.save_tick(by=of.clerk, application_id=made.pk, condition="scope", ticked=True, version=0)
    with refused("calls.tick_version"):
        audit.save_tick(by=of.clerk2, application_id=made.pk, condition="scope", note="看过", version=0)
    later = audit.save_tick(
        by=of.clerk2, application_id=made.pk, condition="scope", note="看过", version=first.version
    )
    assert later.ticked and later.note == "看过"


@pytest.mark.feature("M1")
def test_a_batch_takes_effect_in_as_many_queries_for_one_as_for_six() -> None:
    of = cast.office()
    call = cast.published_call(of)
    made = [at_desk(of, call) for _ in range(7)]
    for one in made:
        checked(of, one)
    with CaptureQueriesContext(connection) as single:
        audit.release_many(by=of.clerk, ids=[made[0].pk])
    with CaptureQueriesContext(connection) as batch:
        audit.release_many(by=of.clerk, ids=[a.pk for a in made[1:]])
    assert len(batch) <= len(single), "the same for one and for six"
    entries = Entry.objects.filter(verb="calls.release")
    assert entries.count() == 7 and all(len(e.about) == 2 for e in entries)
    assert Message.objects.filter(kind="calls.audited").count() == 7
    assert Application.objects.filter(released_at__isnull=False).count() == 7
