"""Lists as they are frozen, shown to the office and to everybody."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db.models import Prefetch, QuerySet

from shuniu.calls import terms
from shuniu.calls.models import (
    Application,
    Call,
    Decision,
    ListCorrection,
    ListEntry,
    Publicity,
    PublicList,
    Stage,
)
from shuniu.calls.naming import Way, way
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.outcome import grants_honour, stage_word
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.notices.models import Message
from shuniu.recognition.queries import first_days, of_effect
from shuniu.registry.models import ENDED

ORDER_WORDS = "名单按类别排列，同一类别按评审名次排列，名次相同的按单位名称拼音排列。"
_GONE: dict[str, str] = {Stage.WITHDRAWN: "已退出", Stage.ENDED: "已终止", Stage.REMOVED: "已移出"}


def was_shown(call: Call) -> bool:
    """Whether a list of the call is, or was, on public view."""
    return Publicity.objects.filter(list__call=call).exists()


def effect_key(application_id: int) -> str:
    """Under which a recognition is granted once."""
    return f"calls.application:{application_id}"


def digest_of(rows: list[dict[str, Any]]) -> str:
    """SHA-256 of the rows as canonical JSON: printed on the paper and shown on the page."""
    body = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def _standing(call: Call) -> QuerySet[Application]:
    """Who is shortlisted and still exists: a list names nobody who was struck off, even before the nightly sweep."""
    return Application.objects.filter(call=call, stage=Stage.SHORTLISTED).exclude(
        organisation__status__in=ENDED
    )


def shortlist_rows(call: Call) -> list[dict[str, Any]]:
    """The shortlist from the recorded decisions alone: category, rank, then pinyin."""
    return _rows(_standing(call))


def formal_rows(call: Call) -> list[dict[str, Any]]:
    """Who is shortlisted, still in the list and not held; without those that a formal list names already.

    Where the document has no shortlist on view: everybody whom the review let in.
    """
    if way(call) != Way.SHOWN_FIRST:
        return shortlist_rows(call)
    named = ListEntry.objects.filter(
        list__call=call, list__kind=PublicList.Kind.FORMAL, list__published_at__isnull=False
    )
    return _rows(
        _standing(call)
        .filter(
            entries__list__kind=PublicList.Kind.SHORTLIST,
            entries__list__returned_at__isnull=True,
            entries__state=ListEntry.State.LISTED,
        )
        .exclude(pk__in=named.values("application"))
    )


def _rows(applications: QuerySet[Application]) -> list[dict[str, Any]]:
    found = list(applications.select_related("organisation", "category"))
    decided = dict(
        Decision.objects.filter(application__in=found, to_stage=Stage.SHORTLISTED)
        .order_by("id")
        .values_list("application", "pk")
    )
    far = 10**6
    moved = corrected_places(found[0].call_id) if found else {}
    found.sort(key=lambda a: (a.category.order, a.rank or far, a.organisation.pinyin, a.pk))
    return [
        {
            "order": n,
            "application": a.pk,
            "decision": decided[a.pk],
            "organisation": a.organisation_id,
            "name": a.named,
            "code": a.organisation.code or "",
            "category": a.category.key,
            "category_label": a.category.label,
            "directions": [d["label"] for d in a.category.directions if d["key"] in a.directions],
            "rank": a.rank,
        }
        | moved.get(a.pk, {})
        for n, a in enumerate(found, 1)
    ]


def corrected_places(call_id: int, list_id: int | None = None) -> dict[int, dict[str, Any]]:
    """application → category and directions as published corrections put them right; of one list or the call."""
    rows = ListCorrection.objects.filter(list__call=call_id, published_at__isnull=False).order_by(
        "published_at"
    )
    if list_id is not None:
        rows = rows.filter(list=list_id)
    return {c["application"]: c["place"] for row in rows for c in row.changes if "place" in c}


def places(row: PublicList) -> dict[int, dict[str, Any]]:
    """application → category and directions as a list says them now."""
    said = {
        r["application"]: {key: r[key] for key in ("category", "category_label", "directions")}
        for r in row.frozen
    }
    return said | corrected_places(row.call_id, row.pk)


def place_words(place: dict[str, Any]) -> str:
    """Category and directions in words."""
    return f"{place['category_label']}：{'、'.join(place['directions']) or '--'}"


def difference(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> str:
    """What changed since a list was frozen, in words; empty when nothing did."""
    old, new = ({r["application"]: r for r in rows} for rows in (before, after))
    gone = [old[k]["name"] for k in old if k not in new]
    come = [new[k]["name"] for k in new if k not in old]
    parts = [f"{'、'.join(gone[:3])}已不在列"] if gone else []
    parts += [f"{'、'.join(come[:3])}应当列入"] if come else []
    if not parts and digest_of(before) != digest_of(after):
        parts.append("单位信息或名次已变")
    return "；".join(parts)


def held_count(call: Call) -> int:
    """How many names are held: shortlisted, being looked into."""
    return ListEntry.objects.filter(
        list__call=call, state=ListEntry.State.HELD, application__stage=Stage.SHORTLISTED
    ).count()


def outcome_ids(row: PublicList) -> list[int]:
    """Whom the review let in, and whom not, in the order in which they are told; who is named knows it already."""
    out = Application.objects.filter(call=row.call_id, stage=Stage.NOT_SHORTLISTED).values_list(
        "pk", flat=True
    )
    listed = {r["application"] for r in row.frozen} if row.kind == PublicList.Kind.SHORTLIST else set()
    return sorted(listed | set(out))


def outcome_key(row: PublicList, application_id: int) -> str:
    """Under which each person of an applicant is told once."""
    return f"calls.publicity:{row.pk}:{application_id}"


def told(row: PublicList) -> int:
    """How many messages about a shortlist's outcome have gone out: the progress of their job."""
    return Message.objects.filter(effect_key__startswith=f"calls.publicity:{row.pk}:").count()


