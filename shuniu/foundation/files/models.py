"""Evidence: bytes stored once under their SHA-256, named by attachments that belong to somebody's record."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from shuniu.foundation.calendar.clock import Now


class Blob(models.Model):
    """The bytes. Quarantined until the scanner has answered."""

    class Scan(models.TextChoices):
        WAITING = "waiting", "待查毒"
        CLEAN = "clean", "已放行"
        INFECTED = "infected", "有病毒"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField("字节")
    content_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField("页数", null=True)
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.WAITING)
    scanned_by = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """A file as somebody named it, on a record. The record's slice decides who may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    owner = models.CharField(max_length=80, db_index=True)  # "registry.organisation:12"
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)  # undo is possible until submitted

    class Meta:
        ordering = ["uploaded_at", "id"]

    def __str__(self) -> str:
        return self.name
