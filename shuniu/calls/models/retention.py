"""保存期限: how long personal data of a selection is kept, and what was cleared when (R3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class RetentionPlan(models.Model):
    """The periods of one union, in force from the night after; the latest counts. Without one nothing is cleared."""

    append_only = True

    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="retention_plans")
    number = models.PositiveSmallIntegerField()
    months = models.JSONField("期限（月）")  # key of retention.RULES → whole months
    preview = models.JSONField("试算")  # key → how many were due when the plan was confirmed
    reason = models.TextField("理由")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "保存期限"
        ordering = ["union", "number"]
        constraints = [
            models.UniqueConstraint(fields=["union", "number"], name="retentionplan_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="retentionplan_why"),
        ]

    def __str__(self) -> str:
        return f"{self.union}保存期限第 {self.number} 版"


class RetentionRun(models.Model):
    """What one sweep cleared under one rule: how many, and a keyed digest of what was there."""

    append_only = True

    plan = models.ForeignKey(RetentionPlan, on_delete=models.PROTECT, related_name="runs")
    rule = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "保存期满清除"
        ordering = ["-id"]
        constraints = [
            # A sweep that finds nothing writes nothing.
            models.CheckConstraint(condition=Q(count__gt=0), name="retentionrun_something"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.count}"
