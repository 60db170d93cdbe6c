"""Files of an application: stored once, under one of the call's materials."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from shuniu.calls.actions import apply, stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.models import Application, Material, Stage
from shuniu.calls.queries.correction import open_correction
from shuniu.calls.rules import apply as rules
from shuniu.foundation.access import Verdict, Who
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.models import Attachment

ALLOWED = frozenset({"pdf", "png", "jpeg", "docx", "xlsx"})
MAX_BYTES = 20 * 1024 * 1024


def asked_materials(application: Application) -> set[str]:
    """Keys of the materials that an open correction asks for."""
    correction = open_correction(application)
    if correction is None:
        return set()
    return {item["key"].removeprefix("material:") for item in correction.items if item["kind"] == "material"}


def _may(by: Who, application: Application, key: str) -> Verdict:
    section = f"material:{key}" if application.stage == Stage.CORRECTING else "materials"
    return rules.may_edit(by, application, section)


def upload(*, by: Who, application_id: int, item_id: int, upload: Any) -> Material:
    """第五条（二）: store an uploaded file (PDF, picture, Word, Excel, 20 MB) and put it under a material."""
    application = Application.objects.select_related("organisation", "call").get(pk=application_id)
    item = application.call.materials.get(pk=item_id)
    require_under(application.call, _may(by, application, item.key), "apply")
    with transaction.atomic():
        attachment = files.store(
            by=by,
            upload=upload,
            owner=application,
            name=upload.name or "文件",
            allowed=ALLOWED,
            max_bytes=MAX_BYTES,
        )
        return apply.add_material(
            by=by, application_id=application_id, item_id=item_id, attachment=attachment
        )


@transaction.atomic
def reuse(*, by: Who, application_id: int, item_id: int, earlier: Attachment) -> Material:
    """第五条（二）: use a file that the organisation handed in before."""
    application = stages.lock(application_id)
    attachment = files.reuse(by=by, attachment=earlier, owner=application)
    return apply.add_material(by=by, application_id=application_id, item_id=item_id, attachment=attachment)


@transaction.atomic
def remove(*, by: Who, application_id: int, material_id: int) -> None:
    """Take a file off a draft; `restore` undoes it."""
    _change(by, application_id, material_id, files.remove)


@transaction.atomic
def restore(*, by: Who, application_id: int, material_id: int) -> None:
    """Put a removed file back."""
    _change(by, application_id, material_id, files.restore)


def _change(by: Who, application_id: int, material_id: int, change: Any) -> None:
    application = stages.lock(application_id)
    row = application.materials.select_related("attachment__blob", "item").get(pk=material_id)
    require_under(application.call, _may(by, application, row.item.key), "apply")
    change(by=by, attachment=row.attachment)


def removed_files(application: Application) -> list[Material]:
    """Files that can be put back; in a correction those of the asked materials only."""
    if application.stage not in rules.EDITABLE:
        return []
    rows = application.materials.filter(attachment__removed_at__isnull=False)
    if application.stage == Stage.CORRECTING:
        rows = rows.filter(item__key__in=asked_materials(application))
    return list(rows.select_related("attachment__blob", "item"))
