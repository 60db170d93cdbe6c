"""B2: a published document goes out of use by two people; new work refuses it, what runs keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.library import actions, queries
from shuniu.library.models import Ending
from shuniu.library.tests import folders
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B2")]
PAGE = f"/library/{folders.KEY}/"
WHY = "由新的办法代替"


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def leader(city: Union) -> Who:
    return cast.who("leader", city)


@pytest.fixture
def admin(city: Union, leader: Who) -> Who:
    who = cast.who("sec_admin", city)
    _published(who, leader, folders.DOCUMENT)
    return who


def _published(admin: Who, leader: Who, text: str) -> None:
    row = actions.upload(by=admin, received=folders.received(folders.files(text)))
    actions.propose(by=admin, upload_id=row.pk)
    actions.confirm(by=leader, upload_id=row.pk)


def test_by_two_people_and_a_later_version_is_in_use_again(city: Union, admin: Who, leader: Who) -> None:
    assert "停用</a>" in cast.text(cast.page(admin, PAGE))
    assert "没有写停用理由" in cast.text(cast.post(admin, f"{PAGE}end/", reason=" "))
    answer = cast.post(admin, f"{PAGE}end/", reason=WHY)
    row = Ending.objects.get()
    assert answer["Location"] == f"/library/endings/{row.pk}/"
    mine, theirs = ([t.waiting for t in slots.todos_for(who) if t.tag == "制度"] for who in (admin, leader))
    assert (mine, theirs) == ([True], [False])
    assert "1 项待确认" in cast.text(cast.page(leader, "/library/"))
    assert folders.KEY in {law.key for law in queries.laws_for(city.pk)}  # not yet
    asked = cast.post(leader, f"/library/endings/{row.pk}/", do="approve")
    assert asked.status_code == 422
    done = cast.post(
        leader, f"/library/endings/{row.pk}/", **{"do": "approve", "again-password": cast.PASSWORD}
    )
    assert done.status_code == 303
    assert folders.KEY not in {law.key for law in queries.laws_for(city.pk)}
    shown = cast.text(cast.page(cast.who("clerk", city), PAGE))
    assert "已停用" in shown and WHY in shown
    assert "已停用" in cast.text(cast.page(leader, "/library/"))
    _published(admin, leader, folders.DOCUMENT.replace('version: "1"', 'version: "2"'))
    assert folders.KEY in {law.key for law in queries.laws_for(city.pk)}
    assert "已停用" not in cast.text(cast.page(leader, PAGE))


@pytest.mark.refusal(
    "library.end_keeper", "library.end_approver", "library.end_reason", "library.end_waits", "library.end_state",
    "library.end_shipped", "library.ended",
)  # fmt: skip
def test_who_may_and_when(city: Union, admin: Who, leader: Who) -> None:
    with cast.refused("library.end_keeper"):
        actions.propose_end(by=cast.who("sec_admin", cast.union("邻海市总工会")), key=folders.KEY, reason=WHY)
    with cast.refused("library.end_shipped"):
        actions.propose_end(by=admin, key="beijing-2017", reason=WHY)
    with cast.refused("library.end_reason"):
        actions.propose_end(by=admin, key=folders.KEY, reason=" ")
    row = actions.propose_end(by=admin, key=folders.KEY, reason=WHY)
    with cast.refused("library.end_waits"):
        actions.propose_end(by=admin, key=folders.KEY, reason=WHY)
    with cast.refused("library.end_approver"):
        actions.confirm_end(by=cast.who("clerk", city), ending_id=row.pk)
    with cast.refused("unions.second_person"):
        actions.confirm_end(by=cast.who("leader", city, cast.me(admin)), ending_id=row.pk)
    with cast.refused("library.reason"):
        actions.decline_end(by=leader, ending_id=row.pk, reason="")
    assert "不同意请写明理由" in cast.text(cast.post(leader, f"/library/endings/{row.pk}/", do="return"))
    actions.decline_end(by=leader, ending_id=row.pk, reason="仍要使用")
    with cast.refused("library.end_state"):
        actions.confirm_end(by=leader, ending_id=row.pk)
    actions.confirm_end(by=leader, ending_id=actions.propose_end(by=admin, key=folders.KEY, reason=WHY).pk)
    with cast.refused("library.ended"):
        actions.propose_end(by=admin, key=folders.KEY, reason=WHY)
    stranger = cast.who("leader", cast.union("远海市总工会"))
    assert cast.page(stranger, f"/library/endings/{row.pk}/").status_code == 404


def test_a_lower_union_keeps_what_it_adopted_and_is_told(city: Union, admin: Who, leader: Who) -> None:
    district = cast.union("东港区总工会", level="district", parent=city)
    lower = cast.who("sec_admin", district)
    local = actions.Local("东港办法", dt.date(2026, 3, 1), dt.date(2026, 3, 1))
    own = actions.adopt(by=lower, key=folders.KEY, local=local)
    actions.propose(by=lower, upload_id=own.pk)
    actions.confirm(by=cast.who("leader", district), upload_id=own.pk)
    later = actions.adopt(by=lower, key=folders.KEY, local=local)
    assert "东港区总工会" in cast.text(cast.page(admin, f"{PAGE}end/"))
    row = actions.propose_end(by=admin, key=folders.KEY, reason=WHY)
    actions.confirm_end(by=leader, ending_id=row.pk)
    assert Message.objects.filter(person=lower.person, title__startswith="上级制度已停用").count() == 1
    assert [law.key for law in queries.laws_for(district.pk) if law.extends] == [own.key]
    assert "上级制度已停用" in cast.text(cast.page(lower, f"/library/{own.key}/"))
    with cast.refused("library.ended"):
        actions.adopt(by=lower, key=folders.KEY, local=local)
    with cast.refused("library.ended"):
        actions.propose(by=lower, upload_id=later.pk)


def test_the_database_keeps_who_decided(city: Union, admin: Who, leader: Who) -> None:
    row = actions.propose_end(by=admin, key=folders.KEY, reason=WHY)
    alone: list[dict[str, Any]] = [
        {"state": "ended"},
        {"reason": "另一个理由"},
        {"state": "ended", "decided_by": admin.person, "decided_identity": row.proposed_identity},
    ]
    for change in alone:
        with pytest.raises(DatabaseError), transaction.atomic():
            Ending.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError, match="ending_of_release"), transaction.atomic():
        Ending.objects.create(
            release=row.release, union=cast.union("邻海市总工会"), reason=WHY, proposed_by=cast.me(admin)
        )
    actions.confirm_end(by=leader, ending_id=row.pk)
    with pytest.raises(DatabaseError, match=r"library\.stays"), transaction.atomic():
        Ending.objects.filter(pk=row.pk).update(state="proposed")
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
