"""影响测算: the figures of a folder, and the organisations behind each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Who, members_only, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.respond import done, page
from shuniu.library import actions, queries, rules
from shuniu.library.forms import RehearsalForm
from shuniu.library.lists import ImpactOrganisations
from shuniu.library.models import Impact, Upload
from shuniu.library.queries.impact import KINDS, LETTERS, conditions_of, impacts_visible_to
from shuniu.library.queries.rehearsal import ANSWERS

READERS = queries.uploads.READERS


def _mine(request: HttpRequest, pk: int) -> tuple[Who, Upload]:
    who = who_asks(request)
    return who, get_object_or_404(queries.uploads_visible_to(who), pk=pk)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def impact(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest estimate (or ?run=) with every figure; a form for another day."""
    who, row = _mine(request, pk)
    form = RehearsalForm(posted(request), initial={"on": clock.today()})
    here = reverse("library:impact", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        actions.estimate(by=who, upload_id=row.pk, on=form.cleaned_data["on"])
        return done(request, here, "已开始测算，完成后通知您。")
    runs = list(impacts_visible_to(who).filter(upload=row)[:20])
    asked = request.GET.get("run", "")
    shown = next((each for each in runs if not asked or str(each.pk) == asked), None)
    if asked and shown is None:
        raise Http404
    context: dict[str, Any] = {
        "row": row, "form": form, "runs": runs, "impact": shown, "verdict": rules.may_estimate(who, row),
        "with_rows": shown is not None and shown == next((r for r in runs if r.state == Impact.State.DONE), None),
        "list": reverse("library:impact_organisations", args=[row.pk]),
    }  # fmt: skip
    if shown is not None and shown.state == Impact.State.DONE:
        context |= _figures(shown)
    answer = page(request, "library/impact.html", context)
    if request.headers.get("HX-Request") and shown is not None and shown.state != Impact.State.COMPUTING:
        answer["HX-Refresh"] = "true"  # the page that watched the progress shows the whole outcome
    return answer


def _figures(shown: Impact) -> dict[str, Any]:
    """Figures as the page says them."""
    found = shown.figures
    moves = {(before, now): n for before, now, n in found["moves"]}
    return {
        "population": found["population"],
        "answers": [(k, KINDS[k], w, found["answers"].get(k, 0)) for k, w in ANSWERS.items()],
        "told": [(KINDS[k], w, found["told"].get(k, 0)) for k, w in ANSWERS.items()],
        "told_by": sum(not each["always"] for each in conditions_of(shown)),
        "changed": [(f"{b}{n}", ANSWERS[b], ANSWERS[n], m) for (b, n), m in moves.items() if b != n],
        "same": sum(n for (b, a), n in moves.items() if b == a),
        "conditions": [_condition(at, each) for at, each in enumerate(conditions_of(shown))],
        "gone": found["gone"],
    }


def _condition(at: int, each: Any) -> dict[str, Any]:
    letters = each["letters"]

    def figure(*among: str) -> tuple[int, str]:
        """How many, and the filter that lists them."""
        n = sum(letters.get(letter, 0) for letter in among)
        there = next((letter for letter in among if letter in letters), among[0])
        return n, f"{at}{there}"

    moves = [(f"{at}.{each['was']}.{b}{n}", LETTERS[b], LETTERS[n], count) for b, n, count in each["moves"]]
    return dict(each) | {
        "met": figure("M", "S"), "not_met": figure("F"), "open": figure("U", "W", "X"), "other": figure("N"),
        "parted": figure("A"), "changed": moves, "new": each["was"] is None,
    }  # fmt: skip


@members_only(*READERS)
@require_GET
def organisations(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The organisations of the newest estimate: earlier ones keep their figures alone."""
    who, row = _mine(request, pk)
    shown = impacts_visible_to(who).filter(upload=row, state=Impact.State.DONE).first()
    if shown is None:
        raise Http404
    listing = ImpactOrganisations(request, impact=shown.pk)
    return listing.response("library/impact_organisations.html", {"row": row, "impact": shown})
