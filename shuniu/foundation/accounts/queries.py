"""Reads of accounts: one's own sessions, an invitation by its link, a person by log-in name or telephone."""

from __future__ import annotations

import hashlib

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import (
    Invitation,
    Person,
    SignIn,
    clean_phone,
    clean_username,
    identity_of,
)
from shuniu.foundation.calendar import clock


def sessions_of(who: Who) -> list[SignIn]:
    """The asker's own log-ins that still hold, newest first."""
    if who.person is None:
        return []
    open_ones = SignIn.objects.filter(person=who.person, ended_at__isnull=True)
    # Django ends sessions by the machine's clock, so it is asked here too.
    alive = Session.objects.filter(session_key__in=open_ones.values("session_key"), expire_date__gt=Now())
    return list(open_ones.filter(session_key__in=alive.values("session_key")).order_by("-started_at"))


def token_digest(token: str) -> str:
    """SHA-256 of a link's token: the only thing that is stored of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by(token: str) -> Invitation | None:
    """The invitation behind a link, whatever its state; None for an unknown token."""
    found = Invitation.objects.select_related("invited_by").filter(token_digest=token_digest(token))
    return found.first()


def invitations_by(who: Who) -> QuerySet[Invitation]:
    """The asker's own invitations that are still open, newest first."""
    if who.person is None:
        return Invitation.objects.none()
    return open_invitations().filter(invited_by=who.person)


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that may still be accepted. For slices that narrow it by purpose and payload."""
    return Invitation.objects.filter(
        accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=clock.now()
    ).order_by("-id")


def person_by(login_or_phone: str) -> Person | None:
    """The active account with this log-in name, or the only one with this telephone number."""
    text = clean_username(login_or_phone)
    people = list(Person.objects.filter(username__iexact=text, is_active=True)[:1])
    if not people and clean_phone(text):
        people = list(Person.objects.filter(phone=clean_phone(text), is_active=True)[:2])
    return people[0] if len(people) == 1 else None


def person_logging_in(typed: str) -> Person | None:
    """Whose log-in it is: the active account with this log-in name or address."""
    text = clean_username(typed)
    named = Q(username__iexact=text) | Q(email__iexact=text)
    return Person.objects.filter(named, is_active=True).order_by("pk").first() if text else None


def accounts_like(person: Person) -> QuerySet[Person]:
    """Every account of the same natural person, the given one included."""
    same = Q(pk=person.pk) | Q(identity=person.identity)
    if person.phone:
        same |= Q(phone=clean_phone(person.phone)) | Q(identity=identity_of(person.phone))
    return Person.objects.filter(same)


def has_second_factor(person: Person) -> bool:
    """Whether the person set up an authenticator app or a passkey."""
    return bool(is_mfa_enabled(person))
