"""Composing a call, its approval by a second person, its publication, its end."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from shuniu.calls import defaults, quotas, terms
from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.copying import copy_from
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.entry import entry_of
from shuniu.calls.models import Call, CallCategory, CallMaterial, CallTerm, RubricItem
from shuniu.calls.queries.call import days_of, frozen_view, gaps, law_of
from shuniu.calls.queries.people import experts_seated
from shuniu.calls.rules import call as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library import actions as library
from shuniu.library import rules as library_rules
from shuniu.library.queries import laws_for, newest_release
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with


def _person(by: Who) -> Person:
    assert by.person is not None  # every rule of this module asks for a role, which only people hold
    return by.person


@transaction.atomic
def compose(*, by: Who, union: Union, document_key: str, year: int) -> Call:
    """第五条（一）: begin a call from a document: its stages, categories and open points are copied.

    Raises Refused("calls.not_issuer") for a union that the document does not allow to open a call.
    """
    law = next((each for each in laws_for(union.pk) if each.key == document_key), None)
    if law is None:
        require(library_rules.in_use(newest_release(document_key)))
        raise Refused(refuse("calls.no_document"))
    require(rules.may_compose(by, union, law))
    if sheet := defaults.in_fractions(law):
        raise Refused(refuse("calls.sheet_fractions", sheet=sheet.label, where=sheet.clause))
    review = defaults.review_sheet(law)
    document = library.store(by=by, key=document_key)
    title, intro = defaults.words_of(law, union.name, year)
    limit = quotas.per_applicant(law, clock.today(), quotas.IN_PRINCIPLE)
    call = Call.objects.create(
        union=union,
        document=document,
        year=year,
        title=title,
        intro=intro,
        department=union.responsible_department,
        phone=union.contact_phone,
        email=union.contact_email,
        address=union.address,
        postcode=union.postcode,
        soft_limit=limit.at_most if limit else None,
        points_total=review.total,
        bonus_above=review.bonus_above,
        created_by=_person(by),
    )
    copy_from(law, call, _person(by))
    journal.record(
        by=by,
        verb="calls.compose",
        text=f"依据《{law.title}》起草{year}年度通知",
        subject=call,
        facts={"document": law.key, "digest": law.digest},
        clause=law.stages[0].clause if law.stages else "",
    )
    return call


def own_draft(by: Who, call_id: int, version: int) -> Call:
    """The locked draft; Refused("calls.version") when somebody else saved it since the page was read."""
    call = steps.lock(call_id)
    require_under(call, rules.may_edit(by, call), "notice")
    if call.version != version:
        raise Refused(refuse("calls.version"))
    call.version += 1
    return call


def note_change(by: Who, call: Call, section: str, facts: dict[str, Any] | None = None) -> None:
    call.save()
    journal.record(by=by, verb="calls.edit", text=f"修改{section}", subject=call, facts=facts)


BASICS = ("title", "intro", "department", "contact", "phone", "email", "address", "postcode")


@transaction.atomic
def change_basics(*, by: Who, call_id: int, version: int, values: dict[str, str]) -> Call:
    """第五条（一）: the notice's title, text and contact; `values` by the names in BASICS."""
    call = own_draft(by, call_id, version)
    for name in BASICS:
        if name in values:
            setattr(call, name, values[name])
    note_change(by, call, "标题、正文和联系方式")
    return call


@transaction.atomic
def change_timetable(
    *, by: Who, call_id: int, version: int, days: dict[str, tuple[dt.date | None, dt.date | None]]
) -> Call:
    """第五条: first and last day of each stage, whole days; the apply stage is the window, and its length the 申报期限.

    A 公示 without an end gets it from the settled working days; MissingYear where these are not known.
    """
    call = own_draft(by, call_id, version)
    entry = entry_of(call.stages.all())
    for stage in call.stages.all():
        if stage.key not in days:
            continue
        stage.starts_on, stage.ends_on = days[stage.key]
        if stage.kind == "publicity" and stage.starts_on and stage.ends_on is None:
            stage.ends_on = working_days.add(stage.starts_on, terms.number_of(call, terms.PUBLICITY_DAYS))
        stage.save()
        if entry is not None and stage.key == entry.key:
            call.apply_from = clock.start_of_day(stage.starts_on) if stage.starts_on else None
            call.apply_until = clock.end_of_day(stage.ends_on) if stage.ends_on else None
            if days_of(stage):
                call.terms.filter(key=terms.APPLICATION_DAYS).update(value=days_of(stage), by=_person(by))
    note_change(by, call, "时间表")
    return call


