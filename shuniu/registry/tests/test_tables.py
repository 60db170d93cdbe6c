"""The judgement of all organisations in one statement is the judgement one by one (B2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from shuniu import policy
from shuniu.policy import batch
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


def test_both_judgements_agree_on_every_operator() -> None:
    law = batch_law.law()
    made = random_registry.fill(make.union(), 150, seed=20260701)
    for on in (random_registry.ON, dt.date(2026, 1, 1), dt.date(2024, 2, 29)):
        compiled, _ = at_once(law, on)
        assert {each.condition.key: each.reason for each in compiled if each.reason} == {}
        assert parted(law, made, on) == []
