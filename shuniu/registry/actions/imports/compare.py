"""What a row of a list would change, and the fact rows that say it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from shuniu.registry.actions.imports.bulk import made
from shuniu.registry.excel.columns import ORGANISATIONS, BadCell, Layout
from shuniu.registry.excel.table import Row
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import (
    BusinessScope,
    FactRow,
    FormerCode,
    Import,
    Inspection,
    Organisation,
    Rating,
    RowState,
    Source,
    UnionBuilding,
)
from shuniu.registry.queries import Snapshot, snapshots


@dataclass
class Outcome:
    """What became of one row in the preview."""

    state: RowState
    organisation: Organisation | None = None
    differences: list[dict[str, str]] = field(default_factory=list)


def known(codes: Iterable[str]) -> dict[str, Organisation]:
    """code → the organisation that carries it now or carried it; merged records lead to the one that stays."""
    wanted = set(codes)
    rows = Organisation.objects.filter(code__in=wanted).select_related(
        "merged_into__owning_union", "owning_union"
    )
    found = {str(o.code): o.merged_into or o for o in rows.defer("bigrams", "search_text")}
    former = FormerCode.objects.filter(code__in=wanted - set(found))
    for row in former.select_related("organisation__merged_into", "organisation__owning_union"):
        found[row.code] = row.organisation.merged_into or row.organisation
    return found


def compare(batch: Import, rows: Sequence[Row]) -> list[Outcome]:
    """The outcome of each row; a row of another union's organisation gets a problem."""
    organisations = known(row.values["code"] for row in rows if "code" in row.values)
    not_after(batch, rows, ORGANISATIONS, "registered_on")
    for row in rows:
        owner = organisations.get(row.values.get("code", ""))
        if owner is not None and owner.owning_union_id != batch.union_id:
            words = f"这家组织由{owner.owning_union.name}管理，请删去这一行，由该工会更新"
            row.wrong(row.cell("code"), ORGANISATIONS.by_key["code"].header, words)
    used = {o.pk: o for row in rows if not row.problems for o in [organisations.get(row.values["code"])] if o}
    now = snapshots(list(used.values()), batch.as_of) if used else {}
    outcomes = []
    for row in rows:
        organisation = organisations.get(row.values.get("code", ""))
        if row.problems:
            outcomes.append(Outcome(RowState.BAD, organisation))
        elif organisation is None:
            outcomes.append(Outcome(RowState.NEW))
        else:
            differences = differences_of(row.values, now[organisation.pk])
            state = RowState.CHANGED if differences else RowState.SAME
            outcomes.append(Outcome(state, organisation, differences))
    return outcomes


def not_after(batch: Import, rows: Iterable[Row], layout: Layout, key: str) -> None:
    """A list cannot tell what comes after its own day: such a day is a mistake of typing, and the row stays out."""
    for row in rows:
        if row.values.get(key, "") > batch.as_of.isoformat():
            words = f"{row.values[key]} 晚于名单截至日期 {batch.as_of}，请核对日期，或名单截至哪一天"
            row.wrong(row.cell(key), layout.by_key[key].header, words)


def differences_of(values: dict[str, str], snapshot: Snapshot) -> list[dict[str, str]]:
    """Field by field what the list says otherwise than the registry, with where the present word comes from."""
    found = []
    for name, value in values.items():
        if name in PROFILE and not _says(name, snapshot.value(name), value):
            said = snapshot.profile.get(name)
            show = PROFILE[name].show
            found.append(
                {
                    "field": name, "label": PROFILE[name].label, "before": said.shown if said else "",
                    "after": show(value), "source": said.source if said else "",
                }
            )  # fmt: skip
    for fact in facts_in(values, snapshot.organisation, snapshot.on):
        there = _there(fact, snapshot)
        if not _told(there, fact):
            present = _counting(there)
            found.append(
                {
                    "field": fact.kind, "label": str(fact._meta.verbose_name),
                    "before": _words(present) if present else "", "after": _words(fact),
                    "source": present.source_text if present else "",
                }
            )  # fmt: skip
    return found


def new_facts(values: dict[str, str], snapshot: Snapshot) -> list[FactRow]:
    """The fact rows of the list that the registry does not have already."""
    return [
        fact
        for fact in facts_in(values, snapshot.organisation, snapshot.on)
        if not _told(_there(fact, snapshot), fact)
    ]


def new_profile(values: dict[str, str], snapshot: Snapshot) -> dict[str, str]:
    """The profile fields that the list says otherwise."""
    return {n: v for n, v in values.items() if n in PROFILE and not _says(n, snapshot.value(n), v)}


