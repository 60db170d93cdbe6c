"""Who acts for an organisation: claims, invitations, hand-over, leaving."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Func
from django.urls import reverse

from shuniu.foundation.access import Refused, Who, first_refusal, refuse, require, system
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Invitation, Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices import actions as notices
from shuniu.registry import codes, rules
from shuniu.registry.actions.current import lock
from shuniu.registry.actions.organisations import enter, first_statement
from shuniu.registry.fields import PROFILE, stored
from shuniu.registry.models import Claim, ClaimState, Membership, Organisation, Source
from shuniu.registry.queries import MEMBER, current_memberships, organisation_by_code
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

# --- claims -----------------------------------------------------------------------------------------


@transaction.atomic
def claim(
    *,
    by: Who,
    code: str,
    position: str,
    proof: Received,
    union: Union | None = None,
    name: str = "",
    particulars: Mapping[str, object] | None = None,
) -> Claim:
    """A14: somebody says that they act for the organisation of `code`, with a paper that shows it.

    An organisation that is in the registry is claimed; another one is entered with `name`, `particulars` and
    `union` when a clerk of that union confirms. Refused with registry.claim_pending when another claim waits
    (also of two at once), registry.claimed when there is a 负责人.
    """
    code = codes.normalise(code)
    if by.person is None:
        raise Refused(refuse("registry.login"))
    require(rules.code_is_good(code))
    organisation = organisation_by_code(code)
    if organisation is not None:
        organisation = lock(organisation)
        require(rules.may_claim(by, organisation))
        union, name, code = organisation.owning_union, organisation.name, organisation.code or code
    if union is None or not name.strip():
        raise Refused(refuse("registry.field", field="单位名称和联系工会"))
    said = {key: stored(value) for key, value in (particulars or {}).items() if key in PROFILE}
    require(rules.nobody_waits(code))
    try:
        with transaction.atomic():
            row = Claim.objects.create(
                code=code, name=name.strip(), organisation=organisation, union=union, person=by.person,
                position=position.strip(), particulars={} if organisation else said,
            )  # fmt: skip
    except IntegrityError:
        require(rules.nobody_waits(code))
        raise
    row.proof = files.attach(
        by=by, received=proof, owner=row, organisation_id=organisation.pk if organisation else None
    )
    row.save(update_fields=["proof"])
    word = "认领" if organisation else "申请登记并认领"
    journal.record(
        by=by, verb="claim", subject=row, also=[organisation] if organisation else [], union_id=union.pk,
        text=f"{word}“{row.name}”（{code}）",
    )  # fmt: skip
    notices.tell(
        people_with(union.pk, "clerk"), title=f"待确认：{by.name}{word}“{row.name}”", kind="registry.claim",
        url=reverse("registry:claim", args=[row.pk]), effect_key=f"registry.claim:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def claim_with_account(
    *, username: str, password: str, person_name: str, phone: str, code: str, position: str, proof: Received,
    union: Union | None = None, name: str = "", particulars: Mapping[str, object] | None = None,
) -> Claim:  # fmt: skip
    """A14: the same by somebody who has no account yet: the account and the claim come into being together."""
    person = accounts.create_person(
        by=system("单位登记或认领"), username=username, name=person_name, password=password, phone=phone
    )
    return claim(
        by=Who(person=person), code=code, position=position, proof=proof, union=union, name=name,
        particulars=particulars,
    )  # fmt: skip


def _locked_claim(row: Claim) -> Claim:
    return (
        Claim.objects.select_for_update(of=("self",))
        .select_related("union", "person", "organisation")
        .get(pk=row.pk)
    )


@transaction.atomic
def confirm_claim(*, by: Who, claim: Claim) -> Membership:
    """A14: a clerk has looked at the paper: the claimant becomes 负责人, a new organisation is entered first."""
    row = _locked_claim(claim)
    require(rules.may_decide_claim(by, row))
    organisation = row.organisation
    if organisation is None:
        # Somebody may have entered it in the meantime, by hand or from a list: then it is claimed.
        organisation = organisation_by_code(row.code)
    if organisation is None:
        organisation = enter(union=row.union, code=row.code, name=row.name)
        first_statement(
            by=by, organisation=organisation, values=row.particulars, source=Source.SELF_REPORTED,
            source_detail="单位登记时填报", evidence=row.proof,
        )  # fmt: skip
    organisation = lock(organisation)
    require(rules.may_claim(Who(person=row.person), organisation))
    row.state, row.organisation = ClaimState.CONFIRMED, organisation
    row.decided_by, row.decided_at = by.person, clock.now()
    row.save()
    membership = _join(by, organisation, row.person, "org_owner", f"认领确认（{row.position}）")
    _tell_decision(row, f"已确认您为“{organisation.name}”的负责人", reverse("registry:home"))
    journal.record(
        by=by, verb="confirm_claim", subject=row, also=[organisation],
        text=f"确认{row.person.name}为负责人", facts={"person": row.person_id},
    )  # fmt: skip
    return membership


@transaction.atomic
def refuse_claim(*, by: Who, claim: Claim, reason: str) -> Claim:
    """A14: the paper does not show it; the claimant reads why."""
    row = _locked_claim(claim)
    require(rules.may_decide_claim(by, row))
    if not reason.strip():
        raise Refused(refuse("registry.claim_reason"))
    row.state, row.decision_reason = ClaimState.REFUSED, reason.strip()[:200]
    row.decided_by, row.decided_at = by.person, clock.now()
    row.save()
    _tell_decision(row, f"认领“{row.name}”未通过：{reason.strip()}", reverse("registry:join"))
    journal.record(
        by=by, verb="refuse_claim", subject=row, also=[row.organisation] if row.organisation else [],
        text=f"认领未通过：{reason.strip()}",
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_claim(*, by: Who, claim: Claim) -> Claim:
    """A14: the claimant takes the claim back."""
    row = _locked_claim(claim)
    if by.person is None or row.person_id != by.person.pk:
        raise Refused(refuse("registry.login"))
    if row.state != ClaimState.PENDING:
        raise Refused(refuse("registry.claim_decided", state=str(row.get_state_display())))
    row.state, row.decided_at = ClaimState.WITHDRAWN, clock.now()
    row.save()
    journal.record(by=by, verb="withdraw_claim", subject=row, union_id=row.union_id, text="撤回认领申请")
    return row


def _tell_decision(row: Claim, title: str, url: str) -> None:
    notices.tell(
        [row.person], title=title[:200], kind="registry.claim", url=url,
        effect_key=f"registry.claim_decided:{row.pk}",
    )  # fmt: skip


# --- members ----------------------------------------------------------------------------------------


class _EndNow(Func):
    template = "tstzrange(lower(period), shuniu.now())"


def end_membership(membership: Membership) -> None:
    """End a membership at this instant; for actions that have decided."""
    Membership.objects.filter(pk=membership.pk).update(period=_EndNow())


def _join(by: Who, organisation: Organisation, person: Person, role: str, note: str) -> Membership:
    """A new membership; a present one as 成员 is raised to 负责人. The organisation's row is locked."""
    present = current_memberships(organisation.pk).filter(person=person).first()
    if present is not None:
        if present.role == role or role == "org_member":
            present.person, present.organisation = person, organisation
            require(rules.may_join(person, organisation))
        end_membership(present)
    return Membership.objects.create(
        organisation=organisation, person=person, role=role, given_by=by.person, note=note[:200]
    )


