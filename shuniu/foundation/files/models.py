"""Evidence: bytes stored once under their SHA-256, named by attachments that belong to somebody's record."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from shuniu.foundation.calendar.clock import Now


class Blob(models.Model):
    """The bytes. Quarantined until the scanner has answered. Written by `files.actions`."""

    class Scan(models.TextChoices):
        WAITING = "waiting", "待查毒"
        CLEAN = "clean", "已放行"
        INFECTED = "infected", "有病毒"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField("字节")
    kind = models.CharField("类型", max_length=10)  # a key of files.kinds.KINDS
    content_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField("页数", null=True)
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.WAITING)
    scanned_by = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True, blank=True)  # R3: the bytes are gone, their digest stays

    class Meta:
        verbose_name = "文件内容"
        indexes = [
            models.Index(fields=["id"], name="blob_waiting", condition=models.Q(scan="waiting")),
        ]
        constraints = [
            # The digest is the place on the disk: nothing else may become a path.
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_digest"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return Path(settings.FILES_ROOT) / self.sha256[:2] / self.sha256[2:4] / self.sha256


class Attachment(models.Model):
    """A file as somebody named it, on a record. The record's slice decides who may read it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    owner = models.CharField(max_length=80, db_index=True)  # "registry.organisation:12"
    # Whose evidence it is, so that the same file under two organisations is seen; no key up the staircase.
    organisation_id = models.BigIntegerField(null=True, blank=True)
    # Nobody, when an anonymous clue came with a file.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    uploaded_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)  # undo is possible until submitted

    class Meta:
        verbose_name = "文件"
        ordering = ["uploaded_at", "id"]
        indexes = [models.Index(fields=["organisation_id", "-uploaded_at"], name="attachment_reuse")]

    def __str__(self) -> str:
        return self.name