def _says(name: str, stored: str, value: str) -> bool:
    """Whether the registry's word, had it stood in the list, would have been understood as this value."""
    return stored == value or _understood(name, stored) == value


def _understood(name: str, text: str) -> str:
    column = ORGANISATIONS.by_key[name]
    try:
        return column.parse(column.show(text))
    except BadCell:
        return text


def _alike(present: FactRow, fact: FactRow) -> bool:
    """Whether two facts say the same; a text is compared as a cell would hold it."""
    if isinstance(present, BusinessScope) and isinstance(fact, BusinessScope):
        return _understood("scope", _one_kind_of_line(present.text)) == fact.text
    return _words(present) == _words(fact)


def _one_kind_of_line(text: str) -> str:
    return text.replace("\r\n", "\n")


def row_of(snapshot: Snapshot) -> dict[str, str]:
    """Column → what the registry says, as the template shows it: `differences_of` finds nothing in it."""
    columns = ORGANISATIONS.by_key
    said = {"code": snapshot.organisation.code or ""}
    said |= {name: snapshot.value(name) for name in columns if name in PROFILE}
    if scope := cast(BusinessScope | None, _counting(snapshot.rows["scope"])):
        said["scope"] = _one_kind_of_line(scope.text)
    ratings = cast(list[Rating], snapshot.rows["rating"])
    last = max((row.valid_from for row in ratings), default=None)
    if rating := cast(Rating | None, _counting([row for row in ratings if row.valid_from == last])):
        first, until = rating.valid_from.isoformat(), rating.valid_to.isoformat()
        said |= {"grade": rating.grade, "grade_from": first, "grade_to": until}
    inspections = cast(list[Inspection], snapshot.rows["inspection"])
    year = max((row.year for row in inspections), default=None)
    if found := cast(Inspection | None, _counting([row for row in inspections if row.year == year])):
        said |= {"inspection_year": str(found.year), "inspection_result": found.result}
    if building := cast(UnionBuilding | None, _counting(snapshot.rows["union"])):
        said["union_status"] = building.status
    return {key: column.show(said[key]) for key, column in columns.items() if said.get(key)}


def _words(row: FactRow) -> str:
    if isinstance(row, BusinessScope):
        return row.text
    return str(row)


def _told(there: Sequence[FactRow], fact: FactRow) -> bool:
    """Whether what counts says it, or a row of that day does beside something that counts more: a list sent again."""
    present = _counting(there)
    return present is not None and (
        _alike(present, fact) or any(row.as_of == fact.as_of and _alike(row, fact) for row in there)
    )


def _there(fact: FactRow, snapshot: Snapshot) -> list[FactRow]:
    """The rows that speak of the same thing: the same year of inspection, the same period of a grade."""
    rows = snapshot.rows[fact.kind]
    if isinstance(fact, Inspection):
        rows = [row for row in rows if cast(Inspection, row).year == fact.year]
    if isinstance(fact, Rating):
        rows = [row for row in rows if cast(Rating, row).valid_from == fact.valid_from]
    return rows


def _counting(rows: Iterable[FactRow]) -> FactRow | None:
    return max(rows, key=lambda row: (row.is_verified, row.as_of, row.pk), default=None)


def facts_in(values: dict[str, str], organisation: Organisation, as_of: dt.date) -> list[FactRow]:
    """The fact rows that a row of the list says (unsaved, of a saved organisation; the source is set by `from_list`)."""
    found: list[FactRow] = []
    own = organisation.pk
    if "scope" in values:
        found.append(made(BusinessScope, organisation_id=own, as_of=as_of, text=values["scope"]))
    if "grade" in values:
        first, last = (dt.date.fromisoformat(values[key]) for key in ("grade_from", "grade_to"))
        found.append(
            made(
                Rating, organisation_id=own, as_of=min(first, as_of), grade=values["grade"], valid_from=first,
                valid_to=last,
            )
        )  # fmt: skip
    if "inspection_result" in values:
        found.append(
            made(
                Inspection, organisation_id=own, as_of=as_of, year=int(values["inspection_year"]),
                result=values["inspection_result"],
            )
        )  # fmt: skip
    if "union_status" in values:
        found.append(made(UnionBuilding, organisation_id=own, as_of=as_of, status=values["union_status"]))
    return found


def from_list(batch: Import) -> dict[str, Any]:
    """The source of everything that a list says."""
    return {"source": Source.IMPORTED, "source_detail": batch.source_detail}
