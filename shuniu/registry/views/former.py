"""Codes and names of before: recorded by the clerk who keeps the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.foundation.access import Refused, members_only, require
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry import actions, rules
from shuniu.registry.forms.former import FormerForm
from shuniu.registry.views.shared import crumbs, seen, sent

_TITLE = "曾用代码和名称"
# what the form asks for → the action, and the name of what it takes
_ACTS: dict[str, tuple[Callable[..., object], str]] = {
    "change": (actions.change_code, "code"),
    "code": (actions.record_former_code, "code"),
    "name": (actions.record_former_name, "name"),
}


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def former(request: HttpRequest, pk: int) -> HttpResponse:
    """The code has changed, or a code or name of before is put on record."""
    who, row = seen(request, pk)
    require(rules.may_manage(who, row))
    form = FormerForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        act, taken = _ACTS[data["what"]]
        given = {
            taken: data["text"],
            "until": data["until"],
            "basis": data["basis"],
            "evidence": data["evidence"],
        }
        try:
            act(by=who, organisation=row, **given)
        except Refused as refused:
            field = "until" if refused.verdict.code == "registry.former_until" else "text"
            refused_into(form, refused, field)
        else:
            return done(
                request,
                f"{reverse('registry:organisation', args=[row.pk])}#former",
                "已登记，搜索时两者都能找到。",
            )
    context = {
        "form": form,
        "title": _TITLE,
        "submit": "保存",
        "crumbs": crumbs(who, row, _TITLE),
        "lead": row.name,
    }
    return page(request, "registry/form.html", context)
