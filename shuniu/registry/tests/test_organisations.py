"""Entering organisations: by code, never doubled; candidates, status, duplicates, pinyin."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import timeline
from shuniu.policy.load import load
from shuniu.registry import actions, codes, queries
from shuniu.registry.models import FormerName, Organisation, Status
from shuniu.registry.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.feature("A1")
def test_an_organisation_is_entered_under_its_code_and_the_type_is_read_from_it() -> None:
    clerk = make.staff(make.union())
    code = make.code("51379900")
    typed = code.lower().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    row = make.organisation(clerk, "望海市职工互助保障服务协会", code=f" {typed[:9]}\u200b{typed[9:]} ")
    assert row.code == code
    assert row.legal_type == "association"
    assert row.initials == "whszghzbzfwxh"
    assert "登记入库" in timeline(row)[0].text


@pytest.mark.refusal("registry.code")
def test_a_wrong_code_is_refused_and_the_sentence_says_where() -> None:
    clerk = make.staff(make.union())
    code = make.code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    with pytest.raises(Refused, match=f"校验位（第 18 位）应为“{code[-1]}”，现在是“{wrong[-1]}”"):
        make.organisation(clerk, code=wrong)
    assert not Organisation.objects.exists()


@pytest.mark.refusal("registry.exists")
def test_an_organisation_is_never_doubled() -> None:
    clerk = make.staff(make.union())
    first = make.organisation(clerk)
    other = make.staff(make.union("望海市东港区总工会"))
    with pytest.raises(Refused, match=first.name):
        make.organisation(other, "别的名字", code=first.code)


@pytest.mark.real_transactions
@pytest.mark.feature("A1")
def test_of_two_who_enter_the_same_code_at_once_one_is_refused() -> None:
    clerk, code = make.staff(make.union()), make.code()
    outcomes: list[str] = []
    barrier = threading.Barrier(8)

    def enter() -> None:
        barrier.wait()
        try:
            make.organisation(clerk, "同一家", code=code)
            outcomes.append("entered")
        except Refused as refused:
            outcomes.append(refused.verdict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["entered"] + ["registry.exists"] * 7
    assert Organisation.objects.filter(code=code).count() == 1


@pytest.mark.feature("A1")
def test_the_database_itself_refuses_a_code_with_a_wrong_check_digit() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    wrong = codes.make_code("52379900", 999999)
    wrong = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    with pytest.raises(IntegrityError, match="organisation_code_valid"), transaction.atomic():
        Organisation.objects.filter(pk=row.pk).update(code=wrong)


@pytest.mark.refusal("registry.any_clerk")
@pytest.mark.refusal("registry.clerk")
def test_only_a_clerk_of_the_own_union_enters() -> None:
    city = make.union()
    with pytest.raises(Refused) as refused:
        make.organisation(make.staff(city, "leader"))
    assert refused.value.verdict.code == "registry.any_clerk"
    with pytest.raises(Refused) as refused:
        actions.register_organisation(
            by=make.staff(make.union("望海市东港区总工会")),
            union=city,
            code=make.code(),
            name="甲",
            basis="证书",
        )
    assert refused.value.verdict.code == "registry.clerk"


@pytest.mark.feature("A9")
def test_a_candidate_keeps_its_history_when_it_is_registered() -> None:
    clerk = make.staff(make.union())
    group = actions.register_candidate(
        by=clerk, union=make.union(), name="先锋职工互助小组", basis="走访记录"
    )
    actions.add_fact(by=clerk, organisation=group, kind="staff", values={"full_time": 3}, basis="走访记录")
    assert group.is_candidate
    code = make.code("52379900")
    actions.give_code(
        by=clerk, organisation=group, code=code, registered_on=dt.date(2026, 1, 5), basis="登记证书副本"
    )
    group.refresh_from_db()
    assert (group.code, group.status, group.legal_type) == (code, "normal", "service")
    assert queries.snapshot(group, dt.date(2030, 1, 1)).rows["staff"]
    with pytest.raises(Refused) as refused:
        actions.give_code(
            by=clerk, organisation=group, code=make.code(), registered_on=dt.date(2026, 1, 5), basis="x"
        )
    assert refused.value.verdict.code == "registry.not_candidate"


test_a_candidate_keeps_its_history_when_it_is_registered = pytest.mark.refusal("registry.not_candidate")(
    test_a_candidate_keeps_its_history_when_it_is_registered
)


@pytest.mark.feature("A5")
@pytest.mark.parametrize("status", [s for s in Status if s != Status.CANDIDATE])
def test_every_status_is_told_in_the_words_of_the_documents(status: Status) -> None:
    """正在注销 is a state of its own: the document leaves it open instead of passing it as 存续."""
    declared = load(Path(__file__).parents[3] / "policies/beijing-2017").facts["registration_status"]
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    if status != Status.NORMAL:
        actions.change_status(by=clerk, organisation=row, status=status, since=clock.today(), basis="公告")
    given = queries.facts_as_of(row, clock.today())["registration_status"]
    assert isinstance(given, list)
    assert given[0].value in declared.values
    assert (given[0].value == "正在注销") == (status == Status.CLOSING)


@pytest.mark.feature("A5")
def test_a_status_is_judged_as_of_the_day() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    since = dt.date(2026, 5, 6)
    actions.change_status(
        by=clerk, organisation=row, status=Status.CANCELLED, since=since, basis="民政局注销公告"
    )
    row.refresh_from_db()
    assert row.status == "cancelled"

    def told(day: dt.date) -> object:
        given = queries.facts_as_of(row, day)["registration_status"]
        assert isinstance(given, list)
        return given[0].value

    assert told(since - dt.timedelta(days=1)) == "存续"
    assert told(since) == "已注销"


@pytest.mark.refusal("registry.future")
@pytest.mark.refusal("registry.basis")
@pytest.mark.refusal("registry.nothing")
def test_a_status_needs_a_day_that_has_come_a_basis_and_a_difference() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    for status, since, basis, code in (
        (Status.CANCELLED, dt.date(2999, 1, 1), "公告", "registry.future"),
        (Status.CANCELLED, dt.date(2026, 1, 1), " ", "registry.basis"),
        (Status.NORMAL, dt.date(2026, 1, 1), "公告", "registry.nothing"),
    ):
        with pytest.raises(Refused) as refused:
            actions.change_status(by=clerk, organisation=row, status=status, since=since, basis=basis)
        assert refused.value.verdict.code == code


@pytest.mark.feature("A11")
def test_a_duplicate_is_merged_and_the_record_that_stays_speaks_for_both() -> None:
    clerk = make.staff(make.union())
    keep = make.organisation(clerk, "望海市启航职业技能促进会")
    group = actions.register_candidate(by=clerk, union=make.union(), name="启航小组", basis="走访记录")
    actions.add_fact(by=clerk, organisation=group, kind="staff", values={"full_time": 4}, basis="走访记录")
    owner = make.member(group)
    actions.merge_duplicates(by=clerk, keep=keep, duplicate=group, reason="同一家")
    assert owner.person is not None
    assert [h.id for h in queries.hats_from_memberships(owner.person)] == [keep.pk]
    assert queries.snapshot(keep, dt.date(2030, 1, 1)).rows["staff"]
    hits = queries.search(clerk, "启航小组")
    assert [h.pk for h in hits] == [keep.pk]
    assert queries.found_by_former(hits, "启航小组") == {keep.pk: "已并入的“启航小组”"}
    assert not queries.organisations_visible_to(clerk).filter(pk=group.pk).exists()
    with pytest.raises(Refused) as refused:
        actions.add_fact(by=clerk, organisation=group, kind="staff", values={"full_time": 5}, basis="x")
    assert refused.value.verdict.code == "registry.merged"


@pytest.mark.refusal("registry.merged")
@pytest.mark.refusal("registry.merge_same")
@pytest.mark.refusal("registry.merge_codes")
def test_two_living_organisations_with_codes_are_not_merged() -> None:
    clerk = make.staff(make.union())
    a, b = make.organisation(clerk), make.organisation(clerk)
    for one, other, code in ((a, b, "registry.merge_codes"), (a, a, "registry.merge_same")):
        with pytest.raises(Refused) as refused:
            actions.merge_duplicates(by=clerk, keep=one, duplicate=other, reason="像")
        assert refused.value.verdict.code == code
    actions.change_status(
        by=clerk, organisation=b, status=Status.CANCELLED, since=dt.date(2026, 1, 1), basis="公告"
    )
    actions.merge_duplicates(by=clerk, keep=a, duplicate=b, reason="代码变更")
    found = queries.organisation_by_code(b.code or "")
    assert found is not None
    assert found.pk == a.pk
    with pytest.raises(Refused) as refused:
        actions.set_pinyin(by=clerk, organisation=b, pinyin="x")
    assert refused.value.verdict.code == "registry.merged"


@pytest.mark.feature("Q1")
def test_pinyin_can_be_put_right_and_is_kept() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk, "望海市乐业协会")
    actions.set_pinyin(by=clerk, organisation=row, pinyin="wang hai shi yue ye xie hui")
    actions.state_profile(by=clerk, organisation=row, values={"region": "南湾区"}, basis="登记证书副本")
    row.refresh_from_db()
    assert row.initials == "whsyyxh"
    assert [h.pk for h in queries.search(clerk, "syyx")] == [row.pk]


@pytest.mark.feature("A1")
def test_a_changed_name_leaves_the_former_one_behind() -> None:
    clerk: Who = make.staff(make.union())
    row = make.organisation(clerk, "望海市旧名服务中心")
    actions.state_profile(by=clerk, organisation=row, values={"name": "望海市新名服务中心"}, basis="变更登记")
    row.refresh_from_db()
    assert row.name == "望海市新名服务中心"
    assert FormerName.objects.get(organisation=row).name == "望海市旧名服务中心"
    assert [h.pk for h in queries.search(clerk, "旧名")] == [row.pk]
    assert [h.pk for h in queries.search(clerk, "新名")] == [row.pk]
