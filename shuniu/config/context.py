"""What every page knows: the site, for whom one acts, the navigation, the reader's display settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from shuniu.foundation.access import NOBODY, Who
from shuniu.foundation.notices.queries import unread_count
from shuniu.foundation.ui import slots


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; one query for the unread count, none for strangers."""
    who: Who = getattr(request, "who", NOBODY)
    mode = request.COOKIES.get("mode", "")
    scale = request.COOKIES.get("scale", "")
    person = getattr(who, "person", None)
    return {
        "site": {
            "name": "枢纽",
            "full_name": "工会联系社会组织服务平台",
            "demo": settings.ENV.kind == "demo",
        },
        "who": who,
        "acting": _acting(who) if person is not None else None,
        "navigation": slots.navigation_for(who, request.path),
        "inbox_unread": unread_count(who) if person is not None else 0,
        "mode": mode if mode == "elder" else "",
        "font_scale": scale if scale in {"m", "l"} else "",
    }


def _acting(who: Who) -> dict[str, Any]:
    hat = who.hat
    return {
        "person_name": who.name,
        "union_name": hat.name if hat and hat.kind == "union" else "",
        "organisation_name": hat.name if hat and hat.kind == "organisation" else "",
        "role": who.role,
        "role_label": hat.role_label if hat else "未分配身份",
        "choices": [
            {"key": h.key, "label": f"{h.name} · {h.role_label}", "current": h == hat} for h in who.hats
        ],
    }
