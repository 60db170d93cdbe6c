"""异议: what was said against a name on a list, what was found, how it was decided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.calls.models.listing import ListEntry, Publicity
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.papers.models import Paper

PERSON = settings.AUTH_USER_MODEL


class Objection(models.Model):
    """异议: a unit's or a named person's with receipt and reply, or an anonymous clue without reply."""

    class Kind(models.TextChoices):
        UNIT = "unit", "单位"
        NAMED = "named", "个人实名"
        ANONYMOUS = "anonymous", "匿名线索"

    class State(models.TextChoices):
        RECEIVED = "received", "待受理"
        LOOKING = "looking", "核查中"
        UPHELD = "upheld", "异议成立"
        DISMISSED = "dismissed", "异议不成立"
        NOTED = "noted", "线索已核"

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="objections")
    entry = models.ForeignKey(
        ListEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )
    number = models.CharField("受理编号", max_length=30, unique=True)
    code_digest = models.CharField(max_length=64)  # of the query code on the receipt
    key = models.UUIDField(unique=True)  # a double click carries the same
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField("单位或姓名", max_length=120, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    text = models.TextField("事实和理由")
    arrived_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    reply_by = models.DateField("答复期限", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    holds = models.BooleanField("暂缓该名单位", default=False)
    handler = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # 异议受理单
    # HMAC of the sender's address and the day: counts what one address sends, names nobody.
    sender = models.CharField(max_length=64, blank=True)
    cleared_at = models.DateTimeField("清除时间", null=True, blank=True)  # R3: by the retention sweep only

    class Meta:
        verbose_name = "异议"
        ordering = ["-id"]
        constraints = [
            # Who wants a reply says who they are.
            models.CheckConstraint(
                condition=Q(kind="anonymous") | (~Q(name="") & ~Q(phone="")), name="objection_named"
            ),
            # Who looks into it, and until when it is answered, is known from acceptance on.
            models.CheckConstraint(
                condition=Q(state="received") | Q(handler__isnull=False, accepted_at__isnull=False),
                name="objection_accepted_whole",
            ),
            # One name is held, never the whole list.
            models.CheckConstraint(
                condition=Q(holds=False) | Q(entry__isnull=False), name="objection_holds_one"
            ),
        ]
        indexes = [models.Index(fields=["sender", "received_at"], name="objection_sender")]

    def __str__(self) -> str:
        return self.number


class ObjectionEvidence(models.Model):
    """A file that came with an objection."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=200)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "异议证据"

    def __str__(self) -> str:
        return self.name


class ObjectionProposal(models.Model):
    """What the handler found and proposes; the approver decides it or sends it back."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="proposals")
    verdict = models.CharField(max_length=10)  # upheld | dismissed | noted
    effect = models.CharField(max_length=10)  # keep | remove
    findings = models.TextField("核查情况")
    reply = models.TextField("答复", blank=True)
    clause = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    returned_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "异议核查意见"
        ordering = ["-id"]
        constraints = [
            # One proposal at a time lies before the approver.
            models.UniqueConstraint(
                fields=["objection"], condition=Q(returned_at__isnull=True), name="objectionproposal_one_open"
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(returned_reason=""), name="objectionproposal_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.verdict}"


class ObjectionDecision(models.Model):
    """The outcome, by somebody who took no part in the first decision, approved by a second person."""

    append_only = True

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="decision")
    verdict = models.CharField(max_length=10)  # upheld | dismissed | noted
    effect = models.CharField(max_length=10)  # keep | remove
    findings = models.TextField("核查情况")
    reply = models.TextField("答复", blank=True)
    clause = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64)
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_identity = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "异议决定"
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("approved_by")) & ~Q(identity=F("approved_identity")),
                name="objectiondecision_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.verdict}"
