"""Working days: an editable table. A year that nobody entered is missing, never guessed."""

from __future__ import annotations

from django.db import models

from shuniu.foundation.calendar.clock import Now


class Year(models.Model):
    """A year whose holidays were entered and confirmed."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=200)
    confirmed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "工作日历"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year} 年"


class Day(models.Model):
    """A day that differs from the week's rule: a holiday on a weekday, or a weekend worked (调休)."""

    date = models.DateField("日期", unique=True)
    working = models.BooleanField("上班")
    note = models.CharField("说明", max_length=60)

    class Meta:
        verbose_name = "工作日历中的一天"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {'上班' if self.working else '放假'}"
