"""经费补助 for what was honoured: what each honour entitles to, who is paid, what was paid, what it was used for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.funds.models.ledger import Fund
from shuniu.library.models import Document
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Subsidy(models.Model):
    """The money for one honoured subject under one document. Its row is the lock of everything about it."""

    union = models.ForeignKey(Union, verbose_name="发放单位", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(
        Document, verbose_name="依据制度", on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="社会组织", on_delete=models.PROTECT, related_name="subsidies"
    )
    subject_key = models.CharField("对象代号", max_length=80)
    subject_label = models.CharField("补助对象", max_length=200)
    use_due_on = models.DateField("使用情况报送期限", null=True, blank=True)
    opened_at = models.DateTimeField("建立时间", db_default=Now())

    class Meta:
        verbose_name = "经费补助"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["union", "document", "subject_key"], name="subsidy_once"),
        ]
        indexes = [models.Index(fields=["subject_key"], name="subsidy_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject_label} 经费补助"

    @property
    def matter(self) -> str:
        """How the ledger names it."""
        return f"funds.subsidy:{self.pk}"


class Entitlement(models.Model):
    """What one honour entitles to, as its document judged it. It counts while the honour is in force: of those that
    take off what was paid (差额补齐) the highest, and besides it each of those that are paid anew."""

    append_only = True

    subsidy = models.ForeignKey(Subsidy, on_delete=models.PROTECT, related_name="entitlements")
    honour = models.OneToOneField(Honour, on_delete=models.PROTECT, related_name="entitlement")
    amount_fen = models.BigIntegerField("金额（分）")
    adds = models.BooleanField("另行补助", default=False)  # not to the difference
    clause = models.CharField("依据", max_length=80)
    reason = models.CharField("理由", max_length=300)
    judged_at = models.DateTimeField("判断时间", db_default=Now())

    class Meta:
        verbose_name = "补助标准"
        ordering = ["-amount_fen", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="entitlement_is_money"),
        ]

    def __str__(self) -> str:
        return f"{self.honour} {self.amount_fen}"


class Payee(models.Model):
    """收款账户: proposed by one person, confirmed by another."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未确认"
        REPLACED = "replaced", "已更换"

    subsidy = models.ForeignKey(Subsidy, on_delete=models.PROTECT, related_name="payees")
    name = models.CharField("户名", max_length=100)
    bank = models.CharField("开户银行", max_length=100)
    account = models.CharField("账号", max_length=40)
    reason = models.CharField("说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", db_default=Now())
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision_reason = models.CharField("决定理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "收款账户"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subsidy"], condition=Q(state="confirmed"), name="payee_one_stands"
            ),
            models.UniqueConstraint(
                fields=["subsidy"], condition=Q(state="proposed"), name="payee_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="payee_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.bank}"


class Payment(models.Model):
    """付款: the difference that one settlement found, from 待付 to 已付 or 已取消."""

    class State(models.TextChoices):
        DUE = "due", "待付"
        PAID = "paid", "已付"
        CANCELLED = "cancelled", "已取消"

    subsidy = models.ForeignKey(Subsidy, on_delete=models.PROTECT, related_name="payments")
    fund = models.ForeignKey(Fund, verbose_name="列支经费", on_delete=models.PROTECT, related_name="payments")
    amount_fen = models.BigIntegerField("金额（分）")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DUE)
    reason = models.CharField("核定说明", max_length=300)
    clause = models.CharField("依据", max_length=80)
    settled_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField("核定时间", db_default=Now())
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    paid_on = models.DateField("付款日期", null=True, blank=True)
    voucher = models.CharField("付款凭证号", max_length=60, blank=True)
    paid_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "付款"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_is_money"),
            # Paid means: to a payee, on a day, by somebody, with a voucher.
            models.CheckConstraint(
                condition=~Q(state="paid")
                | (Q(payee__isnull=False, paid_on__isnull=False, paid_by__isnull=False) & ~Q(voucher="")),
                name="payment_paid_whole",
            ),
            # One payment of a subsidy is due at a time: the next settlement corrects it.
            models.UniqueConstraint(fields=["subsidy"], condition=Q(state="due"), name="payment_one_due"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="payment_by_state")]

    def __str__(self) -> str:
        return f"{self.subsidy} 第 {self.pk} 笔"


class Use(models.Model):
    """使用情况: what paid money was used for. A use that the paper does not name needs a reason and a second person."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        COUNTED = "counted", "已列支"
        DECLINED = "declined", "未认可"

    subsidy = models.ForeignKey(Subsidy, on_delete=models.PROTECT, related_name="uses")
    amount_fen = models.BigIntegerField("金额（分）")
    named = models.CharField("用途", max_length=60, blank=True)  # a use that the document names
    other = models.CharField("其他用途", max_length=100, blank=True)
    reason = models.TextField("理由", blank=True)
    used_on = models.DateField("使用日期")
    proof = models.ForeignKey(
        Attachment, verbose_name="凭据", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", db_default=Now())
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision_reason = models.CharField("决定理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "补助使用"
        ordering = ["-used_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="use_is_money"),
            # Either a use that the paper names, or another one with its reason.
            models.CheckConstraint(
                condition=(~Q(named="") & Q(other="")) | (Q(named="") & ~Q(other="") & ~Q(reason="")),
                name="use_named_or_reasoned",
            ),
            models.CheckConstraint(
                condition=~Q(state="counted") | ~Q(named="") | Q(decided_by__isnull=False),
                name="use_other_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.named or self.other
