"""Where the facts of `registry.facts` lie in tables: for judging every organisation in one statement.

The same facts as `facts.facts_of`, name by name; `tests/test_tables.py` compares the two on random rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.db import models

from shuniu.policy.batch import Canon, Column, Text
from shuniu.registry.facts import STATES, TYPES
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import (
    BusinessScope,
    Exchange,
    FactRow,
    GovernanceItem,
    Inspection,
    Licence,
    MediaReport,
    Organisation,
    PartyRecord,
    PastProject,
    Penalty,
    Rating,
    Specialist,
    StaffFigures,
    Statement,
    UnionBuilding,
)
from shuniu.registry.models.facts import InspectionResult, PenaltyKind
from shuniu.registry.models.publicity import PublicLevel

_ORGANISATION = Organisation._meta.db_table
_RANK = "(f.source = 'verified') DESC, f.as_of DESC, f.id DESC"
_CONFLICT = "?"  # stands for an outcome on which sources contradict each other


def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def standing(model: type[FactRow], on: str, columns: str, *, key: str = "", where: str = "") -> str:
    """The rows that stood on the day, with the organisation that they speak for as `home`: `facts` has the rules."""
    table = model._meta.db_table
    of = (
        f" AND f.organisation_id IN (SELECT {key} UNION ALL SELECT a.id FROM {_ORGANISATION} a WHERE a.merged_into_id = {key})"
        if key
        else ""
    )
    return (
        f"SELECT COALESCE(m.merged_into_id, f.organisation_id) AS home, {columns} FROM {table} f"
        f" LEFT JOIN {_ORGANISATION} m ON m.id = f.organisation_id AND m.merged_into_id IS NOT NULL"
        f" WHERE f.as_of <= {on} AND NOT f.retracted AND NOT EXISTS (SELECT 1 FROM {table} s"
        f" WHERE s.supersedes_id = f.id AND s.supersedes_id IS NOT NULL){of}{where}"
    )


# --- records ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The rows of one kind as records; `alike`: of rows that say the same thing again only one counts."""

    model: type[FactRow]
    on: dt.date
    columns: Mapping[str, Column]
    alike: str = ""
    once: str = ""
    order: str = "r.id DESC"

    def sql(self, bind: Text, *, only: tuple[str, ...] | None = None, key: str = "") -> str:
        """See `policy.batch.Rows`."""
        names = ["id", *(f.column for f in self.model._meta.fields if f.name in self.model.shown)]
        shown = ", ".join(f'f."{name}"' for name in dict.fromkeys(names))
        where = f" AND f.{self.once} IN ({', '.join(only)})" if only is not None else ""
        if not self.alike:
            return standing(self.model, bind(self.on), shown, key=key, where=where)
        if self.once:
            return self._newest(bind, shown, key, where)
        mark = f"home, {self.alike}"
        body = standing(self.model, bind(self.on), f"{shown}, f.as_of, f.source", key=key, where=where)
        rank = _RANK.replace("f.", "r.")
        return (
            f"SELECT * FROM (SELECT r.*, row_number() OVER (PARTITION BY {mark} ORDER BY {rank}) AS nth_,"
            f" max(r.id) OVER (PARTITION BY {mark}) AS first_ FROM ({body}) r) r WHERE nth_ = 1"
        )

    def _newest(self, bind: Text, shown: str, key: str, where: str) -> str:
        """One row of each year: the newest verified, else the newest; where sources part the outcome is open."""
        body = standing(
            self.model, bind(self.on), f"{shown}, f.as_of, f.source, f.source_detail", key=key, where=where
        )  # fmt: skip
        mark, rank = f"home, {self.alike}", _RANK.replace("f.", "r.")
        return (
            "SELECT home, year, concluded_on, CASE WHEN open_ THEN "
            f"'{_CONFLICT}' ELSE result END AS result FROM (SELECT r.*, bool_or(k_ = 1 AND result <> result_"
            f" AND (source, source_detail) <> (source_, detail_)) OVER (PARTITION BY {mark}) AS open_ FROM ("
            f"SELECT r.*, rank() OVER (PARTITION BY {mark} ORDER BY (r.source = 'verified') DESC, r.as_of DESC) AS k_,"
            f" row_number() OVER w AS nth_, first_value(result) OVER w AS result_, first_value(source) OVER w AS source_,"
            f" first_value(source_detail) OVER w AS detail_ FROM ({body}) r"
            f" WINDOW w AS (PARTITION BY {mark} ORDER BY {rank})) r) r WHERE nth_ = 1"
        )


