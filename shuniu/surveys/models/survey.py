"""测评: a survey, its roster, its tickets, its answers. No row here joins a person to an answer.

A person and a ticket are nowhere in one row: tickets are made in one batch of random codes, kept as digests, and
handed out without a name. A ticket and an answer are nowhere in one row either: a ticket is used by vanishing from
`Unused`, and the answers that are not settled yet are shaken by the database at every new one (`truths.py`). Nothing
about an answer tells when it came.
"""

from __future__ import annotations

import uuid
from fractions import Fraction

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL

LEVELS = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "很不满意"}
LOW = (1, 2)
REASONS = (
    "服务态度",
    "专业水平",
    "服务时间和地点",
    "响应速度",
    "内容不符合需要",
    "服务效果",
    "收费问题",
    "其他",
)
"""What low answers may be explained with unless the survey says otherwise."""
INVALID = 0  # a paper sheet on which no single level can be read


class Conductor(models.TextChoices):
    """Who carries the survey out; printed on everything."""

    UNION = "union", "工会组织"
    IMPLEMENTER = "implementer", "项目实施主体组织"
    THIRD = "third", "第三方组织"


class Sampling(models.TextChoices):
    """How those who are asked were chosen."""

    ALL = "all", "全部服务对象"
    RANDOM = "random", "随机抽样"
    OTHER = "other", "其他方式"


class Formula(models.TextChoices):
    """What 满意率 is. Chosen before opening."""

    SATISFIED = "satisfied", "（非常满意＋满意）÷ 有效评价"
    BASIC = "basic", "（非常满意＋满意＋基本满意）÷ 有效评价"
    ISSUED = "issued", "（非常满意＋满意）÷ 发出的测评票"


class Survey(models.Model):
    """One survey of the work of one organisation. Everything but its end is fixed when it opens (trigger)."""

    class State(models.TextChoices):
        DRAFT = "draft", "准备中"
        OPEN = "open", "测评中"
        CLOSED = "closed", "已计票"

    union = models.ForeignKey(
        Union, verbose_name="组织测评的工会", on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="被测评单位", on_delete=models.PROTECT, related_name="surveys"
    )
    title = models.CharField("名称", max_length=100)
    project = models.CharField("服务项目", max_length=100, blank=True)
    # What a higher slice binds the survey to: "projects.project:12" and the words that name it.
    subject_key = models.CharField(max_length=80, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    conductor = models.CharField(
        "组织方式", max_length=12, choices=Conductor.choices, default=Conductor.UNION
    )
    conductor_name = models.CharField("组织者名称", max_length=100, blank=True)
    population = models.PositiveIntegerField("服务对象人数")
    sampling = models.CharField("抽样方式", max_length=8, choices=Sampling.choices, default=Sampling.ALL)
    formula = models.CharField(
        "满意率公式", max_length=10, choices=Formula.choices, default=Formula.SATISFIED
    )
    basis = models.CharField("公式的依据", max_length=120, blank=True)  # "" is 本办法未规定
    reasons = ArrayField(models.CharField(max_length=40), verbose_name="不满意的原因选项", default=list)
    due_days = models.PositiveSmallIntegerField("整改期限（工作日）", default=15)
    ends_on = models.DateField("测评截止日")  # to 24:00
    state = models.CharField("状态", max_length=6, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField("开放时间", null=True, blank=True)
    closed_at = models.DateTimeField("计票时间", null=True, blank=True)

    class Meta:
        verbose_name = "测评"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="survey_titled"),
            # A third party is named.
            models.CheckConstraint(
                condition=~Q(conductor="third") | ~Q(conductor_name=""), name="survey_third_named"
            ),
            models.CheckConstraint(condition=Q(due_days__gte=1, due_days__lte=250), name="survey_due_days"),
            models.CheckConstraint(
                condition=Q(state="draft", opened_at__isnull=True)
                | Q(state="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="survey_moments",
            ),
        ]
        indexes = [
            models.Index(fields=["union", "-id"], name="survey_of_union"),
            models.Index(fields=["organisation", "state"], name="survey_of_organisation"),
            models.Index(fields=["subject_key"], name="survey_of_subject"),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """One person of the roster. Fixed with the opening; after that only the day of handing out is noted."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="entries")
    name = models.CharField("姓名", max_length=40)
    workplace = models.CharField("单位或部门", max_length=100, blank=True)
    given_on = models.DateField("发票日期", null=True, blank=True)  # a day: an hour would tell too much

    class Meta:
        verbose_name = "测评名单"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "name", "workplace"], name="survey_entry_once"),
            models.CheckConstraint(condition=~Q(name=""), name="survey_entry_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Tickets made in one go. A later batch voids all that are still unused (the database does it)."""

    append_only = True

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField("批次")
    count = models.PositiveIntegerField("张数")
    voided = models.PositiveIntegerField("作废张数", default=0)
    digest = models.CharField("校验值", max_length=64)  # over the sorted digests of its tickets
    reason = models.CharField("理由", max_length=200, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "制票批次"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_batch_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="survey_batch_why"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}批"


class Ticket(models.Model):
    """A ticket that was made. It never changes, not when it is used either; the code itself is kept nowhere."""

    append_only = True

    digest = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the code
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="tickets")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="tickets")

    class Meta:
        verbose_name = "测评票"
        ordering = ["digest"]

    def __str__(self) -> str:
        return f"测评票 {self.digest[:8]}"


