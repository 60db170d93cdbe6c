"""The ledger: funds, their accounts, postings and lines. Whole fen, only added to; Σ debit = Σ credit.

It knows neither subsidies nor projects: what a posting is about is a key, `matter`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.journal.models import TransactionId
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Fund(models.Model):
    """专项经费 of one union and year. Opened through `funds.actions.fund`."""

    class Source(models.TextChoices):
        UNION = "union", "工会经费"
        TREASURY = "treasury", "财政"
        ENTERPRISE = "enterprise", "企业"
        SOCIETY = "society", "社会"

    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=80)
    source = models.CharField("经费来源", max_length=12, choices=Source.choices)
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("设立时间", db_default=Now())

    class Meta:
        verbose_name = "专项经费"
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(fields=["union", "year", "name"], name="fund_once"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2200), name="fund_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"


class AccountKind(models.TextChoices):
    """Where the money of a fund stands. Debits are positive."""

    SOURCE = "source", "预算来源"
    AVAILABLE = "available", "可用"
    COMMITTED = "committed", "已核定未付"
    PAID = "paid", "已支付"
    RECEIVABLE = "receivable", "应追回"


class Account(models.Model):
    """One account of a fund. `balance_fen` is kept by the trigger of the lines and by nobody else."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts")
    kind = models.CharField("科目", max_length=12, choices=AccountKind.choices)
    balance_fen = models.BigIntegerField("余额（分）", default=0)

    class Meta:
        verbose_name = "科目"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["fund", "kind"], name="account_once"),
            # The budget is never over: what is available, committed, paid or due back is never below nothing.
            models.CheckConstraint(
                condition=Q(kind="source", balance_fen__lte=0) | (~Q(kind="source") & Q(balance_fen__gte=0)),
                name="account_never_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.get_kind_display()}"


class Posting(models.Model):
    """One movement of money with its lines. Written by `funds.actions.ledger.post` only."""

    append_only = True

    class Kind(models.TextChoices):
        BUDGET = "budget", "预算"
        COMMIT = "commit", "核定"
        RELEASE = "release", "取消核定"
        PAY = "pay", "支付"
        CLAIM = "claim", "应追回"
        UNCLAIM = "unclaim", "冲减应追回"
        REFUND = "refund", "退回"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="postings")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    matter = models.CharField("事项", max_length=80)  # as the journal names records: "funds.subsidy:3"
    text = models.CharField("摘要", max_length=200)
    clause = models.CharField("依据", max_length=80, blank=True)
    effect_key = models.CharField(max_length=120, unique=True)  # what is posted twice is posted once
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", db_default=Now())
    xid = models.BigIntegerField(db_default=TransactionId(), editable=False)

    class Meta:
        verbose_name = "凭证"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["fund", "-id"], name="posting_of_fund"),
            models.Index(fields=["matter", "id"], name="posting_of_matter"),
        ]

    def __str__(self) -> str:
        return self.text


class Line(models.Model):
    """One side of a posting: debit above nothing, credit below, in fen."""

    append_only = True

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="lines")
    amount_fen = models.BigIntegerField("金额（分）")

    class Meta:
        verbose_name = "分录"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="line_not_nothing"),
            models.UniqueConstraint(fields=["posting", "account"], name="line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount_fen}"


class BudgetChange(models.Model):
    """预算 of a fund: set, raised or lowered by finance, approved by another person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待批准"
        APPROVED = "approved", "已批准"
        REFUSED = "refused", "未批准"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="budget_changes")
    amount_fen = models.BigIntegerField("金额（分）")  # below nothing: lowered
    reason = models.CharField("理由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", db_default=Now())
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision_reason = models.CharField("决定理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "预算变动"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0) & ~Q(reason=""), name="budget_says_why"),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="budget_decided_whole",
            ),
            # One change of a fund waits at a time.
            models.UniqueConstraint(fields=["fund"], condition=Q(state="proposed"), name="budget_one_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.fund} 预算变动"
