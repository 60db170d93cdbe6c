"""Everything that is known of organisations on one day, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db import connection

from shuniu.foundation.access import Who
from shuniu.foundation.together import rows_of
from shuniu.registry.facts import facts_of
from shuniu.registry.models import FACTS, FactRow, Organisation, Statement
from shuniu.registry.profile import Said, profile
from shuniu.registry.queries.organisations import organisations_visible_to, record_ids


@dataclass(frozen=True)
class Snapshot:
    """One organisation as of one day: the profile, and the rows of each kind that had been so by then."""

    organisation: Organisation
    on: dt.date
    profile: dict[str, Said]
    rows: dict[str, list[FactRow]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """The stored text of a profile field, "" when nobody said anything."""
        said = self.profile.get(name)
        return said.value if said else ""


def snapshots(
    organisations: Collection[Organisation], on: dt.date, *, kinds: Collection[str] = tuple(FACTS)
) -> dict[int, Snapshot]:
    """organisation id → snapshot of the day; records merged into an organisation speak for it too.

    For callers that fetched the organisations through "who asks". Two queries, however many there are.
    `kinds`: the kinds of fact that are wanted; the profile always is.
    """
    by_id = {o.pk: o for o in organisations}
    home = {pk: pk for pk in by_id}
    merged = Organisation.objects.filter(merged_into__in=by_id)
    home |= dict(merged.values_list("pk", "merged_into"))  # type: ignore[arg-type]
    statements: dict[int, list[Statement]] = {pk: [] for pk in by_id}
    inherited: dict[int, list[Statement]] = {pk: [] for pk in by_id}
    rows: dict[int, dict[str, list[FactRow]]] = {pk: {kind: [] for kind in kinds} for pk in by_id}
    wanted: list[type[FactRow]] = [Statement, *(model for kind, model in FACTS.items() if kind in kinds)]
    for row in _standing(wanted, list(home), on):
        if isinstance(row, Statement):
            own = row.organisation_id in by_id
            (statements if own else inherited)[home[row.organisation_id]].append(row)
        else:
            rows[home[row.organisation_id]][row.kind].append(row)
    return {
        pk: Snapshot(organisation, on, profile(statements[pk], on, inherited[pk]), rows[pk])
        for pk, organisation in by_id.items()
    }


def _standing(models: Sequence[type[FactRow]], ids: list[int], on: dt.date) -> Iterator[FactRow]:
    """The standing rows of these kinds in one query, each kind in its own order.

    A query for each of twelve tables costs more than everything that it finds, and to put one together by
    the query builder costs as much again: `FactRow.standing` is written out here, a test compares the two.
    """
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_sql(tuple(models)), {"ids": ids, "on": on})
        found = dict(cursor.fetchall())
    for model in models:
        yield from rows_of(model, found[model.kind])


@cache
def _sql(models: tuple[type[FactRow], ...]) -> str:
    """Short, so that the driver keeps it; names are our own, every value travels as a parameter."""
    return " UNION ALL ".join(
        f"SELECT '{model.kind}', json_agg(f ORDER BY {_order(model)})::text FROM {model._meta.db_table} f"  # noqa: S608
        " WHERE f.organisation_id = ANY(%(ids)s::bigint[]) AND f.as_of <= %(on)s AND NOT f.retracted"
        f" AND NOT EXISTS (SELECT 1 FROM {model._meta.db_table} s WHERE s.supersedes_id = f.id)"
        for model in models
    )


def _order(model: type[FactRow]) -> str:
    names = ((str(name).removeprefix("-"), str(name).startswith("-")) for name in model._meta.ordering or ())
    return ", ".join(
        f'f."{model._meta.get_field(name).column}"{" DESC" if falling else ""}'  # type: ignore[union-attr]
        for name, falling in names
    )


def snapshot(organisation: Organisation, on: dt.date, *, kinds: Collection[str] = tuple(FACTS)) -> Snapshot:
    """The same for one organisation."""
    return snapshots([organisation], on, kinds=kinds)[organisation.pk]


def facts_as_of(
    organisation: Organisation, on: dt.date, *, only: Collection[str] | None = None
) -> dict[str, object]:
    """fact name → Fact, or several where sources differ, as `shuniu.policy` takes them.

    `only`: the names that a document takes from the registry.
    """
    return facts_as_of_many([organisation], on, only=only)[organisation.pk]


def facts_as_of_many(
    organisations: Collection[Organisation], on: dt.date, *, only: Collection[str] | None = None
) -> dict[int, dict[str, object]]:
    """The same for many organisations, by id, in the same number of queries as for one."""
    return {
        pk: {name: given for name, given in facts_of(s).items() if only is None or name in only}
        for pk, s in snapshots(organisations, on).items()
    }


def history(who: Who, organisation: Organisation, kind: str) -> list[FactRow]:
    """Every row of a kind, superseded ones included, newest first; for the page that shows how it came."""
    if not organisations_visible_to(who).filter(pk=organisation.pk).exists():
        return []
    model: type[FactRow] = Statement if kind == Statement.kind else FACTS[kind]
    return list(
        model._default_manager.filter(organisation__in=record_ids(organisation))
        .select_related("recorded_by", "verified_by", "evidence__blob")
        .order_by("-id")
    )