@transaction.atomic
def invite_member(
    *,
    by: Who,
    organisation: Organisation,
    name: str,
    role: str = "org_member",
    phone: str = "",
    email: str = "",
) -> str:
    """A14: a 负责人 invites somebody by a link; returns its token, which is stored nowhere."""
    require(rules.may_lead(by, organisation))
    label = f"{organisation.name}邀请您作为{dict(Membership._meta.get_field('role').choices or [])[role]}加入"
    token = accounts.invite(
        by=by, purpose=MEMBER, invited_name=name, label=label[:200], email=email, phone=phone,
        payload={"organisation_id": organisation.pk, "role": role, "union_id": organisation.owning_union_id},
    )  # fmt: skip
    journal.record(by=by, verb="invite_member", subject=organisation, text=f"邀请{name.strip()}加入")
    return token


@transaction.atomic
def revoke_member_invitation(*, by: Who, organisation: Organisation, invitation: Invitation) -> None:
    """A14: a 负责人 withdraws a link that nobody used yet, whoever of them sent it."""
    require(rules.may_lead(by, organisation))
    accounts.revoke_invitation(by=by, invitation_id=invitation.pk)
    journal.record(
        by=by, verb="revoke_invitation", subject=organisation, text=f"收回给{invitation.invited_name}的邀请"
    )


