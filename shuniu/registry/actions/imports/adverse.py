"""A list of adverse information: which rows are news for the registry, and the penalties that say them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from shuniu.foundation.access import Who
from shuniu.registry.actions.imports.compare import Outcome, from_list, known, not_after
from shuniu.registry.excel.adverse import ADVERSE
from shuniu.registry.excel.table import Row
from shuniu.registry.models import Import, ImportRow, Organisation, Penalty, RowState
from shuniu.unions.queries import descendant_ids

_ENDED = "名录载明移出或执行完毕日期"


def compare(batch: Import, rows: Sequence[Row]) -> list[Outcome]:
    """The outcome of each row; organisations that the union does not see count as not in the registry."""
    organisations = _seen(batch, [row.values.get("code", "") for row in rows])
    there = _standing(organisations.values())
    not_after(batch, rows, ADVERSE, "from_on")
    outcomes = []
    for row in rows:
        organisation = organisations.get(row.values.get("code", ""))
        if row.problems:
            outcomes.append(Outcome(RowState.BAD, organisation))
        elif organisation is None:
            outcomes.append(Outcome(RowState.ABSENT))
        else:
            outcomes.append(_outcome(organisation, row.values, there[organisation.pk]))
    return outcomes


def write(by: Who, batch: Import, rows: Sequence[ImportRow]) -> list[Organisation]:
    """Add what is not on record yet and end what the list says has ended; the organisations concerned."""
    organisations = _seen(batch, [row.values["code"] for row in rows])
    ids = sorted({o.pk for o in organisations.values()})
    locked = {o.pk: o for o in Organisation.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    there = _standing(locked.values())
    for row in rows:
        organisation = organisations.get(row.values["code"])
        if organisation is None:
            continue  # struck from the registry, or moved to another union, since the preview
        present = _present(row.values, there[organisation.pk])
        made = _penalty(by, batch, locked[organisation.pk], row.values)
        if present is not None:
            if not _ends(row.values, present):
                continue
            made.supersedes_id, made.reason, made.evidence = present.pk, _ENDED, present.evidence
            there[organisation.pk].remove(present)
        made.save(force_insert=True)
        there[organisation.pk].append(made)
    return list(locked.values())


def _seen(batch: Import, codes: Collection[str]) -> dict[str, Organisation]:
    """code → the organisation, of the union's own and those of the unions below it."""
    unions = set(descendant_ids(batch.union_id))
    return {code: o for code, o in known(codes).items() if o.owning_union_id in unions}


def _standing(organisations: Collection[Organisation]) -> dict[int, list[Penalty]]:
    ids = [o.pk for o in organisations]
    found: dict[int, list[Penalty]] = {pk: [] for pk in ids}
    home = {pk: pk for pk in ids}
    merged = Organisation.objects.filter(merged_into__in=ids).values_list("pk", "merged_into")
    home |= {pk: into for pk, into in merged if into is not None}
    for row in Penalty.standing().filter(organisation__in=home):
        found[home[row.organisation_id]].append(row)
    return found


def _outcome(organisation: Organisation, values: Mapping[str, str], there: list[Penalty]) -> Outcome:
    present = _present(values, there)
    if present is None:
        after = f"{_words(values)}（{values['from_on']} 起）"
        said = {"field": "penalty", "label": "新增记录", "before": "", "after": after, "source": ""}
        return Outcome(RowState.NEW, organisation, [said])
    if _ends(values, present):
        said = {
            "field": "to_on", "label": f"{_words(values)}，移出或执行完毕日期", "before": str(present.to_on or ""),
            "after": values["to_on"], "source": present.source_text,
        }  # fmt: skip
        return Outcome(RowState.CHANGED, organisation, [said])
    return Outcome(RowState.SAME, organisation)


def _words(values: Mapping[str, str]) -> str:
    kind = Penalty(penalty=values["penalty"]).get_penalty_display()
    return "，".join(w for w in (str(kind), values.get("authority", ""), values.get("number", "")) if w)


def _present(values: Mapping[str, str], there: Sequence[Penalty]) -> Penalty | None:
    """The record of the same kind and day; with two numbers, of the same number."""
    number = values.get("number", "")
    for row in there:
        same = row.penalty == values["penalty"] and row.from_on.isoformat() == values["from_on"]
        if same and (not number or not row.number or row.number == number):
            return row
    return None


def _ends(values: Mapping[str, str], present: Penalty) -> bool:
    last = values.get("to_on", "")
    return bool(last) and (present.to_on is None or present.to_on.isoformat() != last)


def _penalty(by: Who, batch: Import, organisation: Organisation, values: Mapping[str, str]) -> Penalty:
    """The row that the list says, unsaved. It was so from its own day on, at the latest from the list's."""
    first = dt.date.fromisoformat(values["from_on"])
    said: dict[str, Any] = {
        name: values.get(name, "") for name in ("penalty", "authority", "number", "content")
    }
    last = values.get("to_on")
    return Penalty(
        organisation=organisation, as_of=min(first, batch.as_of), recorded_by=by.person, from_on=first,
        to_on=dt.date.fromisoformat(last) if last else None, **said, **from_list(batch),
    )  # fmt: skip
