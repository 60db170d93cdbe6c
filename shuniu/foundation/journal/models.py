"""Who did what to what, for which union, when, under which clause, with which facts. Only added to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from shuniu.foundation.calendar.clock import Now


class TransactionId(models.Func):
    """The transaction that writes the row: the sealer reads in commit order by it."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Entry(models.Model):
    """One act, or one reading of sealed material. Written by `journal.actions.record` only."""

    append_only = True

    at = models.DateTimeField("时间", db_default=Now())
    xid = models.BigIntegerField(db_default=TransactionId(), editable=False)
    person_id = models.BigIntegerField("人员", null=True)  # no foreign key: the journal outlives its people
    person_name = models.CharField("姓名", max_length=80)
    role = models.CharField("身份", max_length=40, blank=True)
    behalf = models.CharField("代表", max_length=120, blank=True)  # the union or organisation acted for
    union_id = models.BigIntegerField("所属工会", null=True)
    verb = models.CharField("动作", max_length=60)
    text = models.TextField("内容")
    clause = models.CharField("依据", max_length=80, blank=True)
    subject = models.CharField("对象", max_length=80)  # "calls.application:31"
    subject_label = models.CharField("对象名称", max_length=200)
    about = ArrayField(models.CharField(max_length=80), default=list)  # every record whose 时间线 shows it
    facts = models.JSONField("事实", default=dict)
    is_reading = models.BooleanField("查阅", default=False)
    request_id = models.CharField("请求编号", max_length=24, blank=True)

    class Meta:
        verbose_name = "日志条目"
        ordering = ["-id"]
        indexes = [
            GinIndex(fields=["about"], name="entry_about"),
            models.Index(fields=["union_id", "-id"], name="entry_union"),
            models.Index(fields=["person_id", "-id"], name="entry_person"),
            models.Index(fields=["xid", "id"], name="entry_commit_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.text}"


class Block(models.Model):
    """A sealed run of entries in commit order; `digest` covers the one before and every entry."""

    append_only = True

    number = models.PositiveBigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    # Every entry of a transaction before this one is sealed: the sealer need not look there again.
    horizon = models.BigIntegerField()
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "日志封存块"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"第 {self.number} 块"


class Seal(models.Model):
    """The place of one entry in the chain."""

    append_only = True

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="seal")
    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="seals")
    position = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = "日志封存"
        constraints = [models.UniqueConstraint(fields=["block", "position"], name="seal_place")]

    def __str__(self) -> str:
        return f"{self.block_id}/{self.position}"


class Look(models.Model):
    """When somebody who decides last opened a record: its page shows what came since."""

    person_id = models.BigIntegerField()  # no foreign key, as in Entry
    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "查看记录"
        constraints = [models.UniqueConstraint(fields=["person_id", "subject"], name="look_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.at}"
