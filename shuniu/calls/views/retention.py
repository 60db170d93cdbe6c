"""保存期限: the table of periods, 试算, confirmation, and what was cleared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from shuniu.calls import retention as data
from shuniu.calls.actions.retention import settle_retention
from shuniu.calls.forms.retention import ConfirmForm, PeriodsForm
from shuniu.calls.queries import retention as queries
from shuniu.calls.rules import retention as rules
from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.ui.respond import done, page, refused_into


def _shown_again(request: HttpRequest, now: dict[str, int], counts: dict[str, int]) -> ConfirmForm:
    """What was sent, beside the counts that are shown this time."""
    given = request.POST.copy()
    for key, n in counts.items():
        given[f"seen_{key}"] = str(n)
    form = ConfirmForm(given, now=now)
    form.is_valid()
    return form


@members_only(*rules.READERS)
@require_http_methods(["GET", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Every rule with its period and what is due; the security administrator tries periods and confirms them."""
    who = who_asks(request)
    union_id = who.union_id or 0
    plan = queries.plan_of(union_id)
    now = data.proposed() | (plan.months if plan else {})
    asked = any(rule.key in request.GET for rule in data.RULES)
    periods = PeriodsForm(request.GET if asked else None, now=now)
    tried = periods.months() if asked and periods.is_valid() else None
    confirm: ConfirmForm | None = None
    if request.method == "POST":
        confirm = ConfirmForm(request.POST, now=now)
        whole = confirm.is_valid()
        if not {rule.key for rule in data.RULES} & confirm.errors.keys():
            tried = confirm.months()  # what is to be confirmed stays on the page
        if whole:
            try:
                settle_retention(by=who, union_id=union_id, **confirm.values())
            except Refused as refused:
                confirm = _shown_again(request, now, queries.due_counts(union_id, confirm.months()))
                refused_into(confirm, refused)
            else:
                return done(request, "/calls/retention/", "保存期限已确定，今晚起到期的自动清除。")
    counts = queries.due_counts(union_id, tried or now)
    if confirm is None and tried is not None:
        confirm = ConfirmForm(initial=tried | {f"seen_{key}": n for key, n in counts.items()}, now=now)
    context = {
        "plan": plan,
        "rows": [{"rule": r, "months": (tried or now)[r.key], "due": counts[r.key]} for r in data.RULES],
        "kept": data.KEPT,
        "tried": tried,
        "periods": periods,
        "confirm": confirm,
        "may": rules.may_settle(who, union_id),
        "runs": [{"run": run, "rule": data.BY_KEY[run.rule]} for run in queries.runs_seen_by(who)[:50]],
        "form": confirm if request.method == "POST" else periods,
    }
    return page(request, "calls/retention.html", context)
