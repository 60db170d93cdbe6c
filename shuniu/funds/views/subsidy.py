"""经费补助: the list, one subsidy with everything that may be done, the pay list."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import ORGANISATION_ROLES, Who, members_only, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.acts import Act, Acts, Reason
from shuniu.foundation.ui.formats import day
from shuniu.foundation.ui.respond import page
from shuniu.funds import judging, queries, rules
from shuniu.funds.actions import payment as paying
from shuniu.funds.actions import subsidy as actions
from shuniu.funds.actions import use as using
from shuniu.funds.forms import PayeeForm, PayForm, RefundForm, settle_form, use_form
from shuniu.funds.lists import Payments, Subsidies
from shuniu.funds.models import Payee, Payment, Subsidy, Use
from shuniu.funds.queries import Standing
from shuniu.unions.queries import ancestor_ids

READERS = tuple(sorted(queries.READERS))
MEMBERS = tuple(ORGANISATION_ROLES)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def subsidy_list(request: HttpRequest) -> HttpResponseBase:
    """经费补助: what is entitled, paid, due and to come back."""
    return Subsidies(request).response("funds/subsidies.html", {})


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def payment_list(request: HttpRequest) -> HttpResponseBase:
    """付款清单, with its export."""
    return Payments(request).response("funds/payments.html", {})


def _seen(request: HttpRequest, pk: int) -> tuple[Who, Subsidy]:
    who = who_asks(request)
    rows = queries.subsidies_visible_to(who).select_related("union", "organisation", "document")
    return who, get_object_or_404(rows, pk=pk)


@members_only(*READERS, *MEMBERS)
@require_http_methods(["GET", "POST"])
def subsidy(request: HttpRequest, pk: int) -> HttpResponse:
    """One subsidy: the ladder, payee, payments, uses, and what the asker may do."""
    who, row = _seen(request, pk)
    standing = queries.standings([row])[pk]
    payments = list(row.payments.select_related("fund", "payee"))
    payees = list(row.payees.select_related("proposed_by", "decided_by"))
    uses = list(row.uses.select_related("recorded_by", "decided_by"))
    acts = Acts(
        request,
        [
            *_money_acts(who, row, standing, payments), *_payee_acts(who, row, payees),
            *_use_acts(who, row, standing, uses),
        ],
        to=reverse("funds:subsidy", args=[pk]),
    )  # fmt: skip
    if acts.response is not None:
        return acts.response
    staff = who.organisation_id is None
    context = {
        "row": row, "standing": standing, "staff": staff, "base": "ui/staff.html" if staff else "ui/org.html",
        "acts": acts, "form": acts.form, "payments": payments, "payees": payees if staff else [], "uses": uses,
        "use_due": f"{day(row.use_due_on)} 前报送" if row.use_due_on else "",
        "sees_account": who.role == "finance" or who.role in queries.APPROVERS,
        "entitlements": row.entitlements.select_related("honour"), "used": queries.used_fen(pk),
        "standards": _standards(row), "named": judging.named_uses(row.document),
        "timeline": lines((e for e in timeline(row) if staff or e.verb not in ("funds.propose_payee", "funds.decide_payee")),
                          names=staff),
    }  # fmt: skip
    return page(request, "funds/subsidy.html", context)


def _standards(row: Subsidy) -> list[dict[str, Any]]:
    """The matching standards of the union that keeps the organisation for the honours in force, each with its amount.

    `counts`: that of the highest honour, where only the highest is paid for.
    """
    keeper = row.organisation.owning_union_id
    if keeper is None or row.union_id not in ancestor_ids(keeper) or keeper == row.union_id:
        return []
    standing = row.entitlements.filter(honour__state="in_force").select_related("honour")
    held = list(standing.order_by("amount_fen", "pk"))
    one_counts = not any(e.adds for e in held)
    if one_counts:
        held = list({e.honour.level: e for e in held}.values())
    found = [(e, queries.standard_of(keeper, e.honour.level, clock.today())) for e in held]
    return [
        {"standard": standard, "fen": standard.of(e.amount_fen), "counts": one_counts and e is held[-1]}
        for e, standard in found
        if standard is not None
    ]


def _money_acts(who: Who, row: Subsidy, standing: Standing, payments: list[Payment]) -> list[Act]:
    up = standing.difference > 0
    own = [f for f in queries.funds_visible_to(who) if f.union_id == row.union_id] if up else []
    settle = Act(
        "settle", "核定差额" if up else "核定应追回", partial(actions.settle, by=who, subsidy_id=row.pk), "已核定。",
        may=rules.may_settle(who, row, standing), form=settle_form(own, asks=up), style="primary",
    )  # fmt: skip
    found = [settle]
    # Whoever sends it twice is told that it is paid.
    due = next((p for p in payments if p.state == Payment.State.DUE), payments[0] if payments else None)
    if due is not None:
        due.subsidy = row
        found.append(
            Act("pay", "登记已付款", partial(paying.pay, by=who, payment_id=due.pk), "已登记付款，受补助单位已收到消息。",
                may=rules.may_pay(who, due, standing), form=PayForm, initial={"paid_on": clock.today()},
                style="primary", proof=True)
        )  # fmt: skip
    if standing.balances.receivable:
        found.append(
            Act("refund", "登记退回", partial(actions.take_refund, by=who, subsidy_id=row.pk), "已登记退回。",
                may=rules.is_finance(who, row.union_id, row.union.name), form=RefundForm)
        )  # fmt: skip
    return found


def _payee_acts(who: Who, row: Subsidy, payees: list[Payee]) -> list[Act]:
    stands = next((p for p in payees if p.state == Payee.State.CONFIRMED), None)
    found = [
        Act("payee", "更换收款账户" if stands else "填写收款账户",
            partial(paying.propose_payee, by=who, subsidy_id=row.pk), "已提出，等待另一位确认。",
            may=rules.may_propose_payee(who, row), form=PayeeForm,
            initial={"name": row.organisation.name}),
    ]  # fmt: skip
    waits = next((p for p in payees if p.state == Payee.State.PROPOSED), None)
    if waits is not None:
        waits.subsidy = row
        decide: Callable[..., object] = partial(paying.decide_payee, by=who, payee_id=waits.pk)
        may = rules.may_decide_payee(who, waits)
        found += [
            Act("confirm_payee", "确认收款账户", partial(decide, confirm=True), "已确认，可以付款。", may=may,
                style="primary", proof=True, explain=f"{waits.name}，{waits.bank}，{waits.account}"),
            Act("decline_payee", "不确认收款账户", partial(decide, confirm=False), "已退回。", may=may, form=Reason),
        ]  # fmt: skip
    return found


def _use_acts(who: Who, row: Subsidy, standing: Standing, uses: list[Use]) -> list[Act]:
    found = []
    if standing.balances.paid:
        found.append(
            Act("use", "登记使用情况", partial(using.record_use, by=who, subsidy_id=row.pk), "已登记。",
                may=rules.may_record_use(who, row), form=use_form(judging.named_uses(row.document)),
                initial={"used_on": clock.today()})
        )  # fmt: skip
    for use in (u for u in uses if u.state == Use.State.PROPOSED):
        use.subsidy = row
        decide: Callable[..., object] = partial(using.decide_use, by=who, use_id=use.pk)
        may = rules.may_decide_use(who, use)
        found += [
            Act(f"accept_use_{use.pk}", f"认可使用：{use}", partial(decide, accept=True), "已认可。", may=may),
            Act(f"decline_use_{use.pk}", f"不认可：{use}", partial(decide, accept=False), "已告知。", may=may,
                form=Reason),
        ]  # fmt: skip
    return found


@members_only(*READERS, *MEMBERS)
@require_GET
def use_proof(request: HttpRequest, pk: int, use: int) -> HttpResponseBase:
    """The receipt of a use."""
    _, row = _seen(request, pk)
    found = get_object_or_404(row.uses.select_related("proof__blob"), pk=use)
    if found.proof is None:
        raise Http404
    return serving.response(found.proof, inline="download" not in request.GET)
