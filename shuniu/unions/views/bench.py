"""The work bench of staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from shuniu.foundation.access import STAFF_ROLES, Who, members_only, who_asks
from shuniu.foundation.notices.queries import inbox_of
from shuniu.foundation.ui import slots
from shuniu.unions.lists import Done
from shuniu.unions.queries import Bench, Bucket, bench_of, elsewhere, home_url, other_hats, union_of
from shuniu.unions.queries.bench import LABELS
from shuniu.unions.views.inbox import mail_rows

_KINDS: dict[Bucket, str] = {"overdue": "over", "soon": "due", "other": "wait", "waiting": "now"}
_SHOWN = 24  # rows on the bench itself; the list has all
_WIDE = 50  # panels of an order below stand over the to-do, the others beside it


@members_only()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where work begins under the present hat."""
    return HttpResponseRedirect(home_url(who_asks(request)))


def _stats(bench: Bench) -> list[dict[str, Any]]:
    """Four figures, each opening a list of just so many rows."""
    address = reverse("unions:work_list")
    return [
        {
            "label": _label(bench, bucket), "number": len(bench.rows[bucket]), "kind": _KINDS[bucket],
            "url": f"{address}?bucket={bucket}", "hint": bench.hint(bucket),
        }
        for bucket in LABELS
    ]  # fmt: skip


def _done(who: Who) -> dict[str, Any]:
    """The figure of what has been done, beside those of what waits."""
    number = Done.count(who)
    return {
        "label": "本周已办", "number": number, "kind": "ok", "url": reverse("unions:done"),
        "hint": "自周一起，每件事计一次" if number else "没有",
    }  # fmt: skip


def _label(bench: Bench, bucket: Bucket) -> str:
    return "3 日内到期" if bucket == "soon" and bench.missing_year else LABELS[bucket]


def _groups(bench: Bench, shown: int | None = None) -> list[dict[str, Any]]:
    """The rows by urgency, at most `shown` of them."""
    groups = []
    for bucket in ("overdue", "soon", "other"):
        rows = bench.rows[bucket][:shown]
        if shown is not None:
            shown -= len(rows)
        if rows:
            groups.append(_group(bench, bucket, rows))
    return groups


def _group(bench: Bench, bucket: Bucket, rows: list[Any]) -> dict[str, Any]:
    icon, tone = {"overdue": ("alert", "is-bad"), "soon": ("clock", "is-warn")}.get(bucket, ("ring", ""))
    return {
        "label": _label(bench, bucket), "number": len(bench.rows[bucket]), "icon": icon, "tone": tone,
        "rows": rows,
    }  # fmt: skip


def _panels(request: HttpRequest, who: Who) -> dict[str, list[dict[str, Any]]]:
    """What higher slices show of the union on its work bench: `slots.panel("unions.union", …)`."""
    found: dict[str, list[dict[str, Any]]] = {"wide": [], "side": []}
    if who.union_id is None:
        return found
    for panel in slots.panels_for(who, union_of(who.union_id)):
        body = render_to_string(panel.template, panel.context, request)
        found["wide" if panel.order < _WIDE else "side"].append({"title": panel.title, "body": body})
    return found


@members_only(*STAFF_ROLES)
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What waits for me, the calls that run, my messages."""
    who = who_asks(request)
    bench = bench_of(who)
    context = {
        "bench": bench,
        "stats": [*_stats(bench), _done(who)],
        "groups": _groups(bench, _SHOWN),
        "panels": _panels(request, who),
        "hats": [(hat, None) for hat in other_hats(who)],
        "mail": mail_rows(inbox_of(who)[:6]),
    }
    return render(request, "unions/work.html", context)


@members_only(*STAFF_ROLES)
@require_safe
def hats(request: HttpRequest) -> HttpResponse:
    """What waits under the asker's other roles; the bench fetches it once it stands."""
    return render(request, "unions/hats.html", {"hats": elsewhere(who_asks(request))})


@members_only(*STAFF_ROLES)
@require_safe
def done(request: HttpRequest) -> HttpResponseBase:
    """本周已办: exactly the matters that the figure counts."""
    return Done(request).response()


@members_only(*STAFF_ROLES)
@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """Every to-do, or those of one bucket: exactly as many rows as the figure said."""
    bench = bench_of(who_asks(request))
    chosen = request.GET.get("bucket", "")
    bucket: Bucket | None = chosen if chosen in LABELS else None
    groups = [_group(bench, bucket, bench.rows[bucket])] if bucket else _groups(bench)
    address = reverse("unions:work_list")
    tabs = [{"label": "等我办理", "url": address, "count": bench.mine, "current": bucket is None}] + [
        {"label": s["label"], "url": s["url"], "count": s["number"], "current": bucket == b}
        for b, s in zip(LABELS, _stats(bench), strict=True)
    ]
    total = sum(len(g["rows"]) for g in groups)
    return render(
        request, "unions/work_list.html", {"groups": groups, "tabs": tabs, "total": total, "bench": bench}
    )
