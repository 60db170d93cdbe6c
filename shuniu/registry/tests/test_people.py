"""Claims, members, corrections: who may, once, and never without a 负责人."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from shuniu.foundation.access import NOBODY, Refused, Who, who_is
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.notices.models import Message
from shuniu.registry import actions, queries
from shuniu.registry.models import Claim, Membership, Organisation, Status
from shuniu.registry.tests import factories as make

pytestmark = pytest.mark.django_db


def refused(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.verdict.code == code


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads of their own at the same moment; "" or the code of the refusal of each."""
    outcomes: list[str] = []
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("")
        except Refused as no:
            outcomes.append(no.verdict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def claim(row: Organisation, by: Who) -> Claim:
    return actions.claim(by=by, code=row.code or "", position="主任", proof=make.paper())


# --- claims -----------------------------------------------------------------------------------------


@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.claimed")
@pytest.mark.refusal("registry.claim_decided")
def test_an_organisation_of_the_registry_is_claimed_and_confirmed_by_a_clerk() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk)
    somebody = Who(person=make.person())
    asked = claim(row, somebody)
    assert Message.objects.filter(person=clerk.person, kind="registry.claim").exists()
    assert not list(queries.hats_from_memberships(asked.person))
    actions.confirm_claim(by=clerk, claim=asked)
    assert [(h.id, h.role) for h in queries.hats_from_memberships(asked.person)] == [(row.pk, "org_owner")]
    refused("registry.claim_decided", lambda: actions.confirm_claim(by=clerk, claim=asked))
    refused("registry.claimed", lambda: claim(row, Who(person=make.person())))
    with pytest.raises(IntegrityError, match="is decided"), transaction.atomic():
        Claim.objects.filter(pk=asked.pk).update(state="refused")


@pytest.mark.feature("A14")
def test_a_new_organisation_is_entered_only_when_its_claim_is_confirmed() -> None:
    city = make.union()
    clerk, code = make.staff(city), make.code("51379900")
    asked = actions.claim_with_account(
        username="new.one", password="a-long-password-1", person_name="陈某", phone="13900008888", code=code,
        position="秘书长", proof=make.paper(), union=city, name="望海市新协会",
        particulars={"region": "高新区", "registered_on": dt.date(2020, 1, 2)},
    )  # fmt: skip
    assert not Organisation.objects.exists()
    actions.confirm_claim(by=clerk, claim=asked)
    row = Organisation.objects.get()
    assert (row.code, row.legal_type, row.region) == (code, "association", "高新区")
    assert queries.snapshot(row, dt.date(2030, 1, 1)).profile["region"].statement.source == "self_reported"
    assert queries.current_memberships(row.pk).get().person_id == asked.person_id


@pytest.mark.feature("A14")
def test_an_organisation_entered_while_its_claim_waited_is_claimed_and_not_doubled() -> None:
    city = make.union()
    clerk, code = make.staff(city), make.code()
    asked = actions.claim(
        by=Who(person=make.person()),
        code=code,
        position="主任",
        proof=make.paper(),
        union=city,
        name="甲中心",
    )
    row = make.organisation(clerk, "甲中心", code=code)
    actions.confirm_claim(by=clerk, claim=asked)
    assert Organisation.objects.get() == row
    assert queries.current_memberships(row.pk).count() == 1


@pytest.mark.refusal("registry.login")
@pytest.mark.refusal("registry.claim_own")
@pytest.mark.refusal("registry.claim_reason")
@pytest.mark.refusal("registry.ended")
def test_who_may_claim_and_who_decides() -> None:
    city = make.union()
    clerk = make.staff(city)
    row = make.organisation(clerk)
    refused("registry.login", lambda: claim(row, NOBODY))
    own = claim(row, Who(person=clerk.person))
    refused("registry.claim_own", lambda: actions.confirm_claim(by=clerk, claim=own))
    other = make.staff(city)
    refused("registry.claim_reason", lambda: actions.refuse_claim(by=other, claim=own, reason=" "))
    stranger = make.staff(make.union("望海市东港区总工会", parent=city))
    refused("registry.clerk", lambda: actions.confirm_claim(by=stranger, claim=own))
    actions.refuse_claim(by=other, claim=own, reason="授权书没有公章")
    assert Message.objects.get(person=clerk.person, title__contains="没有公章")
    actions.change_status(
        by=clerk,
        organisation=row,
        status=Status.CANCELLED,
        since=dt.date(2026, 1, 1),
        basis="公告",
    )
    refused("registry.ended", lambda: claim(row, Who(person=make.person())))


