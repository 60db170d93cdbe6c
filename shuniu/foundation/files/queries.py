"""Reading files. The record's slice has decided who may read it; these follow its record."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

from django.db import models

from shuniu.foundation.access import Who
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.journal.chain import key


def attachments_of(owner: models.Model | str, *, removed: bool = False) -> list[Attachment]:
    """The files on a record that the caller has fetched through "who asks", in order of upload.

    `removed`: only those that were removed and can be restored.
    """
    rows = Attachment.objects.filter(owner=key(owner), removed_at__isnull=not removed)
    return list(rows.select_related("blob", "uploaded_by"))


def attachments_by_owner(owners: Iterable[models.Model | str]) -> dict[str, list[Attachment]]:
    """The files of many records in one query, by `journal.chain.key` of the record."""
    found: dict[str, list[Attachment]] = {key(owner): [] for owner in owners}
    rows = Attachment.objects.filter(owner__in=found, removed_at__isnull=True).select_related("blob")
    for row in rows:
        found[row.owner].append(row)
    return found


def attachment_on(owner: models.Model | str, attachment_id: uuid.UUID | str) -> Attachment:
    """The one file of this record; Attachment.DoesNotExist for another record's and for removed ones.

    ValidationError for a key that is no UUID (an URL's `<uuid:…>` never is).
    """
    return Attachment.objects.select_related("blob").get(
        pk=attachment_id, owner=key(owner), removed_at__isnull=True
    )


def reusable_for(who: Who) -> models.QuerySet[Attachment]:
    """从以往材料中选择: each earlier file of the asker's organisation (else person) once, newest first."""
    if who.organisation_id is not None:
        mine = models.Q(organisation_id=who.organisation_id)
    elif who.person is not None:
        mine = models.Q(uploaded_by=who.person, organisation_id__isnull=True)
    else:
        return Attachment.objects.none()
    mine &= models.Q(removed_at__isnull=True) & ~models.Q(blob__scan=Blob.Scan.INFECTED)
    newest = Attachment.objects.filter(mine).order_by("blob_id", "-uploaded_at").distinct("blob_id")
    return (
        Attachment.objects.filter(pk__in=newest.values("pk")).select_related("blob").order_by("-uploaded_at")
    )


def duplicates_of(attachment: Attachment) -> models.QuerySet[Attachment]:
    """The same bytes under another organisation, removed or not: borrowed evidence is a question to ask."""
    if attachment.organisation_id is None:
        return Attachment.objects.none()
    return (
        Attachment.objects.filter(blob_id=attachment.blob_id, organisation_id__isnull=False)
        .exclude(organisation_id=attachment.organisation_id)
        .order_by("uploaded_at")
    )


def lies_elsewhere(prefix: str = "") -> models.Exists:
    """Inside a query of attachments (`prefix` leads there): do the bytes lie under another organisation too?"""
    same = Attachment.objects.filter(blob=models.OuterRef(f"{prefix}blob"), organisation_id__isnull=False)
    return models.Exists(same.exclude(organisation_id=models.OuterRef(f"{prefix}organisation_id")))


def is_intact(blob: Blob) -> bool:
    """Whether the bytes on the disk still have their digest; False when they are lost."""
    try:
        with blob.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == blob.sha256
    except FileNotFoundError:
        return False
