"""Files that prove rows of the score sheet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application
from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment


class Evidence(models.Model):
    """A file under one row of the document's score sheet; a trigger keeps it as it was handed in."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="evidence")
    row = models.CharField("评分项目", max_length=60)  # key of the row in the sheet of the call's document
    said = models.JSONField("说明", default=dict)  # what the document counts of it: kind, date, title
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间", db_default=Now())

    class Meta:
        verbose_name = "佐证材料"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "attachment"], name="evidence_once"),
            models.CheckConstraint(condition=~Q(row=""), name="evidence_of_a_row"),
        ]

    @property
    def told(self) -> str:
        """What was said about the file, in one line."""
        return "，".join(self.said.values())

    def __str__(self) -> str:
        return str(self.attachment)