@pytest.mark.feature("A14")
def test_a_claim_can_be_taken_back_and_made_again() -> None:
    row = make.organisation(make.staff(make.union()))
    somebody = Who(person=make.person())
    first = claim(row, somebody)
    actions.withdraw_claim(by=somebody, claim=first)
    refused("registry.claim_decided", lambda: actions.withdraw_claim(by=somebody, claim=first))
    assert claim(row, somebody).pk != first.pk


@pytest.mark.real_transactions
@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.claim_pending")
def test_of_claims_made_at_once_one_waits_and_the_others_are_told() -> None:
    city = make.union()
    clerk = make.staff(city)
    row, code = make.organisation(clerk), make.code()
    people = [Who(person=make.person()) for _ in range(6)]
    papers = [make.paper() for _ in range(12)]
    known = [
        lambda who=who, paper=paper: actions.claim(by=who, code=row.code or "", position="主任", proof=paper)
        for who, paper in zip(people, papers, strict=False)
    ]
    assert at_once(*known) == [""] + ["registry.claim_pending"] * 5
    fresh = [
        lambda who=who, paper=paper: actions.claim(
            by=who, code=code, position="主任", proof=paper, union=city, name="新中心"
        )
        for who, paper in zip(people, papers[6:], strict=True)
    ]
    assert at_once(*fresh) == [""] + ["registry.claim_pending"] * 5
    assert Claim.objects.filter(state="pending").count() == 2


@pytest.mark.real_transactions
@pytest.mark.feature("A14")
def test_two_clerks_who_confirm_at_once_make_one_owner() -> None:
    city = make.union()
    clerks = [make.staff(city) for _ in range(4)]
    row = make.organisation(clerks[0])
    asked = claim(row, Who(person=make.person()))
    outcomes = at_once(*(lambda c=c: actions.confirm_claim(by=c, claim=asked) for c in clerks))
    assert outcomes == [""] + ["registry.claim_decided"] * 3
    assert queries.current_memberships(row.pk).count() == 1


# --- members ----------------------------------------------------------------------------------------


@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.owner")
@pytest.mark.refusal("registry.member_already")
def test_an_owner_invites_and_a_member_does_not() -> None:
    row = make.organisation(make.staff(make.union()))
    owner, colleague = make.member(row), make.member(row, "org_member")
    token = actions.invite_member(by=owner, organisation=row, name="小李")
    person = accounts.accept_invitation(token=token, username="xiaoli", password="a-long-password-1")
    assert who_is(person).hat is not None
    assert who_is(person).role == "org_member"
    refused("registry.owner", lambda: actions.invite_member(by=colleague, organisation=row, name="小王"))
    again = actions.invite_member(by=owner, organisation=row, name="小李")
    refused(
        "registry.member_already", lambda: accounts.accept_invitation_as(by=Who(person=person), token=again)
    )


@pytest.mark.feature("A14")
def test_hand_over_changes_both_and_leaves_one_owner() -> None:
    row = make.organisation(make.staff(make.union()))
    owner, colleague = make.member(row), make.member(row, "org_member")
    theirs = queries.current_memberships(row.pk).get(person=colleague.person)
    refused("registry.owner", lambda: actions.hand_over(by=colleague, to=theirs))
    actions.hand_over(by=owner, to=theirs)
    now = {m.person_id: m.role for m in queries.current_memberships(row.pk)}
    assert owner.person is not None
    assert colleague.person is not None
    assert now == {owner.person.pk: "org_member", colleague.person.pk: "org_owner"}


