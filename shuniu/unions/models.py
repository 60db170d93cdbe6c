"""The union tree with two parents, departments, roles given with dates, delegation."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.access import UNION_ROLES
from shuniu.foundation.calendar.clock import Now

ADMIN_ROLES = ("sys_admin", "sec_admin", "audit_admin")


class Level(models.TextChoices):
    """Where a union stands in the tree."""

    NATIONAL = "national", "全国"
    PROVINCE = "province", "省"
    CITY = "city", "市"
    DISTRICT = "district", "区县"
    INDUSTRY = "industry", "产业"
    BUREAU = "bureau", "局"
    GROUP = "group", "集团"
    UNIVERSITY = "university", "高校"
    GRASSROOTS = "grassroots", "基层"


class Union(models.Model):
    """A trade union. Created and changed through `unions.actions`."""

    name = models.CharField("名称", max_length=100, unique=True)
    short_name = models.CharField("简称", max_length=30)
    paper_code = models.CharField("机关代字", max_length=20, blank=True)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", verbose_name="上级工会（地方）", on_delete=models.PROTECT, null=True, blank=True,
        related_name="children",
    )  # fmt: skip
    industry_parent = models.ForeignKey(
        "self", verbose_name="上级工会（产业）", on_delete=models.PROTECT, null=True, blank=True,
        related_name="industry_children",
    )  # fmt: skip
    region = models.CharField("所在区", max_length=40, blank=True)
    responsible_department = models.CharField("责任部门", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=30, blank=True)
    contact_email = models.EmailField("联系邮箱", blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    postcode = models.CharField("邮编", max_length=6, blank=True)
    is_active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "工会"
        ordering = ["id"]
        constraints = [
            # A union is not its own superior.
            models.CheckConstraint(
                condition=~Q(parent=F("id")) & ~Q(industry_parent=F("id")), name="union_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A role in one union from day to day. Taken back by shortening its period, never deleted."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("身份", max_length=12, choices=list(UNION_ROLES.items()))
    period = DateRangeField("起止")  # [from, to), whole days
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted_at = models.DateTimeField(db_default=Now())
    note = models.CharField("说明", max_length=200, blank=True)
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoke_reason = models.CharField("收回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "身份授予"
        ordering = ["union_id", "role", "person_id"]
        constraints = [
            # The same role is not given twice for the same days.
            ExclusionConstraint(
                name="grant_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("union", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            # 系统、安全、审计管理员 are three people: whoever watches does not administer.
            ExclusionConstraint(
                name="grant_admins_apart",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=ADMIN_ROLES),
            ),
            # A role has a first day; only one that was taken back on that very day holds no day at all.
            models.CheckConstraint(
                condition=(Q(period__isempty=False) & Q(period__startswith__isnull=False))
                | (Q(period__isempty=True) & Q(revoked_at__isnull=False)),
                name="grant_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {UNION_ROLES.get(self.role, self.role)}"


class RoleChange(models.Model):
    """An administrator's role, given or taken: proposed by one person, confirmed by another.

    Written by `unions.actions.roles` only.
    """

    class Kind(models.TextChoices):
        GRANT = "grant", "授予"
        REVOKE = "revoke", "收回"

    class State(models.TextChoices):
        PENDING = "pending", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "未同意"

    kind = models.CharField("事项", max_length=8, choices=Kind.choices)
    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="role_changes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("身份", max_length=12, choices=list(UNION_ROLES.items()))
    period = DateRangeField("起止", null=True)
    grant = models.ForeignKey(RoleGrant, on_delete=models.PROTECT, null=True, related_name="changes")
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PENDING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)
    decision_note = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "管理员身份变更"
        ordering = ["id"]
        constraints = [
            # The same change waits once.
            models.UniqueConstraint(
                fields=["kind", "union", "person", "role"],
                name="role_change_once",
                condition=Q(state="pending"),
            ),
            # Whoever proposes does not confirm: two accounts at least (that they are two people: rules.py).
            models.CheckConstraint(
                condition=Q(state="pending", decided_by__isnull=True)
                | (~Q(state="pending") & Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="role_change_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.person}{UNION_ROLES.get(self.role, self.role)}"


class Delegation(models.Model):
    """While somebody is away, another person acts in their role; the page and the journal name both."""

    grant = models.ForeignKey(RoleGrant, on_delete=models.PROTECT, related_name="delegations")
    to_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations"
    )
    period = DateRangeField("起止")
    reason = models.CharField("事由", max_length=200)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField("提前结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "代理"
        ordering = ["-id"]
        constraints = [
            # One stand-in at a time for one role.
            ExclusionConstraint(
                name="delegation_one_at_a_time",
                expressions=[("grant", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant} → {self.to_person}"


class Handover(models.Model):
    """转办: who was asked to decide in somebody's stead. It moves a to-do and no right; the last row counts.

    Written by `unions.actions.hand_on` only.
    """

    append_only = True

    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=80)  # "calls.list:12": the word that the to-do bears
    from_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField("说明")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "转办"
        ordering = ["-id"]
        indexes = [models.Index(fields=["matter", "-id"], name="handover_matter")]
        constraints = [
            # To somebody else, with a word.
            models.CheckConstraint(
                condition=~Q(from_person=F("to_person")) & ~Q(note=""), name="handover_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter} → {self.to_person}"
