"""改进事项: asked or offered, done, looked at again by somebody who gave no points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.material import ALLOWED, MAX_BYTES
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Improvement, ImprovementEvent
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.rules import feedback as rules
from shuniu.foundation.access import Refused, Verdict, Who, refuse
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.receiving import Readable
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

Kind, State = ImprovementEvent.Kind, Improvement.State
Upload = tuple[str, Readable]
"""A file by its name."""


@transaction.atomic
def ask(*, by: Who, application_id: int, row: str, what: str, wants: str, days: int) -> Improvement:
    """D10（办法的评审环节）: the union asks for an improvement within so many working days.

    `row`: key of the call's score sheet, empty for the whole; `wants`: the evidence that must come with the report.
    """
    application = stages.lock(application_id)
    require_under(application.call, rules.may_ask(by, application), *REVIEW)
    require_under(application.call, rules.are_days(days), *REVIEW)
    due = working_days.add(clock.today(), days)
    union = by.union_id or application.call.union_id
    made = _make(application, row, what, wants, State.OPEN, due=due, union_id=union)
    _step(made, by, Kind.ASK, State.OPEN, what, due=due)
    _tell_organisation(made, f"请改进：{made.label}", made.what)
    return made


@transaction.atomic
def offer(*, by: Who, application_id: int, row: str, what: str) -> Improvement:
    """D10（办法的评审环节）: the organisation offers an improvement; the union settles until when."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_offer(by, application), *REVIEW)
    made = _make(application, row, what, "", State.PROPOSED, union_id=rules.holder_of(application))
    _step(made, by, Kind.OFFER, State.PROPOSED, what)
    _tell_office(made, f"{application.organisation}提出改进：{made.label}")
    return made


@transaction.atomic
def agree(*, by: Who, improvement_id: int, days: int) -> Improvement:
    """D10（办法的评审环节）: what the organisation offered is taken, with its day."""
    row = _lock(improvement_id)
    _require(row, rules.may_settle(by, row))
    _require(row, rules.are_days(days))
    _step(row, by, Kind.AGREE, State.OPEN, "", due=working_days.add(clock.today(), days))
    _tell_organisation(row, f"改进事项已列入：{row.label}", row.what)
    return row


@transaction.atomic
def decline(*, by: Who, improvement_id: int, reason: str) -> Improvement:
    """D10（办法的评审环节）: what the organisation offered is not followed up, with the reason."""
    row = _lock(improvement_id)
    _require(row, rules.may_settle(by, row))
    _require(row, rules.has_words(reason, "不列入的理由"))
    _step(row, by, Kind.DECLINE, State.DECLINED, reason)
    _tell_organisation(row, f"改进事项没有列入：{row.label}", reason)
    return row


@transaction.atomic
def report(*, by: Who, improvement_id: int, text: str, uploads: Sequence[Upload] = ()) -> Improvement:
    """D10（办法的评审环节）: the organisation tells what it did, with the evidence that was asked for."""
    row = _lock(improvement_id)
    _require(row, rules.may_report(by, row))
    _require(row, rules.has_words(text, "改进情况"))
    if row.wants and not uploads:
        raise Refused(refuse("calls.improvement_evidence", wants=row.wants))
    event = _step(row, by, Kind.REPORT, State.REPORTED, text, due=row.due)
    for name, upload in uploads:
        files.store(by=by, owner=event, upload=upload, name=name, allowed=ALLOWED, max_bytes=MAX_BYTES)
    _tell_office(row, f"请复查：{row.application.organisation}，{row.label}")
    return row


@transaction.atomic
def accept(*, by: Who, improvement_id: int, text: str = "") -> Improvement:
    """D10（办法的评审环节）: somebody who gave no points has looked again, and it is done."""
    row = _lock(improvement_id)
    _require(row, rules.may_recheck(by, row))
    _step(row, by, Kind.PASS, State.DONE, text, due=row.due)
    _tell_organisation(row, f"复查通过：{row.label}", text)
    return row


