"""异议: who may object until when, what stays hidden, who decides, what follows for one name."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.calls import demo_listing as acts
from shuniu.calls.actions import objection
from shuniu.calls.models import Application, Call, ListEntry, Objection, Publicity, Stage
from shuniu.calls.queries import objection as queries
from shuniu.calls.tests import cast, cast_listing
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Refused
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.files.tests import samples
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.slots import todos_for
from shuniu.recognition.models import Recognition
from shuniu.unions.tests.cast import as_role, who

pytestmark = pytest.mark.django_db


@pytest.mark.feature("C12")
def test_an_objection_has_a_number_a_code_and_keeps_its_words() -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of)
    entry = cast_listing.entry_of(applications[0])
    row, code = cast_listing.send(publicity, entry)
    assert row.number == f"YY{call.year}{call.pk:03d}-0001" and len(code) == 10
    assert queries.by_receipt(row.number, code.lower()) == row
    assert queries.by_receipt(row.number, "0000000000") is None
    assert code not in str(Objection.objects.values().get(pk=row.pk))
    with pytest.raises(DatabaseError, match=r"calls\.objection_stays"), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(text="改过")
    with pytest.raises(DatabaseError, match=r"calls\.objection_stays|permission"), transaction.atomic():
        connection.cursor().execute("DELETE FROM calls_objection WHERE id = %s", [row.pk])


@pytest.mark.refusal("calls.objection_stays")
def test_what_somebody_objected_is_not_made_smaller() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity)
    with pytest.raises(DatabaseError, match=r"calls\.objection_stays"), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(name="别人")


@pytest.mark.feature("C12")
def test_a_double_click_makes_one_and_shows_the_same_code() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    key = uuid.uuid4()
    first, second = (cast_listing.send(publicity, key=key) for _ in range(2))
    assert first == second and Objection.objects.count() == 1


@pytest.mark.refusal("calls.objection_window")
def test_outside_the_window_it_is_refused_with_both_times(travel: object) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    cast_listing.send(publicity, arrived_at=publicity.opens_at)
    travel(publicity.closes_at + dt.timedelta(seconds=5))  # type: ignore[operator]
    cast_listing.send(publicity, arrived_at=publicity.closes_at - dt.timedelta(microseconds=1))
    with pytest.raises(Refused) as no:
        cast_listing.send(publicity, arrived_at=publicity.closes_at)
    assert no.value.verdict.code == "calls.objection_window"
    assert f"{publicity.closes_at.astimezone(clock.TZ):%Y-%m-%d %H:%M:%S}" in no.value.verdict.reason
    assert Objection.objects.count() == 2


@pytest.mark.refusal("calls.publicity_closed")
def test_the_database_refuses_a_late_objection_too(travel: object) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity)
    travel(publicity.closes_at + dt.timedelta(seconds=1))  # type: ignore[operator]
    with pytest.raises(DatabaseError, match=r"calls\.publicity_closed"), transaction.atomic():
        row.pk, row.number, row.key, row._state.adding = None, "YY-x", uuid.uuid4(), True
        row.arrived_at = publicity.closes_at
        row.save(force_insert=True)


@pytest.mark.refusal("calls.objection_unnamed")
def test_who_wants_a_reply_says_who_they_are() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    with refused("calls.objection_unnamed"):
        cast_listing.send(publicity, phone="")
    row, _ = cast_listing.send(publicity, kind="anonymous", name="秦举报", phone="13900007777")
    assert row.name == row.phone == "", "an anonymous clue keeps nobody's name, whatever was typed"


@pytest.mark.refusal("calls.objection_too_many")
def test_one_address_sends_five_in_an_hour() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    for _ in range(5):
        cast_listing.send(publicity)
    with refused("calls.objection_too_many"):
        cast_listing.send(publicity)
    cast_listing.send(publicity, address="203.0.113.10")
    assert "203.0.113" not in str(list(Objection.objects.values()))


@pytest.mark.refusal("calls.objection_files")
def test_evidence_is_kept_without_a_person() -> None:
    import io

    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    files = []
    for n in range(4):
        upload = io.BytesIO(samples.pdf(note=f"证据{n}"))
        upload.name = f"证据{n}.pdf"
        files.append(upload)
    with refused("calls.objection_files"):
        cast_listing.send(publicity, evidence=files)
    row, _ = cast_listing.send(publicity, evidence=files[:2])
    kept = [e.attachment for e in row.evidence.select_related("attachment")]
    assert len(kept) == 2 and all(a and a.uploaded_by_id is None for a in kept)


@pytest.mark.feature("C12")
@pytest.mark.refusal("calls.not_independent")
def test_who_took_part_before_neither_handles_nor_decides() -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    with refused("calls.not_independent"):
        objection.accept(by=of.clerk, objection_id=row.pk, hold=False)  # froze the list
    url = f"/calls/objections/{row.pk}/"
    waits = [next(t.waiting for t in todos_for(w) if t.url == url) for w in (of.clerk, of.clerk2)]
    assert waits == [True, False], "it waits for who may take it up"
    accepted = objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    assert accepted.reply_by == working_days.add(clock.today(), 10)
    assert accepted.paper is not None and row.number in str(accepted.paper.data)
    propose(row, of.clerk2)
    with refused("calls.not_independent"):
        objection.decide(by=of.checker, objection_id=row.pk)  # approved the list
    waits = [next(t.waiting for t in todos_for(w) if t.url == url) for w in (of.checker, of.leader)]
    assert waits == [True, False], "it waits for who may decide"
    # Another account of the same natural person is the same person.
    assert of.checker.person is not None
    twin = who("leader", of.union)
    assert twin.person is not None
    Person.objects.filter(pk=twin.person.pk).update(identity=of.checker.person.identity)
    twin.person.refresh_from_db()
    with refused("calls.not_independent"):
        objection.decide(by=twin, objection_id=row.pk)
    objection.decide(by=of.leader, objection_id=row.pk)


def propose(row: Objection, by: object, verdict: str = "dismissed", effect: str = "keep") -> None:
    objection.propose(
        by=by, objection_id=row.pk, verdict=verdict, effect=effect, findings="调阅年检档案",  # type: ignore[arg-type]
        reply="经核查，年检合格。",
    )  # fmt: skip


@pytest.mark.refusal("calls.same_person")
@pytest.mark.refusal("calls.objection_handler")
@pytest.mark.refusal("calls.objection_own")
@pytest.mark.refusal("calls.objection_state")
@pytest.mark.refusal("calls.objection_effect")
@pytest.mark.refusal("calls.objection_no_reply")
@pytest.mark.refusal("calls.objection_proposed")
@pytest.mark.refusal("calls.objection_no_proposal")
@pytest.mark.refusal("calls.objection_hold")
def test_every_step_has_its_order_and_its_person() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity)  # against the whole list
    third = who("clerk", of.union)
    with refused("calls.objection_hold"):
        objection.accept(by=of.clerk2, objection_id=row.pk, hold=True, reason="先查")
    with refused("calls.objection_state"):
        propose(row, of.clerk2)
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    with refused("calls.objection_no_proposal"):
        objection.decide(by=of.leader, objection_id=row.pk)
    with refused("calls.objection_handler"):
        propose(row, third)
    with refused("calls.objection_effect"):
        propose(row, of.clerk2, "upheld", "remove")
    with refused("calls.objection_no_reply"):
        objection.propose(
            by=of.clerk2, objection_id=row.pk, verdict="dismissed", effect="keep", findings="查过", reply=" "
        )
    propose(row, of.clerk2)
    with refused("calls.objection_proposed"):
        propose(row, of.clerk2)
    assert of.clerk2.person is not None
    with refused("calls.same_person"):
        objection.decide(by=as_role(of.clerk2.person, of.union, "leader"), objection_id=row.pk)
    objection.return_proposal(by=of.leader, objection_id=row.pk, reason="核查不充分")
    with refused("calls.objection_own"):
        objection.take_over(by=of.clerk2, objection_id=row.pk, reason="病假")
    objection.take_over(by=third, objection_id=row.pk, reason="原核查人病假")
    propose(row, third)
    made = objection.decide(by=of.leader, objection_id=row.pk)
    assert made.paper is not None and made.paper.number and "年检合格" in str(made.paper.data)
    with refused("calls.objection_state"):
        objection.decide(by=of.leader, objection_id=row.pk)


@pytest.mark.feature("C11")
def test_one_held_name_waits_and_the_rest_goes_on(travel: object) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of, 2)
    entry = cast_listing.entry_of(applications[0])
    row, _ = cast_listing.send(publicity, entry)
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=True, reason="年检存疑")
    cast_listing.after_publicity(publicity, travel)
    formal = acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    assert [r["application"] for r in formal.frozen] == [applications[1].pk]
    assert "另有 1 家次" in str(formal.paper.data)  # type: ignore[union-attr]
    assert "另有 1 家次正在核查" in Client().get(f"/notices/lists/{formal.pk}/").content.decode()
    call.refresh_from_db()
    assert call.state == Call.State.PUBLISHED, "it waits for the held name"
    propose(row, of.clerk2)
    objection.decide(by=of.leader, objection_id=row.pk)
    assert ListEntry.objects.get(pk=entry.pk).state == ListEntry.State.LISTED
    supplement = acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    assert supplement.number == 2 and "增补" in supplement.title
    call.refresh_from_db()
    assert call.state == Call.State.FINISHED and Recognition.objects.count() == 2


@pytest.mark.refusal("calls.objection_waiting")
def test_no_formal_list_while_an_objection_lies_unread(travel: object) -> None:
    of = cast.office()
    call, _, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, kind="anonymous")
    cast_listing.after_publicity(publicity, travel)
    with refused("calls.objection_waiting"):
        acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    acts.publish_formal(call, clerk=of.clerk, approver=of.checker)


@pytest.mark.feature("C12")
def test_an_upheld_objection_takes_the_name_off_and_nothing_is_left_to_do(travel: object) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of, 2)
    entry = cast_listing.entry_of(applications[0])
    row, _ = cast_listing.send(publicity, entry)
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=True, reason="年检存疑")
    cast_listing.after_publicity(publicity, travel)
    acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    propose(row, of.clerk2, "upheld", "remove")
    objection.decide(by=of.leader, objection_id=row.pk)
    assert Application.objects.get(pk=applications[0].pk).stage == Stage.REMOVED
    entry.refresh_from_db()
    call.refresh_from_db()
    assert entry.state == ListEntry.State.REMOVED and call.state == Call.State.FINISHED


def test_after_publication_an_upheld_objection_asks_for_a_correction(travel: object) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    cast_listing.after_publicity(publicity, travel)
    acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    propose(row, of.clerk2, "upheld", "remove")
    objection.decide(by=of.leader, objection_id=row.pk)
    assert Application.objects.get(pk=applications[0].pk).stage == Stage.RECOGNISED
    from shuniu.foundation.notices.models import Message

    assert Message.objects.filter(kind="calls.list_correction", person=of.clerk.person).exists()
    assert [t.sub for t in todos_for(of.clerk) if t.tag == "更正"] == [
        "异议成立，该单位已在正式名单，请办理更正公告"
    ]


def test_an_anonymous_clue_is_noted_without_a_reply() -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]), kind="anonymous")
    assert objection.accept(by=of.clerk2, objection_id=row.pk, hold=False).paper is None
    propose(row, of.clerk2, "noted")
    made = objection.decide(by=of.leader, objection_id=row.pk)
    assert made.paper is None and made.reply == ""


@pytest.mark.feature("R3")
def test_nothing_about_the_organisation_names_who_objected() -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of, 1)
    application = applications[0]
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(application))
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=True, reason="先查")
    propose(row, of.clerk2, "upheld", "remove")
    objection.decide(by=of.leader, objection_id=row.pk)
    assert row.name == "秦举报", "there is something that could leak"
    for record in (application, application.organisation):
        for entry in timeline(record):
            assert "秦举报" not in str(vars(entry)) and row.number not in str(vars(entry))
    assert "秦举报" not in str(list(Entry.objects.values())), "not even the journal"
    assert any(e.verb == "calls.remove" for e in timeline(application))


@pytest.mark.real_transactions
def test_clicks_at_once_make_one_objection() -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    key, start, found = uuid.uuid4(), threading.Barrier(4), []

    def click() -> None:
        start.wait()
        try:
            found.append(cast_listing.send(Publicity.objects.get(pk=publicity.pk), key=key)[0].pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 4 and len(set(found)) == 1
