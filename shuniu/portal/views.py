"""The public site: home, notices, lists, recognised organisations. Reads only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from shuniu.calls.queries import public as calls_public
from shuniu.foundation.access import public, who_asks
from shuniu.foundation.ui.respond import page
from shuniu.portal import queries
from shuniu.unions.queries import home_url


@public("门户首页向社会公开")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What runs, what is on view, who is recognised; somebody who is logged in goes to their own first page.

    `?portal` shows the public page to them too.
    """
    who = who_asks(request)
    if who.person is not None and "portal" not in request.GET:
        return redirect(home_url(who))
    context = {
        "calls": queries.running_calls(),
        "publicities": queries.on_view(),
        "lists": queries.formal_lists()[:6],
        "categories": queries.categories(),
        "notices": queries.notices(limit=8),
    }
    return page(request, "portal/home.html", context)


@public("通知公告向社会公开")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """通知公告: everything that was published, by kind."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in queries.KINDS else ""
    tabs = [{"label": "全部", "url": "/notices/", "current": not kind}]
    tabs += [
        {"label": label, "url": f"/notices/?kind={key}", "current": key == kind}
        for key, label in queries.KINDS.items()
    ]
    context = {
        "page": queries.page_of(queries.notices(kind), request.GET.get("page", ""), 30),
        "tabs": tabs,
        "meta": calls_public.meta(
            title="", column="通知公告", source="", published=None, keywords="通知,公示,名单"
        ),
    }
    return page(request, "portal/notices.html", context)


@public("正式名单向社会公开")
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """正式名单, newest first."""
    context = {
        "page": queries.page_of(queries.formal_lists(), request.GET.get("page", ""), 30),
        "meta": calls_public.meta(
            title="", column="名单", source="", published=None, keywords="名单,合作单位"
        ),
    }
    return page(request, "portal/lists.html", context)


@public("有效的合作单位向社会公开")
@require_safe
def recognised(request: HttpRequest) -> HttpResponse:
    """合作单位名录: who is recognised today, by category, direction, name."""
    text, category = request.GET.get("q", "")[:60], request.GET.get("category", "")[:40]
    direction = request.GET.get("direction", "")[:60]
    found = queries.directory(
        text=text, category=category, direction=direction, number=request.GET.get("page", "")
    )
    context = {
        "page": found.page,
        "categories": found.categories,
        "directions": found.directions,
        "q": text,
        "category": category,
        "direction": direction,
        "filtered": bool(text.strip() or category or direction),
        "meta": calls_public.meta(
            title="", column="合作单位名录", source="", published=None, keywords="合作单位,社会组织,名录"
        ),
    }
    return page(request, "portal/recognised.html", context)
