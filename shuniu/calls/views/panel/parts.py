"""What several pages of the review share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shuniu.calls.forms.panel import ReasonForm
from shuniu.calls.models import Committee
from shuniu.calls.queries.panel import committees_visible_to
from shuniu.foundation.access import Refused, Who, who_asks
from shuniu.foundation.ui.respond import done, page, refused_into

STAFF = ("clerk", "checker", "leader", "auditor", "audit_admin")


def committee_of(request: HttpRequest, pk: int) -> tuple[Who, Committee]:
    """The asker and a committee of their own union; 404 for everybody else."""
    who = who_asks(request)
    return who, get_object_or_404(committees_visible_to(who), pk=pk)


def with_reason(
    request: HttpRequest,
    *,
    title: str,
    explain: str,
    label: str,
    button: str,
    act: Callable[[str], object],
    back: str,
    said: str,
    context: dict[str, Any] | None = None,
    template: str = "calls/panel/reason.html",
) -> HttpResponse:
    """A page that asks for a reason, then does one act with it."""
    form = ReasonForm(request.POST or None, label=label)
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, back, said)
    shown = {"form": form, "title": title, "explain": explain, "button": button, "back": back}
    return page(request, template, shown | (context or {}))
