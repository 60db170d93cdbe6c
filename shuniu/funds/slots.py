"""What money brings to shared pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.foundation.ui.formats import money
from shuniu.funds.models import Payment, Subsidy
from shuniu.funds.queries import READERS, standings, subsidies_visible_to, used_fen, waiting_for_approver
from shuniu.registry.models import Organisation

_SOON = dt.timedelta(days=30)


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("经费", "/subsidies/", READERS, 45, also=("/payments/", "/funds/", "/matching/"))


def _todos(who: Who) -> Iterable[slots.Todo]:
    if who.organisation_id is not None:
        rows = Subsidy.objects.filter(organisation_id=who.organisation_id)
        yield from _uses_due(rows.filter(use_due_on__lte=clock.today() + _SOON), "请登记使用情况")
    elif who.union_id is not None and who.role == "finance":
        yield from _of_finance(who.union_id)
    elif who.union_id is not None and who.role == "clerk":
        rows = Subsidy.objects.filter(union_id=who.union_id, use_due_on__lt=clock.today())
        yield from _uses_due(rows, "使用情况逾期未报齐")
        rows = Subsidy.objects.filter(union_id=who.union_id, payments__state=Payment.State.DUE)
        for row in rows.exclude(payees__state__in=("proposed", "confirmed")).distinct():
            yield slots.Todo(
                "补助", row.subject_label, f"/subsidies/{row.pk}/", "请填写收款账户",
                key=f"funds.payee_wanted:{row.pk}",
            )  # fmt: skip
    payees, budgets, uses = waiting_for_approver(who)
    for payee in payees:
        url = f"/subsidies/{payee.subsidy_id}/"
        label = payee.subsidy.subject_label
        yield slots.Todo("补助", label, url, "收款账户待确认", key=f"funds.payee:{payee.pk}")
    for change in budgets:
        url, sub = f"/funds/{change.fund_id}/", f"预算 {money(change.amount_fen)} 待批准"
        yield slots.Todo("预算", str(change.fund), url, sub, key=f"funds.budget:{change.pk}")
    for use in uses:
        url, sub = f"/subsidies/{use.subsidy_id}/", f"使用 {money(use.amount_fen)} 待确认"
        yield slots.Todo("补助", use.subsidy.subject_label, url, sub, key=f"funds.use:{use.pk}")


def _of_finance(union_id: int) -> Iterable[slots.Todo]:
    """What the ledger says is to be settled or paid, read now."""
    rows = list(Subsidy.objects.filter(union_id=union_id))
    for pk, standing in standings(rows).items():
        row = next(r for r in rows if r.pk == pk)
        url = f"/subsidies/{pk}/"
        if standing.difference:
            word = "待补齐" if standing.difference > 0 else "待追回"
            sub = f"{word} {money(abs(standing.difference))}"
            yield slots.Todo("补助", row.subject_label, url, sub, key=f"funds.settle:{pk}")
        elif standing.balances.committed:
            sub = f"待付 {money(standing.balances.committed)}"
            yield slots.Todo("付款", row.subject_label, url, sub, key=f"funds.pay:{pk}")


def _uses_due(rows: Iterable[Subsidy], words: str) -> Iterable[slots.Todo]:
    found = list(rows)
    for pk, standing in standings(found).items():
        row = next(r for r in found if r.pk == pk)
        if standing.balances.paid > used_fen(pk):
            yield slots.Todo(
                "补助",
                row.subject_label,
                f"/subsidies/{pk}/",
                words,
                row.use_due_on,
                key=f"funds.use_due:{pk}",
            )


def _on_organisation(who: Who, organisation: Organisation) -> Iterable[slots.Panel]:
    rows = list(subsidies_visible_to(who).filter(organisation=organisation)[:50])
    if rows:
        found = standings(rows)
        shown = [{"row": row, "standing": found[row.pk]} for row in rows]
        yield slots.Panel("经费补助", "funds/parts/panel.html", {"rows": shown}, order=45)


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    slots.panel("registry.organisation", _on_organisation)