@transaction.atomic
def change_categories(
    *, by: Who, call_id: int, version: int, keep: Sequence[str], places: dict[str, int | None]
) -> Call:
    """第六条: which categories this call opens, and how many places each has (本办法未规定)."""
    call = own_draft(by, call_id, version)
    law = law_of(call)
    if not law.categories:  # one for all, with its places
        call.categories.update(places=places.get(defaults.WHOLE))
        note_change(by, call, "名额")
        return call
    call.categories.exclude(key__in=keep).delete()
    present = {c.key: c for c in call.categories.all()}
    for n, c in enumerate(defaults.categories_of(law), 1):
        if c.key not in keep:
            continue
        row = present.get(c.key) or CallCategory(call=call, key=c.key, label=c.label, clause=c.clause)
        row.order = n
        row.directions = [{"key": d.key, "label": d.label} for d in c.directions]
        row.places = places.get(c.key)
        row.save()
    note_change(by, call, "类别和名额")
    return call


@transaction.atomic
def change_materials(*, by: Who, call_id: int, version: int, rows: Sequence[dict[str, Any]]) -> Call:
    """第五条（二）: the materials to hand in; rows of {key, label, hint, clause, required}."""
    call = own_draft(by, call_id, version)
    call.materials.all().delete()
    CallMaterial.objects.bulk_create(CallMaterial(call=call, order=n, **row) for n, row in enumerate(rows, 1))
    note_change(by, call, "材料清单", {"materials": len(rows)})
    return call


@transaction.atomic
def change_terms(*, by: Who, call_id: int, version: int, values: dict[str, tuple[Any, str]]) -> Call:
    """What the document leaves open (本办法未规定): value and reason by key, with who settled it."""
    call = own_draft(by, call_id, version)
    for point in terms.points_of(law_of(call)):
        if point.key in values:
            value, why = values[point.key]
            CallTerm.objects.update_or_create(
                call=call,
                key=point.key,
                defaults={"label": point.label, "value": value, "why": why, "by": _person(by)},
            )
    note_change(by, call, "办法未规定事项", {"keys": sorted(values)})
    return call


