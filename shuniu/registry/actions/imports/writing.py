"""Writing the good rows of a confirmed list, some hundred at a time, each time in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.urls import reverse

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices import actions as notices
from shuniu.registry.actions import current
from shuniu.registry.actions.imports import adverse
from shuniu.registry.actions.imports.bulk import copy_in, made, take_keys
from shuniu.registry.actions.imports.compare import facts_in, from_list, known, new_facts, new_profile
from shuniu.registry.actions.organisations import legal_type_of
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import (
    FACTS,
    About,
    FactRow,
    FormerName,
    Import,
    ImportRow,
    ImportState,
    Organisation,
    RowState,
    Statement,
    Status,
)
from shuniu.registry.profile import profile
from shuniu.registry.queries import Snapshot, snapshots

CHUNK = 500
_ATTEMPTS = 3


def write_import(*, by: Who, import_id: int) -> int:
    """A13: the job behind `confirm_import`: write what is not written yet; the number of rows written.

    Interrupted, it goes on where it stopped. A row whose organisation was entered by somebody else in the
    meantime becomes a change of that organisation.
    """
    written = 0
    while True:
        for attempt in range(_ATTEMPTS):
            try:
                count = _chunk(by, import_id)
                break
            except IntegrityError:
                if attempt == _ATTEMPTS - 1:
                    raise
        if count == 0:
            return written
        written += count


@transaction.atomic
def _chunk(by: Who, import_id: int) -> int:
    batch = (
        Import.objects.select_for_update(of=("self",))
        .select_related("union", "uploaded_by")
        .get(pk=import_id)
    )
    if batch.state != ImportState.WRITING:
        return 0
    rows = list(
        batch.rows.filter(state__in=(RowState.NEW, RowState.CHANGED), written=False)
        .defer("raw", "problems", "differences")
        .order_by("number")[:CHUNK]
    )
    if not rows:
        _finish(by, batch)
        return 0
    write = adverse.write if batch.about == About.ADVERSE else _write
    organisations = write(by, batch, rows)
    ImportRow.objects.filter(pk__in=[row.pk for row in rows]).update(written=True)
    batch.rows_done += len(rows)
    batch.save(update_fields=["rows_done"])
    journal.record(
        by=by, verb="import", subject=batch, also=organisations, union_id=batch.union_id,
        text=f"由名单写入：{batch.source_detail}（截至 {batch.as_of}）",
        facts={"rows": {str(row.number): _digest(row) for row in rows}},
    )  # fmt: skip
    return len(rows)


def _digest(row: ImportRow) -> str:
    text = json.dumps(row.values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _write(by: Who, batch: Import, rows: Sequence[ImportRow]) -> list[Organisation]:
    present = known(row.values["code"] for row in rows)
    fresh = [row for row in rows if row.values["code"] not in present]
    added = _add(by, batch, fresh)
    ids = sorted({present[row.values["code"]].pk for row in rows if row.values["code"] in present})
    locked = {o.pk: o for o in Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    pairs = [(row, locked[present[row.values["code"]].pk]) for row in rows if row.values["code"] in present]
    pairs = [(row, o) for row, o in pairs if o.owning_union_id == batch.union_id and o.merged_into_id is None]
    _change(by, batch, pairs)
    return added + [organisation for _, organisation in pairs]


def _add(by: Who, batch: Import, rows: Sequence[ImportRow]) -> list[Organisation]:
    organisations = [
        made(
            Organisation, code=row.values["code"], name=row.values["name"],
            legal_type=legal_type_of(row.values["code"]), owning_union_id=batch.union_id, status=Status.NORMAL,
        )
        for row in rows
    ]  # fmt: skip
    take_keys(organisations)
    statements, facts = [], []
    for row, organisation in zip(rows, organisations, strict=True):
        said = {
            "legal_type": str(organisation.legal_type), "status": str(Status.NORMAL),
            **{name: value for name, value in row.values.items() if name in PROFILE},
        }  # fmt: skip
        statement = _statement(by, batch, organisation, said)
        told = _sourced(by, batch, facts_in(row.values, organisation, batch.as_of))
        by_kind: dict[str, list[FactRow]] = {kind: [] for kind in FACTS}
        for fact in told:
            by_kind[fact.kind].append(fact)
        current.apply(Snapshot(organisation, batch.as_of, profile([statement], batch.as_of), by_kind))
        statements.append(statement)
        facts.extend(told)
    copy_in(organisations)
    _save(statements, facts)
    return organisations


def _statement(by: Who, batch: Import, organisation: Organisation, said: dict[str, str]) -> Statement:
    return made(
        Statement, organisation_id=organisation.pk, values=said, as_of=batch.as_of,
        recorded_by_id=by.person.pk if by.person else None, **from_list(batch),
    )  # fmt: skip


def _change(by: Who, batch: Import, pairs: Sequence[tuple[ImportRow, Organisation]]) -> None:
    if not pairs:
        return
    organisations = {o.pk: o for _, o in pairs}
    before = snapshots(list(organisations.values()), batch.as_of)
    statements, facts = [], []
    for row, organisation in pairs:
        if said := new_profile(row.values, before[organisation.pk]):
            statements.append(_statement(by, batch, organisation, said))
        facts.extend(_sourced(by, batch, new_facts(row.values, before[organisation.pk])))
    names = {o.pk: o.name for o in organisations.values()}
    _save(statements, facts)
    former = _former_names(list(organisations))
    renamed = []
    for pk, snapshot in snapshots(list(organisations.values()), clock.today()).items():
        organisation = current.apply(snapshot, former_names=former[pk])
        organisation.updated_at = clock.now()
        if organisation.name != names[pk]:
            renamed.append(
                FormerName(
                    organisation=organisation,
                    name=names[pk],
                    until=batch.as_of,
                    recorded_by=by.person,
                    basis=f"名单导入：{batch.source_detail}"[:200],
                )
            )
            current.apply(snapshot, former_names=[*former[pk], names[pk]])
    FormerName.objects.bulk_create(renamed)
    Organisation.objects.bulk_update(organisations.values(), current.ALL_COLUMNS, batch_size=100)


def _former_names(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name in FormerName.objects.filter(organisation__in=ids).values_list("organisation", "name"):
        found[pk].append(name)
    for home, name in Organisation.objects.filter(merged_into__in=ids).values_list("merged_into", "name"):
        if home is not None:
            found[home].append(name)
    return found


def _sourced(by: Who, batch: Import, facts: list[FactRow]) -> list[FactRow]:
    source = from_list(batch)
    for fact in facts:
        fact.recorded_by_id = by.person.pk if by.person else None
        fact.source, fact.source_detail = source["source"], source["source_detail"]
    return facts


def _save(statements: Sequence[Statement], facts: Sequence[FactRow]) -> None:
    by_model: dict[type[FactRow], list[FactRow]] = defaultdict(list)
    for fact in (*statements, *facts):
        by_model[type(fact)].append(fact)
    for rows in by_model.values():
        copy_in(rows)


def _finish(by: Who, batch: Import) -> None:
    batch.state, batch.finished_at = ImportState.DONE, clock.now()
    batch.save(update_fields=["state", "finished_at"])
    bad = batch.rows.filter(state=RowState.BAD).count()
    rest = f"，另有 {bad} 行有错误未写入" if bad else ""
    journal.record(
        by=by, verb="finish_import", subject=batch, union_id=batch.union_id,
        text=f"名单“{batch.file_name}”写入完成，共 {batch.rows_done} 行{rest}",
    )  # fmt: skip
    notices.tell(
        [batch.uploaded_by], kind="registry.import", url=reverse("registry:import", args=[batch.pk]),
        title=f"名单“{batch.file_name}”已写入 {batch.rows_done} 行{rest}"[:200],
        effect_key=f"registry.import:{batch.pk}:done",
    )  # fmt: skip
