"""Facts about what an organisation can do and how it is governed."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from shuniu.registry.models.facts import FactRow


class StaffFigures(FactRow):
    """How many people, on the day `as_of`."""

    kind = "staff"
    shown = ("full_time", "part_time", "specialists", "party_members", "union_members", "volunteers")

    full_time = models.PositiveIntegerField("专职人员")
    part_time = models.PositiveIntegerField("兼职人员", default=0)
    specialists = models.PositiveIntegerField("持证专业人员", default=0)
    party_members = models.PositiveIntegerField("中共党员", default=0)
    union_members = models.PositiveIntegerField("工会会员", default=0)
    volunteers = models.PositiveIntegerField("志愿者", default=0)

    class Meta(FactRow.Meta):
        verbose_name = "人员情况"
        constraints = [
            *FactRow.Meta.constraints,
            # The certified are among the people who work there.
            models.CheckConstraint(
                condition=Q(specialists__lte=F("full_time") + F("part_time")), name="staff_specialists"
            ),
        ]

    def __str__(self) -> str:
        return f"专职 {self.full_time} 人，兼职 {self.part_time} 人"


class Specialist(FactRow):
    """A manager or a specialist with what certifies the skill."""

    kind = "specialist"
    shown = ("person_name", "role", "certificate", "field", "since_year")

    class Role(models.TextChoices):
        MANAGER = "manager", "专业管理人员"
        SPECIALIST = "specialist", "专业项目人才"

    person_name = models.CharField("姓名", max_length=40)
    role = models.CharField("类别", max_length=12, choices=Role.choices)
    certificate = models.CharField("证书或职称", max_length=100, blank=True)
    field = models.CharField("专业领域", max_length=60, blank=True)
    since_year = models.PositiveSmallIntegerField(
        "从业起始年", null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2200)]
    )

    class Meta(FactRow.Meta):
        verbose_name = "专业人才"

    def __str__(self) -> str:
        return self.person_name


class PastProject(FactRow):
    """A project of the past: for whom, when, how much, what came of it."""

    kind = "project"
    shown = ("name", "client_kind", "client", "year", "amount_fen", "headcount", "result", "category_hint")

    class Client(models.TextChoices):
        UNION = "union", "工会"
        GOVERNMENT = "government", "政府部门"
        ENTERPRISE = "enterprise", "企业"
        FOUNDATION = "foundation", "基金会"
        OTHER = "other", "其他"

    name = models.CharField("项目名称", max_length=100)
    client_kind = models.CharField("委托方类别", max_length=12, choices=Client.choices)
    client = models.CharField("委托方", max_length=100, blank=True)
    year = models.PositiveSmallIntegerField(
        "年度", validators=[MinValueValidator(1990), MaxValueValidator(2200)]
    )
    amount_fen = models.PositiveBigIntegerField("金额", null=True, blank=True)
    headcount = models.PositiveIntegerField("服务人次", null=True, blank=True)
    result = models.CharField("成效与验收结论", max_length=300, blank=True)
    category_hint = models.CharField("对应服务类别", max_length=60, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "以往项目"
        ordering = ["-year", "-id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.year}）"


class GovernanceItem(FactRow):
    """The charter, the term of the council, or a system of rules, with its evidence."""

    kind = "governance"
    shown = ("item", "title", "in_force_from", "due_on")

    class Item(models.TextChoices):
        CHARTER = "charter", "章程"
        TERM = "term", "理事会换届"
        ELECTION = "election", "民主选举制度"
        FINANCE = "finance", "财务制度"
        ARCHIVE = "archive", "档案制度"
        STAFF = "staff", "人事制度"
        OTHER = "other", "其他制度"

    item = models.CharField("事项", max_length=10, choices=Item.choices)
    title = models.CharField("名称", max_length=100)
    in_force_from = models.DateField("施行或换届日期", null=True, blank=True)
    due_on = models.DateField("下次换届日期", null=True, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "内部治理"
        ordering = ["item", "-as_of", "-id"]

    def __str__(self) -> str:
        return self.title


class UnionBuilding(FactRow):
    """建会情况 on the day `as_of`."""

    kind = "union"
    shown = ("status", "approval", "approved_on", "chair", "members", "activities")

    class Status(models.TextChoices):
        OWN = "own", "单独建会"
        JOINED_FEDERATION = "federation", "加入联合基层工会"
        JOINED_COUNCIL = "council", "加入联席会"
        NOT_READY = "not_ready", "尚不具备条件"

    status = models.CharField("建会情况", max_length=16, choices=Status.choices)
    approval = models.CharField("批复文号", max_length=80, blank=True)
    approved_on = models.DateField("批复日期", null=True, blank=True)
    chair = models.CharField("工会主席", max_length=40, blank=True)
    members = models.PositiveIntegerField("会员人数", null=True, blank=True)
    activities = models.CharField("履职与活动", max_length=300, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "工会建设"

    def __str__(self) -> str:
        return str(self.get_status_display())


class PartyRecord(FactRow):
    """Party building and political study: organisation, systems, minutes, publicity."""

    kind = "party"
    shown = ("record", "title", "on", "detail")

    class Record(models.TextChoices):
        ORGANISATION = "organisation", "党组织建立"
        SYSTEM = "system", "制度"
        STUDY = "study", "学习活动"
        PUBLICITY = "publicity", "宣传"

    record = models.CharField("类别", max_length=14, choices=Record.choices)
    title = models.CharField("名称", max_length=100)
    on = models.DateField("日期", null=True, blank=True)
    detail = models.CharField("说明", max_length=300, blank=True)

    class Meta(FactRow.Meta):
        verbose_name = "党建与政治学习"

    def __str__(self) -> str:
        return self.title
