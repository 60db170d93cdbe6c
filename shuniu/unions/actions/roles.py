"""Giving and taking roles. The roles of administrators take two people: one proposes, one confirms."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from psycopg.types.range import DateRange

from shuniu.foundation.access import UNION_ROLES, Refused, Who, refuse, require, system
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Invitation, Person
from shuniu.foundation.accounts.queries import accounts_like
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions import rules
from shuniu.unions.actions.refused import clash_is_refused, lock_people
from shuniu.unions.models import ADMIN_ROLES, RoleChange, RoleGrant, Union
from shuniu.unions.queries import ancestor_ids, hats_from_grants, holders_of

ROLE = "unions.role"


def _lock(person: Person) -> Person:
    """Every account of this human being, so that two grants at once follow one another."""
    lock_people(*accounts_like(person).values_list("pk", flat=True))
    return Person.objects.get(pk=person.pk)


@transaction.atomic
def grant_role(
    *,
    by: Who,
    person: Person,
    union: Union,
    role: str,
    first_day: dt.date,
    last_day: dt.date | None = None,
    note: str = "",
) -> RoleGrant | RoleChange:
    """O1: give a role from the first to the last day (both included, without a last day open).

    An administrator's role is only proposed (a RoleChange) and takes effect when a security
    administrator confirms it, unless the system sets up the first ones.
    """
    person, union = _lock(person), Union.objects.get(pk=union.pk)
    require(rules.may_grant(by, union, person))
    require(rules.period_is_good(first_day, last_day))
    period = rules.days(first_day, last_day)
    require(rules.role_is_free(person, union, role, period))
    if role in ADMIN_ROLES and not by.system:
        return _propose(by, RoleChange.Kind.GRANT, union, person, role, note, period=period)
    return _give(by, person, union, role, period, note, granted_by=by.person)


def _give(
    by: Who,
    person: Person,
    union: Union,
    role: str,
    period: DateRange,
    note: str,
    *,
    granted_by: Person | None,
) -> RoleGrant:
    with clash_is_refused():
        grant = RoleGrant.objects.create(
            person=person, union=union, role=role, period=period, granted_by=granted_by, note=note.strip()
        )
    label, until = UNION_ROLES[role], _until(period)
    journal.record(
        by=by, verb="grant_role", subject=grant, also=(person, union), union_id=union.pk,
        text=f"授予{person.name}{union.name}{label}身份，{period.lower:%Y-%m-%d} 起，{until}",
    )  # fmt: skip
    tell([person], title=f"您已被授予{union.name}{label}身份", kind="unions.granted", body=until, url="/me/")
    return grant


def _until(period: DateRange) -> str:
    return f"至 {period.upper - dt.timedelta(days=1):%Y-%m-%d}" if period.upper else "长期有效"


def _propose(
    by: Who, kind: str, union: Union, person: Person, role: str, note: str,
    *, period: DateRange | None = None, grant: RoleGrant | None = None,
) -> RoleChange:  # fmt: skip
    assert by.person is not None
    require(rules.somebody_can_confirm(union, by.person, person))
    waiting = RoleChange.objects.filter(kind=kind, union=union, person=person, role=role, state="pending")
    if waiting.exists():
        raise Refused(refuse("unions.waiting_already"))
    with clash_is_refused():
        change = RoleChange.objects.create(
            kind=kind, union=union, person=person, role=role, period=period, grant=grant, note=note.strip(),
            proposed_by=by.person,
        )  # fmt: skip
    text = f"提请{change.get_kind_display()}{person.name}{union.name}{UNION_ROLES[role]}身份"
    journal.record(
        by=by, verb="propose_role_change", subject=change, also=(person, union), union_id=union.pk, text=text
    )
    tell(
        holders_of(ancestor_ids(union.pk), "sec_admin"), title=f"待确认：{text}", kind="unions.role_change",
        url=f"/unions/changes/{change.pk}/",
    )  # fmt: skip
    return change


@transaction.atomic
def revoke_role(*, by: Who, grant: RoleGrant, reason: str) -> RoleGrant | RoleChange:
    """O1: take a role back, as of now. An administrator's role: proposed, see grant_role."""
    grant = (
        RoleGrant.objects.select_for_update(of=("self",)).select_related("union", "person").get(pk=grant.pk)
    )
    require(rules.may_administer(by, grant.union))
    require(rules.not_oneself(by, grant.person))
    if not reason.strip():
        raise Refused(refuse("unions.no_reason"))
    _still_held(grant)
    if grant.role in ADMIN_ROLES and not by.system:
        return _propose(
            by, RoleChange.Kind.REVOKE, grant.union, grant.person, grant.role, reason, grant=grant
        )
    return _take(by, grant, reason, revoked_by=by.person)


def _still_held(grant: RoleGrant) -> None:
    over = grant.period.upper is not None and grant.period.upper <= clock.today()
    if grant.revoked_at is not None or grant.period.isempty or over:
        raise Refused(refuse("unions.revoked_already"))