def _text(name: str) -> Column:
    return Column(f'r."{name}"', "text")


def _coded(name: str, choices: type[models.TextChoices], *, strict: bool = False) -> Column:
    return Column(f'r."{name}"', "text", _labels(choices), strict=strict)


def _day(name: str) -> Column:
    return Column(f'r."{name}"', "date")


def _number(name: str) -> Column:
    return Column(f'r."{name}"', "number")


def record_tables(on: dt.date) -> dict[str, Table]:
    """fact → its rows, field by field as `facts` makes the records."""
    public = {"on": _day("on"), "level": _coded("level", PublicLevel), "title": _text("title")}
    newest_on = 'r."on" DESC, r.first_ DESC'
    return {
        "inspections": Table(
            Inspection, on,
            {"year": _number("year"), "result": _coded("result", InspectionResult, strict=True),
             "concluded_on": _day("concluded_on")},
            alike="year", once="year", order="r.year DESC",
        ),
        "ratings": Table(
            Rating, on,
            {"grade": _text("grade"), "valid_from": _day("valid_from"), "valid_to": _day("valid_to")},
            order="r.valid_from DESC, r.id DESC",
        ),
        "penalties": Table(
            Penalty, on,
            {"kind": _coded("penalty", PenaltyKind), "authority": _text("authority"), "from": _day("from_on"),
             "to": _day("to_on")},
            order="r.from_on DESC, r.id DESC",
        ),
        "licences": Table(
            Licence, on,
            {"title": _text("title"), "valid_from": _day("valid_from"), "valid_to": _day("valid_to")},
            order="r.valid_from DESC, r.id DESC",
        ),
        "specialist_records": Table(
            Specialist, on,
            {"role": _coded("role", Specialist.Role), "certificate": _text("certificate"), "field": _text("field"),
             "since_year": _number("since_year")},
            order="r.as_of DESC, r.id DESC",
        ),
        "past_projects": Table(
            PastProject, on,
            {"name": _text("name"), "client_kind": _coded("client_kind", PastProject.Client), "client": _text("client"),
             "year": _number("year"), "amount": _number("amount_fen"), "headcount": _number("headcount"),
             "result": _text("result"), "category": _text("category_hint")},
            order="r.year DESC, r.id DESC",
        ),
        "governance": Table(
            GovernanceItem, on,
            {"item": _coded("item", GovernanceItem.Item), "title": _text("title"),
             "in_force_from": _day("in_force_from"), "due_on": _day("due_on")},
            order="r.item, r.as_of DESC, r.id DESC",
        ),
        "party_records": Table(
            PartyRecord, on,
            {"record": _coded("record", PartyRecord.Record), "title": _text("title"), "on": _day("on")},
            order="r.as_of DESC, r.id DESC",
        ),
        "reports": Table(MediaReport, on, public, alike='r.title, r."on", r.medium', order=newest_on),
        "exchanges": Table(Exchange, on, public, alike='r.title, r."on", r.host', order=newest_on),
    }  # fmt: skip


# --- facts of one value -------------------------------------------------------------------------------

