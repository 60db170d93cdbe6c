"""Facts about an organisation: each dated, with its source, never changed.

A correction is a new row that supersedes the old one; a withdrawal is such a row with `retracted`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.registry.models.organisation import Organisation


class Source(models.TextChoices):
    """Who says so."""

    SELF_REPORTED = "self_reported", "单位自报"
    VERIFIED = "verified", "工会核验"
    IMPORTED = "imported", "名单导入"


class FactQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Rows that no other row supersedes, withdrawals left out."""
        return self.filter(superseded_by__isnull=True, retracted=False)


class FactRow(models.Model):
    """What every fact carries. Written by `registry.actions` only."""

    append_only = True
    kind: ClassVar[str]
    shown: ClassVar[tuple[str, ...]]  # the fields that say the fact, in the order of the page
    if TYPE_CHECKING:
        supersedes_id: int | None  # the type checker loses a key to "self" of an abstract model

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="%(class)s_facts")
    as_of = models.DateField("截至日期")
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    source = models.CharField("来源", max_length=14, choices=Source.choices)
    source_detail = models.CharField("来源说明", max_length=200, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_on = models.DateField("核验日期", null=True, blank=True)
    evidence = models.ForeignKey(
        Attachment, verbose_name="依据材料", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    retracted = models.BooleanField("撤回", default=False)
    reason = models.CharField("更正理由", max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-as_of", "-id"]
        constraints = [
            # Verified means: by somebody, on a day, on something.
            models.CheckConstraint(
                condition=~Q(source=Source.VERIFIED)
                | (Q(verified_by__isnull=False, verified_on__isnull=False) & ~Q(source_detail="")),
                name="%(class)s_verified_how",
            ),
            # Only a row that stands before can be withdrawn.
            models.CheckConstraint(
                condition=Q(retracted=False) | Q(supersedes__isnull=False), name="%(class)s_retracts_what"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")), name="%(class)s_not_itself"
            ),
        ]

    @classmethod
    def standing(cls) -> FactQuerySet:
        """The rows of this kind that stand: neither superseded nor withdrawn."""
        return cls.everything().current()

    @classmethod
    def everything(cls) -> FactQuerySet:
        """Every row of this kind, superseded and withdrawn ones included."""
        return FactQuerySet(cls)

    @property
    def is_verified(self) -> bool:
        return self.source == Source.VERIFIED

    @property
    def source_text(self) -> str:
        """Who says so and on what: "工会核验：登记证书副本"."""
        label = Source(self.source).label
        return f"{label}：{self.source_detail}" if self.source_detail else str(label)

    def said(self) -> dict[str, object]:
        """The fields that say the fact."""
        return {name: getattr(self, name) for name in self.shown}

    def lines(self) -> list[tuple[str, object]]:
        """The same as pairs of label and what a page shows."""
        shown = []
        for name in self.shown:
            field = self._meta.get_field(name)
            display = getattr(self, f"get_{name}_display", None)
            value = display() if display is not None else getattr(self, name)
            shown.append((str(getattr(field, "verbose_name", name)), value))
        return shown


class Statement(FactRow):
    """What one source said on one day of the master and profile fields (see `fields.PROFILE`)."""

    kind = "statement"
    shown = ("values",)

    values = models.JSONField("内容")  # field → text; dates as yyyy-mm-dd

    class Meta(FactRow.Meta):
        verbose_name = "基本信息"
        indexes = [models.Index(fields=["organisation", "-as_of"], name="statement_newest")]

    def __str__(self) -> str:
        return "基本信息"


class InspectionResult(models.TextChoices):
    """年检 (年报) 结论, in the words of the registrars."""

    PASSED = "passed", "合格"
    BASICALLY = "basically", "基本合格"
    FAILED = "failed", "不合格"
    ABSENT = "absent", "未参检"
    REPORTED = "reported", "已年报"
    PENDING = "pending", "未结论"


class Inspection(FactRow):
    """年检 or 年报 of one year."""

    kind = "inspection"
    shown = ("year", "result", "concluded_on", "authority")

    year = models.PositiveSmallIntegerField("年度")
    result = models.CharField("结论", max_length=12, choices=InspectionResult.choices)
    concluded_on = models.DateField("结论日期", null=True, blank=True)
    authority = models.CharField("作出机关", max_length=100, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "年检（年报）"
        ordering = ["-year", "-id"]
        indexes = [models.Index(fields=["organisation", "-year"], name="inspection_newest")]
        constraints = [
            *FactRow.Meta.constraints,
            models.CheckConstraint(condition=Q(year__gte=1950, year__lte=2200), name="inspection_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度{self.get_result_display()}"


class Grade(models.TextChoices):
    """评估等级."""

    A1 = "1A", "1A"
    A2 = "2A", "2A"
    A3 = "3A", "3A"
    A4 = "4A", "4A"
    A5 = "5A", "5A"


class Rating(FactRow):
    """评估等级 from day to day, both included."""

    kind = "rating"
    shown = ("grade", "valid_from", "valid_to", "authority")

    grade = models.CharField("等级", max_length=2, choices=Grade.choices)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止")
    authority = models.CharField("评估机关", max_length=100, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "评估等级"
        ordering = ["-valid_from", "-id"]
        constraints = [
            *FactRow.Meta.constraints,
            models.CheckConstraint(condition=Q(valid_from__lte=F("valid_to")), name="rating_period"),
        ]

    def __str__(self) -> str:
        return f"{self.grade}（{self.valid_from}至{self.valid_to}）"


class PenaltyKind(models.TextChoices):
    """Adverse information, by what it is."""

    ABNORMAL = "abnormal", "活动异常名录"
    DISHONEST = "dishonest", "严重违法失信"
    PENALTY = "penalty", "行政处罚"
    PROSECUTION = "prosecution", "被追究刑事责任"
    RECTIFY = "rectify", "责令整改"
    # Somebody looked and found nothing: without a record what is not known counts for nobody.
    NONE = "none", "查询无记录"


class Penalty(FactRow):
    """A list or penalty, from a day until removal (both included); without an end it still stands."""

    kind = "penalty"
    shown = ("penalty", "authority", "number", "content", "from_on", "to_on")

    penalty = models.CharField("种类", max_length=12, choices=PenaltyKind.choices)
    authority = models.CharField("作出机关", max_length=100, blank=True)
    number = models.CharField("文书号", max_length=80, blank=True)
    content = models.CharField("内容", max_length=300, blank=True)
    from_on = models.DateField("列入或作出日期")
    to_on = models.DateField("移出或执行完毕日期", null=True, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "处罚与名录"
        ordering = ["-from_on", "-id"]
        constraints = [
            *FactRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(from_on__lte=F("to_on")), name="penalty_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_penalty_display()}（{self.from_on}起）"


class Licence(FactRow):
    """登记证书 or another permission, from day to day, both included; without an end it does not expire."""

    kind = "licence"
    shown = ("title", "number", "authority", "valid_from", "valid_to")

    title = models.CharField("证书名称", max_length=100)
    number = models.CharField("证书编号", max_length=80, blank=True)
    authority = models.CharField("发证机关", max_length=100, blank=True)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止", null=True, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "登记证书与许可"
        ordering = ["-valid_from", "-id"]
        constraints = [
            *FactRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")), name="licence_period"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BusinessScope(FactRow):
    """业务范围 as the charter and the certificate have it, valid from `as_of`."""

    kind = "scope"
    shown = ("text",)

    text = models.TextField("业务范围", max_length=2000)

    class Meta(FactRow.Meta):
        verbose_name = "业务范围"

    def __str__(self) -> str:
        return self.text[:40]
