"""推荐参评上级: an honour of ours put forward to province or nation, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.recognition.models.honour import Honour, HonourLevel

PERSON = settings.AUTH_USER_MODEL


class Upward(models.Model):
    """One recommendation upward. Changed through `recognition.actions.upward` only; an outcome stays."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审签"
        SENT = "sent", "已推荐"
        RETURNED = "returned", "未同意"
        GRANTED = "granted", "已获评"
        NOT_GRANTED = "not_granted", "未获评"

    honour = models.ForeignKey(
        Honour, verbose_name="本级荣誉", on_delete=models.PROTECT, related_name="upward"
    )
    level = models.CharField("参评级别", max_length=12, choices=HonourLevel.choices)
    title = models.CharField("参评荣誉", max_length=120)
    to = models.CharField("报送单位", max_length=100)
    reason = models.TextField("推荐理由")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(PERSON, verbose_name="提请人", on_delete=models.PROTECT, related_name="+")
    proposed_identity = models.CharField(max_length=64)
    proposed_at = models.DateTimeField("提请时间", db_default=Now())
    decided_by = models.ForeignKey(
        PERSON, verbose_name="审签人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_identity = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField("审签时间", null=True, blank=True)
    answer = models.TextField("审签意见", blank=True)
    result = models.ForeignKey(
        Honour,
        verbose_name="获评荣誉",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="came_from",
    )
    result_on = models.DateField("结果日期", null=True, blank=True)
    result_note = models.TextField("结果说明", blank=True)

    class Meta:
        verbose_name = "推荐参评上级"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | ~Q(state="proposed")
                & Q(decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(decided_identity=F("proposed_identity")),
                name="upward_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "sent", "returned"), result_on__isnull=True)
                | Q(state="granted", result__isnull=False, result_on__isnull=False)
                | Q(state="not_granted", result__isnull=True, result_on__isnull=False) & ~Q(result_note=""),
                name="upward_outcome_whole",
            ),
            # Put forward to a level once, while it is not answered with no.
            models.UniqueConstraint(
                fields=["honour", "level"],
                condition=Q(state__in=("proposed", "sent", "granted")),
                name="upward_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="upward_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.honour} → {self.get_level_display()}"
