"""Applying: the window to the second, one submission for many clicks, the soft limit, strangers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.calls.actions import apply
from shuniu.calls.forms.apply import section_form
from shuniu.calls.models import Application, LateGrant, Stage, Submission
from shuniu.calls.queries import about, applicant
from shuniu.calls.queries import apply as queries
from shuniu.calls.rules import apply as rules
from shuniu.calls.sections import FIELDS
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Refused
from shuniu.foundation.calendar import clock
from shuniu.registry.actions import facts
from shuniu.registry.tests import factories as registry
from shuniu.unions.tests.cast import log_in

pytestmark = pytest.mark.django_db


def hand_in(
    who: Any, made: Application, at: dt.datetime | None = None, key: uuid.UUID | None = None
) -> Submission:
    return apply.submit(
        by=who, application_id=made.pk, key=key or uuid.uuid4(), arrived_at=at or clock.now(),
        signatory="何法人", undertaken=True,
    )  # fmt: skip


@pytest.mark.feature("C2")
@pytest.mark.feature("C3")
def test_an_application_is_handed_in_with_a_receipt() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.submitted_application(who, call)
    assert made.stage == Stage.SUBMITTED and made.number and made.number.startswith("SB")
    submission = made.submissions.get()
    assert submission.snapshot["directions"] == made.directions and len(submission.digest) == 64
    assert len(submission.snapshot["materials"]) == call.materials.count()


@pytest.mark.feature("C2")
def test_double_click_and_retry_make_one_submission() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.filled_application(who, cast.published_call(of))
    key = uuid.uuid4()
    first = hand_in(who, made, key=key)
    assert hand_in(who, made, key=key).pk == first.pk
    assert hand_in(who, made, key=uuid.uuid4()).pk == first.pk
    assert Submission.objects.filter(application=made).count() == 1


@pytest.mark.refusal("calls.after_window")
@pytest.mark.refusal("calls.before_window")
def test_the_window_is_half_open_to_the_second() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.filled_application(who, call)
    assert call.apply_until is not None and call.apply_from is not None
    with refused("calls.after_window"):
        hand_in(who, made, at=call.apply_until)
    with refused("calls.before_window"):
        hand_in(who, made, at=call.apply_from - dt.timedelta(microseconds=1))


@pytest.mark.feature("C2")
@pytest.mark.refusal("calls.too_late")
@pytest.mark.refusal("calls.stamp_from_future")
@pytest.mark.refusal("calls.too_early")
@pytest.mark.refusal("calls.not_open")
def test_the_database_refuses_late_rows_by_itself() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.filled_application(who, call)
    assert who.person is not None and call.apply_until is not None and call.apply_from is not None
    common = {"application": made, "snapshot": {}, "digest": "0" * 64, "by": who.person}
    cases = (
        (clock.now() + dt.timedelta(minutes=5), r"calls\.stamp_from_future"),
        (call.apply_from - dt.timedelta(seconds=1), r"calls\.too_early"),
    )
    for at, code in cases:
        with pytest.raises(DatabaseError, match=code), transaction.atomic():
            Submission.objects.create(arrived_at=at, **common)
    draft = cast.draft_call(of)
    other = Application.objects.create(
        call=draft, organisation=made.organisation, category=draft.categories.all()[0], ordinal=1,
        created_by=who.person,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match=r"calls\.not_open"), transaction.atomic():
        Submission.objects.create(arrived_at=clock.now(), **(common | {"application": other}))


@pytest.mark.refusal("calls.too_late")
def test_a_late_row_is_refused_by_the_trigger(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of, days=2)
    who = cast.applicant(of)
    made = cast.filled_application(who, call)
    travel(days=4)
    assert who.person is not None
    with pytest.raises(DatabaseError, match=r"calls\.too_late"), transaction.atomic():
        Submission.objects.create(
            application=made, arrived_at=clock.now(), snapshot={}, digest="0" * 64, by=who.person
        )


@pytest.mark.real_transactions
@pytest.mark.refusal("calls.too_slow")
def test_what_is_committed_a_minute_after_its_stamp_is_refused() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.filled_application(who, cast.published_call(of))
    at = clock.now() - dt.timedelta(seconds=61)
    with pytest.raises(Refused) as found:  # by the commit, in words
        hand_in(who, made, at=at)
    assert found.value.verdict.code == "calls.too_slow" and rules.stamp(at) in found.value.verdict.reason
    assert not Submission.objects.filter(application=made).exists()


@pytest.mark.feature("C2")
def test_a_late_grant_lets_one_organisation_in(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of, days=2)
    who, other = cast.applicant(of), cast.applicant(of)
    made, closed = cast.filled_application(who, call), cast.filled_application(other, call)
    travel(days=3)
    assert of.clerk.person is not None and of.leader.person is not None
    LateGrant.objects.create(
        call=call, organisation=made.organisation, until=clock.now() + dt.timedelta(days=1),
        reason="报名系统故障", by=of.clerk.person, approved_by=of.leader.person,
    )  # fmt: skip
    said = [queries.progress(Application.objects.get(pk=each.pk)) for each in (made, closed)]
    assert said == ["填写中", "没有提交，报名已截止"]
    hand_in(who, made)
    with refused("calls.after_window"):
        hand_in(other, closed)


@pytest.mark.feature("C3")
@pytest.mark.refusal("calls.over_limit")
@pytest.mark.refusal("calls.category_twice")
def test_a_fourth_category_needs_a_written_reason() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    categories = list(call.categories.all())
    for category in categories[:3]:
        apply.start(by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now())
    with refused("calls.category_twice"):
        apply.start(by=who, call_id=call.pk, category_id=categories[0].pk, arrived_at=clock.now())
    fourth: Any = {"by": who, "call_id": call.pk, "category_id": categories[3].pk, "arrived_at": clock.now()}
    with refused("calls.over_limit"):
        apply.start(**fourth)
    made = apply.start(**fourth, override_reason="四类服务都已开展三年")
    assert made.ordinal == 4 and made.override_reason
    with pytest.raises(DatabaseError, match="application_soft_limit"), transaction.atomic():
        connection.cursor().execute(
            "UPDATE calls_application SET override_reason = '' WHERE id = %s", [made.pk]
        )


@pytest.mark.refusal("calls.tasks_left")
@pytest.mark.refusal("calls.no_undertaking")
@pytest.mark.feature("C6")
def test_only_a_whole_application_with_its_undertaking_is_handed_in() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = apply.start(
        by=who, call_id=call.pk, category_id=call.categories.all()[0].pk, arrived_at=clock.now()
    )
    with refused("calls.tasks_left"):
        hand_in(who, made)
    whole = cast.filled_application(cast.applicant(of), call)
    owner = registry.member(whole.organisation)
    with refused("calls.no_undertaking"):
        apply.submit(
            by=owner, application_id=whole.pk, key=uuid.uuid4(), arrived_at=clock.now(), signatory="何法人",
            undertaken=False,
        )  # fmt: skip


@pytest.mark.refusal("calls.not_member")
def test_a_stranger_does_nothing_to_an_application(client: Client) -> None:
    of = cast.office()
    call = cast.published_call(of)
    who, stranger = cast.applicant(of), cast.applicant(of)
    made = cast.filled_application(who, call)
    with refused("calls.not_member"):
        apply.save_section(by=stranger, application_id=made.pk, section="plan", values={"text": "改"})
    colleague = registry.member(made.organisation, "org_member")
    for asker, status in ((who, 200), (colleague, 200), (stranger, 404)):
        log_in(client, asker)
        for page in ("", "plan/", "materials/", "check/", "withdraw/"):
            assert client.get(f"/apply/{made.pk}/{page}").status_code == status, page
    file = made.materials.first()
    assert file is not None
    for asker, status in ((who, 200), (stranger, 404), (of.clerk, 404)):
        assert log_in(client, asker).get(f"/calls/materials/{file.pk}/").status_code == status


@pytest.mark.refusal("calls.not_editable")
@pytest.mark.refusal("calls.cannot_withdraw")
def test_what_was_handed_in_is_not_edited_but_withdrawn_once() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.submitted_application(who, call)
    with refused("calls.not_editable"):
        apply.save_section(by=who, application_id=made.pk, section="plan", values={"text": "改"})
    apply.withdraw(by=who, application_id=made.pk, reason="人手不足")
    with refused("calls.cannot_withdraw"):
        apply.withdraw(by=who, application_id=made.pk, reason="再撤")
    again = apply.start(by=who, call_id=call.pk, category_id=made.category_id, arrived_at=clock.now())
    assert again.ordinal == made.ordinal


@pytest.mark.feature("C1")
def test_the_home_of_an_organisation_lists_the_calls_it_may_apply_under() -> None:
    of = cast.office()
    who, call = cast.applicant(of), cast.published_call(of)
    home = log_in(Client(), who).get("/org/").content.decode()
    assert "正在受理的通知" in home and f"/apply/call/{call.pk}/" in home
    seen = log_in(Client(), of.clerk).get(f"/organisations/{who.organisation_id}/").content.decode()
    assert "正在受理的通知" not in seen, "that is the organisation's own matter"
    apply.start(by=who, call_id=call.pk, category_id=call.categories.all()[0].pk, arrived_at=clock.now())
    assert "正在受理的通知" not in log_in(Client(), who).get("/org/").content.decode()


def test_answers_are_read_back_in_the_words_and_order_of_the_form() -> None:
    of = cast.office()
    who = cast.applicant(of)
    last = clock.today().year - 1
    for year in range(last - 4, last):
        facts.add_fact(
            by=of.clerk, organisation=cast.organisation_of(who), kind="inspection", basis="年检公告",
            values={"year": year, "result": "passed"}, as_of=dt.date(year + 1, 6, 1),
        )  # fmt: skip
    made = cast.filled_application(who, cast.published_call(of))
    for section, asked in FIELDS.items():
        if section != "registry":
            form = section_form(made, section, [("1", "某项目")], None)
            assert {name: str(field.label) for name, field in form.fields.items()} == asked
    people = applicant.answers_of(made, "people")
    assert [row["label"] for row in people] == [
        x for x in FIELDS["people"].values() if x in {r["label"] for r in people}
    ]
    shown = next(r["value"] for r in applicant.registry_rows(made) if "合格" in r["value"])
    assert shown.startswith(str(last)) and str(last - 4) not in shown, "the newest, not the oldest"
    made.organisation = registry.organisation(of.clerk, registered_on=None)
    bare = {r["label"]: r["value"] for r in applicant.registry_rows(made)}
    assert bare["年检结论"] == bare["成立日期"] == "库里没有记录", "what is missing is not passed over"
    clauses = [w["clause"] for w in about.why(made, "registry")]
    assert clauses and len(clauses) == len(set(clauses))


@pytest.mark.refusal("calls.deregistered")
def test_a_deregistered_organisation_does_not_apply() -> None:
    of = cast.office()
    call = cast.published_call(of)
    gone = cast.applicant(of, status="cancelled")
    with refused("calls.deregistered"):
        apply.start(by=gone, call_id=call.pk, category_id=call.categories.all()[0].pk, arrived_at=clock.now())


@pytest.mark.refusal("calls.stage_without_decision")
@pytest.mark.real_transactions
def test_the_stage_is_the_replay_of_decisions() -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.submitted_application(who, cast.published_call(of))
    last = made.decisions.order_by("-id").first()
    assert last is not None and last.to_stage == made.stage
    with pytest.raises(DatabaseError, match=r"calls\.stage_without_decision"), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(stage=Stage.QUALIFIED)


@pytest.mark.feature("C4")
def test_autosave_keeps_what_was_typed_and_the_form_says_what_is_wrong(client: Client) -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.filled_application(who, cast.published_call(of))
    log_in(client, who)
    answer = client.post(f"/apply/{made.pk}/people/autosave/", {"_changed": "full_time", "full_time": "１２"})
    assert answer.status_code == 204
    assert Application.objects.get(pk=made.pk).draft["people"]["full_time"] == 12
    answer = client.post(f"/apply/{made.pk}/people/", {"full_time": "３", "certified": "9"})
    assert answer.status_code == 422 and "持证专业人员多于" in answer.content.decode()


@pytest.mark.feature("C4")
def test_what_autosave_kept_as_typed_is_mended_before_it_is_handed_in(client: Client) -> None:
    of = cast.office()
    who = cast.applicant(of)
    made = cast.filled_application(who, cast.published_call(of))
    log_in(client, who)
    for section, name, bad, good in (
        ("people", "full_time", "十几个", "12"),
        ("contact", "phone", "没有", "１３９００００１２３４"),
        ("people", "certified", "", "6"),
    ):
        url = f"/apply/{made.pk}/{section}/autosave/"
        assert client.post(url, {"_changed": name, name: bad}).status_code == 204
        kept = Application.objects.get(pk=made.pk)
        assert kept.draft[section][name] == bad
        with refused("calls.tasks_left"):
            hand_in(who, kept)
        client.post(url, {"_changed": name, name: good})
    kept = Application.objects.get(pk=made.pk)
    assert kept.draft["contact"]["phone"] == "13900001234"
    hand_in(who, kept)
