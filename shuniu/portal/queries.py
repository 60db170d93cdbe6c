"""What the public site shows: everything here is open to everybody, and read only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Max, QuerySet, Value
from django.db.models.functions import Concat

from shuniu.calls.models import Amendment, Call, ListCorrection, PublicityChange, PublicList
from shuniu.calls.queries import apply, casefile, listing
from shuniu.calls.queries.call import published_calls
from shuniu.foundation.calendar import clock
from shuniu.recognition.models import Recognition
from shuniu.recognition.queries import categories_in_force, directions_in_force, public_recognitions
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching

PAGE = 50


def running_calls(limit: int = 8) -> list[dict[str, Any]]:
    """Calls that take applications now or soon, soonest end first."""
    return [
        {"call": call, "open": bool(call.apply_from and call.apply_from <= clock.now()),
         "until": clock.local_last_day(call.apply_until) if call.apply_until else None,
         "left": casefile.days_left(call.apply_until)}
        for call in apply.open_calls()[:limit]
    ]  # fmt: skip


def on_view(limit: int = 8) -> list[dict[str, Any]]:
    """公示 that run, with the working days that are left."""
    return [
        {"publicity": p, "left": listing.countdown(p)}
        for p in listing.running_publicities().defer("list__frozen")[:limit]
    ]


def formal_lists() -> QuerySet[PublicList]:
    """Formal lists with their corrections, newest first."""
    rows = listing.public_lists().filter(kind=PublicList.Kind.FORMAL).defer("frozen")
    return listing.with_corrections(rows).annotate(n=Count("entries")).order_by("-published_at")


def categories() -> list[dict[str, Any]]:
    """How many organisations are recognised in each category today; one query."""
    found = public_recognitions().order_by().values("category", "category_label")
    rows: list[Any] = list(found.annotate(n=Count("organisation", distinct=True)))
    return sorted(rows, key=lambda row: (-row["n"], row["category_label"]))


@dataclass(frozen=True)
class Directory:
    """A page of 合作单位名录, with what it can be narrowed by."""

    page: Page[Any]
    categories: list[tuple[str, str]]
    directions: list[str]


def directory(*, text: str, category: str, direction: str, number: str = "") -> Directory:
    """Valid recognitions under these conditions, by the organisation's pinyin: the page of that number.

    The order of ten thousand names and what occurs among them are kept for a minute, as long as the same
    recognitions are in force; whoever is no longer so is not shown even then.
    """
    now = _in_force()
    if text.strip():
        keys = list(_recognised(text, category, direction))
    else:
        kept = _key(now, "order", category, direction)
        keys = cache.get_or_set(kept, lambda: list(_recognised("", category, direction)), KEPT) or []
    page = page_of(keys, number)
    ids = list(page.object_list)
    whole = public_recognitions().filter(pk__in=ids).select_related("organisation").only(*_SHOWN)
    found = {r.pk: r for r in whole}
    page.object_list = [found[pk] for pk in ids if pk in found]
    categories = cache.get_or_set(_key(now, "categories"), categories_in_force, KEPT) or []
    directions = (
        cache.get_or_set(_key(now, "directions", category), lambda: directions_in_force(category), KEPT) or []
    )
    return Directory(page, categories, directions)


KEPT = 60  # seconds
_SHOWN = (
    "organisation__name", "category_label", "directions", "last_day", "certificate_no", "verify_code",
)  # fmt: skip


def _key(*parts: str) -> str:
    return "portal.directory:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _in_force() -> str:
    """What tells one set of recognitions in force from another: a key for what is kept of it."""
    found = public_recognitions().order_by().aggregate(n=Count("pk"), last=Max("pk"))
    return f"{connection.settings_dict['NAME']}:{clock.today()}:{found['n']}:{found['last']}"


def _recognised(text: str, category: str, direction: str) -> QuerySet[Recognition, int]:
    rows = public_recognitions()
    if category:
        rows = rows.filter(category=category)
    if direction:
        rows = rows.filter(directions__contains=[direction])
    if text.strip():
        rows = rows.filter(organisation__in=matching(Organisation.objects.all(), text).values("pk"))
    # Not by the plain column: the planner would walk all organisations in its order to find the recognised.
    place = Concat("organisation__pinyin", Value(""))
    return rows.order_by(place, "organisation_id", "category").values_list("pk", flat=True)


@dataclass(frozen=True)
class Notice:
    """One line of 通知公告."""

    kind: str
    title: str
    url: str
    at: Any
    source: str
    word: str = ""
    tone: str = ""


KINDS = {"notice": "通知", "publicity": "公示", "list": "名单", "correction": "更正"}


def notices(kind: str = "", *, limit: int = 300) -> list[Notice]:
    """Everything that was published, newest first; the number of queries does not grow with it."""
    found: list[Notice] = []
    if kind in ("", "notice"):
        found += [_of_call(c) for c in published_calls().select_related("union").order_by("-id")[:limit]]
    if kind in ("", "publicity", "list"):
        found += _of_lists(kind, limit)
    if kind in ("", "correction"):
        found += _corrections(limit)
    return sorted(found, key=lambda n: n.at, reverse=True)[:limit]


def _of_call(call: Call) -> Notice:
    now = clock.now()
    word, tone = "", ""
    if call.state == Call.State.CANCELLED:
        word, tone = "已取消", "bad"
    elif call.state == Call.State.PUBLISHED and call.apply_until and now < call.apply_until:
        word, tone = (
            ("正在报名", "now") if call.apply_from and call.apply_from <= now else ("即将报名", "wait")
        )
    return Notice("通知", call.title, f"/notices/{call.pk}/", call.published_at, call.union.name, word, tone)


def _of_lists(kind: str, limit: int) -> list[Notice]:
    now, rows = clock.now(), listing.public_lists().defer("frozen").order_by("-id")
    if kind:
        rows = (
            rows.filter(publicity__isnull=False)
            if kind == "publicity"
            else rows.filter(kind=PublicList.Kind.FORMAL)
        )
    found = []
    for row in rows[:limit]:
        publicity = getattr(row, "publicity", None)
        running = publicity is not None and now < publicity.closes_at and row.call.state == "published"
        label = "名单" if publicity is None else "公示"
        found.append(
            Notice(
                label, row.title, f"/notices/lists/{row.pk}/", row.published_at, row.call.union.name,
                "公示中" if running else "", "now" if running else "",
            )
        )  # fmt: skip
    return found


def _corrections(limit: int) -> list[Notice]:
    found = []
    amendments = Amendment.objects.filter(published_at__isnull=False, call__in=published_calls())
    for a in amendments.select_related("call__union", "paper").order_by("-id")[:limit]:
        title = a.paper.title if a.paper else f"关于更正《{a.call.title}》的公告"
        url = f"/notices/{a.call_id}/#amendments"
        found.append(Notice("更正", title, url, a.published_at, a.call.union.name))
    mended = ListCorrection.objects.filter(published_at__isnull=False)
    for c in mended.select_related("list__call__union", "paper").order_by("-id")[:limit]:
        title = c.paper.title if c.paper else f"关于更正《{c.list.title}》的公告"
        found.append(
            Notice("更正", title, f"/notices/lists/{c.list_id}/", c.published_at, c.list.call.union.name)
        )
    changes = PublicityChange.objects.select_related("publicity__list__call__union", "paper")
    for m in changes.order_by("-id")[:limit]:
        row = m.publicity.list
        title = m.paper.title if m.paper else f"{row.title}延期"
        found.append(Notice("更正", title, f"/notices/lists/{row.pk}/", m.at, row.call.union.name))
    return found


def page_of(rows: Any, number: str, size: int = PAGE) -> Page[Any]:
    """The page of that number; the first or last one for what is no number."""
    return Paginator(rows, size).get_page(number)
