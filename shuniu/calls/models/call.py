"""The call (遴选通知): composed from a document, approved by a second person, changed only by amendment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.papers.models import Paper
from shuniu.library.models import Document
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Call(models.Model):
    """One selection under one document. `state` is written by `calls.actions.steps` only."""

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        PENDING = "pending", "待审签"
        PUBLISHED = "published", "进行中"
        FINISHED = "finished", "已办结"
        CANCELLED = "cancelled", "已取消"

    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="calls")
    document = models.ForeignKey(
        Document, verbose_name="依据", on_delete=models.PROTECT, related_name="calls"
    )
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("标题", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    stage = models.CharField("当前环节", max_length=40, blank=True)  # key of a CallStage
    intro = models.TextField("正文", blank=True)
    department = models.CharField("责任部门", max_length=60)
    contact = models.CharField("联系人", max_length=40)
    phone = models.CharField("联系电话", max_length=30)
    email = models.EmailField("邮箱", blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    postcode = models.CharField("邮编", max_length=6, blank=True)
    apply_from = models.DateTimeField("报名开始", null=True, blank=True)
    apply_until = models.DateTimeField(
        "报名截止", null=True, blank=True
    )  # half-open: this instant is too late
    soft_limit = models.PositiveSmallIntegerField("类别上限", null=True, blank=True)  # from the document
    # What the plain items of the score sheet add up to; the document's own sheet says it.
    points_total = models.PositiveSmallIntegerField("评分表总分", default=100)
    bonus_above = models.BooleanField("附加分可以超过总分", default=False)
    # From the document: days of validity are computed by the policy engine, never stored as a rule here.
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    submitted_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_identity = models.CharField(max_length=64, blank=True)
    approved_identity = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    frozen = models.JSONField(null=True, blank=True)  # the call as published
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of `frozen`
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # two people, one draft: the second is told
    cleared_at = models.DateTimeField(
        null=True, blank=True
    )  # R3: the contact is no longer shown to the public

    class Meta:
        verbose_name = "遴选通知"
        ordering = ["-year", "-id"]
        constraints = [
            # A window has an end after its beginning.
            models.CheckConstraint(
                condition=Q(apply_until__isnull=True) | Q(apply_from__lt=F("apply_until")), name="call_window"
            ),
            # Whoever approves is another natural person than who submitted.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("submitted_by")) & ~Q(approved_identity=F("submitted_identity"))),
                name="call_second_person",
            ),
            # As many points as a sheet's columns hold.
            models.CheckConstraint(
                condition=Q(points_total__gte=1, points_total__lte=9000), name="call_points_total"
            ),
            # What is published was approved, has a window and is frozen.
            models.CheckConstraint(
                condition=Q(state__in=["draft", "pending", "cancelled"])
                | (
                    Q(approved_by__isnull=False, published_at__isnull=False, apply_until__isnull=False)
                    & ~Q(digest="")
                ),
                name="call_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_word(self) -> str:
        """The state in words; a draft that ended was never a notice."""
        discarded = self.state == self.State.CANCELLED and self.published_at is None
        return "草稿已作废" if discarded else str(self.State(self.state).label)


class CallEvent(models.Model):
    """What happened to the call: its state and stage are the replay of these rows."""

    append_only = True

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(
        max_length=40
    )  # draft, discard, submit, return, publish, open, close, cancel, finish, reopen
    state = models.CharField(max_length=10)
    stage = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    clause = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    behalf = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "遴选经过"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.verb}"


class CallStage(models.Model):
    """A stage of the procedure, copied from the document with the dates of this call."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="stages")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)  # from the engine's closed list
    label = models.CharField(max_length=60)
    clause = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField("开始", null=True, blank=True)
    ends_on = models.DateField("结束", null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "遴选阶段"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="callstage_key"),
            models.UniqueConstraint(fields=["call", "order"], name="callstage_order"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="callstage_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class CallCategory(models.Model):
    """A category of the document that this call opens."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="categories")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField("类别", max_length=60)
    clause = models.CharField(max_length=80, blank=True)
    directions = models.JSONField(default=list)  # [{key, label}]
    places = models.PositiveSmallIntegerField("名额", null=True, blank=True)  # 本办法未规定: the call's own

    class Meta:
        verbose_name = "遴选类别"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="callcategory_key")]

    def __str__(self) -> str:
        return self.label


class CallMaterial(models.Model):
    """A material that applicants hand in."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="materials")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField("材料", max_length=100)
    hint = models.CharField("说明", max_length=300, blank=True)
    clause = models.CharField("依据", max_length=80, blank=True)
    required = models.BooleanField("必交", default=True)

    class Meta:
        verbose_name = "材料要求"
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="callmaterial_key")]

    def __str__(self) -> str:
        return self.label


class CallTerm(models.Model):
    """What the document leaves open and this call settles; shown as 本办法未规定 with who settled it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="terms")
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    value = models.JSONField()
    why = models.CharField("理由", max_length=300, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "通知另定事项"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="callterm_key")]

    def __str__(self) -> str:
        return f"{self.label}：{self.value}"


class RubricItem(models.Model):
    """A line of a score sheet: the experts', or the visit's where the document has one of its own for it.

    The plain lines of the experts' sheet of a published call add up to its `points_total` (trigger at publication).
    """

    class Use(models.TextChoices):
        REVIEW = "review", "评审"
        VISIT = "visit", "实地评估"

    class Kind(models.TextChoices):
        POINTS = "points", "评分"
        BONUS = "bonus", "附加分"
        DEDUCTION = "deduction", "扣分"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="rubric")
    use = models.CharField("用于", max_length=10, choices=Use.choices, default=Use.REVIEW)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices, default=Kind.POINTS)
    mandatory = models.BooleanField("必备项", default=False)
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    label = models.CharField("指标", max_length=60)
    guide = models.TextField("评分标准")
    weight = models.PositiveSmallIntegerField("分值")

    class Meta:
        verbose_name = "评分指标"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["call", "use", "key"], name="rubric_key"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=9000), name="rubric_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.label}（{self.weight} 分）"


class Amendment(models.Model):
    """A recorded change of a published call, approved by a second person and published."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField("理由")
    changes = models.JSONField()  # [{field, label, before, after}]
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_identity = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_identity = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "通知更正"
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="amendment_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("proposed_by")) & ~Q(approved_identity=F("proposed_identity"))),
                name="amendment_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"更正第 {self.number} 号"


class Question(models.Model):
    """A question during the window; its answer is published to all, without naming who asked."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="questions")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    text = models.TextField("问题")
    asked_at = models.DateTimeField(db_default=Now())
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "提问"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text[:40]