# --- who sees what ------------------------------------------------------------------------------------


def lists_of(who: Who, call_id: int) -> QuerySet[PublicList]:
    """The call's lists for those who work on it, the drafts included."""
    return (
        PublicList.objects.filter(call__in=own_calls(who), call_id=call_id)
        .select_related(
            "call__union", "call__document", "frozen_by", "approved_by", "paper__pdf", "publicity__paper__pdf"
        )
        .order_by("id")
    )


def own_list(who: Who, list_id: int) -> PublicList | None:
    """One list of the asker's own union."""
    row = PublicList.objects.filter(pk=list_id, call__in=own_calls(who)).values_list("call_id").first()
    return lists_of(who, row[0]).get(pk=list_id) if row else None


def public_lists() -> QuerySet[PublicList]:
    """What everybody sees: every list that was published."""
    return PublicList.objects.filter(published_at__isnull=False).select_related(
        "call__union", "call__document", "paper__pdf", "publicity__paper__pdf"
    )


def running_publicities() -> QuerySet[Publicity]:
    """公示 that everybody can object to now; what a cancelled call had on view is not among them."""
    now = clock.now()
    return (
        Publicity.objects.filter(opens_at__lte=now, closes_at__gt=now, list__call__state=Call.State.PUBLISHED)
        .select_related("list__call__union")
        .order_by("closes_at")
    )


def public_rows(row: PublicList) -> list[dict[str, Any]]:
    """The frozen rows as the public page shows them: with a later removal or withdrawal, never a hold.

    A hold would tell the organisation that somebody objected before it is asked.
    """
    entries = {e.application_id: e for e in row.entries.select_related("application")}
    certified = row.kind == PublicList.Kind.FORMAL and not grants_honour(row.call)
    granted = of_effect(effect_key(k) for k in entries) if certified else {}
    shown = []
    moved = corrected_places(row.call_id, row.pk)
    for frozen in row.frozen:
        entry = entries[frozen["application"]]
        stage = Stage.REMOVED if entry.state == ListEntry.State.REMOVED else entry.application.stage
        note = _GONE.get(stage, "")
        recognition = granted.get(effect_key(entry.application_id))
        shown.append(
            frozen
            | moved.get(entry.application_id, {})
            | {"entry": entry.pk, "note": note, "recognition": recognition, "was": _was(frozen, moved)}
        )
    return shown


def _was(frozen: dict[str, Any], moved: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    """What the list said before it was corrected; None where it was right."""
    return frozen if frozen["application"] in moved else None


def staff_rows(row: PublicList) -> list[dict[str, Any]]:
    """The same for the office: with holds."""
    entries = {e.application_id: e for e in row.entries.select_related("application")}
    for entry in entries.values():
        entry.application.call = row.call
    moved = corrected_places(row.call_id, row.pk) if row.published_at else {}
    return [
        frozen
        | moved.get(frozen["application"], {})
        | {
            "was": _was(frozen, moved),
            "entry": entries[frozen["application"]].pk,
            "state": entries[frozen["application"]].state,
            "label": entries[frozen["application"]].get_state_display(),
            "reason": entries[frozen["application"]].reason,
            "stage": stage_word(entries[frozen["application"]].application),
        }
        for frozen in row.frozen
    ]


def corrections_of(row: PublicList) -> QuerySet[ListCorrection]:
    """The published corrections of a list."""
    return row.corrections.filter(published_at__isnull=False).select_related("paper__pdf")


def with_corrections(rows: QuerySet[PublicList]) -> QuerySet[PublicList]:
    """Lists with their published corrections, in two queries."""
    return rows.prefetch_related(
        Prefetch("corrections", ListCorrection.objects.filter(published_at__isnull=False))
    )


# --- days ---------------------------------------------------------------------------------------------


def countdown(publicity: Publicity, now: dt.datetime | None = None) -> dict[str, Any]:
    """Whether it is open, the working days that are left (today included), and the strip of days."""
    now = now or clock.now()
    today = now.astimezone(clock.TZ).date()
    days = []
    try:
        day = publicity.starts_on
        while day <= publicity.ends_on:
            if working_days.is_working(day) and day > publicity.starts_on:
                state = "past" if day < today else "today" if day == today else "next"
                days.append({"date": day, "state": state})
            day += dt.timedelta(days=1)
        left = working_days.count(max(today, publicity.starts_on + dt.timedelta(days=1)), publicity.ends_on)
    except working_days.MissingYear:  # the year was taken back after the start: the end stands
        left, days = None, []
    return {
        "open": publicity.opens_at <= now < publicity.closes_at,
        "before": now < publicity.opens_at,
        "left": left,
        "days": days,
        "until": publicity.ends_on,
    }


def publication_start(call: Call, on: dt.date) -> dt.date:
    """The first day of what is granted by publication on `on`, as the call settles it (term first_day).

    A day that the notice names (the timetable's day of publication) counts unless publication is later.
    """
    value = str(terms.value_of(call, terms.FIRST_DAY) or "")
    named = call.stages.filter(kind="publish").values_list("starts_on", flat=True).first()
    if "通知载明" in value and named is not None:
        return max(named, on)
    return on


def starts_of(call: Call, rows: list[dict[str, Any]], on: dt.date) -> dict[int, dt.date]:
    """Application → first day: the call's day, or the day after a period that still runs."""
    start = publication_start(call, on)
    later = first_days((r["organisation"] for r in rows), call.union_id, start)
    return {r["application"]: later.get((r["organisation"], r["category"]), start) for r in rows}
