"""The judgement of all organisations in one statement is the judgement one by one (B2)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from django.db import connection

from shuniu import policy
from shuniu.policy import batch, rules, words
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of_many
from shuniu.registry.tables import RegistryStore
from shuniu.registry.tests import batch_law, random_registry
from shuniu.registry.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B2")]


def at_once(law: policy.Document, on: dt.date) -> tuple[list[batch.Compiled], dict[int, str]]:
    """organisation → the letters of its conditions, by one statement."""
    plan = batch.Plan(RegistryStore(on), on)
    compiled = batch.compile_conditions(law, "eligibility", plan)
    letters = " || ".join(each.text for each in compiled)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(plan.query(f"o.id, {letters}", "o.merged_into_id IS NULL"), plan.bind.values)
        return compiled, dict(cursor.fetchall())


def one_by_one(law: policy.Document, organisations: Sequence[Organisation], on: dt.date) -> dict[int, str]:
    """The same by the engine."""
    only = {each.name for each in law.facts.values() if each.source == "registry"}
    facts = facts_as_of_many(organisations, on, only=only)
    return {
        pk: "".join(batch.LETTERS[f.status] for f in policy.judge(law, "eligibility", known, on).findings)
        for pk, known in facts.items()
    }


def parted(law: policy.Document, organisations: Sequence[Organisation], on: dt.date) -> list[Any]:
    """Where the two differ: condition, organisation, by the engine, in one statement."""
    compiled, letters = at_once(law, on)
    found = []
    for pk, own in one_by_one(law, organisations, on).items():
        for each, one, many in zip(compiled, own, letters[pk], strict=True):
            if many != "X" and one != many.replace("W", "U"):
                found.append((each.condition.key, str(each.condition.readings[0].rule)[:160], pk, one, many))
    return found


@pytest.fixture
def made() -> list[Organisation]:
    return random_registry.fill(make.union(), 60, seed=20260701)


def test_both_judgements_agree_on_every_operator(made: list[Organisation]) -> None:
    for law, on in (
        (batch_law.law(), random_registry.ON),
        (batch_law.law(batch_law.nested(40, seed=7), ""), dt.date(2024, 2, 29)),
    ):
        compiled, _ = at_once(law, on)
        assert {each.condition.key: each.reason for each in compiled if each.reason} == {}
        assert parted(law, made, on) == []


def test_both_judgements_agree_on_the_documents_of_the_product(made: list[Organisation]) -> None:
    tried = 0
    for folder in sorted(Path(settings.ROOT, "policies").glob("*/document.yaml")):
        law = policy.load_bytes(policy.read_folder(folder.parent))
        if not law.index.get("eligibility"):
            continue
        compiled, _ = at_once(law, random_registry.ON)
        assert [each.reason for each in compiled if each.reason] == []
        assert parted(law, made, random_registry.ON) == []
        tried += 1
    assert tried >= 3


def _nodes(node: Any) -> Iterator[Any]:
    """A rule or value and everything in it."""
    yield node
    inner = (
        node if isinstance(node, tuple) else (getattr(node, each.name) for each in dataclasses.fields(node))
    )
    for child in inner:
        if isinstance(child, tuple) or dataclasses.is_dataclass(child):
            yield from _nodes(child)


def test_no_operator_of_the_format_is_left_out() -> None:
    """Whatever a rule can ask of registry facts stands in the comparison above, or is refused with a reason."""
    law = batch_law.law()
    asked = tuple(reading.rule for condition in law.conditions for reading in condition.readings)
    derived = tuple(spec.derive for spec in law.facts.values() if spec.derive is not None)
    nodes = [*_nodes(asked), *_nodes(derived)]
    refused = {rules.SheetTotal, rules.Passes, rules.DirectionsOf, rules.CategoriesListed, rules.Choose}
    assert {*get_args(rules.Rule), *get_args(rules.Value)} - {type(node) for node in nodes} == refused
    plural = {"includes", "includes_any", "includes_all"}  # no fact of the registry holds several words
    assert {node.op for node in nodes if isinstance(node, rules.Compare)} == set(words.COMPARISONS) - plural


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{fact: name, matches: '[晨暮]曦*'}", "方括号"),
        ("{shift: {from: {fact: founded_on}, n: 5, unit: working_days}, before: {date: on}}", "按工作日"),
        ("{fact: penalties, empty: true}", "一组记录"),
        ("{choose: {when: {fact: founded_on, before: 2020-01-01}, then: 1, otherwise: 2}, is: 1}", "按条件取的数"),
        ("{timer: {records: penalties, state: kind, becomes: [{from: 行政处罚, after: {n: 1, unit: years}, to: 甲},"
         " {from: 甲, after: {n: 1, unit: years}, to: 行政处罚}], start: 正常}, is: 甲}", "循环"),
    ],
)  # fmt: skip
def test_what_one_statement_cannot_carry_is_said(rule: str, reason: str) -> None:
    plan = batch.Plan(RegistryStore(random_registry.ON), random_registry.ON)
    (compiled,) = batch.compile_conditions(batch_law.law([rule], ""), "eligibility", plan)
    assert compiled.always == "X" and reason in compiled.reason
