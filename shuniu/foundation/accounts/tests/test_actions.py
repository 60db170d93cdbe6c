"""Accounts: making, changing, inviting, ending; each refusal."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from shuniu.foundation.access import Hat, Refused, Who
from shuniu.foundation.accounts import actions, rules
from shuniu.foundation.accounts.models import Invitation, Person, SignIn, same_natural_person
from shuniu.foundation.accounts.queries import accounts_like, invitation_by, person_by
from shuniu.foundation.accounts.tests.people import PASSWORD, SETUP, log_in, me, person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda r: r.verdict.code == code)


def make(**more: object) -> Person:
    details = {"username": "li.na", "name": "李娜", "password": PASSWORD} | more
    return actions.create_person(by=SETUP, **details)  # type: ignore[arg-type]


def test_an_account_is_journalled_without_its_particulars() -> None:
    made = make(phone="１３９００００１２３４", email="li@example.cn")
    assert made.phone == "13900001234"
    entry = Entry.objects.get(verb="create_person")
    assert "1390000" not in str(entry.facts) + entry.text


@pytest.mark.refusal("accounts.creator")
@pytest.mark.refusal("accounts.username_form")
@pytest.mark.refusal("accounts.username_taken")
@pytest.mark.refusal("accounts.email_taken")
@pytest.mark.refusal("accounts.name_missing")
@pytest.mark.refusal("accounts.phone_form")
@pytest.mark.refusal("accounts.password_weak")
def test_what_an_account_must_be() -> None:
    make(email="li@example.cn")
    with refused("accounts.creator"):
        actions.create_person(by=me(person()), username="other", name="某")
    for code, wrong in (
        ("accounts.username_form", {"username": "李 娜"}),
        ("accounts.username_taken", {"username": "LI.NA"}),
        ("accounts.email_taken", {"username": "li2", "email": "LI@example.cn"}),
        ("accounts.name_missing", {"username": "li2", "name": " "}),
        ("accounts.phone_form", {"username": "li2", "phone": "123"}),
        ("accounts.password_weak", {"username": "li2", "password": "12345678901"}),
    ):
        with refused(code):
            make(**wrong)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab3-x", "不足 10 个字符"), ("password123", "太常见"), ("90210457713", "全是数字"),
        ("linaxuexi2026", "和登录名、姓名、手机或邮箱太接近"), ("李雪梅李雪梅李雪梅2", "和登录名、姓名、手机或邮箱太接近"),
    ],
)  # fmt: skip
def test_a_weak_password_is_told_why_in_chinese(password: str, why: str) -> None:
    somebody = Person(username="linaxuexi2026", name="李雪梅李雪梅李雪梅", phone="13900000001")
    reason = rules.password_is_good(password, somebody).reason
    assert why in reason and not re.search("[A-Za-z]{4}", reason)


def test_the_database_keeps_log_in_names_and_addresses_apart() -> None:
    make(email="li@example.cn")
    for twin in (
        Person(username="LI.NA", name="某"),
        Person(username="other", name="某", email="Li@example.cn"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save()


def test_one_human_being_with_two_accounts_is_one_person() -> None:
    first, twin, other = (
        person(phone="13900000001"),
        person(phone="139 0000 0001"),
        person(phone="13900000002"),
    )
    assert same_natural_person(first, twin)
    assert not same_natural_person(first, other)
    actions.change_own_profile(by=me(twin), name="测试员", phone="13900000003", email="")
    twin.refresh_from_db()
    assert same_natural_person(first, twin), "a new telephone does not make a new person"


def test_a_verified_name_is_one_human_being_whatever_the_telephone() -> None:
    def verified(username: str, name: str, phone: str, **more: Any) -> Person:
        return actions.create_person(
            by=SETUP, username=username, name=name, phone=phone, **{"verified": True} | more
        )

    first = verified("li1", "李核验", "13900000021")
    twin = verified("li2", "李核验", "13900000022")
    assert same_natural_person(first, twin)
    assert set(accounts_like(first)) == {first, twin}
    assert not same_natural_person(first, verified("wang", "王核验", "13900000023"))
    namesake = verified("li3", "李核验", "13900000024", verified=False)
    assert not same_natural_person(first, namesake), "a name that nobody has checked proves nothing"
    by_phone = verified("zhao", "赵核验", "13900000022")
    assert same_natural_person(twin, by_phone), "the telephone counts as before"


@pytest.mark.refusal("accounts.not_yours")
@pytest.mark.refusal("accounts.password_wrong")
def test_one_changes_only_oneself() -> None:
    somebody = person()
    with refused("accounts.not_yours"):
        actions.change_own_profile(by=Who(), name="某", phone="", email="")
    with refused("accounts.not_yours"):
        actions.change_password(by=Who(), old=PASSWORD, new="another-good-one")
    with refused("accounts.password_wrong"):
        actions.change_password(by=me(somebody), old="wrong", new="another-good-one")
    with refused("accounts.password_weak"):
        actions.change_password(by=me(somebody), old=PASSWORD, new="short")
    actions.change_password(by=me(somebody), old=PASSWORD, new="another-good-one")
    assert Person.objects.get(pk=somebody.pk).check_password("another-good-one")


@pytest.mark.refusal("accounts.manager")
def test_a_stopped_account_is_out_at_once(client: Client) -> None:
    somebody = person()
    log_in(client, somebody)
    assert client.get("/accounts/sessions/").status_code == 200
    with refused("accounts.manager"):
        actions.deactivate(by=me(person()), person=somebody, reason="离职")
    own = Who(person=somebody, hat=Hat("union", 1, "望海市总工会", "sys_admin"))
    with refused("accounts.manager"):
        actions.deactivate(by=own, person=somebody, reason="离职")
    actions.deactivate(by=SETUP, person=somebody, reason="离职")
    assert client.get("/accounts/sessions/").status_code == 302
    assert log_in(Client(), somebody)["Location"] == "/accounts/inactive/"
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_people_are_found_by_name_or_telephone_but_never_guessed() -> None:
    somebody = person("wang.wu", phone="13900000009")
    assert person_by("WANG.WU") == person_by("１３９００００ ０００９") == somebody
    person(phone="13900000009")
    assert person_by("13900000009") is None
    assert person_by("139") is None


# --- invitations -----------------------------------------------------------------------------------


@pytest.fixture
def purpose() -> str:
    taken: list[int] = []
    actions.register_purpose("test.join", lambda invitation, person: taken.append(person.pk))
    return "test.join"


def link(purpose: str, **more: object) -> str:
    details = {"purpose": purpose, "payload": {}, "invited_name": "新人", "label": "加入测试"} | more
    return actions.invite(by=me(person()), **details)  # type: ignore[arg-type]


def accept(token: str, username: str = "newcomer") -> Person:
    return actions.accept_invitation(token=token, username=username, password=PASSWORD)


def test_only_the_digest_of_a_link_is_stored(purpose: str) -> None:
    token = link(purpose)
    row = Invitation.objects.get()
    assert row.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert all(token not in str(value) for value in Invitation.objects.values_list().get())
    assert invitation_by(token) == row


def test_an_invitation_needs_a_purpose_that_exists() -> None:
    with pytest.raises(LookupError):
        link("nobody.knows")


@pytest.mark.refusal("accounts.link_unknown")
@pytest.mark.refusal("accounts.link_used")
@pytest.mark.refusal("accounts.link_revoked")
@pytest.mark.refusal("accounts.link_expired")
def test_a_link_works_once_and_in_time(purpose: str) -> None:
    token = link(purpose)
    accept(token)
    with refused("accounts.link_used"):
        accept(token, "second")
    with refused("accounts.link_unknown"):
        accept("nonsense")
    withdrawn = link(purpose)
    row = invitation_by(withdrawn)
    assert row is not None and row.invited_by is not None
    actions.revoke_invitation(by=me(row.invited_by), invitation_id=row.pk)
    with refused("accounts.link_revoked"):
        accept(withdrawn, "third")
    late = link(purpose)
    Invitation.objects.filter(accepted_at=None, revoked_at=None).update(
        expires_at=clock.now() - dt.timedelta(seconds=1)
    )
    with refused("accounts.link_expired"):
        accept(late, "fourth")


def test_an_existing_account_takes_up_a_link(purpose: str) -> None:
    token, somebody = link(purpose), person()
    actions.accept_invitation_as(by=me(somebody), token=token)
    assert Invitation.objects.get().accepted_by == somebody


@pytest.mark.refusal("accounts.link_other")
def test_a_password_link_sets_the_password_and_nothing_else(purpose: str) -> None:
    somebody = person()
    token = link("accounts.password", payload={"person_id": somebody.pk})
    with refused("accounts.link_other"):
        accept(token)
    with refused("accounts.link_other"):
        actions.accept_invitation_as(by=me(person()), token=token)
    with refused("accounts.link_other"):
        actions.reset_password(token=link(purpose), password="a-new-password")
    actions.reset_password(token=token, password="a-new-password")
    assert Person.objects.get(pk=somebody.pk).check_password("a-new-password")


# --- sessions --------------------------------------------------------------------------------------


@pytest.mark.refusal("accounts.session_unknown")
def test_one_ends_ones_own_sessions_alone(client: Client) -> None:
    somebody, stranger = person(), person()
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8"})
    log_in(client, somebody)
    log_in(phone, somebody)
    assert {row.device for row in SignIn.objects.filter(person=somebody)} == {
        "其他浏览器，其他设备",
        "微信，iPhone",
    }
    other = SignIn.objects.get(device="微信，iPhone")
    with refused("accounts.session_unknown"):
        actions.end_session(by=me(stranger), sign_in_id=other.pk)
    assert phone.get("/accounts/sessions/").status_code == 200
    assert client.post("/accounts/sessions/end-others/").status_code == 303
    assert phone.get("/accounts/sessions/").status_code == 302
    assert client.get("/accounts/sessions/").status_code == 200
    here = SignIn.objects.get(person=somebody, ended_at=None)
    answer = client.post(f"/accounts/sessions/{here.pk}/end/")
    assert (answer.status_code, answer["Location"]) == (303, "/accounts/login/")
    assert client.get("/accounts/sessions/").status_code == 302


def test_a_changed_password_ends_every_other_session(client: Client) -> None:
    somebody, other = person(), Client()
    log_in(client, somebody)
    log_in(other, somebody)
    new = {"old": PASSWORD, "new": "another-good-one", "again": "another-good-one"}
    assert client.post("/accounts/password/change/", new).status_code == 303
    assert client.get("/accounts/sessions/").status_code == 200
    assert other.get("/accounts/sessions/").status_code == 302
    assert len(client.get("/accounts/sessions/").context["rows"]) == 1