@transaction.atomic
def again(*, by: Who, improvement_id: int, text: str, days: int) -> Improvement:
    """D10（办法的评审环节）: looked again, and not done: what is missing, and a new day."""
    row = _lock(improvement_id)
    _require(row, rules.may_recheck(by, row))
    _require(row, rules.has_words(text, "还缺什么"))
    _require(row, rules.are_days(days))
    _step(row, by, Kind.AGAIN, State.OPEN, text, due=working_days.add(clock.today(), days))
    _tell_organisation(row, f"复查没有通过，请继续改进：{row.label}", text)
    return row


def remind_overdue() -> int:
    """Sweep: the day after an improvement was due, both sides are told once; how many were told of."""
    rows = Improvement.objects.filter(state=State.OPEN, due__lt=clock.today()).select_related(
        "application__organisation", "application__call"
    )
    told = 0
    for row in rows.order_by("pk"):
        key = f"calls.improvement_overdue:{row.pk}:{row.due}"
        told += tell(
            people_of(row.application.organisation_id), title=f"改进已逾期：{row.label}", body=row.what,
            kind="calls.improvement_overdue", url=_own(row), due=row.due, effect_key=key,
        )  # fmt: skip
        tell(
            people_with(row.union_id, "clerk"), title=f"{row.application.organisation}的改进已逾期：{row.label}",
            kind="calls.improvement_overdue", url=_office(row), due=row.due, effect_key=f"{key}:office",
        )  # fmt: skip
    return told


def _make(
    application: Application, row: str, what: str, wants: str, state: str, *, union_id: int,
    due: dt.date | None = None,
) -> Improvement:  # fmt: skip
    require_under(application.call, rules.has_words(what, "要改进什么"), *REVIEW)
    label = "整体"
    if row:
        found = application.call.rubric.filter(use="review", key=row).first()
        if found is None:
            raise Refused(refuse("calls.improvement_row"))
        label = found.label
    union = Union.objects.get(pk=union_id)
    with database_refusals():
        return Improvement.objects.create(
            application=application, union=union, row=row, label=label, what=what.strip(), wants=wants.strip(),
            offered=state == State.PROPOSED, state=state, due=due,
        )  # fmt: skip


def _lock(improvement_id: int) -> Improvement:
    return (
        Improvement.objects.select_for_update(of=("self",))
        .select_related(
            "union", "application__call__union", "application__organisation", "application__recommender"
        )
        .get(pk=improvement_id)
    )


def _require(row: Improvement, verdict: Verdict) -> None:
    require_under(row.application.call, verdict, *REVIEW)


def _step(
    row: Improvement, by: Who, kind: str, state: str, text: str, *, due: dt.date | None = None
) -> ImprovementEvent:
    """The event, the column that follows it, and the journal."""
    assert by.person is not None
    with database_refusals():
        event = ImprovementEvent.objects.create(
            improvement=row, kind=kind, state=state, text=text.strip(), due=due, by=by.person,
            identity=by.person.identity,
        )  # fmt: skip
        row.state, row.due = state, due
        row.save(update_fields=["state", "due"])
    application = row.application
    until = f"，期限 {due:%Y-%m-%d}" if due and state == State.OPEN else ""
    said = f"：{event.text}" if event.text else ""
    journal.record(
        by=by, verb=f"calls.improvement_{kind}", text=f"{event.get_kind_display()}“{row.label}”{said}{until}",
        subject=row, also=(application, application.organisation), clause=stage_clause(application.call, *REVIEW),
        facts={"due": str(due)} if due else {}, union_id=row.union_id,
    )  # fmt: skip
    return event


def _tell_organisation(row: Improvement, title: str, body: str) -> None:
    tell(
        people_of(row.application.organisation_id), title=title, body=body, kind="calls.improvement",
        url=_own(row), due=row.due if row.state == State.OPEN else None,
    )  # fmt: skip


def _tell_office(row: Improvement, title: str) -> None:
    tell(
        people_with(row.union_id, "clerk"), title=title, body=row.what, kind="calls.improvement_office",
        url=_office(row), due=row.due,
    )  # fmt: skip


def _own(row: Improvement) -> str:
    return f"/apply/improvements/{row.pk}/"


def _office(row: Improvement) -> str:
    return f"/calls/improvements/{row.pk}/"


__all__ = ["Upload", "accept", "again", "agree", "ask", "decline", "offer", "remind_overdue", "report"]
