"""Every write of projects."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction

from shuniu.calls.actions import nominate as nominating
from shuniu.calls.models import Application, Call
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui import formats
from shuniu.foundation.ui.versions import require_unchanged
from shuniu.library import actions as library
from shuniu.projects import rules
from shuniu.projects.models import FactSheet, Project
from shuniu.recognition.actions import honours
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union
from shuniu.unions.queries import union_of

FIELDS = (
    "name", "leader", "starts_on", "ends_on", "completed_on", "concluded_on", "appraised_on", "terminated_on",
    "contract_no", "signed_on", "amount_fen",
)  # fmt: skip
_SAYS = {
    "project_once": "projects.twice", "project_days": "projects.days", "project_one_end": "projects.one_end",
    "project_amount": "projects.amount",
}  # fmt: skip


@transaction.atomic
def register(*, by: Who, union: Union, organisation: Organisation, values: Mapping[str, Any]) -> Project:
    """F2: a project with its organisation, dates, contract and amount; `values` by `FIELDS`."""
    require(rules.may_keep(by, union.pk, union.name))
    assert by.person is not None  # the rule has seen to it
    row = Project(union=union, organisation=organisation, registered_by=by.person, **values)
    _save(row)
    _note(row, by, "register", f"登记项目“{row.name}”")
    return row


@transaction.atomic
def change(*, by: Who, project_id: int, values: Mapping[str, Any], seen: str | None = None) -> Project:
    """F2: other values; sheets that were frozen before stay as they were.

    `seen`: what the form was read with; Refused("version.changed") when somebody saved since.
    """
    row = _lock(project_id)
    require(rules.may_keep(by, row.union_id, row.union.name))
    require_unchanged(seen, said_of(row))
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    _save(row)
    labels = "、".join(str(Project._meta.get_field(name).verbose_name) for name in changed)  # type: ignore[union-attr]
    _note(row, by, "change", f"更改项目“{row.name}”：{labels or '没有改动'}", fields=changed)
    return row


def said_of(row: Project) -> dict[str, object]:
    """What a form of the project shows."""
    return {name: getattr(row, name) for name in FIELDS}


@transaction.atomic
def freeze(*, by: Who, project_id: int, purpose: str) -> FactSheet:
    """F2: the facts of today as a sheet with its digest; the same sheet again while nothing has changed.

    Whoever calls it (an award, a survey, a payment) keeps key, facts and digest, so that nothing that was judged
    can be changed afterwards.
    """
    row = _lock(project_id)
    require(rules.may_keep(by, row.union_id, row.union.name))
    last = row.sheets.first()
    facts = _facts(row)
    subject = honours.Subject(row.key, row.name, facts)
    if last is not None and last.digest == subject.digest:
        return last
    number = last.number + 1 if last else 1
    sheet = FactSheet.objects.create(
        project=row, number=number, facts=facts, digest=subject.digest, purpose=purpose, frozen_by=by.person
    )
    _note(row, by, "freeze", f"固定事实清单 {number}，用于{purpose}", digest=subject.digest)
    return sheet


def subject_of(sheet: FactSheet) -> honours.Subject:
    """The project as a thing that is honoured: key, label and frozen facts."""
    return honours.Subject(sheet.project.key, str(sheet.facts["name"]), sheet.facts)


@transaction.atomic
def record_result(
    *, by: Who, project_id: int, award: honours.Award, proof: Received | None, document_key: str = ""
) -> Honour:
    """F3: what province or nation granted to the project, with its paper; a second person confirms it.

    `document_key`: the document under which the honour is paid for, where one does.
    """
    row = _lock(project_id)
    require(rules.may_record_result(by, row))
    keeps = bool(rules.may_keep(by, row.union_id, row.union.name))
    sheet = (
        freeze(by=by, project_id=project_id, purpose=f"登记荣誉“{award.title}”")
        if keeps
        else row.sheets.first()
    )
    assert sheet is not None and by.union_id is not None  # whoever honoured it had a sheet
    document = library.store(by=by, key=document_key) if document_key else None
    return honours.record(
        by=by, union=union_of(by.union_id), organisation=row.organisation, subject=subject_of(sheet), award=award,
        proof=proof,
        document=document,
    )  # fmt: skip


@transaction.atomic
def nominate(
    *, by: Who, project_id: int, call_id: int, category_id: int, directions: Sequence[str], reason: str,
    arrived_at: dt.datetime,
) -> Application:  # fmt: skip
    """F2: recommend a completed project in a call: its sheet is frozen and handed on, its organisation brings the papers.

    Refused("projects.not_done") for a project that is not completed.
    """
    row = _lock(project_id)
    require(rules.may_nominate(by, row))
    sheet = freeze(
        by=by, project_id=project_id, purpose=f"推荐参评：{Call.objects.get(pk=call_id).title}"[:120]
    )
    return nominating.nominate(
        by=by, call_id=call_id, union=row.union, organisation=row.organisation, subject=subject_of(sheet),
        category_id=category_id, directions=directions, shown=shown_of(row), reason=reason,
        arrived_at=arrived_at,
    )  # fmt: skip


def shown_of(row: Project) -> dict[str, str]:
    """The facts of a project in words, as those read them who look at its nomination."""
    said = {"项目": row.name, "承接单位": row.organisation.name, "委托工会": row.union.name}
    for name in FIELDS[1:]:
        value = getattr(row, name)
        if value not in (None, ""):
            label = str(Project._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            said[label.replace("（分）", "")] = formats.money(value) if name == "amount_fen" else str(value)
    return said


def _facts(row: Project) -> dict[str, Any]:
    told: dict[str, Any] = {
        "organisation": row.organisation.name, "code": row.organisation.code or "", "union": row.union.name,
    }  # fmt: skip
    for name in FIELDS:
        value = getattr(row, name)
        told[name] = value.isoformat() if isinstance(value, dt.date) else value
    # In the words in which documents ask; what nobody has entered is not known, not denied.
    told |= {"concluded": True if row.concluded_on else None, "appraised": True if row.appraised_on else None}
    return dict(json.loads(json.dumps(told)))


def _lock(project_id: int) -> Project:
    rows = Project.objects.select_for_update(of=("self",)).select_related("union", "organisation")
    return rows.get(pk=project_id)


def _save(row: Project) -> None:
    for end in (row.completed_on, row.concluded_on, row.appraised_on, row.terminated_on):
        if end is not None and end > clock.today():
            raise Refused(refuse("projects.future"))
    with _refusals():
        row.save()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except DatabaseError as problem:
        for words, code in _SAYS.items():
            if words in str(problem):
                raise Refused(refuse(code)) from problem
        raise


def _note(row: Project, by: Who, verb: str, text: str, **facts: Any) -> None:
    journal.record(
        by=by, verb=f"projects.{verb}", text=text, subject=row, also=(row.organisation,), union_id=row.union_id,
        facts=facts,
    )  # fmt: skip
