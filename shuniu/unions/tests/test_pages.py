"""Pages of unions: owner sees, colleague may, stranger gets 404; the bench's figures; constant queries."""

from __future__ import annotations

import pytest
from django.test import Client

from shuniu.foundation.access import Who
from shuniu.foundation.journal.models import Entry
from shuniu.unions.models import Union
from shuniu.unions.queries import home as homes
from shuniu.unions.queries import home_url, register_home
from shuniu.unions.tests import cast
from shuniu.unions.tests.cast import page, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


STAFF_PAGES = ["/work/", "/work/list/", "/inbox/", "/me/", "/me/delegation/", "/unions/", "/search/?q=工会"]


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_every_staff_page_opens_and_carries_no_inline_code(clerk: Who, path: str) -> None:
    answer = page(clerk, path)
    assert answer.status_code == 200
    assert "style=" not in text(answer)
    assert "林经办" in text(answer)


@pytest.mark.parametrize("path", ["/work/", "/unions/", "/me/delegation/"])
def test_staff_pages_are_not_for_experts(city: Union, path: str) -> None:
    assert page(cast.who("expert", city), path).status_code == 403


# --- where work begins -----------------------------------------------------------------------------


def test_home_is_told_by_the_hat(city: Union, clerk: Who) -> None:
    assert page(clerk, "/home/")["Location"] == "/work/"
    assert page(Who(person=cast.person()), "/home/")["Location"] == "/me/"
    assert home_url(Who()) == "/"
    auditor = cast.who("auditor", city)
    register_home(mine := lambda who: "/books/" if who.role == "auditor" else "")
    try:
        assert (home_url(auditor), home_url(clerk)) == ("/books/", "/work/")
    finally:
        homes._homes.remove(mine)
    assert home_url(auditor) == "/work/"


def test_changing_hats(city: Union, district: Union) -> None:
    somebody = cast.person()
    client = cast.log_in(Client(), cast.who("clerk", city, somebody))
    cast.grant(somebody, district, "leader")
    answer = client.post("/hat/", {"choice": f"union:{district.pk}:leader"})
    assert (answer.status_code, answer["Location"]) == (303, "/work/")
    assert "东港区总工会" in text(client.get("/me/"))
    assert client.get("/me/").context["who"].role == "leader"
    client.post("/hat/", {"choice": f"union:{district.pk}:sys_admin"})
    assert client.get("/me/").context["who"].role == "leader", "a hat one does not hold changes nothing"


# --- the tree --------------------------------------------------------------------------------------


@pytest.mark.feature("O3")
def test_a_page_of_another_hat_offers_the_change_and_comes_back_to_it(city: Union, district: Union) -> None:
    somebody = cast.person("两边")
    first = cast.who("clerk", city, somebody)
    other = cast.who("sys_admin", district, somebody)
    client, address = cast.log_in(Client(), first), f"/unions/{district.pk}/grant/"
    assert other.hat is not None
    for refused in (address, "/unions/999999/"):
        shown = text(client.get(refused))
        assert f'value="{other.hat.key}"' in shown and f'name="next" value="{refused}"' in shown
    back = client.post("/hat/", {"choice": other.hat.key, "next": address})
    assert (back.status_code, back["Location"]) == (303, address)
    assert client.get(address).status_code == 200
    foreign = client.post("/hat/", {"choice": other.hat.key, "next": "https://example.org/x"})
    assert foreign["Location"] == "/work/"


def test_a_union_with_two_superiors_stands_in_both_places(city: Union, clerk: Who) -> None:
    industry = cast.union("望海市教育工会", level="industry", parent=city)
    cast.union("望海大学工会", level="university", parent=city, industry_parent=industry)
    cast.union("东港一厂工会", level="grassroots", parent=city)
    tree = text(page(clerk, "/unions/"))
    assert tree.count("望海大学工会") == 2
    assert "产业隶属" in tree
    assert "东港一厂工会" not in tree
    assert "基层 1 家" in tree
    found = text(page(clerk, "/unions/?q=dgycgh"))
    assert "东港一厂工会" in found
    assert "望海大学工会" not in found


def test_people_of_a_union_are_for_its_own_and_those_above(city: Union, district: Union, clerk: Who) -> None:
    member = cast.who("clerk", district, cast.person("东港经办"))
    path = f"/unions/{district.pk}/"
    assert "东港经办" in text(page(member, path))
    assert "东港经办" in text(page(clerk, path))
    beside = cast.who("clerk", cast.union("北屏区总工会", level="district", parent=city))
    answer = page(beside, path)
    assert answer.status_code == 200
    assert "东港经办" not in text(answer)
    assert page(beside, "/unions/999999/").status_code == 404


@pytest.mark.parametrize("tail", ["edit/", "grant/", "invite/"])
def test_forms_of_a_union_open_to_its_administrators_alone(
    city: Union, district: Union, admin: Who, clerk: Who, tail: str
) -> None:
    path = f"/unions/{district.pk}/{tail}"
    assert page(admin, path).status_code == 200
    assert page(cast.who("sys_admin", district), path).status_code == 200
    assert page(clerk, path).status_code == 403
    beside = cast.who("sys_admin", cast.union("北屏区总工会", level="district", parent=city))
    assert page(beside, path).status_code == 404
    assert page(beside, f"/unions/{city.pk}/{tail}").status_code == 404


@pytest.mark.refusal("unions.name_taken")
@pytest.mark.refusal("unions.cycle")
@pytest.mark.refusal("unions.no_parent")
def test_setting_up_and_moving_a_union(city: Union, district: Union, admin: Who) -> None:
    details = {"short_name": "望海海员", "level": "industry", "parent": city.pk}
    assert "没有填写名称" in text(post(admin, "/unions/new/", **details))
    taken = post(admin, "/unions/new/", name=city.name, **details)
    assert taken.status_code == 422
    assert "已有名为“望海市总工会”的工会" in text(taken)
    assert "新设工会须有上级" in text(
        post(admin, "/unions/new/", name="某工会", short_name="某", level="city")
    )
    made = post(admin, "/unions/new/", name="望海海员工会", **details)
    assert made.status_code == 303
    union = Union.objects.get(name="望海海员工会")
    assert (union.initials, union.parent) == ("whhygh", city)
    kept = {"name": city.name, "short_name": city.short_name, "level": "city", "is_active": "on"}
    assert "不能把望海市总工会的下级工会设为它的上级" in text(
        post(admin, f"/unions/{city.pk}/edit/", parent=district.pk, **kept)
    )
    moved = {
        "name": union.name,
        "short_name": "海员",
        "level": "industry",
        "parent": district.pk,
        "is_active": "on",
    }
    assert post(admin, f"/unions/{union.pk}/edit/", **moved).status_code == 303
    assert Entry.objects.filter(verb="change_union", text="修改望海海员工会：简称、上级工会（地方）").exists()
