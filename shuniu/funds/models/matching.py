"""配套标准: what a district adds to a subsidy. Data of the district, dated, never changed."""

from __future__ import annotations

from decimal import ROUND_DOWN

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.recognition.models.honour import HonourLevel
from shuniu.unions.models import Union


class MatchingStandard(models.Model):
    """One standard of one union for one level of honour, from a day on until a later one stands."""

    append_only = True

    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    document_key = models.CharField("依据制度", max_length=60)
    level = models.CharField("级别", max_length=12, choices=HonourLevel.choices)
    amount_fen = models.BigIntegerField("每项金额（分）", null=True, blank=True)
    share = models.DecimalField("按补助的比例（%）", max_digits=6, decimal_places=2, null=True, blank=True)
    first_day = models.DateField("执行日期")
    source = models.CharField("依据文件", max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", db_default=Now())

    class Meta:
        verbose_name = "配套标准"
        ordering = ["union_id", "level", "-first_day", "-id"]
        constraints = [
            # An amount or a share, not both.
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, share__isnull=True)
                | Q(amount_fen__isnull=True, share__gte=0, share__lte=1000),
                name="matching_amount_or_share",
            ),
        ]
        indexes = [models.Index(fields=["union", "level", "-first_day"], name="matching_newest")]

    def __str__(self) -> str:
        return f"{self.union} {self.get_level_display()} 配套标准"

    def of(self, entitled_fen: int) -> int:
        """What it adds, in fen, to a subsidy of so many fen; a share is cut to whole fen, so that none is promised over."""
        if self.share is None:
            return int(self.amount_fen or 0)
        return int((self.share * entitled_fen / 100).to_integral_value(ROUND_DOWN))
