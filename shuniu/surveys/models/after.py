"""What comes of a survey: items to put right, calls to those who left a number, the evidence."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.papers.models import Paper
from shuniu.surveys.models.survey import Survey

PERSON = settings.AUTH_USER_MODEL


class Item(models.Model):
    """整改: one for each reason that low answers gave, opened with the count."""

    class State(models.TextChoices):
        OPEN = "open", "待整改"
        REPORTED = "reported", "待验收"
        DONE = "done", "已整改"

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="items")
    reason = models.CharField("问题", max_length=40)
    count = models.PositiveIntegerField("反映人次")
    due = models.DateField("整改期限")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    report = models.TextField("整改情况", blank=True)
    reported_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField("验收意见", blank=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "整改事项"
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "reason"], name="survey_item_once"),
            models.CheckConstraint(condition=Q(state="open") | ~Q(report=""), name="survey_item_reported"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="survey_item_accepted",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="survey_item_due")]

    def __str__(self) -> str:
        return self.reason


class Callback(models.Model):
    """A number that a rater left to be called. Joined to no answer; erased when the call is closed."""

    class State(models.TextChoices):
        WAITING = "waiting", "待回访"
        DONE = "done", "已回访"
        LAPSED = "lapsed", "未回访，号码已清除"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="callbacks")
    phone = models.CharField("电话", max_length=30, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    note = models.TextField("回访情况", blank=True)
    done_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "回访"
        ordering = ["id"]
        constraints = [
            # The number lives as long as the call waits.
            models.CheckConstraint(
                condition=Q(state="waiting") & ~Q(phone="") | ~Q(state="waiting") & Q(phone=""),
                name="survey_callback_erased",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_by__isnull=False) & ~Q(note=""),
                name="survey_callback_done",
            ),
        ]
        indexes = [models.Index(fields=["state", "survey"], name="survey_callback_waiting")]

    def __str__(self) -> str:
        return self.get_state_display()


class Evidence(models.Model):
    """One paper of the evidence pack: 名单, 测评表, 结果."""

    append_only = True

    class Part(models.TextChoices):
        ROSTER = "roster", "测评名单"
        FORM = "form", "测评表"
        RESULT = "result", "测评结果"

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="evidence")
    part = models.CharField("种类", max_length=8, choices=Part.choices)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "测评证明材料"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["survey", "part"], name="survey_evidence_once")]

    def __str__(self) -> str:
        return self.get_part_display()
