"""资质: one recognition per organisation and category at a time, and everything that happened to it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.papers.models import Paper
from shuniu.library.models import Document
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Recognition(models.Model):
    """A granted recognition. Changed through `recognition.actions` only; `effective` shrinks, never grows."""

    class State(models.TextChoices):
        VALID = "valid", "有效"
        SUSPENDED = "suspended", "暂停使用"
        CANCELLED = "cancelled", "已取消"
        WITHDRAWN = "withdrawn", "已退出"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="recognitions")
    union = models.ForeignKey(Union, verbose_name="认定单位", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    category_label = models.CharField("类别", max_length=60)
    directions = ArrayField(models.CharField(max_length=60), default=list)
    certificate_no = models.CharField("证书编号", max_length=40)
    verify_code = models.CharField(max_length=24, unique=True)  # in the QR, not guessable
    first_day = models.DateField("有效期自")
    last_day = models.DateField("有效期至")  # as granted
    effective = DateRangeField()  # [first_day, last_day + 1), shortened by cancellation or withdrawal
    state = models.CharField(max_length=10, choices=State.choices, default=State.VALID)
    decision = models.CharField("认定文件", max_length=200)  # title and number of the formal list
    decided_on = models.DateField()
    effect_key = models.CharField(max_length=120, unique=True)  # "calls.application:31": granted once
    # A corrected list moved the organisation into this category: the same grant, under another certificate.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    granted_at = models.DateTimeField(db_default=Now())
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "资质"
        ordering = ["-first_day", "id"]
        constraints = [
            # 分类认定: per organisation and category under a union's document, effective days never overlap.
            ExclusionConstraint(
                name="recognition_no_overlap",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("union", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("effective", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(first_day__lte=models.F("last_day")), name="recognition_days"),
            # A number names one certificate of its issuer.
            models.UniqueConstraint(fields=["union", "certificate_no"], name="recognition_number"),
        ]
        indexes = [
            models.Index(fields=["certificate_no"], name="recognition_by_number"),
            models.Index(fields=["state", "last_day"], name="recognition_expiry"),
            models.Index(fields=["union", "-first_day", "id"], name="recognition_of_union"),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_no} {self.category_label}"


class CertificateNumber(models.Model):
    """The last number given per union and year. Taken under its row lock, so there is no gap."""

    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "证书编号"
        constraints = [models.UniqueConstraint(fields=["union", "year"], name="certificate_counter")]

    def __str__(self) -> str:
        return f"{self.year}-{self.last}"


class Event(models.Model):
    """What happened to a recognition: granted, suspended, cancelled, withdrawn, certificate reissued."""

    append_only = True

    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    clause = models.CharField(max_length=80, blank=True)
    fact_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    behalf = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "资质变动"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.recognition_id} {self.verb}"


class WithdrawalRequest(models.Model):
    """主动退出: in writing, effective on approval (第十七条)."""

    recognition = models.ForeignKey(Recognition, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.TextField("理由")
    requested_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "退出申请"
        ordering = ["-id"]
        constraints = [
            # In writing, with a reason.
            models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_why"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_by__isnull=False, approved__isnull=False),
                name="withdrawal_decided_whole",
            ),
            # One open request per recognition.
            models.UniqueConstraint(
                fields=["recognition"], condition=Q(decided_at__isnull=True), name="withdrawal_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recognition} 退出申请"
