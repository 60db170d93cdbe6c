"""Facts: dated, sourced, never changed, judged as of a day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from shuniu.foundation.access import Refused
from shuniu.foundation.calendar import clock
from shuniu.policy.facts import Fact
from shuniu.registry import actions, queries
from shuniu.registry.models import FACTS, FactRow, Inspection, Organisation
from shuniu.registry.tests import factories as make

pytestmark = pytest.mark.django_db


def told(organisation: Organisation, on: dt.date, name: str) -> object:
    return queries.facts_as_of(organisation, on).get(name)


@pytest.mark.feature("A4")
def test_an_inspection_counts_from_the_day_it_was_concluded() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    values = {"year": 2025, "result": "passed", "concluded_on": dt.date(2026, 5, 20)}
    actions.add_fact(
        by=clerk, organisation=row, kind="inspection", values=values, basis="望海市民政局年检结果"
    )
    assert told(row, dt.date(2026, 5, 19), "inspections") is None
    given = told(row, dt.date(2026, 5, 20), "inspections")
    assert isinstance(given, Fact)
    assert given.value == [{"year": 2025, "result": "合格", "concluded_on": dt.date(2026, 5, 20)}]
    assert given.verified
    assert "望海市民政局年检结果" in given.source
    row.refresh_from_db()
    assert (row.inspection_year, row.inspection_result) == (2025, "passed")


@pytest.mark.feature("A2")
def test_of_two_sources_the_verified_one_counts_and_two_unverified_contradict() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    owner = make.member(row)
    day = dt.date(2026, 5, 20)
    for result, basis in (("passed", "本单位"), ("basically", "另一份材料")):
        actions.add_fact(
            by=owner, organisation=row, kind="inspection", basis=basis,
            values={"year": 2025, "result": result, "concluded_on": day},
        )  # fmt: skip
    given = told(row, day, "inspections")
    assert isinstance(given, Fact)
    assert isinstance(given.value, list)
    assert "合格" in given.value[0]["result"]
    assert "基本合格" in given.value[0]["result"]
    assert "；" in given.value[0]["result"]
    actions.add_fact(
        by=clerk, organisation=row, kind="inspection", basis="年检系统",
        values={"year": 2025, "result": "failed", "concluded_on": day},
    )  # fmt: skip
    given = told(row, day, "inspections")
    assert isinstance(given, Fact)
    assert isinstance(given.value, list)
    assert given.value[0]["result"] == "不合格"


@pytest.mark.feature("A2")
@pytest.mark.refusal("registry.verified_already")
@pytest.mark.refusal("registry.superseded")
def test_verifying_writes_a_new_row_and_the_old_one_stays() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    owner = make.member(row)
    said = actions.add_fact(by=owner, organisation=row, kind="staff", values={"full_time": 7})
    assert said.source == "self_reported"
    checked = actions.verify_fact(by=clerk, row=said, basis="社保缴费名单", evidence=make.paper("名单"))
    assert checked.is_verified
    assert checked.supersedes_id == said.pk
    assert [r.pk for r in queries.snapshot(row, dt.date(2030, 1, 1)).rows["staff"]] == [checked.pk]
    assert len(queries.history(clerk, row, "staff")) == 2
    for again, code in ((checked, "registry.verified_already"), (said, "registry.superseded")):
        with pytest.raises(Refused) as refused:
            actions.verify_fact(by=clerk, row=again, basis="名单")
        assert refused.value.verdict.code == code


@pytest.mark.feature("A2")
@pytest.mark.refusal("registry.correct_reason")
@pytest.mark.refusal("registry.self_verified")
def test_a_correction_needs_a_reason_and_an_organisation_leaves_verified_rows_alone() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    owner = make.member(row)
    said = actions.add_fact(by=owner, organisation=row, kind="staff", values={"full_time": 7})
    with pytest.raises(Refused) as refused:
        actions.correct_fact(by=owner, row=said, values={"full_time": 8}, reason=" ")
    assert refused.value.verdict.code == "registry.correct_reason"
    with pytest.raises(Refused) as refused:
        actions.correct_fact(by=owner, row=said, values={"full_time": 7}, reason="笔误")
    assert refused.value.verdict.code == "registry.nothing"
    better = actions.correct_fact(by=owner, row=said, values={"full_time": 8}, reason="笔误")
    checked = actions.verify_fact(by=clerk, row=better, basis="名单")
    with pytest.raises(Refused) as refused:
        actions.retract_fact(by=owner, row=checked, reason="不对")
    assert refused.value.verdict.code == "registry.self_verified"
    actions.retract_fact(by=clerk, row=checked, reason="重复登记")
    assert not queries.snapshot(row, dt.date(2030, 1, 1)).rows["staff"]
    assert len(queries.history(clerk, row, "staff")) == 4


@pytest.mark.feature("A2")
@pytest.mark.refusal("registry.official")
@pytest.mark.refusal("registry.field")
def test_an_organisation_states_its_own_fields_and_not_the_official_ones() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    owner = make.member(row)
    actions.state_profile(
        by=owner, organisation=row, values={"contact_phone": "13900000009", "office": "租用"}
    )
    row.refresh_from_db()
    assert row.contact_phone == "13900000009"
    for values, code in (({"name": "新名"}, "registry.official"), ({"nonsense": "1"}, "registry.field")):
        with pytest.raises(Refused) as refused:
            actions.state_profile(by=owner, organisation=row, values=values)
        assert refused.value.verdict.code == code


@pytest.mark.refusal("registry.own")
@pytest.mark.feature("A2")
def test_strangers_add_nothing() -> None:
    city = make.union()
    clerk = make.staff(city)
    row, other = make.organisation(clerk), make.organisation(clerk)
    stranger = make.member(other)
    with pytest.raises(Refused):
        actions.add_fact(by=stranger, organisation=row, kind="staff", values={"full_time": 1})
    district = make.staff(make.union("望海市东港区总工会", parent=city))
    with pytest.raises(Refused):
        actions.add_fact(by=district, organisation=row, kind="staff", values={"full_time": 1}, basis="x")
    with pytest.raises(Refused) as refused:
        actions.request_correction(by=stranger, organisation=row, field="name", new="x", reason="y")
    assert refused.value.verdict.code == "registry.own"


@pytest.mark.feature("A4")
def test_values_that_do_not_fit_are_refused_by_field() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    with pytest.raises(ValidationError):
        actions.add_fact(
            by=clerk, organisation=row, kind="rating", basis="公告",
            values={"grade": "6A", "valid_from": dt.date(2025, 1, 1), "valid_to": dt.date(2029, 12, 31)},
        )  # fmt: skip
    with pytest.raises(ValidationError):
        actions.add_fact(
            by=clerk, organisation=row, kind="rating", basis="公告",
            values={"grade": "4A", "valid_from": dt.date(2025, 1, 1), "valid_to": dt.date(2024, 12, 31)},
        )  # fmt: skip


@pytest.mark.feature("A4")
def test_a_rating_is_a_fact_only_while_it_is_valid() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    actions.add_fact(
        by=clerk, organisation=row, kind="rating", basis="评估公告",
        values={"grade": "4A", "valid_from": dt.date(2021, 1, 1), "valid_to": dt.date(2025, 12, 31)},
    )  # fmt: skip
    assert told(row, dt.date(2025, 12, 31), "rating") is not None
    assert told(row, dt.date(2026, 1, 1), "rating") is None


@pytest.mark.parametrize("kind", ["statement", *FACTS])
def test_the_database_keeps_every_fact_as_it_was_written(kind: str) -> None:
    table = {"statement": "registry_statement"} | {k: m._meta.db_table for k, m in FACTS.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table[kind]],
        )
        enabled = dict(cursor.fetchall())
    for guard in ("no_update", "no_delete", "no_truncate", "same"):
        assert enabled[f"{table[kind]}_{guard}"] == "A"


@pytest.mark.feature("A2")
def test_facts_cannot_be_changed_and_a_correction_stays_with_its_organisation() -> None:
    clerk = make.staff(make.union())
    row, other = make.organisation(clerk), make.organisation(clerk)
    values = {"year": 2025, "result": "passed"}
    fact = actions.add_fact(by=clerk, organisation=row, kind="inspection", values=values, basis="名单")
    with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
        Inspection.objects.filter(pk=fact.pk).update(result="failed")
    with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
        Inspection.objects.filter(pk=fact.pk).delete()
    with pytest.raises(IntegrityError, match="another organisation"), transaction.atomic():
        Inspection.objects.create(
            organisation=other,
            year=2025,
            result="failed",
            as_of=fact.as_of,
            source="self_reported",
            supersedes_id=fact.pk,
        )
    with pytest.raises(IntegrityError, match="inspection_verified_how"), transaction.atomic():
        Inspection.objects.create(
            organisation=row,
            year=2025,
            result="failed",
            as_of=fact.as_of,
            source="verified",
            source_detail="x",
        )


@pytest.mark.feature("A2")
def test_what_stands_is_the_same_in_a_snapshot_and_in_a_query() -> None:
    """The snapshot's one statement says again what `standing` says: superseded and withdrawn rows are out."""
    clerk = make.staff(make.union())
    row = make.organisation(clerk)

    def add(kind: str, **values: object) -> FactRow:
        return actions.add_fact(by=clerk, organisation=row, kind=kind, values=values, basis="材料原件")

    first = {"grade": "3A", "valid_from": dt.date(2024, 1, 1), "valid_to": dt.date(2028, 12, 31)}
    wrong = add("rating", **first)
    actions.correct_fact(by=clerk, row=wrong, values={"grade": "4A"}, reason="看错一行", basis="公告原件")
    for year in (2023, 2025, 2024):
        add("inspection", year=year, result="passed", concluded_on=dt.date(year + 1, 5, 20))
    gone = add("penalty", penalty="abnormal", from_on=dt.date(2025, 3, 1))
    actions.retract_fact(by=clerk, row=gone, reason="同名单位")
    add("scope", text="职工心理健康宣传与咨询")
    on = dt.date(2026, 6, 1)
    rows = queries.snapshot(row, on).rows
    for kind, model in FACTS.items():
        there = model.standing().filter(organisation=row, as_of__lte=on)
        assert [(f.pk, f.said(), f.source_text) for f in rows[kind]] == [
            (f.pk, f.said(), f.source_text) for f in there
        ]
    assert [f.said()["year"] for f in rows["inspection"]] == [2025, 2024, 2023]
    assert [f.said()["grade"] for f in rows["rating"]] == ["4A"]
    assert rows["penalty"] == []
    assert set(queries.snapshot(row, on, kinds={"scope"}).rows) == {"scope"}


@pytest.mark.feature("A2")
def test_of_verified_words_of_one_day_the_last_counts_alone() -> None:
    clerk = make.staff(make.union())
    row, today = make.organisation(clerk, "望海市错名中心", as_of=clock.today()), clock.today()
    actions.state_profile(by=clerk, organisation=row, values={"name": "望海市正名中心"}, basis="核对登记证书")
    said = queries.snapshot(row, today).profile["name"]
    assert (said.value, said.conflict) == ("望海市正名中心", "")
    given = queries.facts_as_of(row, today)["name"]
    assert isinstance(given, list) and [each.value for each in given] == ["望海市正名中心"]
