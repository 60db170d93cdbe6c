"""使用情况: named by the paper or with a reason and a second person; never more than was paid."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import slots
from shuniu.funds import queries
from shuniu.funds.actions import use as actions
from shuniu.funds.actions.matching import set_standard
from shuniu.funds.models import MatchingStandard, Subsidy, Use
from shuniu.funds.tests.cast import WAN, Treasury, treasury
from shuniu.recognition.tests.cast import refused
from shuniu.registry.tests import factories
from shuniu.unions.tests.cast import me

pytestmark = pytest.mark.django_db


def paid() -> tuple[Treasury, Subsidy]:
    t = treasury()
    t.honour("city")
    row = t.subsidy()
    t.payee(row)
    due = t.settle(row)
    assert due is not None
    t.pay(due)
    return t, row


@pytest.mark.feature("I3")
@pytest.mark.refusal("funds.use_reason")
@pytest.mark.refusal("funds.use_over_paid")
@pytest.mark.refusal("funds.use_future")
@pytest.mark.refusal("funds.recorder_only")
def test_a_use_that_the_paper_does_not_name_needs_a_reason_and_a_second_person() -> None:
    t, row = paid()
    today = clock.today()
    named = actions.record_use(
        by=t.of.clerk, subsidy_id=row.pk, amount_fen=4_000, used_on=today, named="购买服务",
        proof=factories.paper("发票"),
    )  # fmt: skip
    assert named.state == "counted" and named.proof is not None
    with refused("funds.use_reason"):
        actions.record_use(by=t.of.clerk, subsidy_id=row.pk, amount_fen=1, used_on=today, other="购置设备")
    with refused("funds.use_future"):
        actions.record_use(
            by=t.of.clerk,
            subsidy_id=row.pk,
            amount_fen=1,
            used_on=today + dt.timedelta(days=1),
            named="项目合作",
        )
    with refused("funds.amount"):
        actions.record_use(by=t.of.clerk, subsidy_id=row.pk, amount_fen=0, used_on=today, named="项目合作")
    stranger = factories.member(factories.organisation(t.of.clerk))
    with refused("funds.recorder_only"):
        actions.record_use(by=stranger, subsidy_id=row.pk, amount_fen=1, used_on=today, named="项目合作")
    other = actions.record_use(
        by=t.owner, subsidy_id=row.pk, amount_fen=6_000, used_on=today, other="购置设备", reason="服务站急需"
    )
    assert other.state == "proposed" and queries.used_fen(row.pk) == 10_000
    assert any(d.sub.startswith("使用") for d in slots.todos_for(t.of.checker))
    with refused("funds.approver_only"):
        actions.decide_use(by=t.of.clerk, use_id=other.pk, accept=True)
    with refused("funds.use_over_paid"):
        actions.record_use(by=t.of.clerk, subsidy_id=row.pk, amount_fen=WAN, used_on=today, named="项目合作")
    actions.decide_use(by=t.of.checker, use_id=other.pk, accept=False, reason="不属规定用途")
    assert queries.used_fen(row.pk) == 4_000
    own = actions.record_use(
        by=t.owner, subsidy_id=row.pk, amount_fen=WAN - 4_000, used_on=today, named="项目合作"
    )
    actions.decide_use(by=t.of.leader, use_id=own.pk, accept=True)
    assert queries.used_fen(row.pk) == WAN


@pytest.mark.feature("I3")
def test_the_database_keeps_uses() -> None:
    t, row = paid()
    given = {"subsidy": row, "used_on": clock.today(), "recorded_by": me(t.of.clerk)}
    with pytest.raises(DatabaseError, match="use_over_paid"), transaction.atomic():
        Use.objects.create(amount_fen=WAN + 1, named="购买服务", **given)
    with pytest.raises(DatabaseError, match="use_named_or_reasoned"), transaction.atomic():
        Use.objects.create(amount_fen=1, other="设备", **given)
    with pytest.raises(DatabaseError, match="use_other_decided"), transaction.atomic():
        Use.objects.create(amount_fen=1, other="设备", reason="急需", state="counted", **given)
    use = Use.objects.create(amount_fen=1, other="设备", reason="急需", **given)
    with pytest.raises(DatabaseError, match=r"funds\.alone"), transaction.atomic():
        Use.objects.filter(pk=use.pk).update(
            state="counted", decided_by=me(t.of.clerk), decided_at=clock.now()
        )
    with pytest.raises(DatabaseError, match=r"funds\.stays"), transaction.atomic():
        Use.objects.filter(pk=use.pk).update(amount_fen=2)


@pytest.mark.feature("I3")
def test_who_has_not_accounted_in_time_is_reminded() -> None:
    t, row = paid()
    Subsidy.objects.filter(pk=row.pk).update(use_due_on=clock.today() - dt.timedelta(days=1))
    words = {d.sub for d in slots.todos_for(t.owner)} | {d.sub for d in slots.todos_for(t.of.clerk)}
    assert {"请登记使用情况", "使用情况逾期未报齐"} <= words
    actions.record_use(
        by=t.of.clerk, subsidy_id=row.pk, amount_fen=WAN, used_on=clock.today(), named="购买服务"
    )
    assert "请登记使用情况" not in {d.sub for d in slots.todos_for(t.owner)}


@pytest.mark.feature("I5")
@pytest.mark.refusal("funds.standard_one")
def test_a_matching_standard_holds_from_its_day_until_the_next() -> None:
    t = treasury()
    today = clock.today()
    common = {"by": t.finance, "union": t.of.union, "document_key": "test-ladder", "level": "city"}
    with refused("funds.standard_one"):
        set_standard(first_day=today, source="x", **common)  # type: ignore[arg-type]
    set_standard(first_day=today - dt.timedelta(days=9), source="东工发1号", amount_fen=500_000, **common)  # type: ignore[arg-type]
    set_standard(first_day=today, source="东工发2号", amount_fen=800_000, **common)  # type: ignore[arg-type]
    with refused("funds.finance_only"):
        set_standard(first_day=today, source="x", amount_fen=1, **common | {"by": t.of.clerk})  # type: ignore[arg-type]
    before = queries.standard_of(t.of.union.pk, "city", today - dt.timedelta(days=1))
    now = queries.standard_of(t.of.union.pk, "city", today)
    assert before is not None and now is not None
    assert (before.amount_fen, now.amount_fen) == (500_000, 800_000)
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        MatchingStandard.objects.filter(pk=now.pk).update(amount_fen=1)
