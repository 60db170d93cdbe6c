"""典型案例: 经验材料、品牌项目、观摩活动, written by an organisation or a union, published with consent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Story(models.Model):
    """One case. What is public stays as it was published, until it is taken down."""

    class Kind(models.TextChoices):
        EXPERIENCE = "experience", "经验材料"
        BRAND = "brand", "品牌项目"
        VISIT = "visit", "观摩活动"

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SUBMITTED = "submitted", "待审核"
        PUBLISHED = "published", "已发布"
        TAKEN_DOWN = "taken_down", "已撤下"

    union = models.ForeignKey(Union, verbose_name="审核工会", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="社会组织",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
    )
    honour = models.ForeignKey(
        Honour,
        verbose_name="相关荣誉",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
    )
    kind = models.CharField("类型", max_length=12, choices=Kind.choices)
    title = models.CharField("标题", max_length=100)
    summary = models.CharField("摘要", max_length=300)
    body = models.TextField("正文")
    held_on = models.DateField("活动日期", null=True, blank=True)
    place = models.CharField("活动地点", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(PERSON, verbose_name="起草人", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("起草时间", db_default=Now())
    submitted_by = models.ForeignKey(
        PERSON, verbose_name="提交人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_identity = models.CharField(max_length=64, blank=True)
    consented_by = models.ForeignKey(
        PERSON, verbose_name="同意公开", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consented_at = models.DateTimeField("同意时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        PERSON, verbose_name="审核人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_identity = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    said = models.TextField("退回或撤下的理由", blank=True)

    class Meta:
        verbose_name = "典型案例"
        ordering = ["-published_at", "-id"]
        constraints = [
            # Public: reviewed by another natural person, and with the word of the organisation that it tells of.
            models.CheckConstraint(
                condition=~Q(state__in=("published", "taken_down"))
                | Q(published_at__isnull=False, decided_by__isnull=False)
                & ~Q(decided_identity=F("submitted_identity"))
                & (Q(organisation__isnull=True) | Q(consented_at__isnull=False)),
                name="story_published_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken_down") | ~Q(said=""), name="story_taken_down_why"
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at", "-id"], name="story_public")]

    def __str__(self) -> str:
        return self.title
