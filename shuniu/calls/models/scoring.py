"""Scores: drafts that save themselves, sheets that lock, meetings with votes and minutes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application
from shuniu.calls.models.asked import Asked
from shuniu.calls.models.call import RubricItem
from shuniu.calls.models.panel import Committee, Seat
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.papers.models import Paper

PERSON = settings.AUTH_USER_MODEL


class ScoreSheet(models.Model):
    """One expert's sheet for one application."""

    class State(models.TextChoices):
        DRAFT = "draft", "未提交"
        SUBMITTED = "submitted", "已提交"
        ABSTAINED = "abstained", "弃权"
        MISSING = "missing", "未评分"

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="sheets")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    comment = models.TextField("评语", blank=True)
    total = models.DecimalField("合计", max_digits=6, decimal_places=2, null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "评分表"
        ordering = ["seat", "application"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "application"], name="sheet_once"),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(total__isnull=False, submitted_at__isnull=False),
                name="sheet_submitted_whole",
            ),
        ]
        indexes = [models.Index(fields=["application", "state"], name="sheet_application")]

    def __str__(self) -> str:
        return f"{self.seat_id} / {self.application_id}"


class ScoreDraft(models.Model):
    """One item's points while the sheet is open; a trigger refuses points out of bounds or after closing."""

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.CASCADE, related_name="points")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    reason = models.CharField("扣分理由", max_length=300, blank=True)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "评分草稿"
        constraints = [models.UniqueConstraint(fields=["sheet", "item"], name="scoredraft_once")]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.item_id}"


class SheetRecord(models.Model):
    """A submitted sheet as it was: reopening adds a reason here and a new record later."""

    append_only = True
    columns_may_change = ("paper_id",)  # once: the PDF is made after the act

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=10)  # submit | abstain | missing | reopen
    scores = models.JSONField(default=list)  # [{key, label, weight, points}]
    # Without it the few possible sheets could be hashed one by one and the scores read out of the journal.
    nonce = models.CharField(max_length=32)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    comment = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "评分表记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.kind}"


class Reopening(Asked):
    """Asked by a clerk with a reason, granted by a second person: a sheet, or the scoring of a committee."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="reopenings")
    sheet = models.ForeignKey(
        ScoreSheet, on_delete=models.PROTECT, null=True, blank=True, related_name="reopenings"
    )

    class Meta(Asked.Meta):
        verbose_name = "重新开放评分"
        ordering = ["id"]
        constraints = [
            *Asked.Meta.constraints,
            # One open request at a time for one sheet, and for one committee.
            models.UniqueConstraint(
                fields=["committee", "sheet"], condition=Q(granted__isnull=True), name="reopening_once",
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.committee_id} {self.reason[:20]}"


class Meeting(models.Model):
    """集中评审会议 of one committee: frozen ranking, votes, minutes, cut-line."""

    committee = models.OneToOneField(Committee, on_delete=models.PROTECT, related_name="meeting")
    place = models.CharField("地点", max_length=100, blank=True)
    opened_at = models.DateTimeField(db_default=Now())
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    ranking = models.JSONField(
        default=list
    )  # [{application, rank, mean, spread, scores}] when scoring closed
    ranking_digest = models.CharField(max_length=64, blank=True)
    expected = models.PositiveSmallIntegerField("应到", default=0)
    present = models.PositiveSmallIntegerField("实到", default=0)
    minutes = models.TextField("会议纪要", blank=True)
    cut_after = models.PositiveSmallIntegerField("入围至第几名", null=True, blank=True)
    cut_reason = models.TextField("划线理由", blank=True)
    tie_reason = models.TextField("同分处理", blank=True)
    tie_picks = models.JSONField(default=list)  # applications at the line that the written reason lets in
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_identity = models.CharField(max_length=64, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=list)  # [{application, rank, score, in, why}] as proposed
    outcome_digest = models.CharField(max_length=64, blank=True)
    returned_reason = models.TextField("退回理由", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_identity = models.CharField(max_length=64, blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "评审会议"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | (Q(cut_after__isnull=False) & ~Q(minutes="")),
                name="meeting_closed_whole",
            ),
            # 审签 is by another natural person than who proposed.
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | (Q(proposed_by__isnull=False) & ~Q(closed_identity=models.F("proposed_identity"))),
                name="meeting_second_person",
            ),
            models.CheckConstraint(condition=Q(present__lte=models.F("expected")), name="meeting_attendance"),
        ]

    def __str__(self) -> str:
        return f"{self.committee}会议"


class Attendance(models.Model):
    """签到: this member is present."""

    append_only = True

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendances")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "到会"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.seat_id}"


class MeetingNote(models.Model):
    """What was said about an application."""

    append_only = True

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="notes")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="meeting_notes")
    text = models.TextField("讨论记录")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "会议记录"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="meetingnote_said")]

    def __str__(self) -> str:
        return self.text[:40]


class Vote(models.Model):
    """One expert's vote on one application in the meeting."""

    append_only = True

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="votes")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=8)  # for | against | abstain
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "表决"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "application", "seat"], name="vote_once"),
            models.CheckConstraint(condition=Q(choice__in=["for", "against", "abstain"]), name="vote_choice"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.choice}"
