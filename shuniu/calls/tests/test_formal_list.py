"""Formal list and corrections: what is recognised in the same act, what the database keeps, races."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from shuniu.calls import demo_listing as acts
from shuniu.calls.actions import audit, listing
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call, PublicList, Stage
from shuniu.calls.rules.procedure import may_advance
from shuniu.calls.tests import cast, cast_listing
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.recognition.models import Event, Recognition
from shuniu.registry import actions as registry
from shuniu.registry.models import Status

pytestmark = pytest.mark.django_db


@pytest.mark.refusal("calls.publicity_none")
@pytest.mark.refusal("calls.publicity_running")
@pytest.mark.refusal("calls.publicity_open")
def test_no_formal_list_before_the_publicity_is_over() -> None:
    of = cast.office()
    call, _ = cast_listing.reviewed_call(of, 1)
    with refused("calls.publicity_none"):
        listing.freeze_formal(by=of.clerk, call_id=call.pk)
    acts.run_publicity(call, clerk=of.clerk, approver=of.checker)
    with refused("calls.publicity_running"):
        listing.freeze_formal(by=of.clerk, call_id=call.pk)
    assert of.clerk.person is not None and of.leader.person is not None
    made = PublicList.objects.create(
        call=call, kind="formal", title="越权", frozen=[], digest="x", frozen_by=of.clerk.person,
        frozen_identity=of.clerk.person.identity,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match=r"calls\.publicity_open"), transaction.atomic():
        PublicList.objects.filter(pk=made.pk).update(
            approved_by=of.leader.person,
            approved_identity=of.leader.person.identity,
            published_at=clock.now(),
        )


@pytest.mark.feature("E1")
@pytest.mark.feature("R5")
def test_the_formal_list_recognises_in_the_same_act_and_ends_the_call(travel: object) -> None:
    of = cast.office()
    call, applications, formal = cast_listing.finished(of, travel)
    assert call.state == Call.State.FINISHED
    assert {a.stage for a in applications} == {Stage.RECOGNISED}
    rows = list(Recognition.objects.order_by("pk"))
    assert [r.certificate_no[-4:] for r in rows] == ["0001", "0002"]
    assert formal.paper is not None and formal.paper.number in rows[0].decision
    assert rows[0].first_day == clock.today()
    assert rows[0].last_day == rows[0].first_day.replace(year=rows[0].first_day.year + 2) - dt.timedelta(
        days=1
    )
    assert rows[0].directions and rows[0].union_id == of.union.pk
    assert f"{rows[0].last_day:%Y-%m-%d}" in str(formal.paper.data)


def test_a_period_that_overlaps_stops_the_whole_publication(travel: object) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of)
    cast_listing.after_publicity(publicity, travel)
    from shuniu.recognition import actions as recognition

    first = applications[0]
    recognition.grant(
        by=cast.SYSTEM, organisation=first.organisation, union=of.union, document=call.document,
        category=first.category.key, category_label="x", directions=[], decision="先前",
        first_day=clock.today() + dt.timedelta(days=30), decided_on=clock.today(), effect_key="test:1",
    )  # fmt: skip
    frozen = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    with refused("recognition.already"):
        listing.publish_formal(by=of.checker, list_id=frozen.pk)
    frozen.refresh_from_db()
    assert frozen.published_at is None and Recognition.objects.count() == 1
    assert Application.objects.filter(call=call, stage=Stage.RECOGNISED).count() == 0


def test_a_formal_list_takes_as_many_statements_for_one_name_as_for_four(travel: Any) -> None:
    counts = []
    for n, name in ((1, "望海市总工会"), (4, "邻海市总工会")):
        of = cast.office(name)
        call, _, publicity = cast_listing.on_view(of, n)
        cast_listing.after_publicity(publicity, travel)
        frozen = listing.freeze_formal(by=of.clerk, call_id=call.pk)
        with CaptureQueriesContext(connection) as asked:
            listing.publish_formal(by=of.checker, list_id=frozen.pk)
        counts.append(len(asked))
        rows = Recognition.objects.filter(union=of.union).order_by("pk")
        assert [int(r.certificate_no[-4:]) for r in rows] == list(range(1, n + 1))
        assert Message.objects.filter(
            kind="calls.recognised", title__contains=rows[0].category_label
        ).exists()
        assert Event.objects.filter(recognition__in=rows, verb="grant", clause="第五条（六）").count() == n
        assert Entry.objects.filter(verb="recognition.grant", union_id=of.union.pk).count() == n
        assert ProcrastinateJob.objects.filter(
            task_name="recognition.certificate", args__recognition_id__in=[r.pk for r in rows]
        ).count() == n  # fmt: skip
    assert counts[0] == counts[1], counts


@pytest.mark.feature("C11")
def test_no_list_names_an_organisation_that_was_struck_off(travel: Any) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of)
    cast_listing.after_publicity(publicity, travel)
    frozen = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    registry.change_status(
        by=of.clerk, organisation=applications[0].organisation, status=Status.CANCELLED, since=clock.today(),
        basis="注销公告",
    )  # fmt: skip
    with refused("calls.list_changed"):  # the nightly sweep has not come by
        listing.publish_formal(by=of.checker, list_id=frozen.pk)
    listing.return_list(by=of.checker, list_id=frozen.pk, reason="一家已注销")
    again = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    assert [r["application"] for r in again.frozen] == [applications[1].pk]
    listing.publish_formal(by=of.checker, list_id=again.pk)
    assert audit.end_deregistered() == 1
    assert Recognition.objects.count() == 1
    assert may_advance(Call.objects.get(pk=call.pk)), "nothing is left to publish"


@pytest.mark.refusal("calls.list_not_public")
@pytest.mark.refusal("calls.list_correction_nothing")
@pytest.mark.refusal("calls.list_correction_gone")
@pytest.mark.refusal("calls.list_correction_open")
@pytest.mark.refusal("calls.list_correction_done")
def test_a_published_list_is_mended_by_a_notice_that_a_second_person_approves(travel: object) -> None:
    of = cast.office()
    call, applications, formal = cast_listing.finished(of, travel)
    entry = formal.entries.get(application=applications[0])
    words = {"list_id": formal.pk, "reason": "录入有误", "label": "", "before": "", "after": ""}
    with refused("calls.list_correction_nothing"):
        listing.propose_correction(by=of.clerk, entry_id=entry.pk, removes=False, **words)
    made = listing.propose_correction(by=of.clerk, entry_id=entry.pk, removes=True, **words)
    with refused("calls.list_correction_open"):
        listing.propose_correction(by=of.clerk, entry_id=entry.pk, removes=True, **words)
    done = listing.publish_correction(by=of.leader, list_id=formal.pk, number=made.number)
    assert done.paper is not None and done.paper.replaces_id == formal.paper_id
    assert Application.objects.get(pk=applications[0].pk).stage == Stage.REMOVED
    with pytest.raises(DatabaseError, match=r"calls\.list_frozen"), transaction.atomic():
        type(done).objects.filter(pk=done.pk).update(reason="改过")
    row = Recognition.objects.get(effect_key=f"calls.application:{applications[0].pk}")
    assert row.state == Recognition.State.CANCELLED and row.effective.isempty
    formal.refresh_from_db()
    assert len(formal.frozen) == 2, "the list itself stays as it was published"
    with refused("calls.list_correction_gone"):
        listing.propose_correction(by=of.clerk, entry_id=entry.pk, removes=True, **words)
    with refused("calls.list_correction_done"):
        listing.publish_correction(by=of.leader, list_id=formal.pk, number=made.number)
    returned = PublicList.objects.filter(call=call, kind="shortlist").get()
    assert returned.published_at is not None
    call2, _ = cast_listing.reviewed_call(of, 1)
    frozen = listing.freeze_shortlist(by=of.clerk, call_id=call2.pk)
    with refused("calls.list_not_public"):
        listing.propose_correction(
            by=of.clerk, entry_id=None, removes=False, **(words | {"list_id": frozen.pk, "label": "标题"})
        )


@pytest.mark.refusal("calls.objection_off")
def test_a_cancelled_call_ends_its_applications_and_its_publicity_takes_nothing_more() -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of, 1)
    calls.cancel(by=of.leader, call_id=call.pk, reason="经费调整")
    assert Application.objects.get(pk=applications[0].pk).stage == Stage.ENDED
    with refused("calls.objection_off"):
        cast_listing.send(publicity)


@pytest.mark.real_transactions
def test_of_two_approvers_at_once_one_is_told(travel: object) -> None:
    of = cast.office()
    call, _, publicity = cast_listing.on_view(of, 2)
    cast_listing.after_publicity(publicity, travel)
    frozen = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    codes: list[str] = []
    start = threading.Barrier(3)

    def approve(who: Who) -> None:
        start.wait()
        try:
            listing.publish_formal(by=who, list_id=frozen.pk)
            codes.append("done")
        except Refused as no:
            codes.append(no.verdict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(w,)) for w in (of.checker, of.checker2, of.leader)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(codes) == ["calls.list_over", "calls.list_over", "done"]
    assert Recognition.objects.count() == 2
