"""名单: frozen and hashed, put on public view, objected to, published, mended by a correction notice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.calls.models.application import Application
from shuniu.calls.models.call import Call
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.papers.models import Paper

PERSON = settings.AUTH_USER_MODEL


class PublicList(models.Model):
    """A list of one call: 初步入围名单 or 正式入围名单. Its entries never change after freezing.

    A call has one shortlist that was not sent back, and formal lists numbered from 1: the second and later
    ones are supplements for names that were held (docs/decisions/held-names-join-by-a-supplement.md).
    """

    class Kind(models.TextChoices):
        SHORTLIST = "shortlist", "初步入围名单"
        FORMAL = "formal", "正式入围名单"

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="lists")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=1)  # per call and kind, those sent back included
    title = models.CharField("标题", max_length=200)
    frozen = models.JSONField()  # the rows as published
    digest = models.CharField(max_length=64)
    frozen_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    frozen_identity = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_identity = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)  # sent back by the approver: void
    returned_reason = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "名单"
        ordering = ["call", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "kind", "number"], name="list_number"),
            # One shortlist per call; formal lists may be supplemented.
            models.UniqueConstraint(
                fields=["call"],
                condition=Q(kind="shortlist", returned_at__isnull=True),
                name="shortlist_once",
            ),
            # One list at a time waits for its approver.
            models.UniqueConstraint(
                fields=["call", "kind"],
                condition=Q(published_at__isnull=True, returned_at__isnull=True),
                name="list_one_open",
            ),
            # Published or sent back, never both; who sends back says why.
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True)
                | (Q(published_at__isnull=True) & ~Q(returned_reason="")),
                name="list_returned_why",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("frozen_by")) & ~Q(approved_identity=F("frozen_identity"))),
                name="list_second_person",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(approved_by__isnull=False), name="list_approved"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Frozen and waiting for the approver."""
        return self.published_at is None and self.returned_at is None


class ListEntry(models.Model):
    """One name on a list. `state` is changed by a decided objection or a correction only."""

    class State(models.TextChoices):
        LISTED = "listed", "在列"
        HELD = "held", "暂缓"
        REMOVED = "removed", "移出"

    list = models.ForeignKey(PublicList, on_delete=models.PROTECT, related_name="entries")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="entries")
    order = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.LISTED)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "名单条目"
        ordering = ["list", "order"]
        constraints = [
            models.UniqueConstraint(fields=["list", "application"], name="entry_once"),
            models.UniqueConstraint(fields=["list", "order"], name="entry_order"),
            models.CheckConstraint(condition=Q(state="listed") | ~Q(reason=""), name="entry_reason"),
        ]

    def __str__(self) -> str:
        return str(self.application)


class Publicity(models.Model):
    """公示 of a shortlist: whole days, counted in working days, closes by itself."""

    list = models.OneToOneField(PublicList, on_delete=models.PROTECT, related_name="publicity")
    working_days = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()  # half-open: 24:00 of the last day
    closed_at = models.DateTimeField(null=True, blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "公示"
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="publicity_window"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="publicity_days"),
        ]

    def __str__(self) -> str:
        return f"{self.list} 公示"


class PublicityChange(models.Model):
    """A changed holiday moved the end of a running 公示: told by a paper of its own, the first one stays."""

    append_only = True

    publicity = models.ForeignKey(Publicity, on_delete=models.PROTECT, related_name="changes")
    before = models.DateField()
    after = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "公示期变更"
        ordering = ["id"]
        constraints = [
            # Nobody loses time: the end moves later only.
            models.CheckConstraint(condition=Q(after__gt=F("before")), name="publicitychange_later"),
        ]

    def __str__(self) -> str:
        return f"{self.publicity} 延至 {self.after}"


class ListCorrection(models.Model):
    """更正公告: a published list is never edited; what was wrong and what is right stands here."""

    list = models.ForeignKey(PublicList, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField("理由")
    changes = models.JSONField()  # [{entry, name, label, before, after, removes}]
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_identity = models.CharField(max_length=64)
    proposed_at = models.DateTimeField(db_default=Now())
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_identity = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    refused_reason = models.TextField(blank=True)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "名单更正"
        ordering = ["list", "number"]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="listcorrection_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("proposed_by")) & ~Q(approved_identity=F("proposed_identity"))),
                name="listcorrection_second_person",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(approved_by__isnull=False),
                name="listcorrection_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list} 更正第 {self.number} 号"
