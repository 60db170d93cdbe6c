"""评审专家: pool, committee, a draw that anyone can replay, undertakings and recusals."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application
from shuniu.calls.models.call import Call, CallCategory
from shuniu.foundation.calendar.clock import Now
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Expert(models.Model):
    """A member of one union's expert pool."""

    union = models.ForeignKey(Union, on_delete=models.PROTECT, related_name="experts")
    number = models.PositiveIntegerField("专家编号")
    person = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="expert_of"
    )
    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("手机", max_length=20)
    employer = models.CharField("工作单位", max_length=120)
    employer_code = models.CharField("单位信用代码", max_length=18, blank=True)
    past_posts = models.TextField("曾任职单位", blank=True)  # one a line
    position = models.CharField("职称职务", max_length=60, blank=True)
    fields = ArrayField(models.CharField(max_length=40), default=list)  # category keys
    # "category:direction" keys: what the expert knows best within the categories; empty says nothing.
    directions = ArrayField(models.CharField("擅长方向", max_length=81), default=list, blank=True)
    tier = models.CharField("级别", max_length=10, default="city")
    term_from = models.DateField("聘期自")
    term_to = models.DateField("聘期至")
    available = models.BooleanField("可参加", default=True)
    retired_at = models.DateTimeField("解聘时间", null=True, blank=True)
    retired_reason = models.CharField("解聘原因", max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "评审专家"
        ordering = ["union", "number"]
        constraints = [
            models.UniqueConstraint(fields=["union", "number"], name="expert_number"),
            models.UniqueConstraint(fields=["union", "phone"], name="expert_phone"),
            # One account is one expert of a union: otherwise one person could hold two seats.
            models.UniqueConstraint(
                fields=["union", "person"], condition=Q(person__isnull=False), name="expert_person_once"
            ),
            models.CheckConstraint(condition=Q(term_from__lte=models.F("term_to")), name="expert_term"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | ~Q(retired_reason=""), name="expert_retired_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class YearlyUndertaking(models.Model):
    """保密与廉洁承诺, once a year before any material is served (D9)."""

    append_only = True

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="undertakings")
    year = models.PositiveSmallIntegerField()
    text_digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "年度承诺"
        constraints = [models.UniqueConstraint(fields=["expert", "year"], name="undertaking_yearly")]

    def __str__(self) -> str:
        return f"{self.expert} {self.year}"


class Aggregation(models.TextChoices):
    """How the sheets of one application become its score."""

    MEAN = "mean", "平均分"
    TRIMMED = "trimmed", "去掉一个最高分和一个最低分后的平均分"
    MEDIAN = "median", "中位数"


class Calibration(models.TextChoices):
    """What stands beside the raw score to allow for strict and mild experts; it never replaces it."""

    NONE = "none", "不校准"
    SEVERITY = "severity", "宽严修正"
    STANDARD = "standard", "标准化"


class Committee(models.Model):
    """评审委员会 of one category of one call."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="committees")
    category = models.OneToOneField(CallCategory, on_delete=models.PROTECT, related_name="committee")
    size = models.PositiveSmallIntegerField("人数")  # 本办法未规定: the call's own
    # How the sheets become one score: 本办法未规定, fixed when scoring opens (trigger).
    aggregation = models.CharField(
        "汇总方式", max_length=8, choices=Aggregation.choices, default=Aggregation.MEAN
    )
    digits = models.PositiveSmallIntegerField("保留小数", default=2)
    # 本办法未规定: the call's own, fixed when scoring opens (trigger).
    calibration = models.CharField(
        "评分校准", max_length=8, choices=Calibration.choices, default=Calibration.NONE
    )
    # Each application is reviewed by so many members, as assigned; empty: by all of them. Fixed like the above.
    reviews_each = models.PositiveSmallIntegerField("每份评审人数", null=True, blank=True)
    load_limit = models.PositiveSmallIntegerField("每位委员最多份数", null=True, blank=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField("开始评分", null=True, blank=True)
    due_on = models.DateField("评分期限", null=True, blank=True)
    closed_at = models.DateTimeField("结束评分", null=True, blank=True)

    class Meta:
        verbose_name = "评审委员会"
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=1), name="committee_size"),
            models.CheckConstraint(condition=Q(digits__lte=2), name="committee_digits"),
            # As many reviewers as there are members is everybody, and a limit serves an assignment only.
            models.CheckConstraint(
                condition=Q(reviews_each__isnull=True)
                | Q(reviews_each__gte=1, reviews_each__lt=models.F("size")),
                name="committee_reviews_each",
            ),
            models.CheckConstraint(
                condition=Q(load_limit__isnull=True) | Q(load_limit__gte=1, reviews_each__isnull=False),
                name="committee_load_limit",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(opened_at__isnull=False),
                name="committee_opened_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}评审委员会"


class Draw(models.Model):
    """The pool of one draw, frozen and published with its digest before any seed exists."""

    append_only = True
    columns_may_change = ("reveal_by",)

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    pool = models.JSONField()  # expert numbers in order, without names
    pool_digest = models.CharField(max_length=64)
    seats = models.PositiveSmallIntegerField()
    parties = models.JSONField()  # two, in order: [{"key", "label"}]
    reason = models.TextField("再次抽取的原因", blank=True)  # empty for the first draw of a committee
    # Nobody, when a draw follows by itself on one that a party let lapse.
    frozen_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(db_default=Now())
    reveal_by = models.DateTimeField(null=True)  # half-open, set once with the second commitment

    class Meta:
        verbose_name = "专家抽取"
        ordering = ["committee", "number"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "number"], name="draw_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="draw_again_why"),
        ]

    def __str__(self) -> str:
        return f"{self.committee}第 {self.number} 次抽取"


class DrawCommitment(models.Model):
    """A party's commitment (digest) to a number, or the number itself; neither can be taken back."""

    append_only = True

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="commitments")
    party = models.CharField(max_length=20)
    kind = models.CharField(max_length=8)  # commit | reveal
    value = models.CharField(max_length=200)  # SHA-256 of "number:salt", then "number:salt"
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "抽取承诺值"
        constraints = [
            models.UniqueConstraint(fields=["draw", "party", "kind"], name="drawcommitment_once"),
            # Two parties are two natural persons.
            models.UniqueConstraint(fields=["draw", "identity", "kind"], name="drawcommitment_two_people"),
            models.CheckConstraint(condition=Q(kind__in=["commit", "reveal"]), name="drawcommitment_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.party} {self.kind}"


class DrawLapse(models.Model):
    """A party that committed and did not tell its number in time: published with the name, never asked again."""

    append_only = True

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="lapses")
    party = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    identity = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "抽取逾期"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draw", "party"], name="drawlapse_once")]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.party}"


class DrawResult(models.Model):
    """The seed and the order that follows from it."""

    append_only = True

    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="result")
    seed = models.CharField(max_length=64)
    order = models.JSONField()  # expert numbers, drawn first to last
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "抽取结果"

    def __str__(self) -> str:
        return f"{self.draw_id} {self.seed[:8]}"


class Seat(models.Model):
    """A drawn expert's place in the committee."""

    class State(models.TextChoices):
        INVITED = "invited", "待确认"
        ACTIVE = "active", "参加评审"
        DECLINED = "declined", "不能参加"
        REPLACED = "replaced", "已替换"

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="seats")
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="drawn_seats")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    declared_at = models.DateTimeField("回避声明时间", null=True, blank=True)
    reason = models.CharField("不能参加的原因", max_length=200, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "评审席位"
        ordering = ["committee", "position"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "expert"], name="seat_once"),
            models.UniqueConstraint(fields=["committee", "position"], name="seat_position"),
            # Whoever takes part has declared; whoever does not has said why.
            models.CheckConstraint(
                condition=~Q(state="active") | Q(declared_at__isnull=False), name="seat_active_declared"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "replaced"]) | ~Q(reason=""), name="seat_left_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert} · {self.committee}"


class Recusal(models.Model):
    """回避: irrevocable. Declared by the expert or found by the system."""

    append_only = True

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    kind = models.CharField(max_length=12)  # declared | employer | telephone | past_post | past_project
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "回避"
        constraints = [models.UniqueConstraint(fields=["seat", "application"], name="recusal_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} / {self.application_id}"
