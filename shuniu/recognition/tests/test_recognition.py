"""Granting, numbers, periods, withdrawal, suspension, reminders, verification."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from psycopg.types.range import DateRange

from shuniu.foundation.access import Refused, refuse
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.jobs import run_sweep
from shuniu.foundation.notices.models import Message
from shuniu.foundation.papers.queries import is_intact
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.formats import day_cn
from shuniu.recognition import actions
from shuniu.recognition.actions.common import database_refusals
from shuniu.recognition.actions.reminding import remind_on
from shuniu.recognition.models import Recognition, WithdrawalRequest
from shuniu.recognition.queries import recognitions_visible_to, soon_over
from shuniu.recognition.standing import standing
from shuniu.recognition.tests.cast import ago, holder, office, recognition, refused
from shuniu.registry.queries import people_of
from shuniu.registry.tests import factories
from shuniu.unions.tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.mark.feature("E1")
def test_two_years_from_the_first_day_and_numbers_without_gaps() -> None:
    of = office()
    _, a = holder(of)
    _, b = holder(of)
    row = recognition(of, a, first_day=dt.date(2026, 12, 18))
    assert (row.first_day, row.last_day) == (dt.date(2026, 12, 18), dt.date(2028, 12, 17))
    leap = recognition(of, b, first_day=dt.date(2028, 2, 29))
    assert leap.last_day == dt.date(2030, 2, 28)
    with pytest.raises(RuntimeError), transaction.atomic():
        recognition(of, b, category="work")
        raise RuntimeError("the act fails and gives its number back")
    third = recognition(of, b, category="work")
    assert [r.certificate_no[-4:] for r in (row, leap, third)] == ["0001", "0002", "0003"]
    assert len({r.verify_code for r in (row, leap, third)}) == 3 and len(row.verify_code) == 16


def test_granting_again_under_the_same_key_gives_the_same_row() -> None:
    of = office()
    _, a = holder(of)
    assert recognition(of, a, effect_key="k") == recognition(of, a, effect_key="k")
    assert Recognition.objects.count() == 1


@pytest.mark.refusal("recognition.already")
def test_periods_of_one_category_never_overlap() -> None:
    of = office()
    _, a = holder(of)
    first = recognition(of, a)
    with refused("recognition.already"):
        recognition(of, a, first_day=first.last_day)
    renewed = recognition(of, a, first_day=first.last_day + dt.timedelta(days=1))
    assert standing(renewed, clock.today()).key == "coming"
    with refused("recognition.already"):  # renewed already
        recognition(of, a, first_day=renewed.last_day + dt.timedelta(days=1))
    recognition(of, a, category="work")


def test_the_database_refuses_an_overlap_by_raw_sql() -> None:
    of = office()
    _, a = holder(of)
    row = recognition(of, a)
    columns = [str(f.column) for f in Recognition._meta.fields if f.column != "id"]
    values = ", ".join(
        {"certificate_no": "'X-1'", "verify_code": "'X1'", "effect_key": "'x'"}.get(c, c) for c in columns
    )
    insert = (
        f"INSERT INTO recognition_recognition ({', '.join(columns)})"
        f" SELECT {values} FROM recognition_recognition WHERE id = %s"
    )
    with pytest.raises(DatabaseError, match="recognition_no_overlap"), transaction.atomic():
        connection.cursor().execute(insert, [row.pk])


@pytest.mark.refusal("recognition.stays")
def test_what_was_granted_only_shrinks() -> None:
    of = office()
    _, a = holder(of)
    row = recognition(of, a)
    longer = DateRange(row.first_day, row.last_day + dt.timedelta(days=30))
    for change in (
        {"effective": longer},
        {"last_day": row.last_day + dt.timedelta(days=1)},
        {"category": "x"},
    ):
        with pytest.raises(DatabaseError, match=r"recognition\.stays"), transaction.atomic():
            Recognition.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match=r"recognition\.stays|permission"), transaction.atomic():
        connection.cursor().execute("DELETE FROM recognition_recognition WHERE id = %s", [row.pk])


@pytest.mark.refusal("recognition.conflict")
def test_somebody_who_was_first_is_told_in_words() -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a)
    actions.request_withdrawal(by=who, recognition_id=row.pk, reason="业务调整")
    assert who.person is not None
    with (
        refused("recognition.conflict"),
        database_refusals(refuse("recognition.conflict")),
        transaction.atomic(),
    ):
        WithdrawalRequest.objects.create(recognition=row, reason="同时", requested_by=who.person)


@pytest.mark.real_transactions
def test_of_many_grants_at_once_one_stands() -> None:
    of = office()
    _, a = holder(of)
    recognition(of, a, category="work")  # the document is stored, the counter is there
    start, outcome = threading.Barrier(5), []

    def run(n: int) -> None:
        start.wait()
        try:
            recognition(of, a, effect_key=f"race:{n}", decision="同一文件")
            outcome.append("done")
        except Refused as no:
            outcome.append(no.verdict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert outcome.count("done") == 1 and set(outcome) <= {
        "done",
        "recognition.already",
        "recognition.conflict",
    }
    assert Recognition.objects.filter(category="life").count() == 1


@pytest.mark.feature("E7")
@pytest.mark.refusal("recognition.withdrawal_open")
@pytest.mark.refusal("recognition.withdrawal_decided")
@pytest.mark.refusal("recognition.owner_only")
@pytest.mark.refusal("recognition.approver_only")
@pytest.mark.refusal("recognition.not_running")
def test_a_withdrawal_takes_effect_on_approval() -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a, first_day=ago(100), decided_on=ago(100))
    member = factories.member(a, "org_member", somebody=person())
    with refused("recognition.owner_only"):
        actions.request_withdrawal(by=member, recognition_id=row.pk, reason="停业")
    request = actions.request_withdrawal(by=who, recognition_id=row.pk, reason="业务调整")
    row.refresh_from_db()
    assert row.state == Recognition.State.VALID, "nothing changes until it is approved"
    with refused("recognition.withdrawal_open"):
        actions.request_withdrawal(by=who, recognition_id=row.pk, reason="再次")
    with refused("recognition.approver_only"):
        actions.decide_withdrawal(by=of.clerk, request_id=request.pk, approve=True)
    actions.decide_withdrawal(by=of.leader, request_id=request.pk, approve=True)
    row.refresh_from_db()
    assert row.state == Recognition.State.WITHDRAWN and row.effective == DateRange(
        row.first_day, clock.today()
    )
    assert standing(row, clock.today()).word == "已退出"
    with refused("recognition.withdrawal_decided"):
        actions.decide_withdrawal(by=of.leader, request_id=request.pk, approve=True)
    with refused("recognition.not_running"):
        actions.request_withdrawal(by=who, recognition_id=row.pk, reason="再次")
    # The category is free again from that day on.
    recognition(of, a)


@pytest.mark.refusal("recognition.reason_needed")
def test_a_refused_withdrawal_has_a_reason_and_changes_nothing() -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a)
    with refused("recognition.reason_needed"):
        actions.request_withdrawal(by=who, recognition_id=row.pk, reason=" ")
    request = actions.request_withdrawal(by=who, recognition_id=row.pk, reason="业务调整")
    with refused("recognition.reason_needed"):
        actions.decide_withdrawal(by=of.checker, request_id=request.pk, approve=False)
    actions.decide_withdrawal(by=of.checker, request_id=request.pk, approve=False, reason="项目未结")
    row.refresh_from_db()
    assert row.state == Recognition.State.VALID


def test_suspension_is_ours_and_ends_again() -> None:
    of = office()
    _, a = holder(of)
    row = recognition(of, a)
    with refused("recognition.approver_only"):
        actions.suspend(by=of.clerk, recognition_id=row.pk, reason="核查")
    actions.suspend(by=of.leader, recognition_id=row.pk, reason="核查")
    row.refresh_from_db()
    assert standing(row, clock.today()).word == "暂停使用"
    with refused("recognition.not_running"):
        actions.suspend(by=of.leader, recognition_id=row.pk, reason="再次")
    actions.resume(by=of.leader, recognition_id=row.pk, reason="核查无误")
    row.refresh_from_db()
    assert standing(row, clock.today()).word == "有效"


@pytest.mark.feature("E1")
@pytest.mark.refusal("recognition.clerk_only")
def test_the_certificate_is_one_page_across_and_is_issued_anew_with_a_reason() -> None:
    from pypdf import PdfReader

    of, other = office(), office("邻海市总工会")
    _, a = holder(of)
    row = actions.issue_certificate(recognition_id=recognition(of, a).pk)
    assert row.paper is not None and is_intact(row.paper)
    reader = PdfReader(str(row.paper.pdf.path))
    box = reader.pages[0].mediabox
    assert len(reader.pages) == 1 and float(box.width) > float(box.height)
    text = reader.pages[0].extract_text().replace(" ", "").replace("\n", "")
    for said in (row.certificate_no, a.name, a.code or "", "职工生活服务类", of.union.name):
        assert said in text
    assert actions.issue_certificate(recognition_id=row.pk).paper_id == row.paper_id
    with refused("recognition.clerk_only"):
        actions.reissue(by=other.clerk, recognition_id=row.pk, reason="遗失")
    again = actions.reissue(by=of.clerk, recognition_id=row.pk, reason="遗失")
    people = people_of(row.organisation_id)
    assert people and {m.person for m in Message.objects.filter(kind="recognition.reissued")} == set(people)
    assert again.paper is not None and again.paper.replaces_id == row.paper_id
    assert again.certificate_no == row.certificate_no
    said = f"{day_cn(clock.today())}重新制发，此前的证书作废"
    assert said not in text and said in PdfReader(str(again.paper.pdf.path)).pages[0].extract_text().replace(
        " ", ""
    ).replace("\n", "")
    verified = Client().get(f"/verify/{row.verify_code}/").content.decode()
    assert "重新制发，此前的证书作废" in verified


@pytest.mark.feature("E2")
def test_reminders_come_once_each_and_on_working_days(travel: Any) -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a, first_day=ago(600), decided_on=ago(600))
    mine = Message.objects.filter(person=who.person, kind="recognition.expiry")
    assert run_sweep("recognition.remind") == 0
    for step, days in enumerate((90, 30, 7), 1):
        due = remind_on(row.last_day, days)
        assert working_days.is_working(due)
        travel(clock.start_of_day(due) + dt.timedelta(hours=1))
        actions.remind_due()
        actions.remind_due()
        assert mine.count() == step, days
    assert any(t.tag == "证书" for t in slots.todos_for(who))
    (bench,) = (
        p for p in slots.panels_for(of.clerk, of.union) if "h-soon" in render_to_string(p.template, p.context)
    )
    assert (
        bench.context["rows"]
        == [row]
        == list(recognitions_visible_to(of.clerk).filter(soon_over(clock.today())))
    )
    travel(clock.end_of_day(row.last_day))
    assert standing(row, clock.today()).word == "已到期"
    actions.remind_due()
    assert mine.count() == 3


def test_who_is_renewed_already_is_not_reminded() -> None:
    of = office()
    who, a = holder(of)
    row = recognition(of, a, first_day=ago(700), decided_on=ago(700))
    recognition(of, a, first_day=row.last_day + dt.timedelta(days=1))
    actions.remind_due()
    assert not Message.objects.filter(person=who.person, kind="recognition.expiry").exists()
