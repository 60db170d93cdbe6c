"""Links by which people join an organisation: whoever leads it sees them, and takes them back."""

from __future__ import annotations

import pytest
from django.test import Client

from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.models import Person
from shuniu.registry import actions, queries
from shuniu.registry.tests import factories as make
from shuniu.registry.tests.test_people import refused
from shuniu.unions.tests.cast import log_in


@pytest.mark.django_db
@pytest.mark.feature("A14")
@pytest.mark.refusal("registry.inviter_gone")
def test_who_leads_withdraws_a_link_and_that_of_a_former_leader_is_worth_nothing(client: Client) -> None:
    row = make.organisation(make.staff(make.union()))
    owner, colleague = make.member(row), make.member(row, "org_member")
    token = actions.invite_member(by=owner, organisation=row, name="小李", role="org_owner")
    actions.hand_over(by=owner, to=queries.current_memberships(row.pk).get(person=colleague.person))
    words = {"token": token, "username": "xiaoli", "password": "a-long-password-1"}
    refused("registry.inviter_gone", lambda: accounts.accept_invitation(**words))
    assert not Person.objects.filter(username="xiaoli").exists()
    former = Who(person=owner.person, hat=colleague.hat)
    leader = Who(person=colleague.person, hat=Hat("organisation", row.pk, row.name, "org_owner"))
    (link,) = queries.invitations_of(leader, row)
    assert not queries.invitations_of(former, row)
    withdraw = actions.revoke_member_invitation
    refused("registry.owner", lambda: withdraw(by=former, organisation=row, invitation=link))
    log_in(client, leader)
    assert "小李" in client.get("/org/members/").content.decode()
    address = f"/org/members/invitations/{link.pk}/revoke/"
    assert client.post(address).status_code == 303
    assert "未接受的邀请" not in client.get("/org/members/").content.decode()
    assert client.post(address).status_code == 404
