"""Papers that were issued: number, version, digest. Only added to; what is published is never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Blob


class PaperNumber(models.Model):
    """The last number given per union, 机关代字 and year. Taken under its row lock, so there is no gap.

    Written by `papers.actions.issue` only.
    """

    union_id = models.BigIntegerField()  # no key up the staircase
    code = models.CharField("机关代字", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "公文编号"
        constraints = [
            # One counter, or two papers would carry the same number.
            models.UniqueConstraint(fields=["union_id", "code", "year"], name="paper_counter"),
        ]

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.last}号"


class Paper(models.Model):
    """An issued paper. Written by `papers.actions.issue` only; a correction is a new one that replaces it."""

    append_only = True

    union_id = models.BigIntegerField("发文工会", db_index=True)
    kind = models.CharField("种类", max_length=40)  # "calls.publicity", the issuing slice's word
    code = models.CharField("机关代字", max_length=20, blank=True)
    year = models.PositiveSmallIntegerField("年份")
    sequence = models.PositiveIntegerField("序号", null=True)  # null: a paper without 文号
    number = models.CharField("文号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    template = models.CharField(max_length=200)
    data = models.JSONField("内容")  # what was printed; pages show the paper from it
    pdf = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="papers")
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField("签发时间", db_default=Now())

    class Meta:
        verbose_name = "公文"
        ordering = ["-id"]
        constraints = [
            # A number names one paper.
            models.UniqueConstraint(
                fields=["union_id", "code", "year", "sequence"],
                condition=models.Q(sequence__isnull=False),
                name="paper_number_once",
            ),
            # Numbered or not: nothing in between.
            models.CheckConstraint(
                condition=models.Q(sequence__isnull=True, number="")
                | models.Q(sequence__isnull=False, sequence__gte=1)
                & ~models.Q(number="")
                & ~models.Q(code=""),
                name="paper_number_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()