class Unused(models.Model):
    """A ticket that can still be used: the row vanishes with its use. Put here by the database alone."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.PROTECT, related_name="unused")

    class Meta:
        verbose_name = "未用的测评票"

    def __str__(self) -> str:
        return str(self.ticket_id)[:8]


class Tally(models.Model):
    """How many of what, per survey; counted by the database, never by a caller."""

    survey = models.OneToOneField(Survey, primary_key=True, on_delete=models.CASCADE, related_name="tally")
    roster = models.PositiveIntegerField("名单人数", default=0)
    tickets = models.PositiveIntegerField("制票", default=0)
    voided = models.PositiveIntegerField("作废", default=0)
    used = models.PositiveIntegerField("用去", default=0)
    answers = models.PositiveIntegerField("收回", default=0)

    class Meta:
        verbose_name = "测评计数"
        constraints = [
            # One ticket per person of the roster, and no answer without a ticket that was used for it.
            models.CheckConstraint(
                condition=Q(tickets__lte=models.F("roster") + models.F("voided")), name="survey_ticket_each"
            ),
            models.CheckConstraint(condition=Q(answers__lte=models.F("used")), name="survey_answer_each"),
            models.CheckConstraint(
                condition=Q(tickets__gte=models.F("voided") + models.F("used")), name="survey_used_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answers}/{self.tickets - self.voided}"


class Channel(models.TextChoices):
    """How an answer came."""

    WEB = "web", "扫码"
    PAPER = "paper", "纸质录入"
    IMPORT = "import", "纸质导入"


class Answer(models.Model):
    """One answer: no ticket, no person, no time, and a key that changes until it is settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="answers")
    level = models.PositiveSmallIntegerField("评价", choices=[*LEVELS.items(), (INVALID, "无效")])
    reasons = ArrayField(models.CharField(max_length=40), verbose_name="原因", default=list, blank=True)
    comment = models.CharField("意见", max_length=500, blank=True)
    channel = models.CharField("方式", max_length=6, choices=Channel.choices)
    settled = models.BooleanField(default=False)  # shaken often enough: never touched again

    class Meta:
        verbose_name = "评价"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=5), name="survey_level"),
            # Only a paper sheet can be invalid.
            models.CheckConstraint(condition=~Q(level=0) | ~Q(channel="web"), name="survey_invalid_on_paper"),
            # A reason belongs to a low level.
            models.CheckConstraint(condition=Q(level__in=LOW) | Q(reasons=[]), name="survey_reason_low"),
        ]
        indexes = [
            models.Index(fields=["survey", "level"], name="survey_answer_levels"),
            models.Index(fields=["survey"], condition=Q(settled=False), name="survey_answer_open"),
            models.Index(fields=["survey", "id"], condition=~Q(comment=""), name="survey_answer_words"),
        ]

    def __str__(self) -> str:
        return self.get_level_display()


class Result(models.Model):
    """What was counted when the survey closed; the database counts again before it takes it."""

    append_only = True

    survey = models.OneToOneField(Survey, on_delete=models.PROTECT, related_name="result")
    roster = models.PositiveIntegerField("名单人数")
    given = models.PositiveIntegerField("登记发票")
    issued = models.PositiveIntegerField("有效票数")  # made and not voided
    levels = models.JSONField("各级份数")  # {"5": 12, …, "0": 1}
    channels = models.JSONField("各方式份数")
    reasons = models.JSONField("各原因份数")
    formula = models.CharField("满意率公式", max_length=10, choices=Formula.choices)
    numerator = models.PositiveIntegerField("分子")
    denominator = models.PositiveIntegerField("分母")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "测评结果"

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"

    @property
    def rate(self) -> Fraction | None:
        """满意率, exact; None when nobody answered."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def why(self) -> list[tuple[str, int]]:
        """Reasons with their counts, the most frequent first (JSON keeps no order)."""
        return sorted(self.reasons.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def received(self) -> int:
        """Answers that came back, invalid ones included."""
        return sum(self.levels.values())

    @property
    def valid(self) -> int:
        """Answers with a level."""
        return self.received - int(self.levels.get(str(INVALID), 0))
