"""One function per fact that documents judge by: from what the registry knows to what the engine takes."""

# Long because one reads here, in one place, what each fact of a document is made of.
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from shuniu.policy.facts import Fact
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import (
    BusinessScope,
    Exchange,
    FactRow,
    GovernanceItem,
    Inspection,
    Licence,
    MediaReport,
    PartyRecord,
    PastProject,
    Penalty,
    Rating,
    Specialist,
    StaffFigures,
    UnionBuilding,
)

if TYPE_CHECKING:
    from shuniu.registry.queries.facts import Snapshot

Given = Fact | list[Fact] | None
Record = dict[str, object]
_MAPPINGS: dict[str, Callable[[Snapshot], Given]] = {}


def fact(name: str) -> Callable[[Callable[[Snapshot], Given]], Callable[[Snapshot], Given]]:
    """Register the function that tells the fact `name`."""

    def register(function: Callable[[Snapshot], Given]) -> Callable[[Snapshot], Given]:
        _MAPPINGS[name] = function
        return function

    return register


def facts_of(snapshot: Snapshot) -> dict[str, object]:
    """Every fact that the registry knows on the snapshot's day; what nobody said is left out (unknown)."""
    told = ((name, function(snapshot)) for name, function in _MAPPINGS.items())
    return {name: given for name, given in told if given is not None}


# --- the profile ------------------------------------------------------------------------------------


def _said(snapshot: Snapshot, name: str, convert: Callable[[str], object] = str) -> Given:
    said = snapshot.profile.get(name)
    if said is None or not said.value:
        return None
    return [
        Fact(convert(s.values[name]), s.source_text, s.as_of, s.is_verified)
        for s in (said.statement, *said.others)
        if s.values[name]  # an emptied field contradicts nobody
    ]


@fact("code")
def code(snapshot: Snapshot) -> Given:
    organisation = snapshot.organisation
    return Fact(organisation.code, "统一社会信用代码校验", None, True) if organisation.code else None


@fact("name")
def name(snapshot: Snapshot) -> Given:
    return _said(snapshot, "name")


# What the documents call the types and states that the registry keeps apart more finely.
TYPES = {"association": "社会团体", "service": "社会服务机构", "foundation": "基金会"}
STATES = {
    "normal": "存续",
    "closing": "正在注销",
    "cancelled": "已注销",
    "revoked": "已撤销",
    "candidate": "未登记",
}


@fact("legal_type")
def legal_type(snapshot: Snapshot) -> Given:
    return _said(snapshot, "legal_type", lambda value: TYPES.get(value, "其他"))


@fact("registrar")
def registrar(snapshot: Snapshot) -> Given:
    """At which level, and whether in this city: what a condition of 本市登记 looks at."""
    return _said(snapshot, "registrar_level", PROFILE["registrar_level"].show)


@fact("registrar_name")
def registrar_name(snapshot: Snapshot) -> Given:
    return _said(snapshot, "registrar")


@fact("region")
def region(snapshot: Snapshot) -> Given:
    return _said(snapshot, "region")


@fact("founded_on")
def founded_on(snapshot: Snapshot) -> Given:
    return _said(snapshot, "registered_on", dt.date.fromisoformat)


@fact("registration_status")
def registration_status(snapshot: Snapshot) -> Given:
    return _said(snapshot, "status", lambda value: STATES.get(value, value))


@fact("legal_representative")
def legal_representative(snapshot: Snapshot) -> Given:
    return _said(snapshot, "legal_representative")


# --- rows -------------------------------------------------------------------------------------------


def _records(rows: Sequence[FactRow], record: Callable[[FactRow], Record]) -> Given:
    """Rows as one fact: verified when every row is, as of the newest, with the sources named once each."""
    if not rows:
        return None
    sources = "；".join(dict.fromkeys(row.source_text for row in rows))
    newest = max(row.as_of for row in rows)
    return Fact([record(row) for row in rows], sources, newest, all(row.is_verified for row in rows))