@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.last_owner")
@pytest.mark.refusal("registry.member_gone")
def test_the_last_owner_cannot_leave() -> None:
    row = make.organisation(make.staff(make.union()))
    owner, colleague = make.member(row), make.member(row, "org_member")
    mine = queries.current_memberships(row.pk).get(person=owner.person)
    theirs = queries.current_memberships(row.pk).get(person=colleague.person)
    refused("registry.last_owner", lambda: actions.remove_member(by=owner, membership=mine))
    refused("registry.owner", lambda: actions.remove_member(by=colleague, membership=mine))
    actions.remove_member(by=colleague, membership=theirs)
    refused("registry.member_gone", lambda: actions.remove_member(by=owner, membership=theirs))
    assert Membership.objects.filter(organisation=row).count() == 2, "an ended membership is kept"


@pytest.mark.real_transactions
@pytest.mark.feature("A14")
def test_of_two_owners_who_leave_at_once_one_stays() -> None:
    row = make.organisation(make.staff(make.union()))
    owners = [make.member(row), make.member(row)]
    rows = {o: queries.current_memberships(row.pk).get(person=o.person) for o in owners}
    outcomes = at_once(*(lambda o=o: actions.remove_member(by=o, membership=rows[o]) for o in owners))
    assert outcomes == ["", "registry.last_owner"]
    assert queries.current_memberships(row.pk).get().role == "org_owner"


def test_nobody_holds_two_roles_in_one_organisation_at_a_time() -> None:
    row = make.organisation(make.staff(make.union()))
    owner = make.member(row)
    assert owner.person is not None
    with pytest.raises(IntegrityError, match="membership_one_role"), transaction.atomic():
        Membership.objects.create(organisation=row, person=owner.person, role="org_member")


# --- corrections ------------------------------------------------------------------------------------


@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.correction_pending")
@pytest.mark.refusal("registry.correction_same")
@pytest.mark.refusal("registry.correction_decided")
def test_a_correction_is_asked_for_and_decided_once() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk, region="东港区")
    owner = make.member(row)

    def ask(new: str, reason: str = "迁址") -> object:
        return actions.request_correction(by=owner, organisation=row, field="region", new=new, reason=reason)

    refused("registry.correction_same", lambda: ask("东港区"))
    refused("registry.correct_reason", lambda: ask("南湾区", " "))
    asked = actions.request_correction(
        by=owner, organisation=row, field="region", new="南湾区", reason="迁址", evidence=make.paper("租约")
    )
    refused("registry.correction_pending", lambda: ask("高新区"))
    assert Message.objects.filter(person=clerk.person, kind="registry.correction").exists()
    actions.decide_correction(by=clerk, request=asked, approve=True)
    row.refresh_from_db()
    assert row.region == "南湾区"
    said = queries.snapshot(row, dt.date(2030, 1, 1)).profile["region"]
    assert said.statement.is_verified
    assert said.statement.evidence_id == asked.evidence_id
    refused(
        "registry.correction_decided",
        lambda: actions.decide_correction(by=clerk, request=asked, approve=False),
    )


@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.correction_reason")
def test_a_refusal_needs_a_reason_and_changes_nothing() -> None:
    clerk = make.staff(make.union())
    row = make.organisation(clerk, region="东港区")
    owner = make.member(row)
    asked = actions.request_correction(
        by=owner, organisation=row, field="region", new="南湾区", reason="迁址"
    )
    refused(
        "registry.correction_reason",
        lambda: actions.decide_correction(by=clerk, request=asked, approve=False),
    )
    actions.decide_correction(by=clerk, request=asked, approve=False, reason="未见变更登记")
    row.refresh_from_db()
    assert row.region == "东港区"
    assert Message.objects.filter(person=owner.person, body="未见变更登记").exists()
    again = actions.request_correction(
        by=owner, organisation=row, field="region", new="南湾区", reason="迁址"
    )
    actions.withdraw_correction(by=owner, request=again)
    refused("registry.correction_decided", lambda: actions.withdraw_correction(by=owner, request=again))
