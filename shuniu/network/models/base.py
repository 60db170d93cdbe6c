"""创新示范基地（点）: applied for, reviewed by two people, with a plaque, looked at again, withdrawn."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.library.models import Document
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Base(models.Model):
    """One base or point. Its state is changed by `network.actions.bases.decide` only."""

    class Kind(models.TextChoices):
        BASE = "base", "示范基地"
        POINT = "point", "示范点"

    class State(models.TextChoices):
        APPLIED = "applied", "待评审"
        IN_FORCE = "in_force", "在册"
        DECLINED = "declined", "未通过"
        WITHDRAWN = "withdrawn", "已撤销"

    union = models.ForeignKey(Union, verbose_name="建设工会", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation,
        verbose_name="依托单位",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bases",
    )  # null: a place of the union's own
    document = models.ForeignKey(
        Document, verbose_name="依据制度", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    clause = models.CharField("依据", max_length=80, blank=True)
    kind = models.CharField("类型", max_length=8, choices=Kind.choices)
    name = models.CharField("名称", max_length=100)
    address = models.CharField("地址", max_length=200)
    services = models.TextField("服务内容")
    features = models.TextField("创新做法")
    contact = models.CharField("联系人", max_length=40)
    phone = models.CharField("联系电话", max_length=30)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.APPLIED)
    plaque_no = models.CharField("牌匾编号", max_length=40, blank=True)
    granted_on = models.DateField("命名日期", null=True, blank=True)
    review_on = models.DateField("下次复核", null=True, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    applied_by = models.ForeignKey(PERSON, verbose_name="申请人", on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField("申请时间", db_default=Now())

    class Meta:
        verbose_name = "示范基地"
        ordering = ["-id"]
        constraints = [
            # What was named has a number, a day, and the day by which it is looked at again.
            models.CheckConstraint(
                condition=Q(state__in=("applied", "declined"))
                | Q(granted_on__isnull=False, review_on__isnull=False) & ~Q(plaque_no=""),
                name="base_named_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", ended_on__isnull=False)
                | ~Q(state="withdrawn") & Q(ended_on__isnull=True),
                name="base_ended_when",
            ),
            models.UniqueConstraint(
                fields=["union", "plaque_no"], condition=~Q(plaque_no=""), name="base_plaque_once"
            ),
            models.UniqueConstraint(
                fields=["union", "name"], condition=Q(state__in=("applied", "in_force")), name="base_once"
            ),
        ]
        indexes = [models.Index(fields=["union", "state", "review_on"], name="base_of_union")]

    def __str__(self) -> str:
        return self.name

    @property
    def holder(self) -> str:
        """Whose place it is."""
        return str(self.organisation or self.union)


class BaseStep(models.Model):
    """A review: what a clerk found and proposes, and what the second person said. Decided once, then it stays."""

    class Kind(models.TextChoices):
        GRANT = "grant", "命名"
        DECLINE = "decline", "不予命名"
        KEEP = "keep", "复核合格"
        WITHDRAW = "withdraw", "撤销"

    base = models.ForeignKey(Base, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField("意见", max_length=8, choices=Kind.choices)
    findings = models.TextField("评审情况")
    review_on = models.DateField("下次复核", null=True, blank=True)
    proposed_by = models.ForeignKey(PERSON, verbose_name="评审人", on_delete=models.PROTECT, related_name="+")
    proposed_identity = models.CharField(max_length=64)
    proposed_at = models.DateTimeField("评审时间", db_default=Now())
    approved = models.BooleanField("同意", null=True, blank=True)
    answer = models.TextField("审签意见", blank=True)
    decided_by = models.ForeignKey(
        PERSON, verbose_name="审签人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_identity = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField("审签时间", null=True, blank=True)

    class Meta:
        verbose_name = "基地评审"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["base"], condition=Q(approved__isnull=True), name="basestep_one_open"
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(decided_identity=F("proposed_identity")),
                name="basestep_second_person",
            ),
            models.CheckConstraint(condition=~Q(findings=""), name="basestep_findings"),
            models.CheckConstraint(
                condition=~Q(kind__in=("grant", "keep")) | Q(review_on__isnull=False), name="basestep_next"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base} {self.get_kind_display()}"
