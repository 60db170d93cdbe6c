"""A folder on its way into the library, and the version that it became."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.library.models.documents import Document
from shuniu.unions.models import Union


class Upload(models.Model):
    """A folder as it came, and what the check found. Written by `library.actions.uploads` only.

    What was checked is what is published: the content never changes, a mended folder is another upload.
    """

    class State(models.TextChoices):
        REFUSED = "refused", "有错误"
        CHECKED = "checked", "检查通过"
        PROPOSED = "proposed", "待确认"
        PUBLISHED = "published", "已发布"
        DISCARDED = "discarded", "已放弃"

    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(
        Attachment, verbose_name="文件", on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("上传时间", db_default=Now())
    key = models.CharField("标识", max_length=60, blank=True)
    version = models.CharField("版本", max_length=20, blank=True)
    title = models.CharField("名称", max_length=300, blank=True)
    issuer = models.CharField("制定单位", max_length=300, blank=True)
    digest = models.CharField("校验值", max_length=64, blank=True)
    base = models.ForeignKey(
        Document,
        verbose_name="采用的上级制度",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    files = models.JSONField("文件内容", default=dict)
    problems = models.JSONField("问题", default=list)
    warnings = models.JSONField("注意事项", default=list)
    cases = models.JSONField("案例", default=list)
    upper_cases = models.JSONField("与上级结论不同的案例", default=list)
    changed = models.JSONField("本地数值", default=list)
    explained = models.TextField("说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提请人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    proposed_identity = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField("提请时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_identity = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField("确认时间", null=True)
    note = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "制度上传"
        ordering = ["-id"]
        constraints = [
            # What has mistakes or a case that comes out otherwise is not proposed; a proposal names who proposed.
            models.CheckConstraint(
                condition=Q(state__in=["refused", "discarded"]) | (Q(problems=[]) & ~Q(digest="")),
                name="upload_without_problems",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["proposed", "published"]) | Q(proposed_by__isnull=False),
                name="upload_proposed_by",
            ),
            # Published means: confirmed by another natural person.
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_identity=F("proposed_identity"))
                ),
                name="upload_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》{self.version} 版" if self.title else self.name


class Release(models.Model):
    """A version of a document that a union published here; the newest of a key is the one in use."""

    append_only = True

    key = models.CharField("标识", max_length=60)
    document = models.OneToOneField(
        Document, verbose_name="制度", on_delete=models.PROTECT, related_name="release"
    )
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="release")
    union = models.ForeignKey(Union, verbose_name="发布工会", on_delete=models.PROTECT, related_name="+")
    base = models.ForeignKey(
        Document, verbose_name="采用的上级制度", on_delete=models.PROTECT, null=True, related_name="adoptions"
    )
    published_at = models.DateTimeField("发布时间", db_default=Now())

    class Meta:
        verbose_name = "制度发布"
        ordering = ["-id"]
        indexes = [models.Index(fields=["key", "-id"], name="release_newest")]
        constraints = [
            # One union speaks under one key: nobody publishes a new version of another union's document.
            ExclusionConstraint(
                name="release_one_union",
                expressions=[("key", RangeOperators.EQUAL), ("union", RangeOperators.NOT_EQUAL)],
            ),
        ]

    def __str__(self) -> str:
        return str(self.document)
