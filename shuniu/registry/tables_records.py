"""The rows of the registry as records, for `policy.batch`: field by field as `registry.facts` makes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from shuniu.policy.batch import Column, Text
from shuniu.registry.models import (
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
)
from shuniu.registry.models.facts import InspectionResult, PenaltyKind
from shuniu.registry.models.publicity import PublicLevel

ORGANISATION = Organisation._meta.db_table
RANK = "(f.source = 'verified') DESC, f.as_of DESC, f.id DESC"
_CONFLICT = "?"  # stands for an outcome on which sources contradict each other


def labels(choices: type[models.TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def standing(model: type[FactRow], on: str, columns: str, *, key: str = "", where: str = "") -> str:
    """The rows that stood on the day, with the organisation that they speak for as `home`: `facts` has the rules."""
    table = model._meta.db_table
    of = (
        f" AND f.organisation_id IN (SELECT {key} UNION ALL SELECT a.id FROM {ORGANISATION} a WHERE a.merged_into_id = {key})"
        if key
        else ""
    )
    return (
        f"SELECT COALESCE(m.merged_into_id, f.organisation_id) AS home, {columns} FROM {table} f"
        f" LEFT JOIN {ORGANISATION} m ON m.id = f.organisation_id AND m.merged_into_id IS NOT NULL"
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

    def sql(self, bind: Text, *, only: str = "", key: str = "", every: bool = False) -> str:
        """See `policy.batch.Rows`."""
        names = ["id", *(f.column for f in self.model._meta.fields if f.name in self.model.shown)]
        shown = ", ".join(f'f."{name}"' for name in dict.fromkeys(names))
        where = f" AND f.{self.once} = {only}" if only else ""
        if every or not self.alike:
            return standing(self.model, bind(self.on), shown, key=key, where=where)
        if self.once:
            return self._newest(bind, shown, key, where)
        mark = f"home, {self.alike}"
        body = standing(self.model, bind(self.on), f"{shown}, f.as_of, f.source", key=key, where=where)
        rank = RANK.replace("f.", "r.")
        return (
            f"SELECT * FROM (SELECT r.*, row_number() OVER (PARTITION BY {mark} ORDER BY {rank}) AS nth_,"
            f" max(r.id) OVER (PARTITION BY {mark}) AS first_ FROM ({body}) r) r WHERE nth_ = 1"
        )

    def _newest(self, bind: Text, shown: str, key: str, where: str) -> str:
        """One row of each year: the newest verified, else the newest; where sources part the outcome is open."""
        body = standing(
            self.model, bind(self.on), f"{shown}, f.as_of, f.source, f.source_detail", key=key, where=where
        )  # fmt: skip
        mark, rank = f"home, {self.alike}", RANK.replace("f.", "r.")
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
    return Column(f'r."{name}"', "text", labels(choices), strict=strict)


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
