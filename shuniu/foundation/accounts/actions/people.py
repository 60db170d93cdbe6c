"""Making and changing accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from axes.utils import reset as forget_wrong_passwords
from django.db import IntegrityError, transaction

from shuniu.foundation.access import Refused, Who, first_refusal, refuse, require
from shuniu.foundation.accounts import rules
from shuniu.foundation.accounts.actions.sessions import end_all_sessions
from shuniu.foundation.accounts.models import (
    Person,
    clean_phone,
    clean_username,
    identity_of,
    identity_of_verified,
)
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal


@transaction.atomic
def create_person(
    *,
    by: Who,
    username: str,
    name: str,
    password: str = "",
    phone: str = "",
    email: str = "",
    verified: bool = False,
) -> Person:
    """O1: make an account; without a password nobody can log in to it until one is set.

    `verified`: the telephone number and name were checked against a document; two verified accounts of one name
    are one natural person, whatever their telephones (architecture §5, second person). Refused with `accounts.*`
    when `by` is not the system, the log-in name or address is taken, or the password is weak.
    """
    username, phone, email = clean_username(username), clean_phone(phone), email.strip()
    person = Person(username=username, name=name.strip(), phone=phone, email=email)
    require(
        first_refusal(
            (
                rules.may_create_person(by),
                rules.username_is_good(username),
                rules.particulars_are_good(name, phone, email),
            )
        )
    )
    if password:
        require(rules.password_is_good(password, person))
        person.set_password(password)
    else:
        person.set_unusable_password()
    if verified:
        person.verified_at = clock.now()
        person.identity = identity_of_verified(person.name, phone)
    _save(person)
    journal.record(by=by, verb="create_person", text="建立账号", subject=person, facts={"verified": verified})
    return person


def _save(person: Person) -> None:
    """Save; of two who take the same name at once the second is refused in words."""
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as problem:
        code = "email_taken" if "person_email_ci" in str(problem) else "username_taken"
        refusal = refuse(f"accounts.{code}", username=person.username, email=person.email)
        raise Refused(refusal) from problem


def _lock(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


@transaction.atomic
def change_own_profile(*, by: Who, name: str, phone: str, email: str) -> Person:
    """O1: change one's own name, telephone, address.

    A new telephone does not make a new natural person (see models.same_natural_person).
    """
    if by.person is None:
        raise Refused(refuse("accounts.not_yours"))
    person = _lock(by.person)
    phone, email = clean_phone(phone), email.strip()
    require(rules.particulars_are_good(name, phone, email, except_pk=person.pk))
    changed = [
        label
        for label, old, new in (
            ("姓名", person.name, name.strip()), ("手机", person.phone, phone), ("邮箱", person.email, email),
        )
        if old != new
    ]  # fmt: skip
    if not changed:
        return person
    if phone and not person.phone:
        person.identity = identity_of(phone)
    if person.name != name.strip() or person.phone != phone:
        person.verified_at = None
    person.name, person.phone, person.email = name.strip(), phone, email
    _save(person)
    journal.record(by=by, verb="change_profile", text=f"修改本人资料：{'、'.join(changed)}", subject=person)
    return person


@transaction.atomic
def change_password(*, by: Who, old: str, new: str) -> Person:
    """O1: change one's own password; every session ends, the caller keeps the present one alive."""
    if by.person is None:
        raise Refused(refuse("accounts.not_yours"))
    person = _lock(by.person)
    if not person.check_password(old):
        raise Refused(refuse("accounts.password_wrong"))
    require(rules.password_is_good(new, person))
    person.set_password(new)
    person.save()
    journal.record(by=by, verb="change_password", text="修改本人密码", subject=person)
    end_all_sessions(person=person)
    return person


@transaction.atomic
def set_password(*, by: Who, person: Person, password: str) -> Person:
    """O1: set somebody's password (the system: through a link; the demonstration); their sessions end.

    A log-in that wrong passwords had stopped is open again.
    """
    require(rules.may_manage(by, person))
    person = _lock(person)
    require(rules.password_is_good(password, person))
    person.set_password(password)
    person.save()
    journal.record(by=by, verb="set_password", text="重设密码", subject=person)
    end_all_sessions(person=person)
    for typed in filter(None, (person.username, person.email)):
        forget_wrong_passwords(username=typed.lower())
    return person


@transaction.atomic
def deactivate(*, by: Who, person: Person, reason: str) -> Person:
    """O1: stop an account for good; its sessions end at once, its history stays."""
    require(rules.may_manage(by, person))
    person = _lock(person)
    person.is_active = False
    person.save()
    journal.record(by=by, verb="deactivate", text=f"停用账号：{reason.strip()}", subject=person)
    end_all_sessions(person=person)
    return person


@transaction.atomic
def remove_second_factor(*, by: Who, person: Person) -> None:
    """O1: forget somebody's authenticator app, passkeys and recovery codes; their sessions end.

    May `by` do so? is for the calling action to `require` (unions: the security administrator).
    """
    person = _lock(person)
    removed, _ = Authenticator.objects.filter(user=person).delete()
    journal.record(
        by=by, verb="remove_second_factor", text="重设第二步验证", subject=person, facts={"removed": removed}
    )
    end_all_sessions(person=person)