def join_by_invitation(invitation: Invitation, person: Person) -> None:
    """A14: what an accepted invitation does, in the transaction of the acceptance.

    Refused("registry.inviter_gone") where whoever invited does not lead the organisation any more.
    """
    organisation = lock(Organisation.objects.get(pk=invitation.payload["organisation_id"]))
    if organisation.merged_into is not None:
        organisation = lock(organisation.merged_into)
    inviting = current_memberships(organisation.pk).filter(person=invitation.invited_by, role="org_owner")
    if not inviting.exists():
        raise Refused(refuse("registry.inviter_gone", organisation=organisation.name))
    by = Who(person=person)
    _join(by, organisation, person, str(invitation.payload["role"]), "接受邀请")
    journal.record(by=by, verb="join", subject=organisation, text="接受邀请加入")


def _mine(by: Who, membership: Membership) -> Membership:
    """The membership again under the lock of its organisation; refused when it has ended."""
    lock(membership.organisation)
    row = (
        current_memberships(membership.organisation_id)
        .select_related("person", "organisation")
        .filter(pk=membership.pk)
        .first()
    )
    if row is None:
        words = {"name": membership.person.name, "organisation": membership.organisation.name}
        raise Refused(refuse("registry.member_gone", **words))
    return row


@transaction.atomic
def hand_over(*, by: Who, to: Membership) -> Membership:
    """A14: a 负责人 hands the organisation over to another member and stays as a member."""
    row = _mine(by, to)
    organisation = row.organisation
    require(first_refusal((rules.may_lead(by, organisation),)))
    assert by.person is not None
    if row.role == "org_owner":
        require(rules.may_join(row.person, organisation))
    end_membership(row)
    new = Membership.objects.create(
        organisation=organisation, person=row.person, role="org_owner", given_by=by.person, note="负责人移交"
    )
    mine = current_memberships(organisation.pk).filter(person=by.person, role="org_owner").get()
    end_membership(mine)
    Membership.objects.create(
        organisation=organisation,
        person=by.person,
        role="org_member",
        given_by=by.person,
        note="移交后留任成员",
    )
    journal.record(by=by, verb="hand_over", subject=organisation, text=f"负责人移交给{row.person.name}")
    notices.tell(
        [row.person], title=f"您已成为“{organisation.name}”的负责人", kind="registry.member",
        url=reverse("registry:members"),
    )  # fmt: skip
    return new


@transaction.atomic
def remove_member(*, by: Who, membership: Membership) -> None:
    """A14: a 负责人 removes somebody, or one leaves oneself; the last 负责人 cannot (registry.last_owner)."""
    row = _mine(by, membership)
    if by.person is None or row.person_id != by.person.pk or by.organisation_id != row.organisation_id:
        require(rules.may_lead(by, row.organisation))
    require(rules.may_leave(row))
    end_membership(row)
    journal.record(by=by, verb="remove_member", subject=row.organisation, text=f"{row.person.name}不再是成员")
