"""专项经费: what there is of a year, its budget, its ledger."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.acts import Act, Acts, Reason
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.funds import queries, rules
from shuniu.funds.actions import fund as actions
from shuniu.funds.forms import BudgetForm, FundForm
from shuniu.funds.models import BudgetChange
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))


@members_only(*READERS)
@require_GET
def fund_list(request: HttpRequest) -> HttpResponse:
    """The funds of the asker's union and of those below it, with what is left of each."""
    who = who_asks(request)
    rows = list(queries.funds_visible_to(who)[:200])
    balances = queries.account_balances(rows)
    shown = [{"row": row, "of": _figures(balances.get(row.pk, {}))} for row in rows]
    return page(request, "funds/funds.html", {"rows": shown, "may_open": who.role == "finance"})


def _figures(of: dict[str, int]) -> dict[str, int]:
    return {
        "budget": -of.get("source", 0), "available": of.get("available", 0), "committed": of.get("committed", 0),
        "paid": of.get("paid", 0), "receivable": of.get("receivable", 0),
    }  # fmt: skip


@members_only("finance")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a fund of a year."""
    who = who_asks(request)
    assert who.union_id is not None  # the door has seen to it
    form = FundForm(request.POST if request.method == "POST" else None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_fund(by=who, union=union_of(who.union_id), **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, reverse("funds:fund", args=[made.pk]), "已设立。请提出预算，批准后可用。")
    context = {
        "form": form, "title": "设立专项经费", "submit": "设立", "back": reverse("funds:funds"),
        "crumbs": [("经费", reverse("funds:subsidies")), ("专项经费", reverse("funds:funds")), ("设立", "")],
    }  # fmt: skip
    return page(request, "registry/form.html", context)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def fund(request: HttpRequest, pk: int) -> HttpResponse:
    """One fund: balances, changes of its budget, the ledger."""
    who = who_asks(request)
    row = get_object_or_404(queries.funds_visible_to(who), pk=pk)
    changes = list(row.budget_changes.select_related("proposed_by", "decided_by")[:20])
    acts = [
        Act("budget", "提出预算变动", partial(actions.propose_budget, by=who, fund_id=pk), "已提出，等待另一位批准。",
            may=rules.may_change_budget(who, row), form=BudgetForm, style="primary"),
    ]  # fmt: skip
    waiting = next((c for c in changes if c.state == BudgetChange.State.PROPOSED), None)
    if waiting is not None:
        waiting.fund = row
        decide = partial(actions.decide_budget, by=who, change_id=waiting.pk)
        may = rules.may_decide_budget(who, waiting)
        acts += [
            Act("approve", "批准预算变动", partial(decide, approve=True), "已批准，预算生效。", may=may, style="primary",
                proof=True),
            Act("refuse", "不批准", partial(decide, approve=False), "已告知财务。", may=may, form=Reason),
        ]  # fmt: skip
    offered = Acts(request, acts, to=reverse("funds:fund", args=[pk]))
    if offered.response is not None:
        return offered.response
    context = {
        "row": row, "acts": offered, "form": offered.form, "changes": changes,
        "of": _figures(queries.account_balances([row]).get(row.pk, {})), "postings": queries.postings_of(row),
        "timeline": lines(timeline(row, limit=40)),
    }  # fmt: skip
    return page(request, "funds/fund.html", context)
