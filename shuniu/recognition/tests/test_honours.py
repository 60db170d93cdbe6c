"""荣誉: recorded with its paper, confirmed by another natural person, revoked; never changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui import slots
from shuniu.library import actions as library
from shuniu.recognition import queries
from shuniu.recognition.actions import honours
from shuniu.recognition.models import Honour, HonourEvent
from shuniu.recognition.tests.cast import LAW, SYSTEM, Office, holder, office, refused
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories
from shuniu.unions.tests.cast import log_in, me, person, who

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F3")]


def award(level: str = "province", **values: Any) -> honours.Award:
    given: dict[str, Any] = {
        "title": "优秀项目", "granted_by": "海东省总工会", "decision": "海工发〔2026〕9号",
        "awarded_on": clock.today() - dt.timedelta(days=3),
    } | values  # fmt: skip
    return honours.Award(level, **given)


def recorded(of: Office, a: Organisation, **values: Any) -> Honour:
    return honours.record(
        by=of.clerk, union=of.union, organisation=a, subject=honours.of_organisation(a),
        proof=factories.paper("表彰文件"), award=award(**values),
    )  # fmt: skip


def test_an_honour_from_above_counts_once_another_person_confirmed_it() -> None:
    of = office()
    _, a = holder(of)
    row = recorded(of, a)
    key = f"registry.organisation:{a.pk}"
    assert queries.honours_of(key) == [] and row.proof is not None
    assert [t.sub for t in slots.todos_for(of.checker) if t.tag == "荣誉"] == ["优秀项目待确认"]
    honours.confirm(by=of.checker, honour_id=row.pk)
    city = recorded(of, a, level="city", title="市级优秀项目")
    honours.confirm(by=of.leader, honour_id=city.pk)
    assert [h.level for h in queries.honours_of(key)] == ["province", "city"], "highest first"
    honours.revoke(by=of.leader, honour_id=row.pk, reason="材料不实")
    assert [h.level for h in queries.honours_of(key)] == ["city"]
    assert [e.verb for e in HonourEvent.objects.filter(honour=row)] == [
        "record_honour", "confirm_honour", "revoke_honour",
    ]  # fmt: skip
    assert len(timeline(row)) >= 3 and any("优秀项目" in e.text for e in timeline(a))


@pytest.mark.refusal("recognition.honour_office")
@pytest.mark.refusal("recognition.honour_union")
@pytest.mark.refusal("recognition.honour_state")
def test_who_may_record_confirm_and_revoke() -> None:
    of, other = office(), office("邻海市总工会")
    _, a = holder(of)
    with refused("recognition.honour_office"):
        honours.record(
            by=of.leader, union=of.union, organisation=a, subject=honours.of_organisation(a),
            award=award(), proof=factories.paper(),
        )  # fmt: skip
    row = recorded(of, a)
    with refused("recognition.honour_office"):
        honours.confirm(by=of.clerk, honour_id=row.pk)
    with refused("recognition.honour_union"):
        honours.confirm(by=other.leader, honour_id=row.pk)
    with refused("recognition.honour_state"):
        honours.revoke(by=of.leader, honour_id=row.pk, reason="未生效")
    with refused("unions.second_person"):
        honours.confirm(by=who("checker", of.union, me(of.clerk)), honour_id=row.pk)
    with refused("recognition.reason_needed"):
        honours.decline(by=of.checker, honour_id=row.pk, reason=" ")
    honours.decline(by=of.checker, honour_id=row.pk, reason="文件与登记不符")
    with refused("recognition.honour_state"):
        honours.confirm(by=of.leader, honour_id=row.pk)


@pytest.mark.refusal("recognition.honour_proof")
@pytest.mark.refusal("recognition.honour_future")
@pytest.mark.refusal("recognition.honour_twice")
def test_what_cannot_be_recorded() -> None:
    of = office()
    _, a = holder(of)
    subject = honours.of_organisation(a)
    with refused("recognition.honour_proof"):
        honours.record(
            by=of.clerk, union=of.union, organisation=a, subject=subject, award=award(), proof=None
        )
    with refused("recognition.honour_future"):
        recorded(of, a, awarded_on=clock.today() + dt.timedelta(days=1))
    row = recorded(of, a)
    with refused("recognition.honour_twice"):
        recorded(of, a)
    honours.decline(by=of.checker, honour_id=row.pk, reason="文件页不全")
    recorded(of, a)


@pytest.mark.refusal("recognition.honour_stays")
def test_the_database_keeps_what_was_honoured_and_who_may_confirm() -> None:
    of = office()
    _, a = holder(of)
    row = recorded(of, a)
    stays = pytest.raises(DatabaseError, match=r"recognition\.honour_stays|permission")
    changes: list[dict[str, Any]] = [
        {"level": "national"},
        {"subject_facts": {}},
        {"state": "revoked", "revoked_on": clock.today()},
    ]
    for change in changes:
        with stays, transaction.atomic():
            Honour.objects.filter(pk=row.pk).update(**change)
    with stays, transaction.atomic():
        connection.cursor().execute("DELETE FROM recognition_honour WHERE id = %s", [row.pk])
    twin = person(phone=me(of.clerk).phone)
    for alone in (me(of.clerk), twin):
        with pytest.raises(DatabaseError, match="honour_alone"), transaction.atomic():
            Honour.objects.filter(pk=row.pk).update(
                state="in_force", confirmed_by=alone, confirmed_at=clock.now()
            )
    with pytest.raises(DatabaseError, match="honour_confirmed"), transaction.atomic():
        Honour.objects.filter(pk=row.pk).update(state="in_force")


def test_an_honour_of_our_own_list_is_granted_once() -> None:
    of = office()
    _, a = holder(of)
    subject = honours.Subject("projects.project:7", "职工心理驿站", {"amount_fen": 5_000_000})
    document = library.store(by=SYSTEM, key=LAW)
    first, second = (
        honours.grant(
            by=SYSTEM, union=of.union, document=document, organisation=a, subject=subject,
            award=award("city"), effect_key="calls.entry:1",
        )
        for _ in range(2)
    )  # fmt: skip
    assert first == second and first.state == "in_force" and len(first.subject_digest) == 64
    assert queries.honours_of("projects.project:7") == [first]


def test_pages_of_the_office_the_organisation_and_strangers() -> None:
    of, other = office(), office("邻海市总工会")
    owner, a = holder(of)
    stranger, _ = holder(of)
    clerk = log_in(Client(), of.clerk)
    assert "还没有荣誉" in clerk.get("/honours/").content.decode()
    sent = {
        "code": a.code, "level": "national", "title": "全国优秀项目", "granted_by": "中华全国总工会",
        "decision": "总工发〔2026〕2号", "awarded_on": f"{clock.today()}", "leader": "何主任",
    }  # fmt: skip
    assert clerk.post("/honours/record/", sent).status_code == 422, "without its paper"
    with_paper = sent | {"proof": SimpleUploadedFile("表彰.pdf", samples.pdf(note="表彰"))}
    assert clerk.post("/honours/record/", with_paper).status_code == 303
    row = Honour.objects.get()
    path = f"/honours/{row.pk}/"
    assert log_in(Client(), owner).get(path).status_code == 404, "not yet counted"
    checker = log_in(Client(), of.checker)
    assert "确认属实" in checker.get(path).content.decode()
    assert checker.post(path, {"do": "decline", "reason": ""}).status_code == 422
    assert checker.post(path, {"do": "confirm"}).status_code == 303
    assert "全国优秀项目" in clerk.get("/honours/?q=何主任").content.decode()
    assert "全国优秀项目" in log_in(Client(), owner).get(path).content.decode()
    for outsider in (stranger, other.leader):
        for address in (path, f"{path}proof/"):
            assert log_in(Client(), outsider).get(address).status_code == 404
    assert any(p.title == "荣誉" for p in slots.panels_for(of.clerk, a))


def test_the_list_asks_as_often_for_one_row_as_for_thirty(django_assert_max_num_queries: Any) -> None:
    of = office()
    _, a = holder(of)
    client = log_in(Client(), of.clerk)
    recorded(of, a)
    client.get("/honours/")
    with django_assert_max_num_queries(60) as few:
        client.get("/honours/")
    document = library.store(by=SYSTEM, key=LAW)
    for n in range(30):
        honours.grant(
            by=SYSTEM, union=of.union, document=document, organisation=a, effect_key=f"many:{n}",
            subject=honours.Subject(f"projects.project:{n}", f"项目{n}"), award=award("city"),
        )  # fmt: skip
    with django_assert_max_num_queries(len(few)):
        client.get("/honours/")
