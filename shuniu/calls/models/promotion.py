"""宣传推广: where and when those who were named were made known."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application
from shuniu.calls.models.call import Call
from shuniu.foundation.calendar.clock import Now

PERSON = settings.AUTH_USER_MODEL


class Promotion(models.Model):
    """One report, page or broadcast. It stays as it is (trigger); a mistaken one is struck out with a reason."""

    class Form(models.TextChoices):
        PRESS = "press", "报刊"
        WEB = "web", "网络"
        BROADCAST = "broadcast", "广播电视"
        EVENT = "event", "活动"
        OTHER = "other", "其他"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="promotions")
    # Empty: about all who were named.
    application = models.ForeignKey(
        Application,
        verbose_name="宣传哪一家",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promotions",
    )
    form = models.CharField("形式", max_length=10, choices=Form.choices)
    outlet = models.CharField("媒体或者场合", max_length=100)
    title = models.CharField("标题", max_length=200)
    url = models.URLField("网址", max_length=500, blank=True)
    on = models.DateField("日期")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    struck_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_reason = models.CharField("作废理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "宣传推广"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_by__isnull=True, struck_reason="")
                | Q(struck_at__isnull=False, struck_by__isnull=False) & ~Q(struck_reason=""),
                name="promotion_struck_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outlet}《{self.title}》"
