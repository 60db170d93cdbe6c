"""B6: a lower union adopts an upper document with its own numbers; the difference is seen, and who adopted it."""

from __future__ import annotations

import datetime as dt

import pytest

from shuniu.foundation.access import Who
from shuniu.library import actions, queries
from shuniu.library.models import Release, Upload
from shuniu.library.tests import folders
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B6")]
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def district(city: Union) -> Union:
    return cast.union("东港区总工会", level="district", parent=city)


@pytest.fixture
def upper(city: Union) -> Release:
    return published(cast.who("sec_admin", city), city, folders.DOCUMENT)


def published(admin: Who, where: Union, text: str) -> Release:
    return confirmed(actions.upload(by=admin, received=folders.received(folders.files(text))), admin, where)


def confirmed(row: Upload, admin: Who, where: Union) -> Release:
    assert row.state == "checked", (row.problems, row.cases)
    actions.propose(by=admin, upload_id=row.pk)
    return actions.confirm(by=cast.who("leader", where), upload_id=row.pk)


def test_from_the_upper_page_to_a_document_of_ones_own(city: Union, district: Union, upper: Release) -> None:
    admin = cast.who("sec_admin", district)
    assert "采用并确定本会数值" in cast.text(cast.page(admin, f"/library/{folders.KEY}/"))
    address = f"/library/{folders.KEY}/adopt/"
    assert "可填 1 到 3" in cast.text(cast.page(admin, address))
    too_many = cast.post(
        admin, address, title="东港办法", issued="2026-03-01", effective="2026-03-01", number_0="4"
    )
    assert too_many.status_code == 422 and not Upload.objects.filter(union=district).exists()
    answer = cast.post(
        admin, address, title="东港区“服务”办法", issued="2026-03-01", effective="2026-04-01", number_0="2",
        point_publicity_days="7",
    )  # fmt: skip
    row = Upload.objects.get(union=district)
    assert answer["Location"] == f"/library/uploads/{row.pk}/" and row.state == "checked", row.problems
    assert row.base == upper.document
    shown = cast.text(cast.page(admin, f"/library/uploads/{row.pk}/"))
    assert "<del>3</del>" in shown and "<ins>2</ins>" in shown  # the number, before and after
    assert "满两年的当天" in shown and "与上级结论不同的案例" in shown  # three categories were allowed above
    release = confirmed(row, admin, district)
    law = queries.policy_of(release.document)
    assert law.title == "东港区“服务”办法" and law.issuer.may_open == ("district",)
    settled = law.settled("publicity_days")
    assert settled is not None and settled.value == 7 and law.local[0].value == 2
    above = cast.text(cast.page(cast.who("leader", city), f"/library/{folders.KEY}/"))
    assert "下级采用情况" in above and "东港区总工会" in above
    assert "1 家下级工会采用" in cast.text(cast.page(cast.who("clerk", city), "/library/"))
    beside = cast.who("clerk", cast.union("西港区总工会", level="district", parent=city))
    assert "下级采用情况" not in cast.text(cast.page(beside, f"/library/{folders.KEY}/"))


def test_a_new_upper_version_is_seen_and_the_adopted_one_stays(
    city: Union, district: Union, upper: Release
) -> None:
    admin = cast.who("sec_admin", district)
    local = actions.Local("东港办法", DAY, DAY, numbers={"limits.most": 1})
    first = confirmed(actions.adopt(by=admin, key=folders.KEY, local=local), admin, district)
    published(cast.who("sec_admin", city), city, folders.DOCUMENT.replace('version: "1"', 'version: "2"'))
    law = queries.law_of_key(first.key)
    assert law is not None and law.extends is not None and law.extends.version == "1"
    assert "不是现行版本" in cast.text(cast.page(cast.who("leader", city), f"/library/{folders.KEY}/"))
    second = confirmed(actions.adopt(by=admin, key=folders.KEY, local=local), admin, district)
    law = queries.policy_of(second.document)
    assert (law.version, law.extends and law.extends.version) == ("2", "2") and second.key == first.key


@pytest.mark.refusal("library.not_adoptable", "library.not_below", "library.base_unknown")
def test_only_where_the_upper_document_allows_and_only_the_true_one(
    city: Union, district: Union, upper: Release
) -> None:
    local = actions.Local("办法", DAY, DAY)
    with cast.refused("library.not_adoptable"):
        actions.adopt(by=cast.who("sec_admin", district), key="beijing-2017", local=local)
    neighbour = cast.union("邻海市总工会")
    stranger = cast.union("邻东区总工会", level="district", parent=neighbour)
    with cast.refused("library.not_below"):
        actions.adopt(by=cast.who("sec_admin", stranger), key=folders.KEY, local=local)
    admin = cast.who("sec_admin", district)
    row = actions.adopt(by=admin, key=folders.KEY, local=local)
    content = {name: text.encode() for name, text in row.files.items()}
    content["base/document.yaml"] = content["base/document.yaml"].replace(b"max: 3}", b"max: 9}")
    forged = actions.upload(by=admin, received=folders.received(content))
    with cast.refused("library.base_unknown"):
        actions.propose(by=admin, upload_id=forged.pk)
    content["base/document.yaml"] = content["base/document.yaml"].replace(b'version: "1"', b'version: "7"')
    content["document.yaml"] = content["document.yaml"].replace(
        b'version: "1", digest', b'version: "7", digest'
    )
    unknown = actions.upload(by=admin, received=folders.received(content))
    assert unknown.state == "refused" and "不在制度库中" in unknown.problems[0]["expected"]
