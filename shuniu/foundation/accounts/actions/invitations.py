"""Links by which somebody takes up a role, joins an organisation, or sets a new password."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require, system
from shuniu.foundation.accounts import rules
from shuniu.foundation.accounts.actions.people import create_person, set_password
from shuniu.foundation.accounts.models import Invitation, Person, clean_phone
from shuniu.foundation.accounts.queries import token_digest
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal

Handler = Callable[[Invitation, Person], None]
_purposes: dict[str, Handler] = {}
PASSWORD = "accounts.password"  # noqa: S105 - the name of a purpose


def register_purpose(purpose: str, handler: Handler) -> None:
    """What an accepted invitation of this purpose does, in the transaction of the acceptance.

    The handler gets the invitation and the person who accepted; it may raise Refused.
    """
    _purposes[purpose] = handler


@transaction.atomic
def invite(
    *,
    by: Who,
    purpose: str,
    payload: dict[str, Any],
    invited_name: str,
    label: str,
    email: str = "",
    phone: str = "",
    valid_days: int = 14,
) -> str:
    """O1: make an invitation; returns the token of its link, which is stored nowhere (only its SHA-256).

    May `by` invite for this purpose? is for the calling action to `require`. A `union_id` in the payload
    says in whose journal it stands.
    """
    if purpose not in _purposes:
        raise LookupError(f"no slice registered the purpose {purpose}")
    if not invited_name.strip():
        raise Refused(refuse("accounts.name_missing"))
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        token_digest=token_digest(token),
        purpose=purpose,
        payload=payload,
        invited_name=invited_name.strip(),
        invited_email=email.strip(),
        invited_phone=clean_phone(phone),
        label=label,
        invited_by=by.person,
        expires_at=clock.now() + dt.timedelta(days=valid_days),
    )
    journal.record(
        by=by, verb="invite", text=f"发出邀请：{label}", subject=row, union_id=payload.get("union_id"),
        facts={"purpose": purpose},
    )  # fmt: skip
    return token


@transaction.atomic
def revoke_invitation(*, by: Who, invitation_id: int) -> None:
    """O1: withdraw a link that nobody used yet. Whose: the calling action decides by `by` and its slice."""
    row = Invitation.objects.select_for_update().get(pk=invitation_id)
    require(rules.link_is_open(row))
    row.revoked_at = clock.now()
    row.save()
    journal.record(
        by=by, verb="revoke_invitation", text=f"收回邀请：{row.label}", subject=row,
        union_id=row.payload.get("union_id"),
    )  # fmt: skip


def _open(token: str) -> Invitation:
    row = Invitation.objects.select_for_update().filter(token_digest=token_digest(token)).first()
    require(rules.link_is_open(row))
    assert row is not None
    return row


def _accept(row: Invitation, person: Person) -> None:
    row.accepted_at, row.accepted_by = clock.now(), person
    row.save()
    journal.record(
        by=Who(person=person), verb="accept_invitation", text=f"接受邀请：{row.label}", subject=row,
        also=(person,), union_id=row.payload.get("union_id"), facts={"purpose": row.purpose},
    )  # fmt: skip
    _purposes[row.purpose](row, person)


@transaction.atomic
def accept_invitation(
    *, token: str, username: str, password: str, name: str = "", phone: str = "", email: str = ""
) -> Person:
    """O1: accept a link with a new account; the link works once, also for two who open it at once.

    Refused with `accounts.link_*` or whatever the purpose refuses; then nothing is changed.
    """
    row = _open(token)
    if row.purpose == PASSWORD:
        raise Refused(refuse("accounts.link_other"))
    person = create_person(
        by=system("接受邀请"), username=username, name=name or row.invited_name, password=password,
        phone=phone or row.invited_phone, email=email or row.invited_email,
    )  # fmt: skip
    _accept(row, person)
    return person


@transaction.atomic
def accept_invitation_as(*, by: Who, token: str) -> Person:
    """O1: accept a link with the account one is logged in to."""
    row = _open(token)
    if by.person is None or row.purpose == PASSWORD:
        raise Refused(refuse("accounts.link_other"))
    _accept(row, by.person)
    return by.person


@transaction.atomic
def reset_password(*, token: str, password: str) -> Person:
    """O1: set a new password by the link that a system administrator handed over."""
    row = _open(token)
    if row.purpose != PASSWORD:
        raise Refused(refuse("accounts.link_other"))
    person = Person.objects.get(pk=row.payload["person_id"], is_active=True)
    set_password(by=system("凭重设密码链接"), person=person, password=password)
    _accept(row, person)
    return person


register_purpose(PASSWORD, lambda invitation, person: None)
