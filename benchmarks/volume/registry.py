"""Organisations in bulk, with the facts that a list of the registrar would say of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from benchmarks.volume import words
from benchmarks.volume.office import Office
from benchmarks.volume.rows import chunks, copy, keys, values
from shuniu.foundation.access import system
from shuniu.foundation.journal import actions as journal
from shuniu.registry import codes
from shuniu.registry.actions import current
from shuniu.registry.actions.organisations import legal_type_of
from shuniu.registry.fields import PROFILE, stored
from shuniu.registry.models import (
    FACTS,
    BusinessScope,
    FactRow,
    Inspection,
    Organisation,
    Rating,
    Source,
    Statement,
    Status,
    UnionBuilding,
)
from shuniu.registry.profile import profile
from shuniu.registry.queries import Snapshot

BULK = system("大体量数据")
_FIRST_NUMBER = 300_000
_CHUNK = 5_000
_SOURCE = {"source": Source.IMPORTED, "source_detail": "望海市民政局名册（大体量数据）"}


def add_organisations(office: Office, count: int, as_of: dt.date, *, offset: int = 0) -> list[int]:
    """Add organisations that an import on `as_of` would have made; their keys, those in good standing first.

    `offset` sets apart the names and codes of two unions in one database.
    """
    made: list[int] = []
    good: list[int] = []
    for part in chunks(range(offset, offset + count), _CHUNK):
        for row in _add(office, part, as_of):
            (good if row.inspection_result == "passed" else made).append(row.pk)
    return good + made


def _add(office: Office, numbers: Sequence[int], as_of: dt.date) -> list[Organisation]:
    organisations: list[Organisation] = []
    statements: list[Statement] = []
    facts: dict[type[FactRow], list[FactRow]] = {}
    for pk, n in zip(keys(Organisation, len(numbers)), numbers, strict=True):
        organisation, statement, told = _one(office, pk, n, as_of)
        organisations.append(organisation)
        statements.append(statement)
        for fact in told:
            facts.setdefault(type(fact), []).append(fact)
    copy(Organisation, (values(o) for o in organisations))
    copy(Statement, (values(s) for s in statements))
    for model, rows in facts.items():
        copy(model, (values(row) for row in rows))
    journal.record(
        by=BULK, verb="bulk", subject=office.union, union_id=office.union.pk,
        text=f"写入大体量数据：{len(organisations)} 家社会组织", facts={"rows": len(organisations)},
    )  # fmt: skip
    return organisations


def _one(office: Office, pk: int, n: int, as_of: dt.date) -> tuple[Organisation, Statement, list[FactRow]]:
    named = words.organisation(n)
    number = _FIRST_NUMBER + n
    code = codes.make_code(f"{named.prefix}379909", number)
    organisation = Organisation(
        pk=pk, code=code, name=named.name, legal_type=legal_type_of(code), status=Status.NORMAL,
        owning_union=office.owner_of(named.region, n),
    )  # fmt: skip
    said = {
        "name": named.name, "legal_type": named.legal_type, "status": Status.NORMAL, "registrar": "望海市民政局",
        "registrar_level": "city", "region": named.region, "registered_on": named.registered_on,
        "legal_representative": named.representative, "address": f"望海市{named.region}工人路 {n % 200 + 1} 号",
        "contact_name": words.person(n + 3), "contact_phone": f"139{10_000_000 + n:08d}",
    }  # fmt: skip
    statement = Statement(
        pk=0,
        organisation=organisation,
        as_of=as_of,
        values={k: stored(v) for k, v in said.items()},
        **_SOURCE,
    )
    told = _facts(organisation, named, as_of)
    by_kind: dict[str, list[FactRow]] = {kind: [] for kind in FACTS}
    for fact in told:
        by_kind[fact.kind].append(fact)
    current.apply(Snapshot(organisation, as_of, profile([statement], as_of), by_kind))
    statement.pk = None  # only compared by `profile`; the database gives the real one
    assert set(statement.values) <= set(PROFILE)
    return organisation, statement, told


def _facts(organisation: Organisation, named: words.Named, as_of: dt.date) -> list[FactRow]:
    found: list[FactRow] = [
        BusinessScope(
            organisation=organisation, as_of=as_of, text=f"{named.field}的宣传、咨询、培训和服务；承接政府和工会委托项目。",
            **_SOURCE,
        ),
        UnionBuilding(organisation=organisation, as_of=as_of, status=named.union_status, **_SOURCE),
    ]  # fmt: skip
    found += [
        Inspection(
            organisation=organisation, as_of=as_of, year=as_of.year - back,
            result=named.inspection if back == 1 else "passed", **_SOURCE,
        )
        for back in (1, 2)
    ]  # fmt: skip
    if named.rated:
        found.append(
            Rating(
                organisation=organisation, as_of=as_of, grade=named.rated, valid_from=dt.date(as_of.year - 2, 1, 1),
                valid_to=dt.date(as_of.year + 2, 12, 31), authority="望海市民政局", **_SOURCE,
            )
        )  # fmt: skip
    return found
