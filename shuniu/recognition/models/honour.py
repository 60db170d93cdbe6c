"""荣誉: what was honoured at which level, by whom, on what paper. The subject may be a thing of a higher slice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.library.models import Document
from shuniu.registry.models import Organisation
from shuniu.unions.models import Level, Union

PERSON = settings.AUTH_USER_MODEL


class HonourLevel(models.TextChoices):
    """Whose honour it is, in the words of the levels of unions."""

    DISTRICT = Level.DISTRICT.value, "区县"
    CITY = Level.CITY.value, "市"
    PROVINCE = Level.PROVINCE.value, "省"
    NATIONAL = Level.NATIONAL.value, "全国"


class Honour(models.Model):
    """One honour. Changed through `recognition.actions.honours` only; what was said of it stays."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        IN_FORCE = "in_force", "有效"
        DECLINED = "declined", "未采纳"
        REVOKED = "revoked", "已撤销"

    class Source(models.TextChoices):
        OWN = "own", "本会评定"
        ABOVE = "above", "上级评定"

    union = models.ForeignKey(Union, verbose_name="登记单位", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(
        Document, verbose_name="依据制度", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="社会组织", on_delete=models.PROTECT, related_name="honours"
    )
    leader = models.CharField("负责人", max_length=40, blank=True)
    # What is honoured, as a key that only its own slice can open: "projects.project:12".
    subject_key = models.CharField("对象代号", max_length=80)
    subject_label = models.CharField("获誉对象", max_length=200)
    subject_facts = models.JSONField("对象情况", default=dict)  # frozen when it was honoured
    subject_digest = models.CharField("对象情况校验值", max_length=64)
    level = models.CharField("级别", max_length=12, choices=HonourLevel.choices)
    title = models.CharField("荣誉名称", max_length=120)
    granted_by = models.CharField("授予单位", max_length=100)
    decision = models.CharField("文件名称和文号", max_length=200)
    awarded_on = models.DateField("授予日期")
    source = models.CharField("来源", max_length=6, choices=Source.choices)
    proof = models.ForeignKey(
        Attachment, verbose_name="证明材料", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    effect_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("登记时间", db_default=Now())
    confirmed_by = models.ForeignKey(
        PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    revoked_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = "荣誉"
        ordering = ["-awarded_on", "-id"]
        constraints = [
            # An honour of ours comes from a list of ours; one from above from a paper and a second person.
            models.CheckConstraint(
                condition=Q(source="own", effect_key__isnull=False)
                | Q(source="above", proof__isnull=False, recorded_by__isnull=False)
                | Q(source="above", state="proposed"),
                name="honour_rests_on",
            ),
            models.CheckConstraint(
                condition=Q(source="own")
                | Q(state__in=("proposed", "declined"))
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="honour_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_on__isnull=False)
                | (~Q(state="revoked") & Q(revoked_on__isnull=True)),
                name="honour_revoked_when",
            ),
            # The same honour of the same thing is recorded once.
            models.UniqueConstraint(
                fields=["subject_key", "level", "title", "decision"],
                condition=Q(state__in=("proposed", "in_force")),
                name="honour_once",
            ),
        ]
        indexes = [
            models.Index(fields=["union", "-awarded_on", "-id"], name="honour_of_union"),
            models.Index(fields=["subject_key", "state"], name="honour_of_subject"),
            models.Index(fields=["leader"], name="honour_of_leader"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_label} {self.title}"


class HonourEvent(models.Model):
    """What happened to an honour: recorded, granted, confirmed, declined, revoked."""

    append_only = True

    honour = models.ForeignKey(Honour, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField("动作", max_length=20)
    reason = models.TextField("理由", blank=True)
    clause = models.CharField("依据", max_length=80, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    behalf = models.CharField("代表", max_length=120, blank=True)
    at = models.DateTimeField("时间", db_default=Now())

    class Meta:
        verbose_name = "荣誉变动"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.honour_id} {self.verb}"
