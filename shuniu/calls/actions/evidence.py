"""Files under the rows of the score sheet: filed, taken from earlier ones, removed, put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from shuniu.calls import evidence
from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.material import ALLOWED, MAX_BYTES
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Evidence
from shuniu.calls.rules import apply as rules
from shuniu.calls.self_assessment import SECTION
from shuniu.foundation.access import Refused, Who, refuse, register_refusals
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.models import Attachment
from shuniu.library.queries import policy_of

register_refusals(
    {
        "calls.evidence_row": "评分表没有这一项，文件没有保存。请刷新页面后再上传。",
        "calls.evidence_said": "请先写明这份材料的{left}，再上传：这一项按材料计数。",
        "calls.evidence_many": "每项最多 {most} 份佐证材料。请合并后再上传。",
        "calls.evidence_stays": "佐证材料已经随申报提交，不能再增减。需要补充的，请等候补正通知。",
    }
)

MOST = 30  # files under one row


def upload(*, by: Who, application_id: int, row: str, said: Mapping[str, Any], upload: Any) -> Evidence:
    """自查自评（办法的自评环节）: store a file (PDF, picture, Word, Excel, 20 MB) and file it under a row.

    `said`: what the document counts of it, by the names of `evidence.fields_of`.
    """
    application = Application.objects.select_related("organisation", "call__document").get(pk=application_id)
    require_under(application.call, rules.may_edit(by, application, SECTION), "self_assess")
    kept = _checked(application, row, said)
    with transaction.atomic():
        attachment = files.store(
            by=by, upload=upload, owner=application, name=upload.name or "文件", allowed=ALLOWED,
            max_bytes=MAX_BYTES,
        )  # fmt: skip
        return _file(by, application_id, row, kept, attachment)


@transaction.atomic
def reuse(
    *, by: Who, application_id: int, row: str, said: Mapping[str, Any], earlier: Attachment
) -> Evidence:
    """自查自评（办法的自评环节）: file a document that the organisation handed in before."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_edit(by, application, SECTION), "self_assess")
    kept = _checked(application, row, said)
    return _file(by, application_id, row, kept, files.reuse(by=by, attachment=earlier, owner=application))


@transaction.atomic
def remove(*, by: Who, application_id: int, evidence_id: int) -> None:
    """自查自评（办法的自评环节）: take a file off its row; `restore` undoes it."""
    _change(by, application_id, evidence_id, files.remove)


@transaction.atomic
def restore(*, by: Who, application_id: int, evidence_id: int) -> None:
    """自查自评（办法的自评环节）: put a removed file back under its row."""
    _change(by, application_id, evidence_id, files.restore)


def _change(by: Who, application_id: int, evidence_id: int, change: Callable[..., None]) -> None:
    application = stages.lock(application_id)
    require_under(application.call, rules.may_edit(by, application, SECTION), "self_assess")
    change(by=by, attachment=application.evidence.select_related("attachment").get(pk=evidence_id).attachment)


def _file(by: Who, application_id: int, row: str, said: dict[str, Any], attachment: Attachment) -> Evidence:
    application = stages.lock(application_id)
    require_under(application.call, rules.may_edit(by, application, SECTION), "self_assess")
    standing = application.evidence.filter(row=row, attachment__removed_at__isnull=True)
    if standing.count() >= MOST:
        raise Refused(refuse("calls.evidence_many", most=MOST))
    with database_refusals():
        return Evidence.objects.create(application=application, row=row, said=said, attachment=attachment)


def _checked(application: Application, row: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said, by the document's own fields: whole, and of its values."""
    law = policy_of(application.call.document)
    sheet = evidence.sheet_of(law)
    item = next((i for i in sheet.items if i.key == row), None) if sheet else None
    if item is None:
        raise Refused(refuse("calls.evidence_row"))
    fields = evidence.fields_of(law, item)
    kept = {name: str(said[name]) for name in fields if said.get(name)}
    left = [
        field.label
        for name, field in fields.items()
        if (field.type != "text" and name not in kept)
        or (field.values and kept.get(name) not in field.values)
    ]
    if left:
        raise Refused(refuse("calls.evidence_said", left="、".join(left)))
    return kept


__all__ = ["MOST", "remove", "restore", "reuse", "upload"]
