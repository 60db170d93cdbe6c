"""Where the facts of `registry.facts` lie in tables: for judging every organisation in one statement.

The same facts as `facts.facts_of`, name by name; `tests/test_tables.py` compares the two on random rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from shuniu.policy.batch import Canon, Column, Text
from shuniu.registry.facts import STATES, TYPES
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import (
    BusinessScope,
    FactRow,
    Penalty,
    Rating,
    StaffFigures,
    Statement,
    UnionBuilding,
)
from shuniu.registry.tables_records import ORGANISATION, RANK, Table, labels, record_tables, standing

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
                UnionBuilding, "status", bind, "text", labels(UnionBuilding.Status)
            ),
        }

    def tables(self, bind: Text) -> str:
        """The organisations, each with what its scalars need beside it."""
        joins = "".join(
            f" LEFT JOIN (SELECT home, {', '.join(f'{t} AS {n}' for n, t in items.items())} FROM ({body}) f GROUP BY home)"
            f" j{at} ON j{at}.home = o.id"
            for at, (body, items) in enumerate(self._joins.items())
        )  # fmt: skip
        return f"{ORGANISATION} o{joins}"

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
        rank = "own_ DESC, said_ DESC, as_of DESC, seen_ DESC, CASE WHEN seen_ THEN id ELSE 0 END DESC"
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
        decided = f"({rows} ORDER BY {RANK} LIMIT 1)".replace(
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
