"""更正公告: a published list is never edited; a second person approves what was wrong and what is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.listing import granting, papers
from shuniu.calls.actions.listing.formal import finish
from shuniu.calls.actions.listing.shortlist import lock_list
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import ListCorrection, ListEntry, PublicList, Stage
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries.listing import effect_key
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import listing as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.recognition import actions as recognition
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

_OVER = (Stage.REMOVED, Stage.WITHDRAWN, Stage.ENDED)


@transaction.atomic
def propose_correction(
    *,
    by: Who,
    list_id: int,
    reason: str,
    entry_id: int | None,
    label: str,
    before: str,
    after: str,
    removes: bool,
    category: str = "",
    directions: Sequence[str] = (),
) -> ListCorrection:
    """本办法未规定: say what is wrong in a published list; `removes` takes the name off it.

    `category` and `directions` (keys of the call) put the place of one organisation right; then the old and
    the new value are told by the list itself.
    """
    row, call = lock_list(list_id)
    require_under(call, rules.may_correct(by, row), "publish")
    require(call_rules.has_reason(reason))
    entry = row.entries.filter(pk=entry_id).first() if entry_id else None
    name = next((r["name"] for r in row.frozen if entry and r["application"] == entry.application_id), "")
    placing: dict[str, Any] = {}
    if (removes or category) and (entry is None or entry.state == ListEntry.State.REMOVED):
        raise Refused(refuse("calls.list_correction_gone"))
    if category:
        assert entry is not None
        placing, before, after = _placing(row, entry, category, directions)
        label = f"第 {entry.order} 行，类别和方向"
    elif removes:
        label, before, after = "是否在列", "在列", "移出名单"
    elif not label.strip() or before.strip() == after.strip():
        raise Refused(refuse("calls.list_correction_nothing"))
    assert by.person is not None
    change = {
        "entry": entry.pk if entry else None, "name": name, "label": label.strip(), "before": before.strip(),
        "after": after.strip(), "removes": removes,
    } | placing  # fmt: skip
    made = ListCorrection.objects.create(
        list=row, number=row.corrections.count() + 1, reason=reason.strip(), changes=[change],
        proposed_by=by.person, proposed_identity=by.person.identity,
    )  # fmt: skip
    _note(made, by=by, verb="propose_correction", text=f"提出名单更正第 {made.number} 号：{reason}")
    tell(
        people_with(call.union_id, *call_rules.APPROVERS).exclude(pk=by.person.pk),
        title=f"请审签更正公告：{row.title}", body=reason, kind="calls.list_correction",
        url=f"/calls/lists/{row.pk}/corrections/{made.number}/",
        effect_key=f"calls.list_correction:{made.pk}",
    )  # fmt: skip
    return made


def _placing(
    row: PublicList, entry: ListEntry, category: str, directions: Sequence[str]
) -> tuple[dict[str, Any], str, str]:
    """The change as it is kept, the old and the new value in words."""
    application = entry.application
    if row.kind == PublicList.Kind.SHORTLIST and application.stage == Stage.RECOGNISED:
        raise Refused(refuse("calls.list_correction_formal"))
    chosen = row.call.categories.filter(key=category).first()
    labels = {d["key"]: d["label"] for d in chosen.directions} if chosen else {}
    if chosen is None or not directions or not set(directions) <= labels.keys():
        raise Refused(refuse("calls.list_correction_directions"))
    now = queries.places(row)[application.pk]
    new = {
        "category": chosen.key, "category_label": chosen.label,
        "directions": [label for key, label in labels.items() if key in directions],
    }  # fmt: skip
    before, after = queries.place_words(now), queries.place_words(new)
    if before == after:
        raise Refused(refuse("calls.list_correction_nothing"))
    return {"application": application.pk, "place": new}, before, after


def _note(made: ListCorrection, *, by: Who, verb: str, text: str) -> None:
    journal.record(
        by=by, verb=f"calls.{verb}", subject=made, also=(made.list, made.list.call), text=text,
        facts={"list": made.list_id, "number": made.number}, union_id=made.list.call.union_id,
    )  # fmt: skip


def _locked(list_id: int, number: int) -> ListCorrection:
    row, _ = lock_list(list_id)
    made = ListCorrection.objects.select_for_update(of=("self",)).get(list=row, number=number)
    made.list = row
    return made


@transaction.atomic
def publish_correction(*, by: Who, list_id: int, number: int) -> ListCorrection:
    """本办法未规定: a second person approves; the correction is published and takes effect.

    A name that is taken off a formal list loses the recognition that the list brought.
    """
    made = _locked(list_id, number)
    require_under(made.list.call, rules.may_approve_correction(by, made), "publish")
    assert by.person is not None
    made.approved_by, made.approved_identity = by.person, by.person.identity
    made.published_at = clock.now()
    made.paper = papers.issue_correction(made, by=by)
    with database_refusals():
        made.save()
        for change in made.changes:
            if change["removes"]:
                _remove(made, change, by=by)
            elif "place" in change:
                _place(made, change, by=by)
            elif change["entry"]:
                _tell_named(made, change)
    _note(
        made, by=by, verb="publish_correction", text=f"审签并公布名单更正第 {made.number} 号：{made.reason}"
    )
    finish(made.list.call)
    return made


def _tell_named(made: ListCorrection, change: dict[str, Any]) -> None:
    application = ListEntry.objects.select_related("application").get(pk=change["entry"]).application
    tell(
        people_of(application.organisation_id), title=f"名单有更正：{made.list.title}",
        body=f"{change['label']}由“{change['before'] or '--'}”改为“{change['after']}”。理由：{made.reason}",
        kind="calls.list_corrected", url=f"/notices/lists/{made.list_id}/",
        effect_key=f"calls.list_corrected:{made.pk}:{application.pk}",
    )  # fmt: skip


def _place(made: ListCorrection, change: dict[str, Any], *, by: Who) -> None:
    """The right category and directions: on the certificate now, or on the formal list that follows."""
    application = stages.lock(change["application"])
    text = f"名单更正：{change['label']}由“{change['before']}”改为“{change['after']}”"
    journal.record(
        by=by, verb="calls.correct_place", subject=application, also=(made.list, application.organisation),
        text=text, facts={"correction": made.pk, "place": change["place"]}, union_id=application.call.union_id,
    )  # fmt: skip
    if made.list.kind == PublicList.Kind.FORMAL:
        assert made.paper is not None
        recognition.correct(
            by=by, effect_key=effect_key(application.pk), reason=made.reason, **change["place"],
            decision=f"{made.paper.number}《关于更正《{made.list.title}》的公告》",
        )  # fmt: skip
    tell(
        people_of(application.organisation_id), title=f"名单有更正：{change['after']}",
        body=f"{text}。理由：{made.reason}", kind="calls.list_corrected", url=f"/notices/lists/{made.list_id}/",
        effect_key=f"calls.list_corrected:{made.pk}:{application.pk}",
    )  # fmt: skip


def _remove(made: ListCorrection, change: dict[str, Any], *, by: Who) -> None:
    entry = ListEntry.objects.select_for_update().get(pk=change["entry"])
    entry.state, entry.reason = ListEntry.State.REMOVED, made.reason
    entry.save()
    application = stages.lock(entry.application_id)
    if application.stage not in _OVER:
        stages.decide(
            application, by=by, verb="remove", to=Stage.REMOVED, verdict="no", note=made.reason,
            text=f"名单更正，移出名单：{made.reason}", also=(made.list,),
        )  # fmt: skip
    if made.list.kind == PublicList.Kind.FORMAL:
        granting.take_back(made.list.call, application.pk, by=by, reason=made.reason)
    tell(
        people_of(application.organisation_id), title=f"名单有更正：{application.category.label}",
        body=made.reason, kind="calls.removed", url=f"/notices/lists/{made.list_id}/",
        effect_key=f"calls.list_corrected:{made.pk}:{application.pk}",
    )  # fmt: skip


@transaction.atomic
def refuse_correction(*, by: Who, list_id: int, number: int, reason: str) -> ListCorrection:
    """The approver does not agree, with a reason."""
    made = _locked(list_id, number)
    require_under(made.list.call, rules.may_approve_correction(by, made), "publish")
    require(call_rules.has_reason(reason))
    made.refused_reason = reason.strip()
    made.save()
    _note(made, by=by, verb="refuse_correction", text=f"不同意名单更正第 {number} 号：{reason}")
    tell(
        [made.proposed_by], title="更正公告未获同意", body=reason, kind="calls.returned",
        url=f"/calls/lists/{list_id}/",
    )  # fmt: skip
    return made
