"""Pool, committee, draw, undertaking, declaration, recusal."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls import draw as drawing
from shuniu.calls.actions import panel
from shuniu.calls.models import (
    Committee,
    Draw,
    DrawCommitment,
    Expert,
    Recusal,
    ScoreSheet,
    Seat,
    YearlyUndertaking,
)
from shuniu.calls.queries.panel import eligible
from shuniu.calls.tests import cast, reviews
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.registry import actions as registry
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db


def refused(code: str) -> Any:
    """The refusal with this code, by rule or by database."""

    class Expect:
        def __enter__(self) -> None:
            self.sink = transaction.atomic()
            self.sink.__enter__()

        def __exit__(self, kind: Any, value: Any, trace: Any) -> bool:
            self.sink.__exit__(kind, value, trace)
            assert isinstance(value, Refused), f"nothing was refused, expected {code} ({value!r})"
            assert value.verdict.code == code, value.verdict
            return True

    return Expect()


PARTICULARS: dict[str, Any] = {
    "name": "钱教授", "phone": "１３９００００8001", "employer": "望海大学", "fields": ["life"],
    "term_from": dt.date(2020, 1, 1), "term_to": dt.date(2099, 12, 31),
}  # fmt: skip


# --- pool -------------------------------------------------------------------------------------------


@pytest.mark.feature("D1")
def test_numbers_follow_one_another_and_are_never_given_again() -> None:
    of = cast.office()
    first = panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)
    panel.retire_expert(by=of.clerk, expert_id=first.pk, reason="本人辞聘")
    second = panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS | {"phone": "13900008002"})
    assert (first.number, second.number) == (1, 2)
    assert first.phone == "13900008001"
    assert Entry.objects.filter(verb="calls.add_expert").count() == 2


@pytest.mark.feature("D1")
@pytest.mark.refusal("calls.pool_clerk")
def test_only_the_unions_clerk_keeps_the_pool() -> None:
    of = cast.office()
    other = cast.office("邻海市总工会")
    for who in (of.checker, other.clerk):
        with refused("calls.pool_clerk"):
            panel.add_expert(by=who, union=of.union, **PARTICULARS)


@pytest.mark.refusal("calls.expert_known")
def test_one_telephone_is_one_expert() -> None:
    of = cast.office()
    panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)
    with refused("calls.expert_known"):
        panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)


@pytest.mark.refusal("calls.expert_retired", "calls.expert_seated", "calls.reason_needed")
def test_retiring(travel: Any) -> None:
    of = reviews.review(travel, until="drawn")
    seated = of.seats()[0].expert
    with refused("calls.expert_seated"):
        panel.retire_expert(by=of.office.clerk, expert_id=seated.pk, reason="期满")
    free = next(e for e in of.experts if e.pk not in {s.expert_id for s in of.seats()})
    with refused("calls.reason_needed"):
        panel.retire_expert(by=of.office.clerk, expert_id=free.pk, reason=" ")
    panel.retire_expert(by=of.office.clerk, expert_id=free.pk, reason="期满")
    with refused("calls.expert_retired"):
        panel.change_expert(by=of.office.clerk, expert_id=free.pk, employer="别处")


@pytest.mark.refusal("calls.expert_linked")
def test_an_invited_expert_gets_account_and_role() -> None:
    from shuniu.foundation.accounts import actions as accounts

    of = cast.office()
    row = panel.add_expert(by=of.clerk, union=of.union, **PARTICULARS)
    token = panel.invite_expert(by=of.clerk, expert_id=row.pk)
    person = accounts.accept_invitation(token=token, username="qianjiaoshou", password="shuniu-test-2026")
    row.refresh_from_db()
    assert row.person == person
    assert person.grants.filter(role="expert", union=of.union).exists()
    with refused("calls.expert_linked"):
        panel.invite_expert(by=of.clerk, expert_id=row.pk)


def test_pool_pages(client: Client, django_assert_num_queries: Any) -> None:
    of = cast.office()
    cast.published_call(of)
    unions.log_in(client, of.clerk)
    data = {
        "name": "钱教授", "phone": "13900008001", "employer": "望海大学", "fields_": [],
        "tier": "city", "term_from": "２０２６-01-01", "term_to": "2025-01-01", "available": "on",
    }  # fmt: skip
    page = client.post("/calls/experts/new/", data)
    assert page.status_code == 422
    assert "聘期的止日早于起日" in page.content.decode()
    key = page.context["form"].fields["fields_"].choices[0][0]
    done = client.post("/calls/experts/new/", data | {"term_to": "2028-01-01", "fields_": [key]})
    assert done.status_code == 303
    assert "钱教授" in client.get("/calls/experts/").content.decode()
    assert client.get(done["Location"]).status_code == 200
    stranger = unions.log_in(Client(), cast.office("邻海市总工会").clerk)
    assert stranger.get(done["Location"]).status_code == 404
    assert "钱教授" not in stranger.get("/calls/experts/").content.decode()


def test_the_pools_list_asks_the_same_questions_for_1_and_30_rows(client: Client) -> None:
    from django.test.utils import CaptureQueriesContext

    of = cast.office()
    unions.log_in(client, of.clerk)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/calls/experts/").status_code == 200
        return len(seen)

    reviews.pool(of, 1, category="life")
    client.get("/calls/experts/")
    one = asked()
    reviews.pool(of, 18, category="life")
    assert asked() == one <= 12


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
    html = client.get(f"/draws/{draw.pk}/").content.decode()
    values = [c.value for p in draw.parties for c in draw.commitments.filter(party=p["key"], kind="reveal")]
    for shown in (draw.pool_digest, *values, draw.result.seed):
        assert shown in html
    # An implementation of its own, from the words of the page alone.

    def sha(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    name = f"committee-{draw.committee_id}/draw-{draw.number}"
    assert sha(f"{name}|{draw.seats}|{','.join(str(n) for n in draw.pool)}") == draw.pool_digest
    for commit in draw.commitments.filter(kind="commit"):
        told = draw.commitments.get(kind="reveal", party=commit.party)
        assert sha(told.value) == commit.value
    seed = sha(draw.pool_digest + "|" + values[0] + "|" + values[1])
    by_digest = {sha(seed + ":" + str(n)): n for n in draw.pool}
    order = [by_digest[key] for key in sorted(by_digest)]
    assert (seed, order) == (draw.result.seed, draw.result.order)
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


# --- replacement ------------------------------------------------------------------------------------


@pytest.mark.feature("D2")
def test_whoever_declines_is_followed_by_the_next_of_the_order(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    draw = Draw.objects.get(committee_id=of.pk)
    leaver, member = of.seats()[0], of.members()[0]
    following = panel.decline(by=member, committee_id=of.pk, reason="出国访学")
    assert following is not None
    assert following.expert.number == draw.result.order[5]
    assert following.replaces_id == leaver.pk
    assert Entry.objects.filter(verb="calls.leave_seat").count() == 1
    with pytest.raises(Seat.DoesNotExist):
        panel.decline(by=of.office.clerk, committee_id=of.pk, reason="不是我")


@pytest.mark.feature("D2")
def test_an_exhausted_order_asks_for_another_draw(travel: Any) -> None:
    of = reviews.review(travel, experts=5, until="open")
    assert panel.decline(by=of.members()[0], committee_id=of.pk, reason="出国访学") is None
    assert Message.objects.filter(person=of.office.clerk.person, title__contains="再次抽取").exists()
    reviews.pool(of.office, 1, category=of.again().category.key)
    demo.hold_draw(of.again(), clerk=of.office.clerk, second=of.auditor, reason="候补已用完")
    assert len(of.seats()) == 5


@pytest.mark.refusal("calls.seat_has_scores", "calls.seat_left")
def test_scores_cannot_be_swept_away_by_replacing(travel: Any) -> None:
    of = reviews.review(travel, until="scored")
    seat = of.seats()[0]
    with refused("calls.seat_has_scores"):
        panel.replace(by=of.office.clerk, seat_id=seat.pk, reason="想换人")
    with refused("calls.seat_has_scores"):
        panel.decline(by=of.members()[0], committee_id=of.pk, reason="不想评了")


@pytest.mark.feature("D2")
def test_a_replaced_member_is_out(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    seat, member = of.seats()[0], of.members()[0]
    panel.replace(by=of.office.clerk, seat_id=seat.pk, reason="联系不上")
    with refused("calls.seat_left"):
        panel.replace(by=of.office.clerk, seat_id=seat.pk, reason="再换")
    unions.log_in(client, member)
    assert client.get(f"/review/{of.pk}/").status_code == 404
    assert client.get(f"/review/{of.pk}/{of.applications[0].pk}/").status_code == 404


# --- opening ----------------------------------------------------------------------------------------


@pytest.mark.refusal(
    "calls.audit_open", "calls.nothing_to_review", "calls.committee_short", "calls.review_open"
)
def test_what_must_be_there_before_a_review(travel: Any) -> None:
    of = reviews.review(travel, until="established")
    clerk = of.office.clerk
    with refused("calls.committee_short"):
        panel.open_scoring(by=clerk, committee_id=of.pk)
    empty = panel.establish(by=clerk, category_id=of.call.categories.all()[1].pk)
    with refused("calls.nothing_to_review"):
        panel.open_scoring(by=clerk, committee_id=empty.pk)
    reviews.run(of, "drawn")
    first = of.applications[0]
    first.refresh_from_db()
    first.released_at = None
    first.save()
    with refused("calls.audit_open"):
        panel.open_scoring(by=clerk, committee_id=of.pk)
    first.released_at = clock.now()
    first.save()
    panel.open_scoring(by=clerk, committee_id=of.pk)
    with refused("calls.review_open"):
        panel.open_scoring(by=clerk, committee_id=of.pk)


@pytest.mark.refusal("calls.committee_fixed")
def test_size_and_way_are_fixed_once_opened(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    for change in ({"size": 1}, {"aggregation": "trimmed"}, {"digits": 0}):
        with pytest.raises(DatabaseError, match=r"calls\.committee_fixed"), transaction.atomic():
            Committee.objects.filter(pk=of.pk).update(**change)


# --- undertaking and declaration --------------------------------------------------------------------


@pytest.mark.feature("D9")
@pytest.mark.refusal(
    "calls.signed_this_year", "calls.not_expert", "calls.undertaking_first", "calls.declare_first"
)
def test_nothing_is_served_before_undertaking_and_declaration(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="open")
    member = of.members()[0]
    unions.log_in(client, member)
    material = of.applications[0].materials.all()[0]
    desk = f"/review/{of.pk}/{of.applications[0].pk}/"
    doors = (f"/review/{of.pk}/", desk, f"{desk}files/{material.attachment_id}/", f"{desk}abstain/", f"{desk}recuse/",
             f"/review/{of.pk}/hand-in/")  # fmt: skip
    for door in doors:
        answer = client.get(door)
        assert answer.status_code == 403, door
        assert "/review/undertaking/" in answer.content.decode()
        assert of.applications[0].organisation.name not in answer.content.decode()
    assert client.get(f"/review/{of.pk}/declare/").status_code == 403
    wrong = client.post("/review/undertaking/", {"agree": "on", "name": "别人"})
    assert wrong.status_code == 422
    assert member.person is not None
    assert client.post("/review/undertaking/", {"agree": "on", "name": member.person.name}).status_code == 303
    with refused("calls.signed_this_year"):
        panel.sign_undertaking(by=member)
    with refused("calls.not_expert"):
        panel.sign_undertaking(by=of.office.clerk)
    for door in doors:
        answer = client.get(door)
        assert answer.status_code == 403, door
        assert f"/review/{of.pk}/declare/" in answer.content.decode()
    names = client.get(f"/review/{of.pk}/declare/").content.decode()
    assert of.applications[0].organisation.name in names
    assert "职工心理驿站" not in names
    data = {"none": "on", f"c{of.applications[0].pk}": "on"}
    assert client.post(f"/review/{of.pk}/declare/", data).status_code == 422
    data[f"d{of.applications[0].pk}"] = "本人是该单位理事"
    assert client.post(f"/review/{of.pk}/declare/", data).status_code == 303
    assert client.get(desk).status_code == 404
    other = f"/review/{of.pk}/{of.applications[1].pk}/"
    assert client.get(other).status_code == 200
    answer = client.get(f"{other}files/{of.applications[1].materials.all()[0].attachment_id}/?inline")
    assert answer.status_code == 200
    assert Entry.objects.filter(verb="calls.read_sealed", is_reading=True).count() == 1
    # The file of a recused application is not served through another application's address either.
    assert client.get(f"{other}files/{material.attachment_id}/").status_code == 404


@pytest.mark.feature("D9")
def test_last_years_undertaking_does_not_count(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member = of.members()[0]
    unions.log_in(client, member)
    assert client.get(f"/review/{of.pk}/").status_code == 200
    seat = of.seats()[0]
    travel(dt.datetime(clock.today().year + 1, 1, 2, 9, tzinfo=clock.TZ))
    assert YearlyUndertaking.objects.filter(expert=seat.expert).count() == 1
    assert client.get(f"/review/{of.pk}/").status_code == 403


def _hit(of: reviews.Review, expert: Expert, **change: Any) -> Recusal | None:
    panel.change_expert(by=of.office.clerk, expert_id=expert.pk, **change)
    who = demo.as_expert(Expert.objects.select_related("person", "union").get(pk=expert.pk))
    panel.sign_undertaking(by=who)
    panel.declare(by=who, committee_id=of.pk, conflicts={})
    return Recusal.objects.filter(seat__expert=expert, application=of.applications[0]).first()


@pytest.mark.feature("D3")
@pytest.mark.parametrize(
    "kind", ["employer", "code", "telephone", "contact", "past_post", "past_project", "none"]
)
def test_the_registry_finds_conflicts(travel: Any, kind: str) -> None:
    of = reviews.review(travel, applications=2, until="open")
    organisation = of.applications[0].organisation
    expert = of.seats()[0].expert
    member = of.applicants[0].person
    assert isinstance(member, Person)
    if kind == "past_project":
        registry.add_fact(
            by=of.office.clerk, organisation=organisation, kind="project", basis="合同",
            values={"name": "心理驿站", "client_kind": "other", "client": f"（{expert.employer}）", "year": 2025},
        )  # fmt: skip
    changes: dict[str, dict[str, Any]] = {
        "employer": {"employer": organisation.name},
        "code": {"employer_code": organisation.code},
        "telephone": {"phone": member.phone},
        "contact": {"phone": organisation.contact_phone},
        "past_post": {"past_posts": f"望海市图书馆\n{organisation.name}"},
        "past_project": {"position": "教授"},
        "none": {"position": "教授"},
    }
    found = _hit(of, expert, **changes[kind])
    if kind == "none":
        assert found is None
        return
    assert found is not None
    assert found.kind == {"code": "employer", "contact": "telephone"}.get(kind, kind)
    assert ScoreSheet.objects.filter(seat__expert=expert).count() == (0 if kind == "contact" else 1)
    assert Message.objects.filter(person=of.office.clerk.person, title__startswith="回避").exists()


@pytest.mark.feature("D3")
def test_changed_particulars_are_compared_again(travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    seat = of.seats()[0]
    panel.change_expert(
        by=of.office.clerk, expert_id=seat.expert_id, past_posts=of.applications[1].organisation.name
    )
    assert Recusal.objects.get(seat=seat).application == of.applications[1]


@pytest.mark.feature("D3")
@pytest.mark.refusal("calls.recusal_why", "calls.recusal_unknown", "calls.declared_already")
def test_declaring(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    member, first = of.members()[0], of.applications[0]
    panel.sign_undertaking(by=member)
    with refused("calls.recusal_why"):
        panel.declare(by=member, committee_id=of.pk, conflicts={first.pk: ""})
    with refused("calls.recusal_unknown"):
        panel.declare(by=member, committee_id=of.pk, conflicts={first.pk + 1000: "理事"})
    panel.declare(by=member, committee_id=of.pk, conflicts={first.pk: "理事"})
    with refused("calls.declared_already"):
        panel.declare(by=member, committee_id=of.pk, conflicts={})


@pytest.mark.feature("D3")
def test_whoever_is_recused_from_everything_is_replaced(travel: Any) -> None:
    of = reviews.review(travel, until="open")
    seat, member = of.seats()[0], of.members()[0]
    panel.sign_undertaking(by=member)
    panel.declare(by=member, committee_id=of.pk, conflicts={a.pk: "理事" for a in of.applications})
    seat.refresh_from_db()
    assert seat.state == "declined"
    assert len(of.seats()) == 5


@pytest.mark.feature("D3")
def test_a_recusal_is_irrevocable(travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    member, first = of.members()[0], of.applications[0]
    row = panel.recuse(by=member, application_id=first.pk, detail="刚得知配偶任职")
    for act in (row.delete, lambda: Recusal.objects.filter(pk=row.pk).update(detail="")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.feature("D3")
def test_a_recused_person_sees_nothing_by_any_door(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="scoring", share=1.0)
    member, first = of.members()[0], of.applications[0]
    name = first.organisation.name
    unions.log_in(client, member)
    desk = f"/review/{of.pk}/{first.pk}/"
    file = first.materials.all()[0].attachment_id
    assert name in client.get(f"/review/{of.pk}/").content.decode()  # there was something to hide
    assert client.get(desk).status_code == 200
    assert client.get(f"{desk}sheet.pdf").status_code == 200
    panel.recuse(by=member, application_id=first.pk, detail="刚得知配偶任职")
    for door in (desk, f"{desk}files/{file}/", f"{desk}sheet.pdf", f"{desk}abstain/", f"{desk}recuse/"):
        assert client.get(door).status_code == 404, door
    assert client.post(f"{desk}save/", {"_changed": "comment", "comment": "x"}).status_code in (404, 409)
    reviews.run(of, "meeting")
    for page in ("/review/", f"/review/{of.pk}/", f"/review/{of.pk}/hand-in/", f"/review/{of.pk}/meeting/"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert name not in answer.content.decode(), page


# --- staff pages ------------------------------------------------------------------------------------


def test_staff_pages_and_strangers(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    unions.log_in(client, of.office.clerk)
    seat = of.seats()[0]
    pages = [
        f"/calls/panels/of/{of.call.pk}/", f"/calls/panels/{of.pk}/", f"/calls/panels/{of.pk}/freeze/",
        f"/calls/panels/{of.pk}/close/", f"/calls/panels/{of.pk}/seats/{seat.pk}/",
        f"/calls/panels/{of.pk}/seats/{seat.pk}/replace/", f"/calls/panels/{of.pk}/seats/{seat.pk}/missing/",
        f"/calls/panels/{of.pk}/reopen/", f"/calls/{of.call.pk}/",
    ]  # fmt: skip
    stranger = unions.log_in(Client(), cast.office("邻海市总工会").clerk)
    for page in pages:
        assert client.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 404, page
    expert = unions.log_in(Client(), of.members()[0])
    assert expert.get(pages[1]).status_code == 403
    assert expert.get("/calls/experts/").status_code == 403
    outsider = unions.log_in(Client(), demo.as_expert(reviews.pool(of.office, 1, category="x")[0]))
    assert outsider.get(f"/review/{of.pk}/").status_code == 404


def test_todos(travel: Any) -> None:
    from shuniu.foundation.ui.slots import navigation_for, todos_for

    of = reviews.review(travel, until="frozen")

    def titles(who: Who) -> str:
        return " ".join(t.title for t in todos_for(who))

    assert "提交承诺值" in titles(of.office.clerk)
    assert "提交承诺值" in titles(of.auditor)
    reviews.run(of, "open")
    member = of.members()[0]
    assert "承诺" in titles(member)
    reviews.run(of, "declared")
    assert "还有 3 份没有提交" in titles(member)
    assert [i["label"] for i in navigation_for(member, "/review/")] == ["评审"]
    reviews.run(of, "scored")
    assert "可以结束评分" in titles(of.office.clerk)
    reviews.run(of, "proposed")
    assert "评审结果" in titles(of.office.checker)
