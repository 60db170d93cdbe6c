"""An application for one category, its materials, submissions and decisions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shuniu.calls.models.call import Call, CallCategory, CallMaterial
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.ui.formats import until
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Stage(models.TextChoices):
    """Where an application stands. Written by `calls.actions.stages.decide` only."""

    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "待审核"
    CORRECTING = "correcting", "补正中"
    CHECKING = "checking", "待复核"
    QUALIFIED = "qualified", "审核通过"
    UNQUALIFIED = "unqualified", "不符合"
    SHORTLISTED = "shortlisted", "初步入围"
    NOT_SHORTLISTED = "not_shortlisted", "未入围"
    RECOGNISED = "recognised", "正式入围"
    REMOVED = "removed", "取消入围"
    WITHDRAWN = "withdrawn", "已撤回"
    ENDED = "ended", "已终止"


# Over, for better or worse. 正式入围 too: what it brought is a recognition, which has ends of its own.
OVER = (
    Stage.WITHDRAWN, Stage.ENDED, Stage.UNQUALIFIED, Stage.NOT_SHORTLISTED, Stage.REMOVED, Stage.RECOGNISED,
)  # fmt: skip
LIVE = [s for s in Stage.values if s not in ("withdrawn", "ended")]


class Application(models.Model):
    """One organisation's application for one category of one call (第八条)."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    category = models.ForeignKey(CallCategory, on_delete=models.PROTECT, related_name="applications")
    directions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    ordinal = models.PositiveSmallIntegerField("第几个类别")
    soft_limit = models.PositiveSmallIntegerField(
        null=True
    )  # the call's, copied so that the row can be checked
    # Of the document where it binds, copied likewise.
    at_most = models.PositiveSmallIntegerField("最多几个", null=True, blank=True)
    override_reason = models.TextField("超出类别上限的理由", blank=True)
    stage = models.CharField("状态", max_length=20, choices=Stage.choices, default=Stage.DRAFT)
    released_at = models.DateTimeField(
        "生效时间", null=True, blank=True
    )  # the audit's outcome told to the applicant
    number = models.CharField("回执编号", max_length=30, null=True, unique=True)
    draft = models.JSONField("草稿", default=dict)  # section → {field: value}
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)  # arrival stamp of the submission
    # Where the document lets other unions recommend: through which one it goes, and which one checks it.
    recommender = models.ForeignKey(
        Union, verbose_name="推荐工会", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    desk = models.ForeignKey(
        Union, verbose_name="审核工会", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the union that runs the call
    # What a union nominates, as a key that only its own slice can open; empty where the organisation itself applies.
    subject_key = models.CharField("推荐对象代号", max_length=80, blank=True)
    subject_label = models.CharField("推荐对象", max_length=200, blank=True)
    clerk = models.ForeignKey(
        PERSON, verbose_name="经办人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("到期", null=True, blank=True)
    judged = models.CharField(
        "系统判断", max_length=12, blank=True
    )  # yes | no | open | ambiguous, of the latest run
    score = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True, blank=True)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)

    class Meta:
        verbose_name = "申报"
        ordering = ["-id"]
        constraints = [
            # One live application per organisation and category in a call; of what is nominated one of each.
            models.UniqueConstraint(
                fields=["call", "organisation", "category"],
                condition=~Q(stage__in=["withdrawn", "ended"]) & Q(subject_key=""),
                name="application_category_once",
            ),
            models.UniqueConstraint(
                fields=["call", "subject_key"],
                condition=~Q(stage__in=["withdrawn", "ended"]) & ~Q(subject_key=""),
                name="application_subject_once",
            ),
            # Its place among the organisation's categories.
            models.UniqueConstraint(
                fields=["call", "organisation", "ordinal"],
                condition=~Q(stage__in=["withdrawn", "ended"]),
                name="application_ordinal_once",
            ),
            # 原则上不超过三个: beyond the limit only with a written reason.
            models.CheckConstraint(
                condition=Q(soft_limit__isnull=True)
                | Q(ordinal__lte=F("soft_limit"))
                | ~Q(override_reason=""),
                name="application_soft_limit",
            ),
            # 不超过几个: never beyond it, whatever the reason.
            models.CheckConstraint(
                condition=Q(at_most__isnull=True) | Q(ordinal__lte=F("at_most")), name="application_at_most"
            ),
            # What was submitted has a number and an arrival stamp.
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "withdrawn", "ended"])
                | Q(number__isnull=False, submitted_at__isnull=False),
                name="application_submitted_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "stage", "-submitted_at"], name="application_list"),
            models.Index(fields=["clerk", "stage", "due_on"], name="application_desk"),
            models.Index(fields=["call", "category", "rank"], name="application_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.named} · {self.category}"

    @property
    def named(self) -> str:
        """Who or what is looked at: the project of the organisation, else the organisation."""
        return f"{self.subject_label}（{self.organisation}）" if self.subject_key else str(self.organisation)

    @property
    def desk_union(self) -> Union:
        """The union whose office checks it."""
        return self.desk or self.call.union

    @property
    def desk_union_id(self) -> int:
        """Its key, without a query."""
        return self.desk_id or self.call.union_id


class Material(models.Model):
    """A file handed in for one of the call's materials."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="materials")
    item = models.ForeignKey(CallMaterial, on_delete=models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "申报材料"
        ordering = ["item__order", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "attachment"], name="material_once")]

    def __str__(self) -> str:
        return str(self.attachment)


class LateGrant(models.Model):
    """A recorded permission to submit after the deadline, for one organisation."""

    append_only = True

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="late_grants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField("至")
    reason = models.TextField("理由")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "补报许可"
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("approved_by")), name="lategrant_second_person"),
            models.CheckConstraint(condition=~Q(reason=""), name="lategrant_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} 延至 {until(self.until)}"


class Submission(models.Model):
    """What was handed in, as it was at that second. Late rows are refused by a trigger."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField(default=0)  # 0: the application, n: the n-th correction
    key = models.UUIDField("提交键", unique=True, default=uuid.uuid4)  # a repeated request carries the same
    arrived_at = models.DateTimeField("到达时间")
    committed_at = models.DateTimeField(db_default=Now())
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "申报提交"
        ordering = ["round"]
        constraints = [
            # Double click and retried request make one submission.
            models.UniqueConstraint(fields=["application", "round"], name="submission_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} 第 {self.round} 次"


class Decision(models.Model):
    """A recorded decision: the application's `stage` is the last one's `to_stage` (trigger)."""

    append_only = True

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=40)  # submit, withdraw, conclude, confirm, return, correct, …
    from_stage = models.CharField(max_length=20)
    to_stage = models.CharField(max_length=20)
    verdict = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    clause = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    identity = models.CharField(max_length=64, blank=True)
    behalf = models.CharField(max_length=120, blank=True)
    confirms = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirms_identity = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "申报决定"
        ordering = ["id"]
        constraints = [
            # A second person confirms, not another account of the same one.
            models.CheckConstraint(
                condition=Q(confirms__isnull=True) | ~Q(identity=F("confirms_identity")),
                name="decision_second_person",
            ),
            # One confirmation per decision: of two checkers at once, one is told.
            models.UniqueConstraint(
                fields=["confirms"], condition=Q(confirms__isnull=False), name="decision_confirmed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.verb} → {self.to_stage}"
