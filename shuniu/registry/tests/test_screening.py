"""A5: adverse information is looked through every night; a clerk hears of what is new, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.registry import actions
from shuniu.registry.actions import Watch, screen
from shuniu.registry.models import Finding, Organisation, Penalty, Status
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_pages import browser

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A5")]


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def blame(clerk: Who, row: Organisation, penalty: str = "abnormal", **more: object) -> Penalty:
    values = {"penalty": penalty, "authority": "望海市民政局", "from_on": ago(10), **more}
    made = actions.add_fact(by=clerk, organisation=row, kind="penalty", values=values, basis="民政局公告")
    assert isinstance(made, Penalty)
    return made


def watch(row: Organisation, clerk: Who) -> list[Watch]:
    return [Watch(row.pk, clerk.union_id or 0, "有效资质")]


def todos(who: Who) -> list[slots.Todo]:
    return [t for t in slots.todos_for(who) if t.tag == "负面信息"]


def test_a_new_finding_is_told_once_and_stands_on_the_page() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    assert screen(watch(row, clerk)) == 0
    assert todos(clerk) == []
    client = browser(clerk)
    page = client.get(f"/organisations/{row.pk}/").content.decode()
    assert "没有在册的负面信息" in page
    assert "上次自动核查" in page
    blame(clerk, row)
    assert screen(watch(row, clerk)) == 1
    assert screen(watch(row, clerk)) == 0
    (todo,) = todos(clerk)
    assert Message.objects.filter(person=clerk.person, kind="registry.adverse").count() == 1
    assert [e.verb for e in timeline(row)].count("adverse_found") == 1
    page = client.get(f"/organisations/{row.pk}/").content.decode()
    assert "没有在册的负面信息" not in page
    assert "待核实" in page
    assert "活动异常名录" in client.get(todo.url).content.decode()
    assert client.post(todo.url, {"opinion": ""}).status_code == 422
    assert client.post(todo.url, {"opinion": "已约谈，要求三十日内移出"}).status_code == 303
    assert todos(clerk) == []
    assert "已约谈" in client.get(f"/organisations/{row.pk}/").content.decode()
    assert screen(watch(row, clerk)) == 0


def test_a_finding_is_for_its_union_alone() -> None:
    city = make.union()
    clerk = make.staff(city)
    row = make.organisation(clerk)
    blame(clerk, row)
    screen(watch(row, clerk))
    address = f"/organisations/findings/{Finding.objects.get().pk}/"
    colleague, stranger = make.staff(city, "leader"), make.staff(make.union("邻海市总工会"))
    assert browser(colleague).get(address).status_code == 200
    refused = browser(colleague).post(address, {"opinion": "无碍"})
    assert refused.status_code == 422
    assert "经办人" in refused.content.decode()
    assert browser(stranger).get(address).status_code == 404
    assert browser(make.member(row)).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert todos(colleague) == todos(stranger) == []


@pytest.mark.refusal("registry.finding_clerk")
@pytest.mark.refusal("registry.finding_settled")
@pytest.mark.refusal("registry.finding_opinion")
def test_a_clerk_settles_it_once_and_with_words() -> None:
    city = make.union()
    clerk = make.staff(city)
    row = make.organisation(clerk)
    blame(clerk, row)
    screen(watch(row, clerk))
    finding = Finding.objects.get()

    def settle(by: Who, opinion: str) -> str:
        with pytest.raises(Refused) as refused:
            actions.settle_finding(by=by, finding=finding, opinion=opinion)
        return refused.value.verdict.code

    assert settle(make.staff(city, "leader"), "无碍") == "registry.finding_clerk"
    assert settle(clerk, " ") == "registry.finding_opinion"
    actions.settle_finding(by=clerk, finding=finding, opinion="已核实")
    assert settle(clerk, "再来一次") == "registry.finding_settled"


@pytest.mark.parametrize(
    ("penalty", "began", "ended", "counts"),
    [
        ("abnormal", 900, None, True), ("abnormal", 900, 800, False), ("dishonest", 5, None, True),
        ("penalty", 700, 690, True), ("penalty", 800, 790, False), ("penalty", 800, None, True),
        ("prosecution", 2000, None, True), ("rectify", 5, None, False),
    ],
)  # fmt: skip
def test_what_counts_as_of_today(penalty: str, began: int, ended: int | None, counts: bool) -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    blame(clerk, row, penalty, from_on=ago(began), to_on=None if ended is None else ago(ended))
    assert screen(watch(row, clerk)) == int(counts)


def test_a_registration_that_ends_is_found_and_one_that_came_back_ends_the_finding() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    actions.change_status(by=clerk, organisation=row, status=Status.CANCELLED, since=ago(3), basis="公告")
    assert screen(watch(row, clerk)) == 1
    actions.change_status(by=clerk, organisation=row, status=Status.NORMAL, since=ago(1), basis="更正公告")
    assert screen(watch(row, clerk)) == 0
    finding = Finding.objects.get()
    assert finding.settled_at is not None
    assert finding.settled_by is None
    assert "不再存在" in finding.opinion
    assert todos(clerk) == []
    actions.change_status(by=clerk, organisation=row, status=Status.CANCELLED, since=ago(0), basis="公告")
    assert screen(watch(row, clerk)) == 1


def test_verifying_or_correcting_a_record_is_nothing_new() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    owner = make.member(row)
    said = blame(owner, row)
    assert screen(watch(row, clerk)) == 1
    verified = actions.verify_fact(by=clerk, row=said, basis="公告")
    corrected = actions.correct_fact(
        by=clerk, row=verified, values={**verified.said(), "number": "望民〔2026〕1号"}, reason="补文号"
    )
    assert screen(watch(row, clerk)) == 0
    actions.retract_fact(by=clerk, row=corrected, reason="登记错误")
    assert screen(watch(row, clerk)) == 0
    assert Finding.objects.get().settled_at is not None


def test_each_union_that_watches_hears_of_it_and_a_merged_record_speaks_for_the_one_that_stays() -> None:
    city, other = make.union(), make.union("邻海市总工会")
    clerk, neighbour = make.staff(city), make.staff(other)
    keep, duplicate = make.organisation(clerk), make.organisation(clerk)
    blame(clerk, duplicate)
    actions.change_status(
        by=clerk, organisation=duplicate, status=Status.CANCELLED, since=ago(0), basis="公告"
    )
    actions.merge_duplicates(by=clerk, keep=keep, duplicate=duplicate, reason="同一家")
    watches = [*watch(keep, clerk), Watch(duplicate.pk, other.pk, "进行中的申报")]
    assert screen(watches) == 2
    assert {f.organisation_id for f in Finding.objects.all()} == {keep.pk}
    assert len(todos(clerk)) == len(todos(neighbour)) == 1
    page = browser(neighbour).get(todos(neighbour)[0].url)
    assert page.status_code == 200
    assert f"/organisations/{keep.pk}/" not in page.content.decode()


def test_the_database_keeps_one_finding_per_fact_and_no_settling_without_words() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    blame(clerk, row)
    screen(watch(row, clerk))
    first = Finding.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=first.pk).update(settled_at=clock.now())
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_the_check_asks_as_often_for_many_as_for_one() -> None:
    clerk = make.staff(make.union())
    rows = [make.organisation(clerk) for _ in range(8)]
    watches = [Watch(row.pk, clerk.union_id or 0, "有效资质") for row in rows]
    counts = []
    for part in (watches[:1], watches):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            screen(part)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_finding_of_tomorrow_is_found_tomorrow(travel: Callable[..., None]) -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    blame(clerk, row, from_on=clock.today() + dt.timedelta(days=1))
    assert screen(watch(row, clerk)) == 0
    travel(days=1)
    assert screen(watch(row, clerk)) == 1
