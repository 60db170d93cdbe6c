"""A folder comes in as zip, is checked in a child process, and is published by a second person."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from shuniu import policy
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files import limited
from shuniu.foundation.files.models import Blob
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library import rules
from shuniu.library.actions.storing import keep, store
from shuniu.library.models import Document, Release, Upload
from shuniu.library.queries import keys, on_disk
from shuniu.library.unpacking import unpacked
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with, union_of

_SECONDS = 20
_MEMORY = 512 * limited.MIB
_FOUND = (
    "key", "version", "title", "issuer", "digest", "files", "problems", "warnings", "cases", "upper_cases",
    "changed", "explained",
)  # fmt: skip


def _person(by: Who) -> Person:
    assert by.person is not None  # every rule of this module asks for a role, which only people hold
    return by.person


def upload(*, by: Who, received: Received) -> Upload:
    """B6: a security administrator brings a folder; what the check finds is kept with it, nothing is published yet.

    Raises Refused("library.too_complex") when the check does not come to an end within its limits.
    """
    require(rules.may_upload(by))
    found = _checked(received)
    with transaction.atomic():
        return take_in(by=by, union=union_of(by.union_id or 0), received=received, found=found)


def _checked(received: Received) -> dict[str, Any]:
    path = Blob(sha256=received.sha256).path
    try:
        found: dict[str, Any] = limited.call(
            "shuniu.library.unpacking:check", {"path": str(path)}, timeout=_SECONDS, memory=_MEMORY
        )
    except limited.Limited as stopped:
        raise Refused(refuse("library.too_complex", name=received.name)) from stopped
    return found


def take_in(*, by: Who, union: Union, received: Received, found: dict[str, Any]) -> Upload:
    """B6: keep a folder with what the check found; called within the transaction of the act that brings it."""
    require(rules.may_upload(by))
    base = _base(by, found)
    state = Upload.State.REFUSED if found["problems"] else Upload.State.CHECKED
    row = Upload.objects.create(
        union=union, name=received.name, made_by=_person(by), base=base, state=state,
        **{name: found[name] for name in _FOUND if name in found},
    )  # fmt: skip
    row.file = files.attach(by=by, received=received, owner=row)
    row.save(update_fields=["file"])
    journal.record(
        by=by, verb="library.upload", subject=row, union_id=union.pk,
        text=f"上传制度文件夹“{row.name}”：{row.get_state_display()}",
        facts={"sha256": received.sha256, "digest": row.digest, "cases": len(row.cases)},
    )  # fmt: skip
    return row


def _base(by: Who, found: dict[str, Any]) -> Document | None:
    """The upper document as the library has it; a folder that extends an unknown one has a mistake."""
    wanted = found.get("extends")
    if not wanted:
        return None
    key, version = wanted
    if key in keys() and on_disk(key).version == version:
        return store(by=by, key=key)
    document = Document.objects.filter(key=key, version=version).first()
    if document is None:
        said = refuse("library.base_unknown").reason
        found["problems"].append(
            {
                "file": "document.yaml",
                "line": 0,
                "key": "extends",
                "expected": said,
                "found": "",
                "advice": "",
            }
        )
    return document


def _locked(pk: int) -> Upload:
    return (
        Upload.objects.select_for_update(of=("self",))
        .select_related("union", "base", "proposed_by")
        .get(pk=pk)
    )


@transaction.atomic
def propose(*, by: Who, upload_id: int) -> Upload:
    """B2: hand a checked folder to the second person."""
    row = _locked(upload_id)
    require(rules.may_propose(by, row))
    require(rules.may_publish(row))
    person = _person(by)
    row.state, row.proposed_by, row.proposed_identity = Upload.State.PROPOSED, person, person.identity
    row.proposed_at = clock.now()
    row.save()
    journal.record(
        by=by, verb="library.propose", subject=row, union_id=row.union_id, text=f"提请发布{row}",
        facts={"digest": row.digest},
    )  # fmt: skip
    tell(
        people_with(row.union_id, *rules.uploads.APPROVERS).exclude(pk=person.pk),
        title=f"请确认发布制度：{row.title}", kind="library.confirm",
        url=reverse("library:upload", args=[row.pk]), effect_key=f"library.propose:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def confirm(*, by: Who, upload_id: int) -> Release:
    """B2: a second person publishes; from now on new calls begin from this version, running calls keep theirs."""
    row = _locked(upload_id)
    require(rules.may_confirm(by, row))
    require(rules.may_publish(row))
    content = unpacked(row.files)
    document = keep(by=by, law=policy.load_bytes(content), files=content)
    _decide(by, row, Upload.State.PUBLISHED, "")
    release = Release.objects.create(
        key=row.key, document=document, upload=row, union=row.union, base=row.base
    )
    journal.record(
        by=by, verb="library.publish", subject=row, also=[document], union_id=row.union_id,
        text=f"确认发布{row}", facts={"digest": row.digest},
    )  # fmt: skip
    _tell_proposer(row, f"制度已发布：{row.title}", "")
    return release


@transaction.atomic
def decline(*, by: Who, upload_id: int, reason: str) -> Upload:
    """B2: the second person says no, with a reason; a mended folder is uploaded anew."""
    row = _locked(upload_id)
    require(rules.may_confirm(by, row))
    if not reason.strip():
        raise Refused(refuse("library.reason"))
    _decide(by, row, Upload.State.DISCARDED, reason.strip())
    journal.record(
        by=by, verb="library.decline", subject=row, union_id=row.union_id, text=f"不同意发布{row}：{row.note}"
    )
    _tell_proposer(row, f"制度未获同意：{row.title}", row.note)
    return row


def _decide(by: Who, row: Upload, state: Upload.State, note: str) -> None:
    person = _person(by)
    row.state, row.note, row.decided_at = state, note[:300], clock.now()
    row.decided_by, row.decided_identity = person, person.identity
    row.save()


def _tell_proposer(row: Upload, title: str, body: str) -> None:
    if row.proposed_by is not None:
        tell(
            [row.proposed_by], title=title[:200], body=body, kind="library.decided",
            url=reverse("library:upload", args=[row.pk]), effect_key=f"library.decided:{row.pk}",
        )  # fmt: skip


@transaction.atomic
def discard(*, by: Who, upload_id: int) -> Upload:
    """B2: the folder is not wanted; it stays in the record."""
    row = _locked(upload_id)
    require(rules.may_discard(by, row))
    row.state, row.decided_at = Upload.State.DISCARDED, clock.now()
    row.save()
    journal.record(
        by=by, verb="library.discard", subject=row, union_id=row.union_id, text=f"放弃上传的制度“{row.name}”"
    )
    return row
