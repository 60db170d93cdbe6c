"""Whoever holds a ticket, without an account: five words, why, thanks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuniu.foundation.access import Refused, public, refuse
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.arrival import arrived_at
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.surveys import actions, queries, rules
from shuniu.surveys.forms import AnswerForm, CodeForm
from shuniu.surveys.models import LEVELS, LOW, Survey
from shuniu.surveys.papers import conducted


def _private(response: HttpResponse) -> HttpResponse:
    """Neither a search engine nor the next page learns the code.

    Not "no-referrer": a browser would then send its answer with the origin "null", which CSRF refuses.
    """
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "strict-origin"
    return response


@public("持票人在手机上输入票码评价，不用登录")
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """By the code, for whoever cannot scan."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].replace("-", "").replace(" ", "").upper()
        if code.isalnum() and queries.held(code):
            return _private(done(request, reverse("surveys:ticket", args=[code])))
        refused_into(form, Refused(refuse("surveys.unknown_ticket")), "code")
    return _private(page(request, "surveys/enter.html", {"form": form}))


@public("持票人凭票上的二维码评价，不用登录；一张票只能用一次")
@never_cache
@require_http_methods(["GET", "POST"])
def ticket(request: HttpRequest, code: str) -> HttpResponse:
    """Screen one: five words. Screen two (?level=): why. Screen three: thanks, and nothing more."""
    held = queries.held(code)
    if held is None or held.void:
        form = CodeForm({"code": code})
        refused_into(form, Refused(refuse("surveys.void" if held else "surveys.unknown_ticket")), "code")
        return _private(page(request, "surveys/enter.html", {"form": form}, status=404))
    row = held.survey
    context = {"row": row, "conducted": conducted(row), "code": code}
    if not held.usable:
        status = 409 if request.method == "POST" else 200
        return _private(page(request, "surveys/used.html", context, status=status))
    over = rules.in_time(row, arrived_at(request) if request.method == "POST" else clock.now())
    if not over:
        status = 409 if request.method == "POST" else 200
        return _private(page(request, "surveys/used.html", context | {"over": over.reason}, status=status))
    level = (request.POST or request.GET).get("level", "")
    if level not in {str(n) for n in LEVELS}:
        levels = [(str(n), word) for n, word in LEVELS.items()]
        status = 422 if request.method == "POST" else 200
        return _private(page(request, "surveys/rate.html", context | {"levels": levels}, status=status))
    return _private(_why(request, code, int(level), context))


def _why(request: HttpRequest, code: str, level: int, context: dict[str, object]) -> HttpResponse:
    row = context["row"]
    assert isinstance(row, Survey)
    form = AnswerForm(row, level, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.answer(
                code=code, level=level, reasons=data.get("reasons", []), comment=data["comment"],
                phone=data.get("phone", ""), arrived_at=arrived_at(request),
            )  # fmt: skip
        except Refused as refused:
            fields = {"surveys.why_needed": "reasons", "surveys.phone_form": "phone"}
            refused_into(form, refused, fields.get(refused.verdict.code))
        else:
            return done(request, reverse("surveys:ticket", args=[code]))
    said = {"form": form, "level": level, "word": LEVELS[level], "low": level in LOW}
    return page(request, "surveys/why.html", context | said)
