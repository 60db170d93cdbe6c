"""What a system administrator does to the accounts of the union's people."""

from __future__ import annotations

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Person
from shuniu.unions import rules
from shuniu.unions.models import Union


@transaction.atomic
def ask_for_new_password(*, by: Who, union: Union, person: Person) -> str:
    """O1: a link by which somebody of the union sets a new password; its token, valid for one day.

    The administrator never learns the password.
    """
    require(rules.may_manage_account(by, union, person))
    return accounts.invite(
        by=by, purpose="accounts.password", payload={"person_id": person.pk, "union_id": union.pk},
        invited_name=person.name, label="重设密码", valid_days=1,
    )  # fmt: skip


@transaction.atomic
def deactivate_person(*, by: Who, union: Union, person: Person, reason: str) -> Person:
    """O1: stop the account of somebody who left the union; every session ends at once."""
    require(rules.may_manage_account(by, union, person))
    if not reason.strip():
        raise Refused(refuse("unions.no_reason"))
    return accounts.deactivate(by=by, person=person, reason=reason)


@transaction.atomic
def reset_second_factor(*, by: Who, union: Union, person: Person) -> None:
    """O1: take away a lost second factor: the security administrator, never whoever resets passwords."""
    require(rules.may_reset_second_factor(by, union, person))
    accounts.remove_second_factor(by=by, person=person)