@transaction.atomic
def change_rubric(*, by: Who, call_id: int, version: int, rows: Sequence[dict[str, Any]]) -> Call:
    """第五条（四）: the experts' score sheet; rows of {key, label, guide, weight}, adding up to the call's total.

    A sheet that the document itself contains keeps its items and points: Refused("calls.sheet_of_law"). Only how
    points are given may be said more closely.
    """
    call = own_draft(by, call_id, version)
    law = law_of(call)
    own = defaults.review_sheet(law)
    kept = {row.key: row for row in own.rows}
    if own.clause and [(r["key"], r["label"], int(r["weight"])) for r in rows] != [
        (r.key, r.label, r.weight) for r in own.rows
    ]:
        raise Refused(refuse("calls.sheet_of_law", where=own.clause))
    made = [
        RubricItem(
            call=call, order=n, kind=kept[row["key"]].kind if row["key"] in kept else RubricItem.Kind.POINTS,
            mandatory=row["key"] in kept and kept[row["key"]].mandatory, **row,
        )
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    if sum(int(item.weight) for item in made if item.kind == RubricItem.Kind.POINTS) != call.points_total:
        raise Refused(refuse("calls.rubric_total", total=call.points_total))
    call.rubric.filter(use=RubricItem.Use.REVIEW).delete()
    RubricItem.objects.bulk_create(made)
    note_change(by, call, "评分表", {"items": len(rows)})
    return call


@transaction.atomic
def discard(*, by: Who, call_id: int) -> Call:
    """本办法未规定: a draft that nobody wants any more ends; nothing of it was ever public, its record stays."""
    call = steps.lock(call_id)
    require_under(call, rules.may_edit(by, call), "notice")
    steps.step(call, by=by, verb="discard", text="作废草稿", state=Call.State.CANCELLED)
    return call


@transaction.atomic
def submit(*, by: Who, call_id: int) -> Call:
    """第五条（一）: hand the draft to the approver; Refused("calls.incomplete") says what is missing."""
    call = steps.lock(call_id)
    require_under(call, rules.may_edit(by, call), "notice")
    if missing := gaps(call):
        raise Refused(refuse("calls.incomplete", missing="；".join(g.text for g in missing)))
    require(library_rules.may_begin(call.document))
    require(rules.window_ahead(call))
    rules.table_covers(call)
    person = _person(by)
    call.submitted_by, call.submitted_identity = person, person.identity
    steps.step(call, by=by, verb="submit", text="提交审签", state=Call.State.PENDING)
    tell(
        people_with(call.union_id, *rules.APPROVERS).exclude(pk=person.pk),
        title=f"请审签：{call.title}",
        kind="calls.approve",
        url=f"/calls/{call.pk}/approve/",
    )
    return call


@transaction.atomic
def return_to_draft(*, by: Who, call_id: int, reason: str) -> Call:
    """The approver sends the draft back, with a reason."""
    call = steps.lock(call_id)
    require_under(call, rules.may_approve(by, call), "notice")
    require(rules.has_reason(reason))
    submitter = call.submitted_by
    call.submitted_by, call.submitted_identity = None, ""
    steps.step(call, by=by, verb="return", text=f"退回修改：{reason}", state=Call.State.DRAFT, reason=reason)
    if submitter:
        tell(
            [submitter], title=f"通知被退回：{call.title}", body=reason, kind="calls.returned", url=f"/calls/{call.pk}/"
        )  # fmt: skip
    return call


@transaction.atomic
def publish(*, by: Who, call_id: int) -> Call:
    """第五条（一） 公开发布: a second person approves; call and document digest are frozen for ever."""
    from shuniu.calls.actions.papers import issue_notice
    from shuniu.calls.actions.recommend import fix_quotas

    call = steps.lock(call_id)
    require_under(call, rules.may_approve(by, call), "notice")
    require(library_rules.may_begin(call.document))
    require(rules.window_ahead(call))
    rules.table_covers(call)
    person = _person(by)
    call.approved_by, call.approved_identity = person, person.identity
    fix_quotas(call)
    call.published_at = clock.now()
    call.frozen = frozen_view(call)
    body = json.dumps(call.frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    call.digest = hashlib.sha256(body.encode()).hexdigest()
    call.paper = issue_notice(call, by=by)
    first = call.stages.order_by("order").first()
    with database_refusals(total=str(call.points_total)):
        steps.step(
            call,
            by=by,
            verb="publish",
            text=f"审签并发布《{call.title}》",
            state=Call.State.PUBLISHED,
            stage=first.key if first else "",
            clause=first.clause if first else "",
            facts={"digest": call.digest, "document": call.document.digest},
        )
    if call.submitted_by:
        tell(
            [call.submitted_by],
            title=f"通知已发布：{call.title}",
            kind="calls.published",
            url=f"/calls/{call.pk}/",
        )
    return call


@transaction.atomic
def cancel(*, by: Who, call_id: int, reason: str) -> Call:
    """本办法未规定: cancelled with a public reason; live applications end, everybody is told."""
    from shuniu.calls.actions.ending import end_all

    call = steps.lock(call_id)
    if not by.acts_for(call.union_id, *rules.APPROVERS):
        require_under(call, refuse("calls.approver_only", union=call.union.name), "notice")
    require(rules.is_running(call))
    require(rules.has_reason(reason))
    steps.step(
        call, by=by, verb="cancel", text=f"取消本次通知：{reason}", state=Call.State.CANCELLED, reason=reason
    )
    end_all(call=call, by=by, reason=f"本次通知已取消：{reason}")
    tell(
        [*people_with(call.union_id, "clerk", *rules.APPROVERS), *experts_seated(call)],
        title=f"通知已取消：{call.title}", body=reason, kind="calls.cancelled",
        url=f"/notices/{call.pk}/", effect_key=f"calls.cancelled:{call.pk}",
    )  # fmt: skip
    return call
