"""分派: which members review which applications, proposed for a whole call, confirmed by a second person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.calls.models.application import Application
from shuniu.calls.models.call import Call
from shuniu.calls.models.panel import Seat
from shuniu.foundation.calendar.clock import Now

PERSON = settings.AUTH_USER_MODEL


class AssignmentPlan(models.Model):
    """One proposal for all committees of a call that review by assignment: what is still missing in them."""

    class State(models.TextChoices):
        COMPUTING = "computing", "正在计算"
        PROPOSED = "proposed", "待核对"
        SUBMITTED = "submitted", "待审签"
        CONFIRMED = "confirmed", "已生效"
        DROPPED = "dropped", "已放弃"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="assignment_plans")
    number = models.PositiveSmallIntegerField("第几次")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.COMPUTING)
    progress = models.PositiveSmallIntegerField("进度", default=0)  # per cent
    floor = models.PositiveSmallIntegerField("最低匹配度", null=True, blank=True)  # of a single pair
    lacks = models.JSONField("缺额", default=list)  # [{category, label, applications, reviews, experts}]
    gap_reason = models.TextField("缺额理由", blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    submitted_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_identity = models.CharField(max_length=64, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_identity = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField("审签时间", null=True, blank=True)
    returned_reason = models.TextField("退回理由", blank=True)

    class Meta:
        verbose_name = "分派方案"
        ordering = ["call", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="assignmentplan_number"),
            # Two proposals at a time would each fill the same gaps.
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(state__in=["computing", "proposed", "submitted"]),
                name="assignmentplan_one_open",
            ),
            # 审签 is by another natural person than who submitted.
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (
                    Q(submitted_by__isnull=False, decided_by__isnull=False)
                    & ~Q(decided_identity=F("submitted_identity"))
                ),
                name="assignmentplan_second_person",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="assignmentplan_progress"),
        ]

    def __str__(self) -> str:
        return f"{self.call}第 {self.number} 次分派"


class PlannedReview(models.Model):
    """One member for one application, with what its suitability consists of (`calls.suitability`)."""

    plan = models.ForeignKey(AssignmentPlan, on_delete=models.CASCADE, related_name="reviews")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="planned_reviews")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="planned_reviews")
    field = models.PositiveSmallIntegerField("专业")
    spread = models.PositiveSmallIntegerField("轮换")
    load = models.PositiveSmallIntegerField("负荷")

    class Meta:
        verbose_name = "分派"
        constraints = [
            models.UniqueConstraint(fields=["plan", "application", "seat"], name="plannedreview_once"),
            models.CheckConstraint(
                condition=Q(field__lte=60, spread__lte=20, load__lte=20), name="plannedreview_parts"
            ),
        ]
        indexes = [models.Index(fields=["application", "seat"], name="plannedreview_pair")]

    @property
    def points(self) -> int:
        """Suitability, 0 to 100."""
        return self.field + self.spread + self.load

    def __str__(self) -> str:
        return f"{self.application_id} / {self.seat_id}"


class ReviewGap(models.Model):
    """An application that gets fewer reviewers than the call settled; holds once the plan is confirmed."""

    plan = models.ForeignKey(AssignmentPlan, on_delete=models.CASCADE, related_name="gaps")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="review_gaps")
    missing = models.PositiveSmallIntegerField("缺几位")

    class Meta:
        verbose_name = "评审缺额"
        constraints = [
            models.UniqueConstraint(fields=["plan", "application"], name="reviewgap_once"),
            models.CheckConstraint(condition=Q(missing__gte=1), name="reviewgap_some"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} 缺 {self.missing}"


class PlanChange(models.Model):
    """The clerk put one member for another in a proposal, with the reason."""

    append_only = True

    plan = models.ForeignKey(AssignmentPlan, on_delete=models.PROTECT, related_name="changes")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    out = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    into = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "分派调整"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="planchange_why")]

    def __str__(self) -> str:
        return self.reason
