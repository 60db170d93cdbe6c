"""The committee and a draw that anybody replays."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls import draw as drawing
from shuniu.calls.actions import panel
from shuniu.calls.models import (
    Draw,
    DrawCommitment,
    Expert,
    Seat,
)
from shuniu.calls.queries.panel import eligible
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


# --- committee and draw -----------------------------------------------------------------------------


@pytest.mark.feature("D1")
@pytest.mark.refusal("calls.committee_exists", "calls.clerk_only")
def test_a_committee_is_what_the_call_settled(travel: Any) -> None:
    of = reviews.review(travel)
    category = of.call.categories.all()[0]
    with refused("calls.clerk_only"):
        panel.establish(by=of.office.checker, category_id=category.pk)
    committee = panel.establish(by=of.office.clerk, category_id=category.pk)
    assert (committee.size, committee.aggregation, committee.digits) == (5, "mean", 2)
    with refused("calls.committee_exists"):
        panel.establish(by=of.office.clerk, category_id=category.pk)


@pytest.mark.feature("D2")
def test_anybody_replays_a_draw_from_the_public_page(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="drawn")
    draw = Draw.objects.get(committee_id=of.pk)
    notice = client.get(f"/notices/{of.call.pk}/").content.decode()
    assert f'href="/draws/{draw.pk}/"' in notice, "whoever reads the notice finds the draw"
    html = client.get(f"/draws/{draw.pk}/").content.decode()
    # An implementation of its own, from the words of the page alone.
    shown = re.findall(r'<dd class="code wrapcell">\s*([^<]+?)\s*<', html)
    text, digest, commit1, value1, commit2, value2, seed = shown
    said = [
        [int(n) for n in re.findall(r"(\d+) 号", line)]
        for line in re.findall(r"按顺序</dt>\s*<dd>(.*?)</dd>", html, re.S)
    ]

    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    assert (sha(text), sha(value1), sha(value2)) == (digest, commit1, commit2)
    assert sha(f"{digest}|{value1}|{value2}") == seed
    _, seats, pool = text.split("|")
    by_digest = {sha(f"{seed}:{n}"): int(n) for n in pool.split(",")}
    order = [by_digest[key] for key in sorted(by_digest)]
    assert said == [order[: int(seats)], order[int(seats) :]]
    values = [value1, value2]
    assert [s.expert.number for s in of.seats()] == order[:5]
    assert drawing.replay(draw.pool_digest, draw.pool, values).order == tuple(order)


@pytest.mark.feature("D2")
def test_the_public_page_names_nobody(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="drawn")
    draw = Draw.objects.get(committee_id=of.pk)
    html = client.get(f"/draws/{draw.pk}/").content.decode()
    assert str(of.seats()[0].expert.number) in html
    for expert in of.experts:
        assert expert.name not in html
        assert expert.phone not in html


@pytest.mark.feature("D2")
@pytest.mark.refusal(
    "calls.window_open",
    "calls.pool_small",
    "calls.draw_again_why",
    "calls.draw_complete",
    "calls.draw_superseded",
)
def test_when_a_pool_is_frozen(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of, days=3)
    category = call.categories.all()[0]
    committee = panel.establish(by=of.clerk, category_id=category.pk)
    reviews.pool(of, 4, category=category.key)
    with refused("calls.window_open"):
        panel.freeze(by=of.clerk, committee_id=committee.pk)
    travel(days=4)
    with refused("calls.pool_small"):
        panel.freeze(by=of.clerk, committee_id=committee.pk)
    reviews.pool(of, 2, category=category.key)
    first = panel.freeze(by=of.clerk, committee_id=committee.pk)
    with refused("calls.draw_again_why"):
        panel.freeze(by=of.clerk, committee_id=committee.pk)
    second = panel.freeze(by=of.clerk, committee_id=committee.pk, reason="一方没有提交承诺值")
    assert (first.number, second.number) == (1, 2)
    auditor = unions.who("auditor", of.union)
    with refused("calls.draw_superseded"):
        panel.commit(by=of.clerk, draw_id=first.pk, party="department", digest="a" * 64)
    demo.give_numbers(second, clerk=of.clerk, second=auditor)
    with refused("calls.draw_complete"):
        panel.freeze(by=of.clerk, committee_id=committee.pk, reason="再抽")


@pytest.mark.feature("D2")
def test_who_may_be_drawn(travel: Any) -> None:
    of = reviews.review(travel)
    category = of.call.categories.all()[0]
    committee = panel.establish(by=of.office.clerk, category_id=category.pk)
    today = clock.today()
    bad = reviews.pool(of.office, 5, category=category.key)
    clerk = of.office.clerk
    panel.change_expert(by=clerk, expert_id=bad[0].pk, term_to=today - dt.timedelta(days=1))
    panel.change_expert(by=clerk, expert_id=bad[1].pk, available=False)
    panel.change_expert(by=clerk, expert_id=bad[2].pk, fields=["other"])
    member = of.applicants[0].person
    assert member is not None
    panel.change_expert(by=clerk, expert_id=bad[3].pk, phone=member.phone)
    assert clerk.person is not None
    panel.change_expert(by=clerk, expert_id=bad[4].pk, phone=clerk.person.phone)
    assert [e.pk for e in eligible(committee)] == [e.pk for e in of.experts]


@pytest.mark.feature("D2")
@pytest.mark.refusal(
    "calls.not_party", "calls.commit_form", "calls.commit_twice", "calls.commit_same", "calls.party_twice",
    "calls.reveal_too_early", "calls.reveal_differs", "calls.reveal_twice",
)  # fmt: skip
def test_commit_and_reveal(travel: Any) -> None:
    of = reviews.review(travel, until="frozen")
    draw = Draw.objects.get(committee_id=of.pk)
    clerk, auditor = of.office.clerk, of.auditor
    mine, theirs = "123456:海风轻轻吹过", "998877:港口的早晨"

    def commit(who: Who, party: str, value: str) -> None:
        panel.commit(by=who, draw_id=draw.pk, party=party, digest=drawing.committed(value))

    with refused("calls.not_party"):
        commit(of.office.checker, "department", mine)
    with refused("calls.not_party"):
        commit(clerk, "auditor", mine)
    with refused("calls.not_party"):
        commit(of.applicants[0], "applicant", mine)  # not a party of this draw
    with refused("calls.commit_form"):
        panel.commit(by=clerk, draw_id=draw.pk, party="department", digest=mine)
    commit(clerk, "department", mine)
    with refused("calls.commit_twice"):
        commit(of.office.clerk2, "department", theirs)
    with refused("calls.commit_same"):
        commit(auditor, "auditor", mine)
    with refused("calls.reveal_too_early"):
        panel.reveal(by=clerk, draw_id=draw.pk, party="department", value=mine)
    assert clerk.person is not None
    unions.grant(clerk.person, of.office.union, "auditor")
    both = unions.as_role(clerk.person, of.office.union, "auditor")
    with refused("calls.party_twice"):
        commit(both, "auditor", theirs)
    commit(auditor, "auditor", theirs)
    with refused("calls.reveal_differs"):
        panel.reveal(by=clerk, draw_id=draw.pk, party="department", value="123457:海风轻轻吹过")
    with refused("calls.reveal_differs"):  # the value is right, the person is not who committed
        panel.reveal(by=of.office.clerk2, draw_id=draw.pk, party="department", value=mine)
    panel.reveal(by=clerk, draw_id=draw.pk, party="department", value=mine)
    with refused("calls.reveal_twice"):
        panel.reveal(by=clerk, draw_id=draw.pk, party="department", value=mine)
    assert not Seat.objects.exists()
    panel.reveal(by=auditor, draw_id=draw.pk, party="auditor", value=theirs)
    assert Seat.objects.filter(committee_id=of.pk).count() == 5


@pytest.mark.feature("D2")
def test_an_applicants_representative_may_be_the_second_party(travel: Any) -> None:
    of = reviews.review(travel)
    committee = panel.establish(by=of.office.clerk, category_id=of.call.categories.all()[0].pk)
    demo.hold_draw(committee, clerk=of.office.clerk, second=of.applicants[1], party="applicant")
    assert committee.seats.count() == 5


@pytest.mark.feature("D2")
def test_the_database_too_wants_both_commitments_before_a_value(travel: Any) -> None:
    of = reviews.review(travel, until="frozen")
    draw = Draw.objects.get(committee_id=of.pk)
    person = of.office.clerk.person
    assert person is not None
    with pytest.raises(DatabaseError, match=r"calls\.reveal_too_early"), transaction.atomic():
        DrawCommitment.objects.create(
            draw=draw, party="department", kind="reveal", value="1:x", by=person, identity=person.identity
        )


@pytest.mark.feature("D2")
def test_party_page(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="frozen")
    draw = Draw.objects.get(committee_id=of.pk)
    url = f"/draws/{draw.pk}/party/"
    assert client.get(url).status_code == 302
    assert unions.log_in(Client(), of.office.checker).get(url).status_code == 404
    one, two = unions.log_in(Client(), of.office.clerk), unions.log_in(Client(), of.auditor)
    bad = one.post(url, {"digest": "12:ab"})
    assert bad.status_code == 422
    assert "64 位" in bad.content.decode()
    for who, value in ((one, "77:一二三四五六七八"), (two, "88:八七六五四三二一")):
        assert who.post(url, {"digest": drawing.committed(value)}).status_code == 303
    assert one.post(url, {"number": "77", "salt": "错的"}).status_code == 422
    assert one.post(url, {"number": "77", "salt": "一二三四五六七八"}).status_code == 303
    assert two.post(url, {"number": "88", "salt": "八七六五四三二一"}).status_code == 303
    assert Seat.objects.filter(committee_id=of.pk).count() == 5


@pytest.mark.feature("D2")
def test_a_known_order_cannot_be_steered_by_changing_the_pool(travel: Any) -> None:
    of = reviews.review(travel, until="frozen")
    draw = Draw.objects.get(committee_id=of.pk)
    clerk, values = of.office.clerk, {"department": "11:甲甲甲甲", "auditor": "22:乙乙乙乙"}
    for party, value in values.items():
        who = clerk if party == "department" else of.auditor
        panel.commit(by=who, draw_id=draw.pk, party=party, digest=drawing.committed(value))
    panel.reveal(by=of.auditor, draw_id=draw.pk, party="auditor", value=values["auditor"])
    # The clerk now knows both values, and so the order, before revealing.
    order = drawing.replay(draw.pool_digest, draw.pool, list(values.values())).order
    first = Expert.objects.get(union=of.office.union, number=order[0])
    panel.change_expert(by=clerk, expert_id=first.pk, available=False, fields=["other"])
    second = Expert.objects.get(union=of.office.union, number=order[1])
    panel.retire_expert(by=clerk, expert_id=second.pk, reason="本人辞聘")
    panel.reveal(by=clerk, draw_id=draw.pk, party="department", value=values["department"])
    assert [s.expert.number for s in of.seats()] == [order[0], *order[2:6]]
    told = Entry.objects.filter(verb="calls.seat", facts__passed__contains=[order[1]])
    assert told.exists()  # that somebody was passed over is on record
