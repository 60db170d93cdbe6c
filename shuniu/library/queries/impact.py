"""影响测算: the statement that judges every organisation at once, and reads of what it found."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.library.models import Impact, ImpactRow, Release, Upload
from shuniu.library.queries.documents import WHOLE_FOLDERS, law_of_key, loaded, policy_of
from shuniu.library.queries.rehearsal import assumed
from shuniu.library.queries.uploads import READERS
from shuniu.library.unpacking import unpacked
from shuniu.policy import batch
from shuniu.registry.models import ENDED
from shuniu.registry.tables import RegistryStore
from shuniu.unions.queries import descendant_ids

QUESTION = "eligibility"
LETTERS = {
    "M": "符合", "S": "说明理由后通过", "F": "不符合", "A": "理解不一", "U": "待查", "W": "待查", "N": "不适用",
    "X": "无法批量测算",
}  # fmt: skip
KINDS = {
    "M": "ok",
    "S": "ok",
    "F": "bad",
    "A": "warn",
    "U": "unknown",
    "W": "unknown",
    "N": "wait",
    "X": "warn",
}


def impacts_visible_to(who: Who) -> QuerySet[Impact]:
    """Estimates of the asker's own union."""
    rows = Impact.objects.select_related("upload", "asked_by").defer(
        "upload__files", "upload__explained", "upload__cases"
    )
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def impact_rows_visible_to(who: Who, impact: int) -> QuerySet[ImpactRow]:
    """The organisations of an estimate."""
    mine = impacts_visible_to(who).filter(pk=impact).order_by().values("pk")
    return ImpactRow.objects.filter(impact__in=mine)


def replaced_by(upload: Upload) -> policy.Document | None:
    """What the folder takes the place of: the upper document, the version before, or the document that it names."""
    if upload.base is not None:
        return policy_of(upload.base)
    now = law_of_key(upload.key)
    if now is not None and now.digest != upload.digest:
        return now
    earlier = Release.objects.filter(key=upload.key).exclude(document__digest=upload.digest)
    row = earlier.select_related("document").defer(*WHOLE_FOLDERS).first()
    if row is not None:
        return policy_of(row.document)
    named = loaded(unpacked(upload.files)).succession
    return law_of_key(named.key) if named is not None else None


@dataclass(frozen=True)
class Compiled:
    """The conditions of a folder and of what it replaces, in one statement."""

    now: list[batch.Compiled]
    before: list[batch.Compiled]
    plan: batch.Plan

    @property
    def letters(self) -> tuple[str, str]:
        """The SQL of both."""
        return _joined(self.now), _joined(self.before)

    def insert(self, impact: Impact) -> tuple[str, dict[str, Any]]:
        """The statement that writes a row for each organisation of the union and of those below it, and its values."""
        query = self.plan.query(
            f"o.id AS organisation_id, {self.letters[0]} AS letters, {self.letters[1]} AS before",
            "o.merged_into_id IS NULL AND o.status <> ALL(%(ended)s) AND o.owning_union_id = ANY(%(unions)s)",
        )
        before = batch.answer("before") if self.before else "''"
        statement = (
            "INSERT INTO library_impactrow (impact_id, organisation_id, letters, before, answer, answer_before)"  # noqa: S608
            f" SELECT %(impact)s, organisation_id, letters, before, {batch.answer('letters')}, {before}"
            f" FROM ({query} OFFSET 0) rows"
        )
        values: dict[str, Any] = dict(self.plan.bind.values)
        values |= {
            "impact": impact.pk,
            "ended": [str(each) for each in ENDED],
            "unions": descendant_ids(impact.union_id),
        }
        return statement, values


def _joined(conditions: Iterable[batch.Compiled]) -> str:
    return " || ".join(each.text for each in conditions) or "''"


def compiled(law: policy.Document, before: policy.Document | None, on: dt.date) -> Compiled:
    """Both documents in one plan."""
    plan = batch.Plan(RegistryStore(on), on, given=assumed(on))
    now = batch.compile_conditions(law, QUESTION, plan)
    return Compiled(now, batch.compile_conditions(before, QUESTION, plan) if before is not None else [], plan)


def figures(impact: Impact, made: Compiled) -> dict[str, Any]:
    """Every number of the page, counted from the rows; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT letters, before, count(*) FROM library_impactrow WHERE impact_id = %s GROUP BY 1, 2",
            [impact.pk],
        )
        rows = [(str(now), str(before), int(n)) for now, before, n in cursor.fetchall()]
    places = {each.condition.key: n for n, each in enumerate(made.before)}
    kept = {each.condition.key for each in made.now}
    total: Counter[str] = Counter()
    moves: Counter[tuple[str, str]] = Counter()
    told: Counter[str] = Counter()
    for now, before, n in rows:
        answer = batch.answer_of(now)
        total[answer] += n
        told[batch.answer_of(now.replace("W", "").replace("X", ""))] += n
        if made.before:
            moves[batch.answer_of(before), answer] += n
    return {
        "population": sum(n for *_, n in rows),
        "answers": total,
        "told": told,
        "moves": [[*pair, n] for pair, n in sorted(moves.items())],
        "conditions": [_of_condition(at, each, places.get(each.condition.key), rows) for at, each in enumerate(made.now)],
        "gone": [_named(each) for each in made.before if each.condition.key not in kept],
    }  # fmt: skip


def _named(each: batch.Compiled) -> dict[str, Any]:
    return {"key": each.condition.key, "clause": each.condition.clause, "label": each.condition.label}


def _of_condition(
    at: int, each: batch.Compiled, was: int | None, rows: Iterable[tuple[str, str, int]]
) -> dict[str, Any]:
    letters: Counter[str] = Counter()
    moves: Counter[tuple[str, str]] = Counter()
    for now, before, n in rows:
        letters[now[at]] += n
        if was is not None and _side(before[was]) != _side(now[at]):
            moves[_side(before[was]), _side(now[at])] += n
    return _named(each) | {
        "letters": letters, "always": each.always, "waits": each.waits, "reason": each.reason, "was": was,
        "moves": [[*pair, n] for pair, n in sorted(moves.items())],
    }  # fmt: skip


def _side(letter: str) -> str:
    """As what a letter is compared: both ways of waiting are one."""
    return "U" if letter in "UWX" else letter


def conditions_of(impact: Impact) -> list[Mapping[str, Any]]:
    """The conditions as the estimate knew them."""
    found: list[Mapping[str, Any]] = impact.figures.get("conditions", [])
    return found
