"""资格审核: findings of the engine, a person's judgements, ticks beside the evidence, corrections."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application
from shuniu.foundation.calendar.clock import Now

PERSON = settings.AUTH_USER_MODEL


class Finding(models.Model):
    """One condition as the engine judged it in one run; a new run adds rows."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    run = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    clause = models.CharField(max_length=80)
    status = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    question = models.TextField(blank=True)
    facts = models.JSONField(default=list)  # [{name, label, value, source, as_of}]
    judged_on = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["run", "order"]
        constraints = [
            models.UniqueConstraint(fields=["application", "run", "condition"], name="finding_once")
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.status}"


class Judgement(models.Model):
    """A person's answer to a question that only a person can answer; the latest counts."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="judgements")
    fact = models.CharField(max_length=60)  # the judged fact of the document
    answer = models.BooleanField()
    note = models.TextField("理由", blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.fact}：{'是' if self.answer else '否'}"


class Tick(models.Model):
    """A clerk's tick and note on one condition, saved at once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="ticks")
    condition = models.CharField(max_length=60)
    ticked = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "condition"], name="tick_once")]

    def __str__(self) -> str:
        return self.condition


class Correction(models.Model):
    """一次性告知补正: the items to mend, told once, with a deadline in working days."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    round = models.PositiveSmallIntegerField()
    items = models.JSONField()  # [{"kind": "section"|"material", "key", "label", "reason"}]
    message = models.TextField(blank=True)
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField("期限")  # half-open
    answered_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=dict)
    expired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="correction_round"),
            # One open correction at a time.
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True, expired_at__isnull=True),
                name="correction_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"补正第 {self.round} 次"