def _take(by: Who, grant: RoleGrant, reason: str, *, revoked_by: Person | None) -> RoleGrant:
    first = grant.period.lower
    grant.period = DateRange(first, max(first, clock.today()))
    grant.revoked_at, grant.revoked_by, grant.revoke_reason = clock.now(), revoked_by, reason.strip()
    grant.save()
    what = f"{grant.union.name}{UNION_ROLES[grant.role]}"
    journal.record(
        by=by, verb="revoke_role", subject=grant, also=(grant.person, grant.union), union_id=grant.union_id,
        text=f"收回{grant.person.name}{what}身份：{reason.strip()}",
    )  # fmt: skip
    tell(
        [grant.person], title=f"您的{what}身份已收回", kind="unions.revoked", body=reason.strip(), url="/me/"
    )
    return grant


def _open_change(change_id: int) -> RoleChange:
    rows = RoleChange.objects.select_for_update(of=("self",))
    return rows.select_related("union", "person", "proposed_by").get(pk=change_id)


def _close(change: RoleChange, by: Who, state: str, note: str = "") -> None:
    change.state, change.decided_by, change.decided_at = state, by.person, clock.now()
    change.decision_note = note.strip()
    change.save()


@transaction.atomic
def confirm_role_change(*, by: Who, change_id: int) -> RoleGrant:
    """R1: the second person puts an administrator's role into effect, judged again as of now."""
    change = _open_change(change_id)
    require(rules.may_confirm(by, change))
    if change.state != RoleChange.State.PENDING:
        raise Refused(refuse("unions.change_closed"))
    _close(change, by, RoleChange.State.CONFIRMED)
    if change.kind == RoleChange.Kind.REVOKE:
        assert change.grant_id is not None
        grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("union", "person").get(
            pk=change.grant_id
        )  # fmt: skip
        _still_held(grant)
        return _take(by, grant, change.note, revoked_by=change.proposed_by)
    person = _lock(change.person)
    assert change.period is not None
    first = max(change.period.lower, clock.today())
    period = DateRange(first, change.period.upper)
    if period.upper is not None and period.upper <= first:
        raise Refused(refuse("unions.period"))
    require(rules.role_is_free(person, change.union, change.role, period))
    return _give(by, person, change.union, change.role, period, change.note, granted_by=change.proposed_by)


@transaction.atomic
def decline_role_change(*, by: Who, change_id: int, reason: str) -> RoleChange:
    """R1: the second person says no, with a reason; nothing changes."""
    change = _open_change(change_id)
    require(rules.may_confirm(by, change))
    if change.state != RoleChange.State.PENDING:
        raise Refused(refuse("unions.change_closed"))
    if not reason.strip():
        raise Refused(refuse("unions.no_reason"))
    _close(change, by, RoleChange.State.DECLINED, reason)
    journal.record(
        by=by, verb="decline_role_change", subject=change, also=(change.person, change.union),
        union_id=change.union_id, text=f"不同意{change}：{reason.strip()}",
    )  # fmt: skip
    tell([change.proposed_by], title=f"未获确认：{change}", kind="unions.declined", body=reason.strip(),
         url=f"/unions/{change.union_id}/")  # fmt: skip
    return change


@transaction.atomic
def invite_to_role(
    *, by: Who, union: Union, role: str, invited_name: str, first_day: dt.date,
    last_day: dt.date | None = None, note: str = "", email: str = "", phone: str = "",
) -> str:  # fmt: skip
    """O1: a link by which somebody without an account takes up a role; returns its token."""
    union = Union.objects.get(pk=union.pk)
    require(rules.may_administer(by, union))
    if not union.is_active:
        raise Refused(refuse("unions.union_stopped", union=union.name))
    require(rules.period_is_good(first_day, last_day))
    payload = {
        "union_id": union.pk, "role": role, "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat() if last_day else "", "note": note.strip(),
    }  # fmt: skip
    return accounts.invite(
        by=by, purpose=ROLE, payload=payload, invited_name=invited_name, email=email, phone=phone,
        label=f"担任{union.name}{UNION_ROLES[role]}",
    )  # fmt: skip


@transaction.atomic
def revoke_role_invitation(*, by: Who, invitation: Invitation) -> None:
    """O1: withdraw a link of the union that nobody used yet."""
    require(rules.may_administer(by, Union.objects.get(pk=invitation.payload["union_id"])))
    accounts.revoke_invitation(by=by, invitation_id=invitation.pk)


def take_up_role(invitation: Invitation, person: Person) -> None:
    """What an accepted invitation does: the same grant, by the same rules, in the name of whoever invited."""
    payload = invitation.payload
    union = Union.objects.get(pk=payload["union_id"])
    role = str(payload["role"])
    last = dt.date.fromisoformat(payload["last_day"]) if payload["last_day"] else None
    first = max(dt.date.fromisoformat(payload["first_day"]), clock.today())
    if last is not None and last < first:
        raise Refused(refuse("unions.invitation_over", day=f"{last:%Y-%m-%d}"))
    inviter = invitation.invited_by
    if inviter is None:
        by = system("首次安装")
    else:
        above = ancestor_ids(union.pk)
        hat = next((h for h in hats_from_grants(inviter) if h.role == "sys_admin" and h.id in above), None)
        if hat is None:
            raise Refused(refuse("unions.inviter_gone", union=union.name))
        by = Who(person=inviter, hat=hat)
    grant_role(
        by=by,
        person=person,
        union=union,
        role=role,
        first_day=first,
        last_day=last,
        note=str(payload["note"]),
    )
