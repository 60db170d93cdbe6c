"""Keeping files: store, take an earlier one again, remove, restore, judge what waits in quarantine.

Whether somebody may put a file on a record, the record's slice decides before it calls these.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import structlog
from django.db import models, transaction

from shuniu.foundation import jobs
from shuniu.foundation.access import Refused, Who, refuse, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import receiving, rules, scanning
from shuniu.foundation.files.kinds import DEFAULT_MAX_BYTES, KINDS
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.files.receiving import Readable, Received
from shuniu.foundation.files.rules import FileRefused
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.chain import key
from shuniu.foundation.notices import actions as notices

log = structlog.get_logger(__name__)
SCAN_JOB = "files.scan"


def store(
    *,
    by: Who,
    upload: Readable,
    owner: models.Model | str,
    name: str,
    allowed: frozenset[str],
    max_bytes: int = DEFAULT_MAX_BYTES,
    organisation_id: int | None = None,
) -> Attachment:
    """R4: put an uploaded file on `owner` ("registry.organisation:12" or the record itself).

    `allowed`: keys of `kinds.KINDS`; `organisation_id`: whose evidence it is, by default the one acted for.
    Raises FileRefused with the sentence of its cause (U28). Until the scanner has answered the file is kept
    but not handed out.
    """
    received = receiving.receive(upload, name=name, allowed=allowed, max_bytes=max_bytes)
    return attach(by=by, received=received, owner=owner, organisation_id=organisation_id)


@transaction.atomic
def attach(
    *, by: Who, received: Received, owner: models.Model | str, organisation_id: int | None = None
) -> Attachment:
    """R4: put bytes that were received before on `owner`; `store` in one step is the usual way."""
    kind = KINDS[received.kind]
    blob, is_new = Blob.objects.get_or_create(
        sha256=received.sha256,
        defaults={
            "size": received.size, "pages": received.pages,
            "kind": kind.key, "content_type": kind.content_type,
            "scan": Blob.Scan.WAITING if scanning.is_remote() else Blob.Scan.CLEAN,
            "scanned_by": "" if scanning.is_remote() else scanning.NO_SCANNER,
        },
    )  # fmt: skip
    if blob.scan == Blob.Scan.INFECTED:
        raise FileRefused("files.infected", name=received.name)
    if is_new and blob.scan == Blob.Scan.WAITING:
        jobs.enqueue(SCAN_JOB, blob_id=blob.pk)
    return _attach(by, blob, owner, received.name, organisation_id, "upload", "上传")


def keep(*, data: bytes, kind: str, name: str, pages: int | None = None) -> Blob:
    """R5: store bytes that the product made itself (an issued paper, an export); no scanner, no attachment.

    Within the transaction of the act that journals it.
    """
    received = receiving.keep(data, kind=kind, name=name, pages=pages)
    blob, _ = Blob.objects.get_or_create(
        sha256=received.sha256,
        defaults={
            "size": received.size, "kind": kind, "content_type": KINDS[kind].content_type, "pages": pages,
            "scan": Blob.Scan.CLEAN, "scanned_by": "本系统生成",
        },
    )  # fmt: skip
    _revive(blob, received.name)
    return blob


@transaction.atomic
def reuse(
    *,
    by: Who,
    attachment: Attachment,
    owner: models.Model | str,
    name: str = "",
    organisation_id: int | None = None,
) -> Attachment:
    """R4: put an earlier file on another record, without its bytes travelling again.

    The caller fetched `attachment` through `queries.reusable_for(who)`. Refused when it was removed or is
    infected.
    """
    if attachment.removed_at is not None:
        raise Refused(refuse("files.removed", name=attachment.name))
    if attachment.blob.scan == Blob.Scan.INFECTED:
        raise FileRefused("files.infected", name=attachment.name)
    if organisation_id is None:
        organisation_id = by.organisation_id or attachment.organisation_id
    chosen = receiving.clean_name(name) if name else attachment.name
    return _attach(by, attachment.blob, owner, chosen, organisation_id, "reuse", "从以往材料选用")


def _attach(
    by: Who,
    blob: Blob,
    owner: models.Model | str,
    name: str,
    organisation_id: int | None,
    verb: str,
    word: str,
) -> Attachment:
    row = Attachment.objects.create(
        blob=blob, name=name, owner=key(owner), uploaded_by=by.person,
        organisation_id=by.organisation_id if organisation_id is None else organisation_id,
    )  # fmt: skip
    _revive(blob, name)  # from here on the row's key keeps `discard` away
    _note(by, row, verb, f"{word}“{name}”（{receiving.shown_size(blob.size)}）")
    return row


def _note(by: Who, row: Attachment, verb: str, text: str) -> None:
    journal.record(
        by=by, verb=verb, subject=row, also=[row.owner], text=text,
        facts={"sha256": row.blob.sha256, "size": row.blob.size},
    )  # fmt: skip


@transaction.atomic
def remove(*, by: Who, attachment: Attachment) -> None:
    """U28: take a file off its record; `restore` undoes it. Removing twice changes nothing."""
    row = Attachment.objects.select_for_update(of=("self",)).select_related("blob").get(pk=attachment.pk)
    if row.removed_at is None:
        row.removed_at = clock.now()
        row.save(update_fields=["removed_at"])
        _note(by, row, "remove", f"删除“{row.name}”")
    attachment.removed_at = row.removed_at


@transaction.atomic
def restore(*, by: Who, attachment: Attachment) -> None:
    """U28: put a removed file back on its record. Restoring twice changes nothing."""
    row = Attachment.objects.select_for_update(of=("self",)).select_related("blob").get(pk=attachment.pk)
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        _note(by, row, "restore", f"恢复“{row.name}”")
    attachment.removed_at = None


def scan(*, blob_id: int) -> Blob.Scan:
    """R4: ask the scanner about one waiting file and release or bar it; waits on when there is no answer."""
    blob = Blob.objects.get(pk=blob_id)
    if blob.scan != Blob.Scan.WAITING:
        return Blob.Scan(blob.scan)
    try:
        answer = scanning.judge(blob.path)
    except scanning.NoAnswer as silent:
        log.warning("files.scan", blob=str(blob), silent=str(silent))
        return Blob.Scan.WAITING
    with transaction.atomic():
        blob = Blob.objects.select_for_update().get(pk=blob_id)
        if blob.scan == Blob.Scan.WAITING:
            blob.scan = Blob.Scan.INFECTED if answer.virus else Blob.Scan.CLEAN
            blob.scanned_by = f"{answer.scanner} {answer.virus}".strip()[:60]
            blob.save(update_fields=["scan", "scanned_by"])
            if answer.virus:
                _bar(blob, answer)
    return Blob.Scan(blob.scan)


def _bar(blob: Blob, answer: scanning.Judgement) -> None:
    by = system("查毒")
    for row in blob.attachments.select_related("uploaded_by", "blob"):
        _note(by, row, "quarantine", f"“{row.name}”查出病毒，已隔离")
        if row.uploaded_by is not None:
            notices.tell(
                [row.uploaded_by], kind="files.infected", title=f"“{row.name}”查出病毒，已隔离",
                body=refuse("files.infected", name=row.name).reason, effect_key=f"files.infected:{row.pk}",
            )  # fmt: skip


def scan_waiting(*, limit: int = 20) -> int:
    """R4: the sweep behind the job: judge what still waits, oldest first; how many were decided."""
    waiting = Blob.objects.filter(scan=Blob.Scan.WAITING).order_by("id").values_list("pk", flat=True)[:limit]
    decided = 0
    for blob_id in list(waiting):
        if scan(blob_id=blob_id) == Blob.Scan.WAITING:
            break  # the scanner is silent: the next minute will tell
        decided += 1
    return decided


@transaction.atomic
def discard(*, attachments: Iterable[Attachment]) -> int:
    """R3: take files away for good, and the bytes that nothing else holds; how many files.

    The caller has let go of them in its own rows and journals why. The digest of the bytes stays.
    """
    rows = list(attachments)
    blobs = {row.blob_id for row in rows}
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for blob in Blob.objects.select_for_update().filter(pk__in=blobs, erased_at__isnull=True).order_by("pk"):
        if not _is_held(blob):
            _erase(blob)
    return len(rows)


@transaction.atomic
def discard_infected(*, blob_ids: Iterable[int]) -> int:
    """R3: erase the bytes of files in which a virus was found; name and digest stay, so that it stays barred."""
    rows = Blob.objects.select_for_update().filter(
        pk__in=list(blob_ids), scan=Blob.Scan.INFECTED, erased_at__isnull=True
    )
    found = list(rows.order_by("pk"))
    for blob in found:
        _erase(blob)
    return len(found)


def _is_held(blob: Blob) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: blob}).exists()
        for relation in Blob._meta.related_objects
    )


def _erase(blob: Blob) -> None:
    blob.erased_at = clock.now()
    blob.save(update_fields=["erased_at"])
    transaction.on_commit(partial(finish_erasing, blob_ids=[blob.pk]))


def finish_erasing(*, blob_ids: Iterable[int]) -> None:
    """R3: delete the bytes of erased rows; a second time nothing is left to delete."""
    for blob_id in blob_ids:
        with transaction.atomic():
            blob = Blob.objects.select_for_update().get(pk=blob_id)
            if blob.erased_at is not None:
                blob.path.unlink(missing_ok=True)


def _revive(blob: Blob, name: str) -> None:
    """The same bytes came again after they were erased: they are kept anew."""
    if not Blob.objects.filter(pk=blob.pk, erased_at__isnull=False).exists():
        return
    with transaction.atomic():
        row = Blob.objects.select_for_update().get(pk=blob.pk)
        if not row.path.exists():  # erased between their arrival and this moment
            raise FileRefused("files.broken", name=name)
        row.erased_at = None
        row.save(update_fields=["erased_at"])
    blob.erased_at = None


def require_handed_out(by: Who, attachment: Attachment) -> None:
    """Raise Refused when the file is in quarantine, removed or infected (for mails and exports)."""
    require(rules.may_hand_out(by, attachment))


__all__ = [
    "SCAN_JOB", "attach", "discard", "discard_infected", "finish_erasing", "keep", "remove",
    "require_handed_out", "restore", "reuse", "scan", "scan_waiting", "store",
]  # fmt: skip
