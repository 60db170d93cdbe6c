"""影响测算: how the organisations of the registry would come out under a folder, beside what is in use."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.library.models.uploads import Upload
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union


class Impact(models.Model):
    """One estimate on one day, with its figures. Written by `library.actions.impact` only; once done it stays."""

    class State(models.TextChoices):
        COMPUTING = "computing", "正在测算"
        DONE = "done", "已完成"
        FAILED = "failed", "未能测算"

    upload = models.ForeignKey(Upload, verbose_name="制度", on_delete=models.PROTECT, related_name="impacts")
    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    on = models.DateField("判断日")
    digest = models.CharField("校验值", max_length=64)
    against_digest = models.CharField("对照制度的校验值", max_length=64, blank=True)
    against = models.CharField("对照的制度", max_length=330, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.COMPUTING)
    progress = models.PositiveSmallIntegerField("进度", default=0)  # per cent
    problem = models.CharField("原因", max_length=300, blank=True)
    figures = models.JSONField("测算结果", default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="测算人", on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField("测算时间", db_default=Now())
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "影响测算"
        ordering = ["-id"]
        constraints = [
            # Two at a time of one folder would only say the same twice.
            models.UniqueConstraint(
                fields=["upload"], condition=Q(state="computing"), name="impact_one_computing"
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="impact_progress"),
            models.CheckConstraint(
                condition=Q(state="computing") | Q(done_at__isnull=False), name="impact_done_when"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(problem=""), name="impact_failed_why"),
        ]

    def __str__(self) -> str:
        return f"{self.upload}的影响测算"


class ImpactRow(models.Model):
    """One organisation: a letter for each condition (`policy.batch.LETTERS`), and what they add up to.

    Only the newest estimate of a folder keeps its rows; figures of earlier ones stay without them.
    """

    impact = models.ForeignKey(Impact, on_delete=models.CASCADE, related_name="rows")
    organisation = models.ForeignKey(
        Organisation, verbose_name="社会组织", on_delete=models.PROTECT, related_name="+"
    )
    letters = models.CharField("逐条", max_length=200)
    before = models.CharField("逐条（对照）", max_length=200, blank=True)
    answer = models.CharField("测算结果", max_length=1)
    answer_before = models.CharField("对照结果", max_length=1, blank=True)

    class Meta:
        verbose_name = "测算的社会组织"
        indexes = [models.Index(fields=["impact", "answer"], name="impactrow_answer")]

    def __str__(self) -> str:
        return f"{self.organisation_id}：{self.letters}"

    def told(self, letter: str) -> str:
        """The conditions that came out so, in words."""
        conditions = self.impact.figures.get("conditions", [])
        among = "UX" if letter == "U" else letter
        named = [c["label"] for c, own in zip(conditions, self.letters, strict=True) if own in among]
        return "；".join(named)
