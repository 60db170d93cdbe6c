"""Uploading a list, reading it into a preview, confirming or discarding it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from shuniu.foundation import jobs
from shuniu.foundation.access import Refused, Who, first_refusal, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files import limited
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices import actions as notices
from shuniu.registry import rules
from shuniu.registry.actions.facts import not_in_future
from shuniu.registry.actions.imports import adverse
from shuniu.registry.actions.imports.bulk import copy_in, made
from shuniu.registry.actions.imports.compare import compare
from shuniu.registry.adverse_source import Unreadable, adverse_source
from shuniu.registry.excel.adverse import ADVERSE
from shuniu.registry.excel.layouts import LAYOUTS
from shuniu.registry.excel.sheet import MOST_ROWS
from shuniu.registry.excel.table import MOST_PROBLEMS, Row, WrongFile, understand
from shuniu.registry.models import About, Import, ImportRow, ImportState, RowState
from shuniu.unions.models import Union

READ_JOB = "registry.read_import"
WRITE_JOB = "registry.write_import"
CHUNK = 500
_READ_SECONDS = 30
_READ_MEMORY = 512 * limited.MIB
_COMPARE = {About.ORGANISATIONS: compare, About.ADVERSE: adverse.compare}
_TOO_MUCH = (
    "这份文件太大或太复杂，系统在规定时间内没有读完。请删去图片和多余的工作表，或拆成几个文件后再上传。"
)


@transaction.atomic
def start_import(
    *,
    by: Who,
    union: Union,
    received: Received,
    source_detail: str,
    as_of: dt.date,
    about: About = About.ORGANISATIONS,
) -> Import:
    """A13, A5: a clerk uploads a list; a job reads it. Nothing reaches an organisation before `confirm_import`."""
    require(first_refusal((rules.may_register(by), not_in_future(as_of))))
    if by.union_id != union.pk:
        raise Refused(rules.keeper_only(union))
    if not source_detail.strip():
        raise Refused(refuse("registry.basis"))
    assert by.person is not None
    batch = Import.objects.create(
        union=union, about=about, uploaded_by=by.person, file_name=received.name[:200], as_of=as_of,
        source_detail=source_detail.strip()[:200],
    )  # fmt: skip
    batch.file = files.attach(by=by, received=received, owner=batch)
    batch.save(update_fields=["file"])
    journal.record(
        by=by, verb="start_import", subject=batch, union_id=union.pk, text=f"上传{batch.get_about_display()}“{batch.file_name}”",
        facts={"sha256": received.sha256},
    )  # fmt: skip
    jobs.enqueue(READ_JOB, import_id=batch.pk)
    return batch


@transaction.atomic
def fetch_adverse(*, by: Who, union: Union) -> Import:
    """A5: a clerk has the list of the platform read; a job asks for it. Confirmed like an uploaded one."""
    require(first_refusal((rules.may_register(by), rules.platform_is_set())))
    if by.union_id != union.pk:
        raise Refused(rules.keeper_only(union))
    assert by.person is not None
    batch = Import.objects.create(
        union=union, about=About.ADVERSE, uploaded_by=by.person, file_name=f"平台名录 {clock.today()}",
        as_of=clock.today(), source_detail="平台取回",
    )  # fmt: skip
    journal.record(
        by=by,
        verb="start_import",
        subject=batch,
        union_id=union.pk,
        text=f"从平台取回{batch.get_about_display()}",
    )
    jobs.enqueue(READ_JOB, import_id=batch.pk)
    return batch


def read_import(*, import_id: int) -> ImportState:
    """A13: the job that reads a list into its preview; again and again with the same outcome.

    Waits (stays 正在读取) while the file is in quarantine.
    """
    batch = Import.objects.select_related("file__blob", "union").get(pk=import_id)
    if batch.state != ImportState.READING or (batch.file and batch.file.blob.scan == Blob.Scan.WAITING):
        return ImportState(batch.state)
    try:
        cells = _of_file(batch.file) if batch.file else _of_platform(batch)
        table = understand(cells, LAYOUTS[batch.about])
        del cells  # let go before the rows are written: both would be twice the memory
    except WrongFile as wrong:
        return _give_up(import_id, str(wrong))
    except limited.Limited as stopped:
        words = "这份文件打不开，可能已损坏。请用 Excel 或 WPS 另存为 .xlsx 后再上传。"
        return _give_up(import_id, words if stopped.kind == "failed" else _TOO_MUCH)
    return _keep(import_id, table.rows, table.notes)


def _of_file(file: Attachment) -> dict[str, Any]:
    """The cells of an uploaded workbook."""
    if file.blob.scan != Blob.Scan.CLEAN:
        raise WrongFile("这份文件没有通过查毒。请用杀毒软件清理原文件后重新上传。")
    found: dict[str, Any] = limited.call(
        "shuniu.registry.excel.sheet:read", {"path": str(file.blob.path)},
        timeout=_READ_SECONDS, memory=_READ_MEMORY,
    )  # fmt: skip
    return found


def _of_platform(batch: Import) -> dict[str, Any]:
    """What the platform publishes, as the cells of a filled template; the list keeps whose it is and of which day."""
    platform = adverse_source()
    if platform is None:
        raise WrongFile("平台已经停用。请改用 Excel 导入。")
    try:
        told = platform.fetch()
    except OSError:
        raise WrongFile("平台没有答复。请稍后再取，或改用 Excel 导入。") from None
    except Unreadable as wrong:
        raise WrongFile(f"平台的答复读不懂：{wrong}。请联系平台，或改用 Excel 导入。") from None
    if told.as_of > clock.today():
        raise WrongFile(f"平台说名录截至 {told.as_of}，晚于今天。请联系平台核对。")
    Import.objects.filter(pk=batch.pk).update(source_detail=told.source, as_of=told.as_of)
    header = list(dict.fromkeys(key for line in told.lines for key in line)) or [
        column.header for column in ADVERSE.columns
    ]
    rows = [header, *([line.get(key, "") for key in header] for line in told.lines)]
    return {
        "template": ADVERSE.template,
        "sheets": [{"name": "数据", "rows": rows[: MOST_ROWS + 1], "cut": len(rows) > MOST_ROWS}],
    }


@transaction.atomic
def _give_up(import_id: int, why: str) -> ImportState:
    batch = Import.objects.select_for_update().get(pk=import_id)
    if batch.state == ImportState.READING:
        batch.state, batch.problem, batch.finished_at = ImportState.REFUSED, why[:500], clock.now()
        batch.save()
        _tell(batch, f"名单“{batch.file_name}”无法读取", why)
    return ImportState(batch.state)


@transaction.atomic
def _keep(import_id: int, rows: Sequence[Row], notes: list[str]) -> ImportState:
    batch = Import.objects.select_for_update(of=("self",)).select_related("union").get(pk=import_id)
    if batch.state != ImportState.READING:
        return ImportState(batch.state)
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        compared = _COMPARE[About(batch.about)](batch, part)
        copy_in(
            [
                made(
                    ImportRow, batch_id=batch.pk, number=row.number, code=row.values.get("code", row.raw.get("code", ""))[:30],
                    name=row.values.get("name", row.raw.get("name", ""))[:200], raw=row.raw, values=row.values,
                    problems=row.problems[:MOST_PROBLEMS], state=outcome.state,
                    organisation_id=outcome.organisation.pk if outcome.organisation else None,
                    differences=outcome.differences,
                )
                for row, outcome in zip(part, compared, strict=True)
            ]
        )  # fmt: skip
    if not rows:
        notes = [*notes, "没有找到要写入的行。"]
    batch.notes, batch.state = notes[:10], ImportState.PREVIEW
    batch.rows_total = batch.rows.filter(state__in=(RowState.NEW, RowState.CHANGED)).count()
    batch.save()
    _tell(batch, f"名单“{batch.file_name}”已读取，请查看预览", "")
    return ImportState.PREVIEW


def _tell(batch: Import, title: str, body: str) -> None:
    notices.tell(
        [batch.uploaded_by], title=title[:200], body=body, kind="registry.import",
        url=reverse("registry:import", args=[batch.pk]), effect_key=f"registry.import:{batch.pk}:{batch.state}",
    )  # fmt: skip


@transaction.atomic
def confirm_import(*, by: Who, batch: Import) -> Import:
    """U17: 确认: the good rows will be written by a job; rows with errors stay out."""
    row = Import.objects.select_for_update(of=("self",)).select_related("union").get(pk=batch.pk)
    require(rules.may_handle_import(by, row, ImportState.PREVIEW))
    if row.rows_total == 0:
        raise Refused(refuse("registry.import_empty"))
    row.state = ImportState.WRITING
    row.save(update_fields=["state"])
    journal.record(
        by=by, verb="confirm_import", subject=row, union_id=row.union_id,
        text=f"确认写入名单“{row.file_name}”共 {row.rows_total} 行", facts={"rows": row.rows_total},
    )  # fmt: skip
    assert by.person is not None
    jobs.enqueue(WRITE_JOB, import_id=row.pk, person_id=by.person.pk, hat=by.hat.key if by.hat else "")
    return row


@transaction.atomic
def discard_import(*, by: Who, batch: Import) -> Import:
    """U17: nothing of the list is written."""
    row = Import.objects.select_for_update(of=("self",)).select_related("union").get(pk=batch.pk)
    require(rules.may_handle_import(by, row, ImportState.PREVIEW, ImportState.REFUSED, ImportState.READING))
    row.state, row.finished_at = ImportState.DISCARDED, clock.now()
    row.save(update_fields=["state", "finished_at"])
    journal.record(
        by=by, verb="discard_import", subject=row, union_id=row.union_id, text=f"放弃名单“{row.file_name}”"
    )
    return row
