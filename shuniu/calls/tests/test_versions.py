"""U20 on every form over a record that two may hold: the second to save gets both versions, nothing is lost."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client

from shuniu.calls.tests import cast, reviews
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Day, Year
from shuniu.foundation.ui import versions
from shuniu.registry import actions as registry
from shuniu.registry.models import FACTS, Organisation, Status
from shuniu.registry.tests import factories
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


class Particulars(forms.Form):
    """Two fields of anything."""

    name = forms.CharField()
    address = forms.CharField()


def client_of(who: Who) -> Client:
    return unions.log_in(Client(), who)


def form_at(client: Client, address: str) -> dict[str, str]:
    """The fields of the page's form as a browser would send them, `seen` among them."""
    page = client.get(address).content.decode()
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = (re.search(rf'\b{a}="([^"]*)"', tag) for a in ("name", "value"))
        checks = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and value and (not checks or " checked" in tag):
            found[name[1]] = html.unescape(value[1])
    for name, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s*([^<]*)</textarea>', page):
        found[name] = html.unescape(body)
    for name, body in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    assert found.get("seen"), "the form does not say what it was read with"
    return found


def second(client: Client, address: str, sent: dict[str, str]) -> str:
    """The second save: 409, with both versions on the page."""
    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 409, page[:200]
    assert "两个版本" in page and "没有丢失" in page
    return page


def test_an_expert_and_what_only_the_colleague_changed_is_taken_over() -> None:
    of = cast.office()
    row = reviews.pool(of, 1, category=cast.draft_call(of).categories.all()[0].key)[0]
    address = f"/calls/experts/{row.pk}/"
    one, two = client_of(of.clerk), client_of(of.clerk2)
    first, late = form_at(one, address), form_at(two, address)
    assert one.post(address, first | {"position": "教授"}).status_code == 303
    page = second(two, address, late | {"employer": "望海市另一所大学"})
    row.refresh_from_db()
    assert (row.position, row.employer) == ("教授", first["employer"]), "the first version is stored"
    assert 'value="教授"' in page and 'value="望海市另一所大学"' in page
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])  # type: ignore[index]
    both = late | {"employer": "望海市另一所大学", "position": "教授", "seen": seen}
    assert two.post(address, both).status_code == 303
    row.refresh_from_db()
    assert (row.position, row.employer) == ("教授", "望海市另一所大学"), "both changes are there"


def test_a_fact_that_was_corrected_meanwhile_and_a_status() -> None:
    of = cast.office()
    organisation = factories.organisation(of.clerk)
    row = registry.add_fact(
        by=of.clerk, organisation=organisation, kind="staff", basis="名册",
        values={"full_time": 5}, as_of=dt.date(2025, 12, 31),
    )  # fmt: skip
    address = f"/organisations/{organisation.pk}/facts/staff/{row.pk}/correct/"
    client = client_of(of.clerk2)
    late = {
        k: str(v) for k, v in row.said().items() if v is not None
    } | {"full_time": "7", "reason": "数错", "basis": "名册"}  # fmt: skip
    registry.correct_fact(
        by=of.clerk, row=row, values=row.said() | {"full_time": 6}, reason="数错", basis="名册"
    )
    page = second(client, address, late)
    newest = FACTS["staff"].everything().latest("pk")
    target = f"/organisations/{organisation.pk}/facts/staff/{newest.pk}/correct/"
    assert f'action="{target}"' in page
    assert client.post(target, late).status_code == 303
    assert {r.full_time for r in FACTS["staff"].everything()} == {5, 6, 7}

    address = f"/organisations/{organisation.pk}/status/"
    today = f"{clock.today():%Y-%m-%d}"
    late = form_at(client, address) | {"status": "revoked", "since": today, "basis": "公告"}
    registry.change_status(
        by=of.clerk, organisation=organisation, status=Status.CANCELLED, since=clock.today(), basis="公告"
    )
    second(client, address, late)
    assert Organisation.objects.get(pk=organisation.pk).status == Status.CANCELLED


def test_the_reading_of_a_name_that_a_colleague_put_right_first() -> None:
    of = cast.office()
    organisation = factories.organisation(of.clerk, "望海市乐业协会")
    address = f"/organisations/{organisation.pk}/pinyin/"
    one, two = client_of(of.clerk), client_of(of.clerk2)
    first, late = form_at(one, address), form_at(two, address)
    assert one.post(address, first | {"pinyin": "wang hai shi yue ye xie hui"}).status_code == 303
    page = second(two, address, late | {"pinyin": "wang hai shi le ye xie hui X"})
    organisation.refresh_from_db()
    assert organisation.pinyin == "wang hai shi yue ye xie hui", "the first version is stored"
    assert "wang hai shi yue ye xie hui" in page and "wang hai shi le ye xie hui X" in page
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])  # type: ignore[index]
    assert two.post(address, late | {"pinyin": "wang hai", "seen": seen}).status_code == 303


def test_a_year_of_the_calendar_entered_by_two() -> None:
    of = cast.office()
    one, two = (client_of(unions.who("sys_admin", of.union)) for _ in range(2))
    year = clock.today().year + 2
    address = f"/calendar/{year}/"
    sent = [form_at(c, address) for c in (one, two)]
    first = {"source": "放假通知", "days": f"{year}-01-01 放假 元旦"}
    if dt.date(year, 1, 1).weekday() > 4:
        first["days"] = (
            f"{year}-05-03 放假 测试" if dt.date(year, 5, 3).weekday() < 5 else f"{year}-05-05 放假 测试"
        )
    assert one.post(address, sent[0] | first).status_code == 303
    page = second(
        two, address, sent[1] | {"source": "另一份通知", "days": first["days"].replace("放假 ", "放假 新")}
    )
    assert Year.objects.get(year=year).source == "放假通知" and "另一份通知" in page
    assert Day.objects.filter(date__year=year).count() == 1


@pytest.mark.refusal("version.changed")
def test_without_a_readable_seal_nothing_is_overwritten() -> None:
    union = unions.union()
    now: dict[str, object] = {"name": union.name, "address": union.address}
    versions.require_unchanged(versions.seal(now), now)
    versions.require_unchanged(None, now)
    for wrong in ("", "gemacht", versions.seal(now | {"address": "别处"})):
        with pytest.raises(Refused) as caught:
            versions.require_unchanged(wrong, now)
        assert caught.value.verdict.code == "version.changed"
    form = Particulars(QueryDict("name=甲&address=乙"))
    rows = versions.clash(form, "", now).rows
    assert [r["mine"] for r in rows] == ["甲", "乙"]