def counting(
    rows: Sequence[FactRow], key: Callable[[FactRow], object]
) -> list[tuple[FactRow, list[FactRow]]]:
    """Of rows with one key the verified count, else all; of those the last recorded per day; others differ."""
    groups: dict[object, list[FactRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    counting = []
    for group in groups.values():
        verified = [row for row in group if row.is_verified] or group
        newest = max(row.as_of for row in verified)
        top = [row for row in verified if row.as_of == newest]
        best = max(top, key=lambda row: row.pk)
        others = [row for row in top if row.source_text != best.source_text and row.said() != best.said()]
        counting.append((best, others))
    return counting


def _newest(snapshot: Snapshot, kind: str) -> FactRow | None:
    rows = snapshot.rows[kind]
    if not rows:
        return None
    return counting(rows, lambda row: kind)[0][0]


@fact("inspections")
def inspections(snapshot: Snapshot) -> Given:
    """{year, result, concluded_on}: of one year what counts; sources that contradict leave the result open."""
    counted = counting(snapshot.rows["inspection"], lambda row: cast(Inspection, row).year)
    results = {
        best.pk: "；".join(
            f"{row.source_text}：{cast(Inspection, row).get_result_display()}" for row in (best, *others)
        )
        for best, others in counted
        if any(cast(Inspection, o).result != cast(Inspection, best).result for o in others)
    }

    def record(row: FactRow) -> Record:
        inspection = cast(Inspection, row)
        return {
            "year": inspection.year,
            "result": results.get(row.pk, inspection.get_result_display()),
            "concluded_on": inspection.concluded_on,
        }

    return _records([best for best, _ in counted], record)


@fact("ratings")
def ratings(snapshot: Snapshot) -> Given:
    """{grade, valid_from, valid_to}: every rating, also those that have run out."""

    def record(row: FactRow) -> Record:
        rating = cast(Rating, row)
        return {"grade": rating.grade, "valid_from": rating.valid_from, "valid_to": rating.valid_to}

    return _records(snapshot.rows["rating"], record)


@fact("rating")
def rating(snapshot: Snapshot) -> Given:
    """The grade in force on the day; left out when none is."""
    valid = [
        row
        for row in snapshot.rows["rating"]
        if cast(Rating, row).valid_from <= snapshot.on <= cast(Rating, row).valid_to
    ]
    found = [Fact(cast(Rating, row).grade, row.source_text, row.as_of, row.is_verified) for row in valid]
    return found or None


@fact("penalties")
def penalties(snapshot: Snapshot) -> Given:
    """{kind, authority, from, to}: lists and penalties."""

    def record(row: FactRow) -> Record:
        penalty = cast(Penalty, row)
        return {
            "kind": penalty.get_penalty_display(),
            "authority": penalty.authority,
            "from": penalty.from_on,
            "to": penalty.to_on,
        }

    return _records(snapshot.rows["penalty"], record)


@fact("held_liable")
def held_liable(snapshot: Snapshot) -> Given:
    """True when a prosecution is on record; nothing (not known) when none is."""
    rows = [r for r in snapshot.rows["penalty"] if cast(Penalty, r).penalty == "prosecution"]
    return [Fact(True, row.source_text, row.as_of, row.is_verified) for row in rows] or None


@fact("licences")
def licences(snapshot: Snapshot) -> Given:
    def record(row: FactRow) -> Record:
        licence = cast(Licence, row)
        return {"title": licence.title, "valid_from": licence.valid_from, "valid_to": licence.valid_to}

    return _records(snapshot.rows["licence"], record)


@fact("business_scope")
def business_scope(snapshot: Snapshot) -> Given:
    row = _newest(snapshot, "scope")
    if row is None:
        return None
    return Fact(cast(BusinessScope, row).text, row.source_text, row.as_of, row.is_verified)


def _figure(field: str) -> Callable[[Snapshot], Given]:
    def tell(snapshot: Snapshot) -> Given:
        row = _newest(snapshot, StaffFigures.kind)
        if row is None:
            return None
        return Fact(getattr(row, field), row.source_text, row.as_of, row.is_verified)

    return tell


for _name, _field in {
    "full_time_staff": "full_time",
    "part_time_staff": "part_time",
    "certified_staff": "specialists",
    "party_members": "party_members",
    "union_members": "union_members",
}.items():
    fact(_name)(_figure(_field))


@fact("specialist_records")
def specialist_records(snapshot: Snapshot) -> Given:
    def record(row: FactRow) -> Record:
        person = cast(Specialist, row)
        return {
            "role": person.get_role_display(),
            "certificate": person.certificate,
            "field": person.field,
            "since_year": person.since_year,
        }

    return _records(snapshot.rows["specialist"], record)


@fact("past_projects")
def past_projects(snapshot: Snapshot) -> Given:
    """{name, client_kind, client, year, amount (fen), headcount, result, category}."""

    def record(row: FactRow) -> Record:
        project = cast(PastProject, row)
        return {
            "name": project.name,
            "client_kind": project.get_client_kind_display(),
            "client": project.client,
            "year": project.year,
            "amount": project.amount_fen,
            "headcount": project.headcount,
            "result": project.result,
            "category": project.category_hint,
        }

    return _records(snapshot.rows["project"], record)


@fact("governance")
def governance(snapshot: Snapshot) -> Given:
    def record(row: FactRow) -> Record:
        item = cast(GovernanceItem, row)
        return {
            "item": item.get_item_display(),
            "title": item.title,
            "in_force_from": item.in_force_from,
            "due_on": item.due_on,
        }

    return _records(snapshot.rows["governance"], record)


@fact("union_building")
def union_building(snapshot: Snapshot) -> Given:
    row = _newest(snapshot, "union")
    if row is None:
        return None
    return Fact(cast(UnionBuilding, row).get_status_display(), row.source_text, row.as_of, row.is_verified)


@fact("party_records")
def party_records(snapshot: Snapshot) -> Given:
    def record(row: FactRow) -> Record:
        entry = cast(PartyRecord, row)
        return {"record": entry.get_record_display(), "title": entry.title, "on": entry.on}

    return _records(snapshot.rows["party"], record)


@fact("reports")
def reports(snapshot: Snapshot) -> Given:
    """{on, level, title}: favourable reports, each counted once by medium, title and day."""

    def record(row: FactRow) -> Record:
        report = cast(MediaReport, row)
        return {"on": report.on, "level": report.get_level_display(), "title": report.title}

    return _records(_once(snapshot.rows["report"], "medium"), record)


@fact("exchanges")
def exchanges(snapshot: Snapshot) -> Given:
    """{on, level, title}: experience told at meetings of unions, each counted once."""

    def record(row: FactRow) -> Record:
        exchange = cast(Exchange, row)
        return {"on": exchange.on, "level": exchange.get_level_display(), "title": exchange.title}

    return _records(_once(snapshot.rows["exchange"], "host"), record)


def _once(rows: Sequence[FactRow], whose: str) -> list[FactRow]:
    """What was entered twice counts once: of one title, day and medium (or host) the row that counts."""
    counted = counting(rows, lambda row: (getattr(row, "title"), getattr(row, "on"), getattr(row, whose)))  # noqa: B009
    return [best for best, _ in counted]
