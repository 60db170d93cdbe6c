"""Log-ins and their ends."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from shuniu.foundation.access import Refused, Who, refuse, system, who_is
from shuniu.foundation.accounts.models import Person, SignIn
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.queries import happened


@transaction.atomic
def note_sign_in(*, by: Who, session_key: str, device: str, address: str) -> SignIn:
    """R1: remember a log-in: which device, from where."""
    assert by.person is not None
    row, _ = SignIn.objects.update_or_create(
        session_key=session_key,
        defaults={"person": by.person, "device": device, "address": address, "ended_at": None},
    )
    journal.record(by=by, verb="sign_in", text=f"登录（{device}）", subject=by.person)
    return row


@transaction.atomic
def note_sign_out(*, by: Who, session_key: str) -> None:
    """R1: remember that somebody logged out of this session."""
    if by.person is None:
        return
    if SignIn.objects.filter(session_key=session_key, ended_at__isnull=True).update(ended_at=clock.now()):
        journal.record(by=by, verb="sign_out", text="退出登录", subject=by.person)


@transaction.atomic
def note_lock_out(*, person: Person, lasts: dt.timedelta) -> None:
    """R1: wrong passwords have stopped somebody's log-in; noted once for as long as it lasts."""
    if happened(person, "lock_out", since=clock.now() - lasts):
        return
    journal.record(
        by=system("登录保护"), verb="lock_out", text="连续输错密码，暂停登录", subject=person,
        union_id=who_is(person).union_id,
    )  # fmt: skip


def _end(rows: QuerySet[SignIn]) -> int:
    keys = list(rows.select_for_update().values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return SignIn.objects.filter(session_key__in=keys).update(ended_at=clock.now())


@transaction.atomic
def end_session(*, by: Who, sign_in_id: int) -> None:
    """O1: end one of one's own sessions, wherever it is. `accounts.session_unknown` for anybody else's."""
    if by.person is None or not _end(
        SignIn.objects.filter(pk=sign_in_id, person=by.person, ended_at__isnull=True)
    ):
        raise Refused(refuse("accounts.session_unknown"))
    journal.record(by=by, verb="end_session", text="结束一处登录", subject=by.person)


@transaction.atomic
def end_other_sessions(*, by: Who, session_key: str) -> int:
    """O1: end every session of one's own but the present one; how many were ended."""
    if by.person is None:
        return 0
    others = SignIn.objects.filter(person=by.person, ended_at__isnull=True)
    ended = _end(others.exclude(session_key=session_key))
    journal.record(by=by, verb="end_sessions", text=f"结束其他 {ended} 处登录", subject=by.person)
    return ended


def end_all_sessions(*, person: Person) -> int:
    """End every session of `person`, inside an act that says why; how many were ended."""
    return _end(SignIn.objects.filter(person=person, ended_at__isnull=True))
