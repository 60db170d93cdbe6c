"""An Excel list on its way into the registry: read, looked at, confirmed, written."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.registry.models.organisation import Organisation
from shuniu.unions.models import Union


class ImportState(models.TextChoices):
    READING = "reading", "正在读取"
    PREVIEW = "preview", "待确认"
    WRITING = "writing", "正在写入"
    DONE = "done", "已完成"
    REFUSED = "refused", "无法读取"
    DISCARDED = "discarded", "已放弃"


class About(models.TextChoices):
    """What a list is about."""

    ORGANISATIONS = "organisations", "社会组织名册"
    ADVERSE = "adverse", "负面信息名录"


class Import(models.Model):
    """One uploaded list. Nothing of it reaches an organisation before somebody confirms."""

    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="+")
    about = models.CharField("内容", max_length=14, choices=About.choices, default=About.ORGANISATIONS)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", db_default=Now())
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    source_detail = models.CharField("名单来源", max_length=200)  # "望海市民政局 2026 年 10 月名单"
    as_of = models.DateField("名单截至日期")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READING)
    problem = models.CharField("无法读取的原因", max_length=500, blank=True)
    notes = ArrayField(
        models.CharField(max_length=300), default=list
    )  # title rows passed over, sums left out
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "名册导入"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(rows_done__lte=models.F("rows_total")), name="import_progress")
        ]

    def __str__(self) -> str:
        return self.file_name


class RowState(models.TextChoices):
    NEW = "new", "新增"
    CHANGED = "changed", "有变化"
    SAME = "same", "无变化"
    ABSENT = "absent", "库中没有"
    BAD = "bad", "有错误"


class ImportRow(models.Model):
    """A row of the list as it was read, what is wrong with it, and what it would change."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("表格行号")
    code = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=200, blank=True)
    raw = models.JSONField(default=list)  # the cells as texts, for the file with 原因
    values = models.JSONField(default=dict)  # field → text, good cells only
    problems = models.JSONField(default=list)  # [{cell, column, text}]
    differences = models.JSONField(default=list)  # [{field, label, before, after, source}]
    state = models.CharField(max_length=8, choices=RowState.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    written = models.BooleanField(default=False)

    class Meta:
        verbose_name = "名册导入行"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "state", "number"], name="import_row_state")]

    def __str__(self) -> str:
        return f"第 {self.number} 行"
