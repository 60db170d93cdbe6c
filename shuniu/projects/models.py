"""项目: thin records, and their fact sheets as they were frozen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Project(models.Model):
    """A project that an organisation did for a union. Changed through `projects.actions` only."""

    union = models.ForeignKey(Union, verbose_name="委托工会", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name="承接单位", on_delete=models.PROTECT, related_name="projects"
    )
    name = models.CharField("项目名称", max_length=100)
    leader = models.CharField("项目负责人", max_length=40, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("计划结束日期", null=True, blank=True)
    completed_on = models.DateField("完成日期", null=True, blank=True)
    concluded_on = models.DateField("结项日期", null=True, blank=True)
    appraised_on = models.DateField("考核评估日期", null=True, blank=True)
    terminated_on = models.DateField("终止日期", null=True, blank=True)
    contract_no = models.CharField("合同编号", max_length=60, blank=True)
    signed_on = models.DateField("签订日期", null=True, blank=True)
    amount_fen = models.BigIntegerField("合同金额（分）", null=True, blank=True)
    registered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField("登记时间", db_default=Now())

    class Meta:
        verbose_name = "项目"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")))
                & (Q(completed_on__isnull=True) | Q(completed_on__gte=F("starts_on"))),
                name="project_days",
            ),
            # Completed or terminated, not both.
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True) | Q(terminated_on__isnull=True), name="project_one_end"
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="project_amount"
            ),
            models.UniqueConstraint(
                fields=["union", "organisation", "name", "starts_on"], name="project_once"
            ),
        ]
        indexes = [models.Index(fields=["union", "-starts_on", "-id"], name="project_of_union")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How other slices name it."""
        return f"projects.project:{self.pk}"

    @property
    def state(self) -> str:
        """running, completed or terminated, told from the days."""
        return "completed" if self.completed_on else "terminated" if self.terminated_on else "running"


class FactSheet(models.Model):
    """事实清单: what was known of a project when somebody judged it."""

    append_only = True

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField("序号")
    facts = models.JSONField("事实")
    digest = models.CharField("校验值", max_length=64)
    purpose = models.CharField("用于", max_length=120)
    frozen_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField("固定时间", db_default=Now())

    class Meta:
        verbose_name = "事实清单"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="sheet_number")]

    def __str__(self) -> str:
        return f"{self.project} 事实清单 {self.number}"
