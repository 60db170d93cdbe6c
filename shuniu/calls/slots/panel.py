"""What pool, committees and draws bring to shared pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from shuniu.calls.models import Call, Draw, DrawCommitment
from shuniu.calls.queries.outcome import review_word
from shuniu.calls.queries.panel import applicant_ids, expert_of, seats_of, signed_this_year
from shuniu.calls.queries.scoring import committees_with_state, reviews_to_run
from shuniu.calls.rules import panel as rules
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.unions.queries import register_home

STAFF = frozenset({"clerk", "checker", "leader", "auditor", "audit_admin"})


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("评审", "/review/", frozenset({"expert"}), 10)
    yield slots.NavItem("专家库", "/calls/experts/", frozenset({"clerk"}), 45)


def _home(who: Who) -> str:
    return "/review/" if who.role == "expert" else ""


def _expert_todos(who: Who) -> Iterable[slots.Todo]:
    seats = [s for s in seats_of(who) if rules.scores_now(s)]
    if seats and expert_of(who) is not None and not signed_this_year(who):
        yield slots.Todo("承诺", "签署本年度保密与廉洁承诺", "/review/undertaking/", "签署后才能查看材料")
    for seat in seats:
        if seat.declared_at is None:
            yield slots.Todo(
                "回避", f"作回避声明：{seat.committee.category}", f"/review/{seat.committee_id}/declare/",
                str(seat.committee.call), seat.committee.due_on, key=f"calls.declare:{seat.pk}",
            )  # fmt: skip


def _clerk_todos(who: Who) -> Iterable[slots.Todo]:
    for c in reviews_to_run(who):
        url, sub = f"/calls/panels/{c.pk}/", str(c.call)
        if c.opened_at is None and c.live < c.size:  # type: ignore[attr-defined]
            yield slots.Todo("抽取", f"抽取专家：{c.category}", url, sub, key=f"calls.to_draw:{c.pk}")
        elif c.opened_at is None:
            yield slots.Todo("评审", f"可以开始评审：{c.category}", url, sub, key=f"calls.to_open:{c.pk}")
        elif c.closed_at is None and c.live < c.size:  # type: ignore[attr-defined]
            yield slots.Todo("抽取", f"需要补抽专家：{c.category}", url, sub, key=f"calls.to_refill:{c.pk}")


def _party_todos(who: Who) -> Iterable[slots.Todo]:
    """Draws that wait for a number of the asker's party."""
    if who.role not in {"clerk", "auditor", "audit_admin"} and who.organisation_id is None:
        return
    later = Draw.objects.filter(committee=OuterRef("committee"), number__gt=OuterRef("number"))
    draws = Draw.objects.filter(
        ~Exists(later), result__isnull=True, lapses__isnull=True, committee__call__state=Call.State.PUBLISHED
    ).select_related("committee__call", "committee__category")
    if who.union_id is not None:
        draws = draws.filter(committee__call__union_id=who.union_id)
    elif who.organisation_id is not None:
        draws = draws.filter(committee__call__applications__organisation_id=who.organisation_id).distinct()
    for draw in draws:
        applicants = applicant_ids(draw.committee)
        mine = next((p["key"] for p in draw.parties if rules.acts_as(who, draw, p["key"], applicants)), None)
        if mine is None:
            continue
        given = list(DrawCommitment.objects.filter(draw=draw).values_list("party", "kind"))
        both = sum(kind == "commit" for _, kind in given) == len(draw.parties)
        what = ""
        if (mine, "commit") not in given:
            what = "提交承诺值"
        elif both and (mine, "reveal") not in given:
            what = "公布号码"
        if what:
            yield slots.Todo(
                "抽取", f"专家抽取：{what}（{draw.committee.category}）", f"/draws/{draw.pk}/party/",
                str(draw.committee.call), clock.local_last_day(draw.reveal_by) if draw.reveal_by else None,
                key=f"calls.party:{draw.pk}:{mine}:{what}",
            )  # fmt: skip


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.role == "expert":
        yield from _expert_todos(who)
    if who.role == "clerk":
        yield from _clerk_todos(who)
    yield from _party_todos(who)


def _panel(who: Who, call: Call) -> Iterable[slots.Panel]:
    """The review on the page of a call, for its own staff."""
    if who.role not in STAFF or who.union_id != call.union_id or call.published_at is None:
        return
    committees = {c.category_id: c for c in committees_with_state(who).filter(call=call)}
    rows = [(category, committees.get(category.pk)) for category in call.categories.all()]
    yield slots.Panel(review_word(call), "calls/panel/on_call.html", {"call": call, "rows": rows}, 40)


def register() -> None:
    """Fill the slots."""
    register_home(_home)
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.panel("calls.call", _panel)
