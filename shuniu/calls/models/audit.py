"""资格审核: runs and findings of the engine, people's judgements, ticks beside the evidence, corrections."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application, Decision
from shuniu.calls.models.asked import Asked
from shuniu.calls.models.call import Call
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.papers.models import Paper
from shuniu.registry.models import Organisation

PERSON = settings.AUTH_USER_MODEL


class JudgeRun(models.Model):
    """One run of the engine over an application: the law, the day of the facts, the result."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="judge_runs")
    number = models.PositiveSmallIntegerField()
    law_on = models.DateField()  # the day of submission: "last year" stays what it was on that day
    facts_on = models.DateField()  # the day as of which the facts were read
    law = models.CharField(max_length=64)  # digest of the document
    inputs = models.CharField(max_length=64)  # digest of everything that was judged; the same: no new run
    answer = models.CharField(max_length=12)  # yes | no | ambiguous | open | ask
    counts = models.JSONField(default=dict)  # status → how many
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "逐条判断"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="judgerun_number"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} 第 {self.number} 次判断"


class Finding(models.Model):
    """One condition as the engine judged it in one run; a new run adds rows."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="findings")
    run = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    condition = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    clause = models.CharField(max_length=80)
    quote = models.CharField(max_length=120, blank=True)
    binding = models.CharField(max_length=20, default="must")  # must | in_principle
    status = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    question = models.TextField(blank=True)
    asks = models.JSONField(default=list)  # every judged fact of the condition: [{name, label, question}]
    readings = models.JSONField(default=list)  # [{key, words, status, reason}] where the words bear several
    chosen = models.JSONField(default=dict)  # {reading, by, why}
    facts = models.JSONField(default=list)  # [{name, label, value, source, as_of, known, note}]
    judged_on = models.DateField()  # the day as of which the facts were read
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "条件判断"
        ordering = ["run", "order"]
        constraints = [
            models.UniqueConstraint(fields=["application", "run", "condition"], name="finding_once")
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.status}"


class Judgement(models.Model):
    """A person's answer to a question that only a person can answer; the latest counts.

    `accept:<condition>`: whether the written reason of a condition in principle was accepted.
    """

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="judgements")
    fact = models.CharField(max_length=80)  # the judged fact of the document
    answer = models.BooleanField(null=True)  # of a question with yes and no
    value = models.JSONField("答案", null=True)  # of every other: as the engine reads it (text, number, list)
    note = models.TextField("理由", blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "人工判断"
        ordering = ["id"]
        constraints = [
            # Who says no says why.
            models.CheckConstraint(
                condition=Q(answer__isnull=True) | Q(answer=True) | ~Q(note=""), name="judgement_no_why"
            ),
            # One kind of answer, not both and not none.
            models.CheckConstraint(
                condition=Q(answer__isnull=True, value__isnull=False)
                | Q(answer__isnull=False, value__isnull=True),
                name="judgement_one_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact}：{self.shown}"

    @property
    def given(self) -> Any:
        """What the engine is told."""
        return self.value if self.answer is None else self.answer

    @property
    def shown(self) -> str:
        """The answer as pages say it, without its unit."""
        if self.answer is not None:
            return "是" if self.answer else "否"
        return "、".join(map(str, self.value)) if isinstance(self.value, list) else str(self.value)


class ReadingChoice(models.Model):
    """Which reading of a condition's words counts, in one application or (without one) in the whole call."""

    append_only = True

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="reading_choices")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="reading_choices"
    )
    condition = models.CharField(max_length=60)
    reading = models.CharField(max_length=60)
    reason = models.TextField("理由")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "条文理解"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="readingchoice_why")]

    def __str__(self) -> str:
        return f"{self.condition}：{self.reading}"


class Tick(models.Model):
    """A clerk's tick and note on one condition, saved at once."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="ticks")
    condition = models.CharField(max_length=60)
    ticked = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)  # two clerks, one note: the second is told
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "核对"
        constraints = [models.UniqueConstraint(fields=["application", "condition"], name="tick_once")]

    def __str__(self) -> str:
        return self.condition


class Correction(models.Model):
    """一次性告知补正: the items to mend, told once, with a deadline in working days."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    round = models.PositiveSmallIntegerField()
    items = models.JSONField()  # [{"kind": "section"|"material", "key", "label", "reason"}]
    message = models.TextField(blank=True)
    days = models.PositiveSmallIntegerField("工作日", default=0)
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField("期限")  # half-open
    answered_at = models.DateTimeField(null=True, blank=True)
    before = models.JSONField(default=dict)  # {round, digest} of the submission that is to be mended
    expired_at = models.DateTimeField(null=True, blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "补正"
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="correction_round"),
            # One open correction at a time.
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True, expired_at__isnull=True),
                name="correction_one_open",
            ),
            # It was answered or it ran out, never both.
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(expired_at__isnull=True), name="correction_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"补正第 {self.round} 次"


class AuditSheet(models.Model):
    """资格审核表: issued when the second person agreed."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="audit_sheets")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="audit_sheet")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "审核表"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.paper)


class LateRequest(Asked):
    """补报: asked for by a clerk with a reason, decided by an approver; what was granted is a LateGrant."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="late_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField("延至")  # half-open

    class Meta(Asked.Meta):
        verbose_name = "补报"
        ordering = ["-id"]
        constraints = [
            *Asked.Meta.constraints,
            # One open request per organisation and call.
            models.UniqueConstraint(
                fields=["call", "organisation"], condition=Q(granted__isnull=True), name="laterequest_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} 补报"
