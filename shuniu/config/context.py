"""What every page knows: the site, for whom one acts, the navigation, the reader's display settings."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from shuniu.foundation.access import NOBODY, STAFF_ROLES, Who
from shuniu.foundation.notices.queries import unread_count
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.display import display_of
from shuniu.unions.queries import home_url


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template, made once a request; one query for the unread count, none for strangers."""
    found: dict[str, Any] | None = getattr(request, "shell", None)
    if found is None or found["who"] is not getattr(request, "who", NOBODY):
        found = request.shell = _page(request)  # type: ignore[attr-defined]
    return found


def _page(request: HttpRequest) -> dict[str, Any]:
    who: Who = getattr(request, "who", NOBODY)
    person = getattr(who, "person", None)
    display = display_of(request)
    return {
        "site": _site(request, who) if person is not None else _addresses(),
        "who": who,
        "acting": _acting(who) if person is not None else None,
        "navigation": slots.navigation_for(who, request.get_full_path()),
        "inbox_unread": unread_count(who) if person is not None else 0,
        "mode": display.mode,
        "font_scale": display.font_scale,
    }


# What everybody may read or check, under every page of the public and of organisations.
_FOOTER = (
    ("制度库", "library:library"), ("证书核验", "recognition:verify"),
    ("查询异议办理结果", "calls:objection_status"), ("满意度评价", "surveys:enter"),
    ("日志校验值", "unions:journal_head"),
)  # fmt: skip


@cache
def _addresses() -> dict[str, Any]:
    """What is the same for everybody."""
    return {
        "name": "枢纽",
        "full_name": "工会联系社会组织服务平台",
        "owner": settings.ENV.owner,
        "licence": settings.ENV.licence,
        "demo": settings.ENV.kind == "demo",
        "portal_url": "/",
        "login_url": reverse("account_login"),
        "logout_url": reverse("account_logout"),
        "switch_url": reverse("unions:hat"),
        "inbox_url": reverse("unions:inbox"),
        "footer": [{"label": label, "url": reverse(name)} for label, name in _FOOTER],
    }


def _shell(who: Who) -> str:
    """The base template of pages that everybody has (inbox, own page): the one their other pages stand in."""
    if who.role in STAFF_ROLES:
        return "ui/staff.html"
    if who.organisation_id is not None:
        return "ui/org.html"
    return "ui/expert_page.html" if who.role == "expert" else "ui/plain.html"


_PERSON_LINKS = (
    ("个人中心", "unions:me"), ("请人代理", "unions:delegation"), ("修改密码", "account_change_password"),
    ("登录设备", "accounts:sessions"),
)  # fmt: skip


def _site(request: HttpRequest, who: Who) -> dict[str, Any]:
    """The same with what only members have."""
    staff = who.role in STAFF_ROLES
    return _addresses() | {
        "home_url": home_url(who),
        "shell": _shell(who),
        "search_url": reverse("unions:search") if staff else "",
        "palette_url": reverse("unions:palette"),
        "person_links": [
            {"label": label, "url": reverse(name)}
            for label, name in _PERSON_LINKS
            if staff or name != "unions:delegation"
        ],
    }


def _acting(who: Who) -> dict[str, Any]:
    hat = who.hat
    return {
        "person_name": who.name,
        "union_name": hat.name if hat and hat.kind == "union" else "",
        "organisation_name": hat.name if hat and hat.kind == "organisation" else "",
        "hat": f"{hat.name} · {hat.role_label}" if hat else "",
        "role": who.role,
        "role_label": hat.role_label if hat else "未分配身份",
        "choices": [
            {"key": h.key, "label": f"{h.name} · {h.role_label}", "current": h == hat} for h in who.hats
        ],
    }
