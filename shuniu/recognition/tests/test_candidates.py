"""后续推荐: the candidate list is what the document's conditions say of those who were honoured."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from shuniu.foundation.calendar import clock
from shuniu.library import actions as library
from shuniu.recognition.actions import honours
from shuniu.recognition.candidates import candidates, follow_ups
from shuniu.recognition.models import Honour
from shuniu.recognition.tests.cast import SYSTEM, Office, holder, office
from shuniu.recognition.tests.test_honours import award
from shuniu.registry.models import Organisation
from shuniu.unions.tests.cast import log_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F7")]


def named(of: Office, a: Organisation, key: str, law: str = "jiangsu") -> Honour:
    """Named by a list of this union under a document."""
    return honours.grant(
        by=SYSTEM, union=of.union, document=library.store(by=SYSTEM, key=law), organisation=a,
        subject=honours.of_organisation(a), award=award("city", title="优秀社会组织", decision=key), effect_key=key,
    )  # fmt: skip


def test_who_was_named_under_the_document_is_recommended_next(
    client: Client, django_assert_num_queries: Any
) -> None:
    of = office()
    (_, a), (_, b), (_, c) = holder(of), holder(of), holder(of)
    first = named(of, a, "k1")
    named(of, b, "k2", law="qingdao-2021")
    gone = named(of, c, "k3")
    honours.revoke(by=of.leader, honour_id=gone.pk, reason="材料不实")
    known = follow_ups(of.union.pk)
    assert {f.condition.key for f in known} >= {"gold_mediator", "leader_awards"}
    gold = next(f for f in known if f.condition.key == "gold_mediator")
    found = candidates(of.clerk, gold, clock.today())
    assert [(x.organisation, x.honours) for x in found] == [(a, (first,))] and found[0].reason
    assert candidates(office("邻海市总工会").clerk, gold, clock.today()) == []
    log_in(client, of.clerk)
    page = text(client.get("/honours/candidates/"))
    assert a.name in page and b.name not in page and c.name not in page and "五4" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get("/honours/candidates.xlsx").content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert a.name in cells and b.name not in cells
    assert a.name in text(client.get("/honours/candidates/?award=jiangsu:leader_awards"))


def test_the_list_costs_the_same_for_many(django_assert_max_num_queries: Any) -> None:
    of = office()
    gold = next(f for f in follow_ups(of.union.pk) if f.condition.key == "gold_mediator")
    for n in range(6):
        named(of, holder(of)[1], f"n{n}")
    with django_assert_max_num_queries(40):
        assert len(candidates(of.clerk, gold, clock.today())) == 6