_FIELDS = {
    "name": "name", "legal_type": "legal_type", "registrar": "registrar_level", "registrar_name": "registrar",
    "region": "region", "founded_on": "registered_on", "registration_status": "status",
    "legal_representative": "legal_representative",
}  # fmt: skip
_FIGURES = {
    "full_time_staff": "full_time", "part_time_staff": "part_time", "certified_staff": "specialists",
    "party_members": "party_members", "union_members": "union_members",
}  # fmt: skip


@dataclass
class RegistryStore:
    """The registry's tables as of a day, for `policy.batch`; one store for each statement."""

    on: dt.date
    key: str = "o.id"
    _records: dict[str, Table] = field(default_factory=dict)
    _joins: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._records = record_tables(self.on)

    def names(self) -> Collection[str]:
        """The facts that the registry knows."""
        return (*self._records, *_FIELDS, *_FIGURES, *self._others())

    def rows(self, name: str) -> Table:
        """A fact of records; KeyError for one of a single value."""
        return self._records[name]

    def scalar(self, name: str, canon: Canon, bind: Text) -> Column:
        """A fact of one value; KeyError for records."""
        if name in _FIELDS:
            return self._profile(name, canon, bind)
        if name in _FIGURES:
            return self._newest(StaffFigures, _FIGURES[name], bind, "number")
        return self._others()[name](canon, bind)

    def _others(self) -> dict[str, Callable[[Canon, Text], Column]]:
        return {
            "code": lambda canon, bind: Column("NULLIF(o.code, '')", "text"),
            "rating": self._rating,
            "held_liable": self._held_liable,
            "business_scope": lambda canon, bind: self._newest(BusinessScope, "text", bind, "text"),
            "union_building": lambda canon, bind: self._newest(
                UnionBuilding, "status", bind, "text", _labels(UnionBuilding.Status)
            ),
        }

    def tables(self, bind: Text) -> str:
        """The organisations, each with what its scalars need beside it."""
        joins = "".join(
            f" LEFT JOIN (SELECT home, {', '.join(f'{t} AS {n}' for n, t in items.items())} FROM ({body}) f GROUP BY home)"
            f" j{at} ON j{at}.home = o.id"
            for at, (body, items) in enumerate(self._joins.items())
        )  # fmt: skip
        return f"{_ORGANISATION} o{joins}"

    def _join(self, body: str, *texts: str) -> list[str]:
        """Aggregates over the rows of `body` (as `f`), one row for each organisation; their columns."""
        items = self._joins.setdefault(body, {})
        alias = f"j{list(self._joins).index(body)}"
        for text in texts:
            if text not in items.values():
                items[f"c{len(items)}"] = text
        by_text = {text: name for name, text in items.items()}
        return [f"{alias}.{by_text[text]}" for text in texts]

    def _profile(self, name: str, canon: Canon, bind: Text) -> Column:
        """What counts of the statements: where all say the same, that; else by rank, one by one."""
        wanted = _FIELDS[name]
        kind = "date" if PROFILE[wanted].kind == "date" else "text"
        value = f"(f.values ->> '{wanted}') COLLATE \"C\""
        low, high = self._join(
            standing(Statement, bind(self.on), "f.values"), f"min({value})", f"max({value})"
        )  # fmt: skip
        codes, other = _codes(name)

        def typed(text: str) -> str:
            return f"NULLIF({text}, '')::date" if kind == "date" else text

        counted = canon(Column(typed("v_"), kind, codes, other))
        decided = typed(f"({self._by_rank(wanted, counted, bind)})")
        empty = f"NULLIF({low}, '')"
        shown = typed(low) if kind == "date" else empty
        return Column(
            f"CASE WHEN {low} = {high} THEN {shown} WHEN {low} IS NOT NULL THEN {decided} END",
            kind,
            codes,
            other,
        )

    def _by_rank(self, wanted: str, counted: str, bind: Text) -> str:
        """`profile.profile` and `facts.resolve` for one organisation: the word of the best, unless its equals part."""
        columns = (
            f"f.values ->> '{wanted}' AS v_, f.source_detail, f.id, (f.organisation_id = o.id) AS own_,"
            " (f.source <> 'self_reported') AS said_, f.as_of, (f.source = 'verified') AS seen_"
        )
        rows = standing(Statement, bind(self.on), columns, key="o.id", where=f" AND f.values ? '{wanted}'")
        rank = "own_ DESC, said_ DESC, as_of DESC, seen_ DESC"
        return (
            f"SELECT CASE WHEN min(best_) <> '' AND min(c_) = max(c_) THEN min(v_) FILTER (WHERE c_ IS NOT NULL) END"
            f' FROM (SELECT DISTINCT ON (source_detail) v_, best_, ({counted})::text COLLATE "C" AS c_ FROM ('
            f"SELECT r.*, rank() OVER (ORDER BY {rank}) AS k_, first_value(v_) OVER (ORDER BY {rank}, id DESC) AS best_"
            f" FROM ({rows}) r) r WHERE k_ = 1 ORDER BY source_detail, id DESC) r"
        )

    def _newest(
        self, model: type[FactRow], name: str, bind: Text, kind: str, codes: Mapping[str, str] | None = None
    ) -> Column:
        """The newest verified row, else the newest: where all say the same nobody has to look which."""
        on = bind(self.on)
        low, high = self._join(standing(model, on, f'f."{name}"'), *_ends(f'f."{name}"', kind))
        rows = standing(model, on, f'f."{name}"', key="o.id")
        decided = f"({rows} ORDER BY {_RANK} LIMIT 1)".replace(
            "SELECT COALESCE(m.merged_into_id, f.organisation_id) AS home, ", "SELECT "
        )
        return Column(
            f"CASE WHEN {low} = {high} THEN {low} WHEN {low} IS NOT NULL THEN {decided} END", kind, codes
        )

    def _rating(self, canon: Canon, bind: Text) -> Column:
        """The grade in force; several: the newest verified, else the newest, unless they part."""
        on = bind(self.on)
        valid = f" AND {on} BETWEEN f.valid_from AND f.valid_to"
        low, high = self._join(standing(Rating, on, "f.grade", where=valid), *_ends("f.grade", "text"))
        rows = standing(
            Rating, on, "f.grade AS v_, f.as_of, (f.source = 'verified') AS seen_", key="o.id", where=valid
        )  # fmt: skip
        counted = canon(Column("v_", "text"))
        decided = (
            f"(SELECT CASE WHEN min(c_) = max(c_) THEN min(v_) FILTER (WHERE c_ IS NOT NULL) END FROM (SELECT v_, c_,"
            f' rank() OVER (ORDER BY seen_ DESC, as_of DESC) AS k_ FROM (SELECT r.*, ({counted}) COLLATE "C" AS c_'
            f" FROM ({rows}) r) r WHERE c_ IS NOT NULL) r WHERE k_ = 1)"
        )
        return Column(
            f"CASE WHEN {low} = {high} THEN {low} WHEN {low} IS NOT NULL THEN {decided} END", "text"
        )

    def _held_liable(self, canon: Canon, bind: Text) -> Column:
        where = " AND f.penalty = 'prosecution'"
        (n,) = self._join(standing(Penalty, bind(self.on), "f.id", where=where), "count(*)")
        return Column(f"CASE WHEN {n} > 0 THEN true END", "boolean")


def _ends(text: str, kind: str) -> tuple[str, str]:
    shown = f'{text} COLLATE "C"' if kind == "text" else text
    return f"min({shown})", f"max({shown})"


def _codes(name: str) -> tuple[Mapping[str, str] | None, str | None]:
    """What stored words of the profile are called in documents."""
    if name == "legal_type":
        return TYPES, "其他"
    if name == "registration_status":
        return STATES, None
    if name == "registrar":
        return dict(PROFILE["registrar_level"].choices), None
    return None, None
