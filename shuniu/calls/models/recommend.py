"""Recommendation by another union than the one that runs the call: places per union, visits on the spot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.calls.models.application import Application
from shuniu.calls.models.call import Call, RubricItem
from shuniu.foundation.calendar.clock import Now
from shuniu.unions.models import Level, Union

PERSON = settings.AUTH_USER_MODEL


class CallFigure(models.Model):
    """A number of a recommending union that its places are counted by, as the call took it: dated, with its source.

    Stays with what it brought once the call is published.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="figures")
    union = models.ForeignKey(Union, verbose_name="推荐工会", on_delete=models.PROTECT, related_name="+")
    fact = models.CharField(max_length=60)  # of the document
    label = models.CharField("名称", max_length=120)
    value = models.DecimalField("数", max_digits=14, decimal_places=2)
    as_of = models.DateField("截至")
    source = models.CharField("来源", max_length=200)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "推荐工会的数"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "union", "fact"], name="callfigure_once"),
            models.CheckConstraint(condition=Q(value__gte=0) & ~Q(source=""), name="callfigure_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.union} {self.label} {self.shown}"

    @property
    def shown(self) -> str:
        """The number as people write it: 12000, 3.5."""
        return f"{self.value:f}".rstrip("0").rstrip(".") if "." in f"{self.value:f}" else f"{self.value:f}"


class CallQuota(models.Model):
    """How many a union of one level may recommend in a call: what the document says, fixed at publication.

    Where the places are a share of what a union has, each union has a row of its own.
    """

    append_only = True

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="quotas")
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    union = models.ForeignKey(
        Union, verbose_name="推荐工会", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: every union of the level
    at_most = models.PositiveSmallIntegerField("名额")
    label = models.CharField("说明", max_length=120)
    clause = models.CharField("依据", max_length=80)

    class Meta:
        verbose_name = "推荐名额"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "level"], condition=Q(union__isnull=True), name="callquota_once"
            ),
            models.UniqueConstraint(fields=["call", "union"], name="callquota_once_of_union"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.at_most}"


class Visit(models.Model):
    """An evaluation on the spot: planned, scored item by item, signed by both sides, then fixed for ever."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="visit")
    planned_at = models.DateTimeField("评估时间")
    place = models.CharField("地点", max_length=200)
    visitors = models.CharField("评估人员", max_length=200)
    opinion = models.TextField("评估意见", blank=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    # The union's side first: it then cannot be changed any more; the organisation's signature ends it.
    signed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField("评估方签字时间", null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("申报单位签字时间", null=True, blank=True)
    answer = models.TextField("申报单位意见", blank=True)

    class Meta:
        verbose_name = "实地评估"
        ordering = ["planned_at", "id"]
        constraints = [
            # Both signatures are whole, and the organisation signs what the union has signed.
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(opinion=""),
                name="visit_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, signed_at__isnull=False),
                name="visit_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} 实地评估"


class VisitMark(models.Model):
    """What was found on the spot for one item of the score sheet."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="marks")
    item = models.ForeignKey(RubricItem, on_delete=models.PROTECT, related_name="+")
    points = models.DecimalField("得分", max_digits=6, decimal_places=2)
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "实地评估得分"
        ordering = ["item__order"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "item"], name="visitmark_once"),
            models.CheckConstraint(condition=Q(points__gte=0), name="visitmark_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.points}"


class Recommendation(models.Model):
    """One place of a union, given to one application: proposed by a clerk, confirmed by a second person."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recommendations")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="recommendations")
    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="recommendations")
    slot = models.PositiveSmallIntegerField("第几个名额")
    at_most = models.PositiveSmallIntegerField("名额")  # of the call's quota, so that the row can be checked
    reason = models.TextField("推荐理由")
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_identity = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_identity = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField("审签时间", null=True, blank=True)
    ended_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)
    ended_reason = models.TextField("收回理由", blank=True)

    class Meta:
        verbose_name = "推荐"
        ordering = ["call_id", "union_id", "slot", "id"]
        constraints = [
            # A place is given once, an application gets one place; what was taken back frees it.
            models.UniqueConstraint(
                fields=["call", "union", "slot"],
                condition=Q(ended_at__isnull=True),
                name="recommendation_slot",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="recommendation_once"
            ),
            # Never more than the document allows.
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=F("at_most")), name="recommendation_within_quota"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recommendation_reason"),
            # Another natural person confirms.
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | ~Q(confirmed_identity=F("proposed_identity")),
                name="recommendation_second_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_reason=""), name="recommendation_end_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.union} 推荐 {self.application}"
