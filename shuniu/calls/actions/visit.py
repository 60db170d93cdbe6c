"""The visit on the spot: planned, scored by the items of the score sheet, signed by both sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Visit, VisitMark
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.queries.recommend import visit_items, visit_total
from shuniu.calls.rules import recommend as rules
from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.kinds import PICTURES
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.queries import attachments_of
from shuniu.foundation.files.receiving import Readable
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.ui.formats import local
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

KIND = "site_visit"
Marks = Mapping[int, tuple[Decimal | None, str]]
"""Score-sheet item → points (None: not given yet) and note."""


@transaction.atomic
def plan(*, by: Who, application_id: int, planned_at: dt.datetime, place: str, visitors: str) -> Visit:
    """实地评估（办法的评估环节）: when, where and by whom; the organisation is told. Planned again, it moves."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_visit(by, application), KIND)
    assert by.person is not None
    row = Visit.objects.select_for_update().filter(application=application).first()
    if row is None:
        row = Visit(application=application, created_by=by.person)
    else:
        require_under(application.call, rules.may_change_visit(by, row), KIND)
    row.planned_at, row.place, row.visitors = planned_at, place.strip(), visitors.strip()
    with database_refusals():
        row.save()
    when = f"{local(planned_at):%Y-%m-%d %H:%M}"
    _note(row, by, "visit_plan", f"安排实地评估：{when}，{row.place}，{row.visitors}")
    tell(
        people_of(application.organisation_id),
        title=f"实地评估：{when}", body=f"{row.place}，评估人员 {row.visitors}", kind="calls.visit",
        url=f"/apply/{application.pk}/visit/",
    )  # fmt: skip
    return row


@transaction.atomic
def score(*, by: Who, visit_id: int, marks: Marks, opinion: str) -> Visit:
    """实地评估（办法的评估环节）: points and notes by item, saved as they are given; items left out stay."""
    row = _lock(visit_id)
    require_under(row.application.call, rules.may_change_visit(by, row), KIND)
    items = {item.pk: item for item in visit_items(row.application.call_id)}
    for pk, (points, note) in marks.items():
        if pk not in items:
            continue
        if points is None:
            row.marks.filter(item_id=pk).delete()
        else:
            with database_refusals():
                VisitMark.objects.update_or_create(
                    visit=row, item=items[pk], defaults={"points": points, "note": note.strip()}
                )
    row.opinion = opinion.strip()
    row.save(update_fields=["opinion"])
    return row


@transaction.atomic
def add_photo(*, by: Who, visit_id: int, upload: Readable, name: str) -> Attachment:
    """实地评估（办法的评估环节）: a photograph of the place, by whoever may still change the visit."""
    row = _lock(visit_id)
    require_under(row.application.call, rules.may_change_visit(by, row), KIND)
    return files.store(by=by, owner=row, upload=upload, name=name, allowed=PICTURES)


@transaction.atomic
def sign(*, by: Who, visit_id: int) -> Visit:
    """实地评估（办法的评估环节）: the union's signature: every item has points, an opinion and a photograph are there."""
    row = _lock(visit_id)
    require_under(row.application.call, rules.may_change_visit(by, row), KIND)
    if clock.now() < row.planned_at:
        raise Refused(refuse("calls.visit_early", at=f"{local(row.planned_at):%Y-%m-%d %H:%M}"))
    given = set(row.marks.values_list("item_id", flat=True))
    left = [i.label for i in visit_items(row.application.call_id) if i.pk not in given]
    if left:
        raise Refused(refuse("calls.visit_marks_left", left="、".join(left)))
    if not row.opinion:
        raise Refused(refuse("calls.visit_opinion"))
    if not attachments_of(row):
        raise Refused(refuse("calls.visit_photos"))
    row.signed_by, row.signed_at = by.person, clock.now()
    with database_refusals():
        row.save()
    total = visit_total(row)
    _note(row, by, "visit_sign", f"实地评估签字，{total.normalize():f} 分", {"total": str(total)})
    tell(
        people_of(row.application.organisation_id),
        title="请核对实地评估记录并签字", kind="calls.visit_answer", url=f"/apply/{row.application_id}/visit/",
        effect_key=f"calls.visit_answer:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def answer(*, by: Who, visit_id: int, text: str) -> Visit:
    """实地评估（办法的评估环节）: the organisation reads the record, may say what it thinks, and signs; nothing changes then."""
    row = _lock(visit_id)
    require_under(row.application.call, rules.may_answer(by, row), KIND)
    row.answered_by, row.answered_at, row.answer = by.person, clock.now(), text.strip()
    with database_refusals():
        row.save()
    _note(row, by, "visit_answer", "申报单位在实地评估记录上签字" + (f"：{row.answer}" if row.answer else ""))
    union = row.application.recommender
    assert union is not None
    tell(
        people_with(union.pk, "clerk"),
        title=f"{row.application.organisation}已在实地评估记录上签字", kind="calls.visit_answered",
        url=f"/calls/{row.application.call_id}/recommend/", effect_key=f"calls.visit_answered:{row.pk}",
    )  # fmt: skip
    return row


def _lock(visit_id: int) -> Visit:
    return (
        Visit.objects.select_for_update(of=("self",))
        .select_related("application__call__union", "application__organisation", "application__recommender")
        .get(pk=visit_id)
    )


def _note(row: Visit, by: Who, verb: str, text: str, facts: dict[str, str] | None = None) -> None:
    application = row.application
    union = application.recommender
    journal.record(
        by=by, verb=f"calls.{verb}", text=text, subject=application, also=(application.call, application.organisation),
        clause=stage_clause(application.call, KIND), facts=facts or {}, union_id=union.pk if union else None,
    )  # fmt: skip


__all__ = ["Marks", "add_photo", "answer", "plan", "score", "sign"]
