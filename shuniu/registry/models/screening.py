"""What the nightly check of adverse information found, and when it last looked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.registry.models.organisation import Organisation
from shuniu.unions.models import Union


class Screening(models.Model):
    """When an organisation was last checked, and why it is on the round."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="screening")
    checked_at = models.DateTimeField("上次核查")
    because = models.CharField("核查原因", max_length=100)

    class Meta:
        verbose_name = "负面信息核查"

    def __str__(self) -> str:
        return f"{self.organisation_id}：{self.checked_at}"


class Finding(models.Model):
    """Adverse information that came up for an organisation that a union has dealings with.

    Made by the nightly check; ended by a clerk's word, or by the check when the information is gone.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="findings")
    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="+")
    effect_key = models.CharField(max_length=120, unique=True)  # one finding per union, organisation and fact
    text = models.CharField("内容", max_length=200)
    source = models.CharField("来源", max_length=300)
    since = models.DateField("起始日期")
    because = models.CharField("核查原因", max_length=100)
    found_at = models.DateTimeField("发现时间", db_default=Now())
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opinion = models.CharField("处理意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "负面信息"
        ordering = ["-found_at", "-id"]
        constraints = [
            # Settled means: at an instant, with words.
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, opinion="")
                | (Q(settled_at__isnull=False) & ~Q(opinion="")),
                name="finding_settled_how",
            ),
        ]
        indexes = [models.Index(fields=["union"], name="finding_open", condition=Q(settled_at__isnull=True))]

    def __str__(self) -> str:
        return self.text
