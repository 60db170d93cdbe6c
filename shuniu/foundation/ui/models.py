"""What a person keeps about lists: columns, saved views, exports that were asked for."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now


class Density(models.TextChoices):
    """How high a row is: 32, 40 or 48 px."""

    TIGHT = "tight", "紧凑"
    MIDDLE = "middle", "适中"
    LOOSE = "loose", "宽松"


class ListPreference(models.Model):
    """How one person wants one list. Written by `lists.actions.prefer`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=40), default=list)  # shown, in order; empty: as declared
    density = models.CharField("行高", max_length=6, choices=Density.choices, blank=True)
    page_size = models.PositiveSmallIntegerField("每页条数", null=True)

    class Meta:
        verbose_name = "列表设置"
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="list_preference_one")]

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """A query that somebody keeps under a name. Written by `lists.actions.save_view`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    name = models.CharField("视图名称", max_length=30)
    query = models.CharField(max_length=2000, blank=True)
    is_default = models.BooleanField("默认", default=False)

    class Meta:
        verbose_name = "列表视图"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key", "name"], name="saved_view_name"),
            # A list opens with one view at most.
            models.UniqueConstraint(
                fields=["person", "key"], condition=Q(is_default=True), name="saved_view_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Export(models.Model):
    """A large export made by the worker, as the person who asked and under the hat they asked in."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待中"
        RUNNING = "running", "导出中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        GONE = "gone", "已清除"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    hat = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=60)
    title = models.CharField("名称", max_length=120)
    path = models.CharField(max_length=500)
    query = models.CharField(max_length=2000, blank=True)
    scope = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField("应导出条数", default=0)
    written = models.PositiveIntegerField("已写条数", default=0)
    file = models.CharField(max_length=80, blank=True)  # random name below DATA/exports
    problem = models.CharField("原因", max_length=200, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "导出"
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["state", "asked_at"], name="export_sweep")]

    def __str__(self) -> str:
        return self.title
