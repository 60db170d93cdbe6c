"""The organisation, and the names and codes that it had before."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.unions.models import Union


class LegalType(models.TextChoices):
    """法人类型, told by the first two characters of the code."""

    ASSOCIATION = "association", "社会团体"
    SERVICE = "service", "社会服务机构"
    FOUNDATION = "foundation", "基金会"
    UNION = "union", "基层工会"
    ENTERPRISE = "enterprise", "企业"
    INSTITUTION = "institution", "事业单位"
    OTHER = "other", "其他"
    CANDIDATE = "candidate", "未登记组织"


class RegistrarLevel(models.TextChoices):
    """At which level the organisation is registered."""

    NATIONAL = "national", "国家级"
    PROVINCE = "province", "省级"
    CITY = "city", "本市市级"
    DISTRICT = "district", "本市区级"
    ELSEWHERE = "elsewhere", "外省市"


class Status(models.TextChoices):
    """登记状态. "merged" is not one of them: see `Organisation.merged_into`."""

    CANDIDATE = "candidate", "未登记"
    NORMAL = "normal", "正常"
    CLOSING = "closing", "正在注销"
    CANCELLED = "cancelled", "已注销"
    REVOKED = "revoked", "已撤销登记"


ENDED = (Status.CANCELLED, Status.REVOKED)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def living(self) -> OrganisationQuerySet:
        """Without records that were merged into another."""
        return self.filter(merged_into__isnull=True)


class Organisation(models.Model):
    """A social organisation, or a group that is not registered yet. Written by `registry.actions` only.

    The columns repeat what the newest facts say, so that lists can filter and sort; `actions.current.refresh`
    alone writes them, and a test compares them with the facts.
    """

    code = models.CharField("统一社会信用代码", max_length=18, unique=True, null=True, blank=True)
    name = models.CharField("名称", max_length=100)
    search_text = models.TextField(editable=False, default="")
    bigrams = ArrayField(models.CharField(max_length=2), default=list, editable=False)
    pinyin = models.CharField("拼音", max_length=600, blank=True)
    initials = models.CharField("拼音首字母", max_length=100, blank=True)
    legal_type = models.CharField("类型", max_length=12, choices=LegalType.choices)
    registrar = models.CharField("登记机关", max_length=100, blank=True)
    registrar_level = models.CharField("登记层级", max_length=10, choices=RegistrarLevel.choices, blank=True)
    region = models.CharField("所在区", max_length=40, blank=True)
    registered_on = models.DateField("成立登记日期", null=True, blank=True)
    status = models.CharField("登记状态", max_length=10, choices=Status.choices, default=Status.NORMAL)
    legal_representative = models.CharField("法定代表人", max_length=40, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    contact_email = models.EmailField("联系邮箱", blank=True)
    owning_union = models.ForeignKey(
        Union, verbose_name="管理工会", on_delete=models.PROTECT, related_name="organisations"
    )
    merged_into = models.ForeignKey(
        "self", verbose_name="并入", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField("更新时间", db_default=Now())
    # What lists show of the newest facts.
    rating = models.CharField("评估等级", max_length=2, blank=True)
    rating_until = models.DateField(null=True, blank=True)
    inspection_year = models.PositiveSmallIntegerField(null=True, blank=True)
    inspection_result = models.CharField("年检结论", max_length=12, blank=True)
    union_status = models.CharField("建会情况", max_length=16, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "社会组织"
        ordering = ["pinyin", "id"]
        constraints = [
            # A record without a code is a candidate, and a candidate has no code (A9).
            models.CheckConstraint(
                condition=Q(code__isnull=True, status=Status.CANDIDATE)
                | (Q(code__isnull=False) & ~Q(status=Status.CANDIDATE)),
                name="organisation_code_or_candidate",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="organisation_not_into_itself"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_named"),
        ]
        indexes = [
            GinIndex(fields=["bigrams"], name="organisation_bigrams"),
            models.Index(OpClass("code", "text_pattern_ops"), name="organisation_code_prefix"),
            models.Index(fields=["pinyin", "id"], name="organisation_order"),
            models.Index(fields=["owning_union", "pinyin", "id"], name="organisation_of_union"),
            models.Index(fields=["region", "owning_union"], name="organisation_region"),
            models.Index(fields=["status", "owning_union"], name="organisation_status"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def union_id(self) -> int:
        """The union that the journal files its acts under."""
        return self.owning_union_id

    @property
    def is_candidate(self) -> bool:
        return self.code is None


class FormerName(models.Model):
    """A name that the organisation carried until a day. Search finds it by these too."""

    append_only = True

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField("曾用名", max_length=100)
    until = models.DateField("使用至")
    basis = models.CharField("依据", max_length=200, blank=True)
    evidence = models.ForeignKey(
        Attachment, verbose_name="依据材料", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "曾用名"
        ordering = ["-until", "-id"]

    def __str__(self) -> str:
        return self.name


class FormerCode(models.Model):
    """A code, or the number of an old certificate, that the organisation carried until a day."""

    append_only = True

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="former_codes")
    code = models.CharField("原代码或证号", max_length=30, unique=True)
    until = models.DateField("使用至")
    basis = models.CharField("依据", max_length=200, blank=True)
    evidence = models.ForeignKey(
        Attachment, verbose_name="依据材料", on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "曾用代码"
        ordering = ["-until", "-id"]
        indexes = [models.Index(OpClass("code", "text_pattern_ops"), name="former_code_prefix")]

    def __str__(self) -> str:
        return self.code
