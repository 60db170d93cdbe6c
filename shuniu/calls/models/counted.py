"""Points that are counted, not given: what the papers of an application count for, fixed when its review opens."""

from __future__ import annotations

from django.db import models

from shuniu.calls.models.application import Application
from shuniu.calls.models.call import RubricItem
from shuniu.foundation.calendar.clock import Now


class CountedPoint(models.Model):
    """One item of the score sheet as the document counts it. Experts give as much, or less with a reason."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="counted")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("计数得分", max_digits=6, decimal_places=2)
    said = models.CharField("计数依据", max_length=500)
    at = models.DateTimeField("计数时间", db_default=Now())

    class Meta:
        verbose_name = "计数得分"
        ordering = ["item__order"]
        constraints = [
            models.UniqueConstraint(fields=["application", "item"], name="countedpoint_once"),
            models.CheckConstraint(condition=models.Q(points__gte=0), name="countedpoint_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"
