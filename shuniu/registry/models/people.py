"""Who acts for an organisation, who asks to, and what is asked to be put right."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q

from shuniu.foundation.access import ORGANISATION_ROLES
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.registry.models.organisation import Organisation
from shuniu.unions.models import Union


class FromNow(Func):
    """tstzrange from this instant, without an end."""

    template = "tstzrange(shuniu.now(), NULL)"
    output_field = DateTimeRangeField()


class Membership(models.Model):
    """Somebody acts for an organisation from instant to instant. Ended by `registry.actions`, never deleted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="organisation_memberships"
    )
    role = models.CharField("身份", max_length=12, choices=list(ORGANISATION_ROLES.items()))
    period = DateTimeRangeField("起止", db_default=FromNow())  # [from, to)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "单位成员"
        ordering = ["organisation_id", "role", "id"]
        constraints = [
            # One role at a time for one person in one organisation.
            ExclusionConstraint(
                name="membership_one_role",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(period__startswith__isnull=False), name="membership_since"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {ORGANISATION_ROLES.get(self.role, self.role)}"


class ClaimState(models.TextChoices):
    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


class Claim(models.Model):
    """Somebody says that they act for the organisation of a code, and shows it; a clerk decides.

    An organisation that is not in the registry yet is entered when the claim is confirmed, with `particulars`.
    """

    code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("名称", max_length=100)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    union = models.ForeignKey(Union, verbose_name="受理工会", on_delete=models.PROTECT, related_name="+")
    particulars = models.JSONField(default=dict)  # profile field → text, of a new organisation
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    position = models.CharField("在本单位的职务", max_length=40)
    proof = models.ForeignKey(
        Attachment, verbose_name="证明材料", on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.PENDING)
    made_at = models.DateTimeField("提交时间", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "单位认领"
        ordering = ["made_at", "id"]
        constraints = [
            # Two people cannot wait for the same organisation: the second is told of the first.
            models.UniqueConstraint(
                fields=["code"], condition=Q(state=ClaimState.PENDING), name="claim_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.PENDING) | Q(decided_at__isnull=False), name="claim_decided_when"
            ),
            # What is confirmed leads to an organisation.
            models.CheckConstraint(
                condition=~Q(state=ClaimState.CONFIRMED) | Q(organisation__isnull=False),
                name="claim_confirmed_whom",
            ),
        ]
        indexes = [models.Index(fields=["union", "state"], name="claim_desk")]

    def __str__(self) -> str:
        return f"{self.name}（{self.person}）"


class CorrectionState(models.TextChoices):
    PENDING = "pending", "待处理"
    APPROVED = "approved", "已更正"
    REFUSED = "refused", "不予更正"
    WITHDRAWN = "withdrawn", "已撤回"


class CorrectionRequest(models.Model):
    """申请更正: a field of the registry is said to be wrong; a clerk decides."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField("申请更正的项目", max_length=40)
    old = models.CharField("现在的内容", max_length=500, blank=True)
    new = models.CharField("更正为", max_length=500)
    reason = models.CharField("理由", max_length=300)
    evidence = models.ForeignKey(
        Attachment, verbose_name="依据材料", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("提交时间", db_default=Now())
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField("处理意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "更正申请"
        ordering = ["requested_at", "id"]
        constraints = [
            # One open request per field: the second would be decided against an outdated value.
            models.UniqueConstraint(
                fields=["organisation", "field"],
                condition=Q(state=CorrectionState.PENDING),
                name="correction_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.PENDING) | Q(decided_at__isnull=False),
                name="correction_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}：{self.field}"
