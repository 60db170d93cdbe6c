"""The inbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shuniu.foundation.access import members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import mark_read
from shuniu.foundation.notices.models import Message
from shuniu.foundation.notices.queries import inbox_of
from shuniu.foundation.ui.respond import done


def _when(moment: dt.datetime, today: dt.date) -> str:
    """14:08 today, 昨天, else the day."""
    local = moment.astimezone(clock.TZ)
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() == today - dt.timedelta(days=1):
        return "昨天"
    return f"{local.month}月{local.day}日" if local.year == today.year else f"{local:%Y-%m-%d}"


def mail_rows(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Messages as the component `todo` shows them."""
    today = clock.today()
    return [
        {
            "label": m.title, "url": reverse("unions:message", args=[m.pk]), "new": m.read_at is None,
            "due": _when(m.created_at, today), "message": m,
        }
        for m in messages
    ]  # fmt: skip


@members_only()
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, newest first; `?unread=1` only those not read."""
    rows = inbox_of(who_asks(request))
    counts = {"all": rows.count(), "unread": rows.filter(read_at__isnull=True).count()}
    unread = request.GET.get("unread") == "1"
    if unread:
        rows = rows.filter(read_at__isnull=True)
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    address = reverse("unions:inbox")
    context = {
        "page": page,
        "rows": mail_rows(page),
        "unread": counts["unread"],
        "tabs": [
            {"label": "全部", "url": address, "count": counts["all"], "current": not unread},
            {"label": "未读", "url": f"{address}?unread=1", "count": counts["unread"], "current": unread},
        ],
    }
    return render(request, "unions/inbox.html", context)


@members_only()
@require_safe
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Open a message: it counts as read; where it leads somewhere, go there."""
    who = who_asks(request)
    row = get_object_or_404(inbox_of(who), pk=message_id)
    if row.read_at is None:
        mark_read(by=who, message_id=row.pk)
    if row.url and not row.body:
        return done(request, row.url)
    return render(request, "unions/message.html", {"message": row})


@members_only()
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    count = mark_read(by=who_asks(request))
    return done(request, "unions:inbox", f"已将 {count} 条消息标为已读。")
