"""The lists of money: subsidies, and the pay list."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.ui.lists import Choice, Column, DateRange, Sign, TextSearch
from shuniu.foundation.ui.lists.base import List, Tab
from shuniu.funds.models import Payee, Payment, Subsidy
from shuniu.funds.queries import (
    READERS,
    Balances,
    Standing,
    funds_visible_to,
    payments_visible_to,
    subsidies_visible_to,
    with_standing,
)
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching


def _find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    organisations = matching(Organisation.objects.all(), text).values("pk")
    return rows.filter(Q(subject_label__icontains=text.strip()) | Q(organisation__in=organisations))


def _find_payment(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    organisations = matching(Organisation.objects.all(), text).values("pk")
    plain = text.strip()
    return rows.filter(
        Q(subsidy__subject_label__icontains=plain)
        | Q(voucher__icontains=plain)
        | Q(subsidy__organisation__in=organisations)
    )


def _standing(row: Subsidy) -> Standing:
    """What `with_standing` read."""
    held = Balances(row.committed_fen, row.paid_fen, row.receivable_fen)  # type: ignore[attr-defined]
    return Standing(row.entitled_fen, held)  # type: ignore[attr-defined]


def _state(row: Subsidy) -> Sign:
    standing = _standing(row)
    if standing.difference > 0:
        return Sign("due", "待补齐")
    if standing.difference < 0 or standing.balances.receivable:
        return Sign("back", "待追回")
    return Sign("now", "待付款") if standing.balances.committed else Sign("ok", "已补齐")


class Subsidies(List):
    """经费补助 of the asker's union and of those below it."""

    key = "funds.subsidies"
    title = "经费补助"
    roles = READERS
    unit = "项"
    columns = (
        Column("subject", "补助对象", "subject_label", sort="subject_label", first=True),
        Column("organisation", "社会组织", "organisation.name", sort="organisation__pinyin", across=True),
        Column("entitled", "应补（元）", lambda row: _standing(row).entitled, kind="yuan"),
        Column("paid", "已付（元）", lambda row: _standing(row).balances.paid, kind="yuan"),
        Column("committed", "待付（元）", lambda row: _standing(row).balances.committed, kind="yuan"),
        Column("receivable", "应追回（元）", lambda row: _standing(row).balances.receivable, kind="yuan", extra=True),
        Column("state", "状态", _state, kind="status"),
        Column("use_due_on", "使用报送期限", sort="use_due_on", kind="day", extra=True),
        Column("union", "发放单位", "union.short_name", sort="union", extra=True, shown=False),
        Column("opened_at", "建立时间", sort="opened_at", kind="time", extra=True, shown=False),
    )  # fmt: skip
    filters = (TextSearch("q", "查找", apply=_find, placeholder="项目、单位、信用代码"),)
    tabs = (
        Tab("all", "全部"),
        Tab("due", "待付款", Q(Exists(Payment.objects.filter(subsidy=OuterRef("pk"), state="due")))),
        Tab(
            "payee",
            "收款账户待确认",
            Q(Exists(Payee.objects.filter(subsidy=OuterRef("pk"), state="proposed"))),
        ),
    )
    order = "-opened_at"
    page_size = 50
    empty = ("还没有经费补助", "有补助规定的荣誉生效后，会自动列在这里，等待财务核定。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Subsidy]:
        return subsidies_visible_to(who).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Subsidy]) -> QuerySet[Subsidy]:
        return with_standing(rows.select_related("organisation", "union")).defer(
            "organisation__bigrams", "organisation__search_text"
        )

    def row_label(self, row: Subsidy) -> str:
        return row.subject_label

    def row_url(self, row: Subsidy) -> str:
        return reverse("funds:subsidy", args=[row.pk])


_SIGNS = {"due": "due", "paid": "ok", "cancelled": "expired"}


def _account(row: Payment) -> str:
    return row.payee.account if row.payee else ""


class Payments(List):
    """付款清单: what is due and what was paid; its export is what finance takes to the bank."""

    key = "funds.payments"
    title = "付款清单"
    roles = READERS
    unit = "笔"
    columns = (
        Column("subject", "补助对象", "subsidy.subject_label", sort="subsidy__subject_label", first=True),
        Column("organisation", "社会组织", "subsidy.organisation.name", sort="subsidy__organisation__pinyin", across=True),
        Column("amount", "金额（元）", "amount_fen", sort="amount_fen", kind="yuan"),
        Column("state", "状态", lambda row: Sign(_SIGNS[row.state], row.get_state_display()), kind="status"),
        Column("fund", "列支经费", "fund", sort="fund", extra=True),
        Column("payee", "户名", lambda row: row.payee.name if row.payee else ""),
        Column("bank", "开户银行", lambda row: row.payee.bank if row.payee else "", extra=True),
        Column("account", "账号", _account, mask=lambda text: f"尾号 {text[-4:]}" if text else "",
               clear_for=("finance",), kind="code", extra=True),
        Column("paid_on", "付款日期", sort="paid_on", kind="day"),
        Column("voucher", "凭证号", sort="voucher", extra=True),
        Column("reason", "核定说明", wrap=True, extra=True, shown=False),
        Column("settled_at", "核定时间", sort="settled_at", kind="time", extra=True, shown=False),
    )  # fmt: skip
    filters = (
        TextSearch("q", "查找", apply=_find_payment, placeholder="项目、单位、凭证号"),
        Choice(
            "fund",
            "列支经费",
            choices=lambda listing: [(str(f.pk), str(f)) for f in funds_visible_to(listing.who)],
            apply="fund",
        ),
        DateRange("paid_on", "付款日期", path="paid_on", bar=False),
    )
    tabs = (
        Tab("due", "待付", Q(state="due")),
        Tab("paid", "已付", Q(state="paid")),
        Tab("cancelled", "已取消", Q(state="cancelled")),
        Tab("all", "全部"),
    )
    order = "-settled_at"
    page_size = 50
    empty = ("没有付款", "财务核定补助后，待付的款项会出现在这里。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Payment]:
        return payments_visible_to(who)

    @classmethod
    def complete(cls, rows: QuerySet[Payment]) -> QuerySet[Payment]:
        return rows.select_related("subsidy__organisation", "fund", "payee").defer(
            "subsidy__organisation__bigrams", "subsidy__organisation__search_text"
        )

    def row_label(self, row: Payment) -> str:
        return row.subsidy.subject_label

    def row_url(self, row: Payment) -> str:
        return reverse("funds:subsidy", args=[row.subsidy_id])
