"""What an applicant is told item by item afterwards, and what it improves until somebody has looked again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.calls.models.application import Application
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.papers.models import Paper
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Feedback(models.Model):
    """逐项反馈: written by the office, released by a second person; released, it stays as it was read."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SUBMITTED = "submitted", "待审签"
        RELEASED = "released", "已反馈"

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="feedback")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    summary = models.TextField("综合意见", blank=True)
    comments = models.JSONField("分项意见", default=dict)  # row of the score sheet → words
    version = models.PositiveIntegerField(default=1)
    submitted_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_identity = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    returned_reason = models.TextField("退回理由", blank=True)
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_identity = models.CharField(max_length=64, blank=True)
    released_at = models.DateTimeField("反馈时间", null=True, blank=True)
    content = models.JSONField(default=dict)  # what the applicant reads, as it was released
    digest = models.CharField(max_length=64, blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "评审反馈"
        ordering = ["id"]
        constraints = [
            # What goes to the second person says something.
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(summary="") & Q(submitted_by__isnull=False),
                name="feedback_submitted_whole",
            ),
            # Another natural person releases.
            models.CheckConstraint(
                condition=~Q(state="released")
                | Q(released_by__isnull=False, released_at__isnull=False)
                & ~Q(digest="")
                & ~Q(released_identity=F("submitted_identity")),
                name="feedback_second_person",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="feedback_state")]

    def __str__(self) -> str:
        return f"{self.application}的评审反馈"


class Improvement(models.Model):
    """改进事项: asked by a union or offered by the organisation, due on a day, closed by a fresh look.

    Where it stands is what its last event says (trigger).
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        OPEN = "open", "改进中"
        REPORTED = "reported", "待复查"
        DONE = "done", "复查通过"
        DECLINED = "declined", "未列入"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="improvements")
    union = models.ForeignKey(
        Union, verbose_name="复查工会", on_delete=models.PROTECT, related_name="improvements"
    )
    row = models.CharField("评分项目", max_length=60, blank=True)  # key in the sheet; empty: of the whole
    label = models.CharField("项目", max_length=120)
    what = models.CharField("改进内容", max_length=500)
    wants = models.CharField("需要的佐证", max_length=200, blank=True)
    offered = models.BooleanField("申报单位提出", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    due = models.DateField("改进期限", null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "改进事项"
        ordering = ["due", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(what="") & ~Q(label=""), name="improvement_says_what"),
            # Whatever somebody works on has its day.
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "declined"]) | Q(due__isnull=False),
                name="improvement_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "reported", "done"]) | Q(offered=True),
                name="improvement_offered",
            ),
        ]
        indexes = [models.Index(fields=["union", "state", "due"], name="improvement_waiting")]

    def __str__(self) -> str:
        return self.what


class ImprovementEvent(models.Model):
    """One step of an improvement: who did what, in which words; its files lie on it."""

    append_only = True

    class Kind(models.TextChoices):
        OFFER = "offer", "提出改进"
        ASK = "ask", "要求改进"
        AGREE = "agree", "确认列入"
        DECLINE = "decline", "不列入"
        REPORT = "report", "报告改进情况"
        PASS = "pass", "复查通过"
        AGAIN = "again", "复查不通过，继续改进"

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField("办理", max_length=10, choices=Kind.choices)
    state = models.CharField("之后的状态", max_length=10, choices=Improvement.State.choices)
    text = models.TextField("情况", blank=True)
    due = models.DateField("改进期限", null=True, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "改进经过"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["ask", "agree", "pass"]) | ~Q(text=""), name="improvementevent_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.improvement_id} {self.kind}"
