"""Roles: who gives them, what is refused, the second person for administrators."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from shuniu.foundation.access import Who
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.unions import actions, rules
from shuniu.unions.models import RoleChange, RoleGrant, Union
from shuniu.unions.queries import hats_from_grants, people_with
from shuniu.unions.tests import cast
from shuniu.unions.tests.cast import give, refused

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


def test_a_system_administrator_gives_a_role_that_becomes_a_hat(city: Union, admin: Who) -> None:
    clerk = cast.person("林经办")
    grant = give(admin, clerk, city)
    assert isinstance(grant, RoleGrant)
    assert [h.role for h in hats_from_grants(clerk)] == ["clerk"]
    assert list(people_with(city.pk, "clerk")) == [clerk]
    assert Entry.objects.filter(verb="grant_role", person_id=cast.me(admin).pk, union_id=city.pk).exists()
    assert Message.objects.filter(person=clerk, kind="unions.granted").count() == 1


def test_an_administrator_above_may_and_beside_may_not(city: Union, admin: Who) -> None:
    district = cast.union("东港区总工会", level="district", parent=city)
    beside = cast.union("北屏区总工会", level="district", parent=city)
    assert isinstance(give(admin, cast.person(), district), RoleGrant)
    other = cast.who("sys_admin", beside)
    assert isinstance(give(other, cast.person(), beside), RoleGrant)
    with refused("unions.not_admin"):
        give(other, cast.person(), district)


@pytest.mark.refusal("unions.not_admin")
def test_a_clerk_gives_no_roles(city: Union) -> None:
    with refused("unions.not_admin"):
        give(cast.who("clerk", city), cast.person(), city)
    assert RoleGrant.objects.filter(role="clerk").count() == 1


@pytest.mark.refusal("unions.own_role")
def test_nobody_gives_themselves_a_role_not_even_by_a_second_account(city: Union) -> None:
    me = cast.person(phone="13900008888")
    admin = cast.who("sys_admin", city, me)
    with refused("unions.own_role"):
        give(admin, me, city)
    with refused("unions.own_role"):
        give(admin, cast.person(phone="13900008888"), city)


@pytest.mark.refusal("unions.granted_already")
def test_a_role_is_not_given_twice_for_the_same_days(city: Union, admin: Who) -> None:
    clerk = cast.person()
    today = clock.today()
    give(admin, clerk, city, last_day=today + dt.timedelta(days=9))
    with refused("unions.granted_already"):
        give(admin, clerk, city, first_day=today + dt.timedelta(days=9))
    assert give(admin, clerk, city, first_day=today + dt.timedelta(days=10))


@pytest.mark.refusal("unions.period")
@pytest.mark.refusal("unions.past")
def test_the_days_of_a_role_are_checked(city: Union, admin: Who) -> None:
    today = clock.today()
    with refused("unions.period"):
        give(admin, cast.person(), city, last_day=today - dt.timedelta(days=1))
    with refused("unions.past"):
        give(admin, cast.person(), city, first_day=today - dt.timedelta(days=1))


@pytest.mark.refusal("unions.person_inactive")
def test_no_role_for_a_stopped_account(city: Union, admin: Who) -> None:
    gone = cast.person()
    accounts.deactivate(by=cast.SETUP, person=gone, reason="离职")
    with refused("unions.person_inactive"):
        give(admin, gone, city)


@pytest.mark.refusal("unions.union_stopped")
def test_no_role_in_a_stopped_union(city: Union, admin: Who) -> None:
    district = cast.union("东港区总工会", level="district", parent=city)
    actions.change_union(by=admin, union=district, is_active=False)
    with refused("unions.union_stopped"):
        give(admin, cast.person(), district)
    with refused("unions.union_stopped"):
        actions.invite_to_role(
            by=admin, union=district, role="clerk", invited_name="某某", first_day=clock.today()
        )


@pytest.mark.refusal("unions.admins_apart")
def test_three_administrators_are_three_natural_persons(city: Union) -> None:
    somebody = cast.person(phone="13900007777")
    cast.grant(somebody, city, "sys_admin")
    for role in ("sec_admin", "audit_admin"):
        with refused("unions.admins_apart"):
            cast.grant(somebody, city, role)
        with refused("unions.admins_apart"):
            cast.grant(cast.person(phone="13900007777"), city, role)


def test_the_database_itself_keeps_the_administrators_apart(city: Union) -> None:
    grant = cast.grant(cast.person(), city, "sys_admin")
    with pytest.raises(IntegrityError, match="grant_admins_apart"), transaction.atomic():
        RoleGrant.objects.create(person=grant.person, union=city, role="audit_admin", period=grant.period)
    with pytest.raises(IntegrityError, match="grant_once"), transaction.atomic():
        RoleGrant.objects.create(person=grant.person, union=city, role="sys_admin", period=grant.period)


# --- the second person for administrators ----------------------------------------------------------


def test_an_administrators_role_takes_effect_when_the_security_administrator_confirms(
    city: Union, admin: Who
) -> None:
    security = cast.who("sec_admin", city)
    auditor = cast.person()
    change = give(admin, auditor, city, "audit_admin")
    assert isinstance(change, RoleChange)
    assert list(hats_from_grants(auditor)) == []
    assert Message.objects.filter(person=cast.me(security), kind="unions.role_change").exists()
    actions.confirm_role_change(by=security, change_id=change.pk)
    assert [h.role for h in hats_from_grants(auditor)] == ["audit_admin"]
    grant = RoleGrant.objects.get(person=auditor)
    assert grant.granted_by_id == cast.me(admin).pk
    proposal = actions.revoke_role(by=admin, grant=grant, reason="调离")
    assert isinstance(proposal, RoleChange)
    assert [h.role for h in hats_from_grants(auditor)] == ["audit_admin"]
    actions.confirm_role_change(by=security, change_id=proposal.pk)
    assert list(hats_from_grants(auditor)) == []


@pytest.mark.refusal("unions.not_sec_admin")
@pytest.mark.refusal("unions.change_closed")
@pytest.mark.refusal("unions.waiting_already")
@pytest.mark.refusal("unions.no_reason")
def test_only_the_security_administrator_decides_and_once(city: Union, admin: Who) -> None:
    security = cast.who("sec_admin", city)
    change = give(admin, candidate := cast.person(), city, "audit_admin")
    with refused("unions.waiting_already"):
        give(admin, candidate, city, "audit_admin")
    for nobody in (admin, cast.who("clerk", city), cast.who("sec_admin", cast.union("临溪区总工会"))):
        with refused("unions.not_sec_admin"):
            actions.confirm_role_change(by=nobody, change_id=change.pk)
    with refused("unions.no_reason"):
        actions.decline_role_change(by=security, change_id=change.pk, reason=" ")
    actions.decline_role_change(by=security, change_id=change.pk, reason="资格未核实")
    with refused("unions.change_closed"):
        actions.confirm_role_change(by=security, change_id=change.pk)
    assert list(hats_from_grants(candidate)) == []


@pytest.mark.refusal("unions.second_person")
def test_the_proposer_does_not_confirm_under_another_account(city: Union) -> None:
    admin = cast.who("sys_admin", city, cast.person(phone="13900006666"))
    twin = cast.person(phone="")
    Person.objects.filter(pk=twin.pk).update(phone="13900006666")
    twin.refresh_from_db()
    security = cast.as_role(twin, city, "sec_admin")
    cast.who("sec_admin", city)
    change = give(admin, cast.person(), city, "audit_admin")
    with refused("unions.second_person"):
        actions.confirm_role_change(by=security, change_id=change.pk)
    assert rules.second_person(security, cast.me(admin).pk).code == "unions.second_person"
    assert rules.second_person(cast.who("checker", city), cast.me(admin).pk)
    assert rules.second_person(admin, None)


@pytest.mark.refusal("unions.no_sec_admin")
def test_without_a_security_administrator_nothing_can_be_proposed(city: Union, admin: Who) -> None:
    with refused("unions.no_sec_admin"):
        give(admin, cast.person(), city, "audit_admin")


# --- taking back -----------------------------------------------------------------------------------


@pytest.mark.refusal("unions.revoked_already")
def test_a_role_taken_back_is_gone_at_once_and_stays_on_record(city: Union, admin: Who) -> None:
    clerk = cast.person()
    grant = give(admin, clerk, city)
    with refused("unions.no_reason"):
        actions.revoke_role(by=admin, grant=grant, reason="")
    actions.revoke_role(by=admin, grant=grant, reason="岗位调整")
    assert list(hats_from_grants(clerk)) == []
    kept = RoleGrant.objects.get(pk=grant.pk)
    assert (kept.revoke_reason, kept.revoked_by_id) == ("岗位调整", cast.me(admin).pk)
    with refused("unions.revoked_already"):
        actions.revoke_role(by=admin, grant=grant, reason="再一次")
    assert give(admin, clerk, city)


def test_nobody_takes_their_own_role(city: Union, admin: Who) -> None:
    with refused("unions.own_role"):
        actions.revoke_role(by=admin, grant=RoleGrant.objects.get(person=cast.me(admin)), reason="不干了")


# --- by invitation ---------------------------------------------------------------------------------


def invited(admin: Who, city: Union, **more: object) -> str:
    return actions.invite_to_role(
        by=admin,
        union=city,
        invited_name="新来的",
        **({"role": "clerk", "first_day": clock.today()} | more),  # type: ignore[arg-type]
    )


def accept(token: str, **more: str) -> Person:
    details = {"username": "newcomer", "password": cast.PASSWORD, "phone": "13900005555"} | more
    return accounts.accept_invitation(token=token, **details)


def test_an_invitation_makes_the_account_and_the_role(city: Union, admin: Who) -> None:
    person = accept(invited(admin, city))
    assert [h.key for h in hats_from_grants(person)] == [f"union:{city.pk}:clerk"]


@pytest.mark.refusal("unions.inviter_gone")
def test_an_invitation_dies_with_the_inviters_role(city: Union, admin: Who) -> None:
    token = invited(admin, city)
    actions.revoke_role(by=cast.SETUP, grant=RoleGrant.objects.get(person=cast.me(admin)), reason="调离")
    with refused("unions.inviter_gone"):
        accept(token)
    assert not Person.objects.filter(username="newcomer").exists()


@pytest.mark.refusal("unions.invitation_over")
def test_a_role_that_is_over_is_not_taken_up(city: Union, admin: Who) -> None:
    from shuniu.foundation.accounts.models import Invitation

    token = invited(admin, city, last_day=clock.today())
    row = Invitation.objects.get()
    row.payload["last_day"] = (clock.today() - dt.timedelta(days=1)).isoformat()
    row.save()
    with refused("unions.invitation_over"):
        accept(token)


def test_the_inviter_does_not_accept_under_a_second_account(city: Union) -> None:
    admin = cast.who("sys_admin", city, cast.person(phone="13900004444"))
    with refused("unions.own_role"):
        accept(invited(admin, city), phone="13900004444")
