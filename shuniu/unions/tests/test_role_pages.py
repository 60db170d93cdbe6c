"""Roles, invitations, stand-ins and accounts by page; the first administrators."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Invitation, Person
from shuniu.foundation.calendar import clock
from shuniu.unions import actions
from shuniu.unions.models import Delegation, RoleChange, RoleGrant, Union
from shuniu.unions.tests import cast
from shuniu.unions.tests.cast import page, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


# --- roles by page ---------------------------------------------------------------------------------


def test_a_role_by_page(city: Union, admin: Who) -> None:
    somebody = cast.person("周复核", username="zhou")
    path = f"/unions/{city.pk}/grant/"
    day = clock.today().isoformat()
    wrong = post(admin, path, person="nobody", role="checker", first_day=day)
    assert wrong.status_code == 422
    assert "没有找到这个登录名或手机号" in text(wrong)
    past = post(admin, path, person="zhou", role="checker", first_day="2020-01-01")
    assert "开始日期早于今天" in text(past)
    assert 'value="zhou"' in text(past)
    assert post(admin, path, person="zhou", role="checker", first_day=day).status_code == 303
    grant = RoleGrant.objects.get(person=somebody)
    assert "周复核" in text(page(admin, f"/unions/{city.pk}/"))
    assert post(admin, f"/unions/grants/{grant.pk}/revoke/", reason="").status_code == 422
    assert post(admin, f"/unions/grants/{grant.pk}/revoke/", reason="轮岗").status_code == 303
    stranger = cast.who("sys_admin", cast.union("临溪区总工会"))
    assert page(stranger, f"/unions/grants/{grant.pk}/revoke/").status_code == 404


def test_an_invitation_by_page_from_link_to_role(city: Union, admin: Who) -> None:
    client = cast.log_in(Client(), admin)
    details = {"invited_name": "新经办", "role": "clerk", "first_day": clock.today().isoformat()}
    shown = text(client.post(f"/unions/{city.pk}/invite/", details))
    link = re.search(r'value="http://testserver(/accounts/invitation/[^"]+)"', shown)
    assert link is not None
    assert "新经办" in text(client.get(f"/unions/{city.pk}/"))
    newcomer = Client()
    form = newcomer.get(link[1])
    assert 'value="新经办"' in text(form)
    answers = {"name": "新经办", "username": "xin", "new": cast.PASSWORD, "again": "different"}
    assert "两次输入的新密码不一致" in text(newcomer.post(link[1], answers))
    answer = newcomer.post(link[1], answers | {"again": cast.PASSWORD})
    assert (answer.status_code, answer["Location"]) == (303, "/me/")
    assert newcomer.get("/work/").status_code == 200
    assert Client().get(link[1]).status_code == 410
    assert Client().get("/accounts/invitation/nonsense/").status_code == 410


def test_an_invitation_is_withdrawn(city: Union, admin: Who) -> None:
    token = actions.invite_to_role(
        by=admin, union=city, role="clerk", invited_name="某某", first_day=clock.today()
    )
    row = Invitation.objects.get()
    path = f"/unions/{city.pk}/invitations/{row.pk}/revoke/"
    stranger = cast.who("sys_admin", cast.union("临溪区总工会"))
    assert post(stranger, path).status_code == 404
    assert post(admin, path).status_code == 303
    assert "已被邀请人收回" in text(Client().get(f"/accounts/invitation/{token}/"))


def test_the_security_administrator_decides_on_a_page(city: Union, admin: Who) -> None:
    security = cast.who("sec_admin", city)
    somebody = cast.person("审计员", username="shen")
    day = clock.today().isoformat()
    post(admin, f"/unions/{city.pk}/grant/", person="shen", role="audit_admin", first_day=day)
    change = RoleChange.objects.get()
    path = f"/unions/changes/{change.pk}/"
    assert "身份确认" in text(page(security, "/work/"))
    assert "由望海市总工会或其上级工会的安全管理员确认" in text(page(admin, path))
    stranger = cast.who("sec_admin", cast.union("临溪区总工会"))
    assert page(stranger, path).status_code == 404
    assert "不同意请写明理由" in text(post(security, path, do="return"))
    assert post(security, path, do="approve").status_code == 303
    assert RoleGrant.objects.filter(person=somebody, role="audit_admin").exists()
    assert page(security, "/unions/changes/").status_code == 200


@pytest.mark.refusal("unions.account_of_admin")
@pytest.mark.refusal("unions.account_elsewhere")
def test_nobody_takes_over_an_account_by_its_password(city: Union, district: Union, admin: Who) -> None:
    clerk = cast.me(cast.who("clerk", district))
    path = f"/unions/{district.pk}/people/{clerk.pk}/password/"
    shown = text(post(admin, path))
    link = re.search(r'value="http://testserver(/accounts/invitation/[^"]+)"', shown)
    assert link is not None
    new = {"new": "a-quite-new-one", "again": "a-quite-new-one"}
    assert Client().post(link[1], new).status_code == 302
    assert Person.objects.get(pk=clerk.pk).check_password("a-quite-new-one")
    below = cast.who("sys_admin", district)
    cast.grant(clerk, city, "leader")
    assert "在别处还有身份" in text(post(below, path))
    security = cast.me(cast.who("sec_admin", city))
    refused = post(admin, f"/unions/{city.pk}/people/{security.pk}/password/")
    assert refused.status_code == 409
    assert "是安全管理员" in text(refused)


def test_password_and_second_factor_are_reset_by_two_people(city: Union, admin: Who) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    clerk = cast.me(cast.who("clerk", city))
    TOTP.activate(clerk, generate_totp_secret())
    path = f"/unions/{city.pk}/people/{clerk.pk}/second-factor/"
    security = cast.who("sec_admin", city)
    assert path in text(page(security, f"/unions/{city.pk}/"))
    assert post(admin, path).status_code == 403
    assert post(security, path).status_code == 303
    assert not Authenticator.objects.filter(user=clerk).exists()


def test_an_account_is_stopped_on_its_page(city: Union, admin: Who) -> None:
    clerk = cast.me(cast.who("clerk", city))
    path = f"/unions/{city.pk}/people/{clerk.pk}/"
    assert post(admin, path, reason="").status_code == 422
    assert post(admin, path, reason="退休").status_code == 303
    assert not Person.objects.get(pk=clerk.pk).is_active


@pytest.mark.feature("O3")
def test_a_stand_in_by_page(city: Union, clerk: Who) -> None:
    checker = cast.me(cast.who("checker", city))
    day = clock.today().isoformat()
    grant = RoleGrant.objects.get(person=cast.me(clerk))
    details = {
        "grant": grant.pk,
        "to_person": checker.pk,
        "first_day": day,
        "last_day": day,
        "reason": "培训",
    }
    assert post(clerk, "/me/delegation/", **(details | {"last_day": "2020-01-01"})).status_code == 422
    assert post(clerk, "/me/delegation/", **details).status_code == 303
    row = Delegation.objects.get()
    stranger = cast.who("leader", city)
    assert post(stranger, f"/me/delegation/{row.pk}/end/").status_code == 404
    assert post(clerk, f"/me/delegation/{row.pk}/end/").status_code == 303


# --- the first administrators ----------------------------------------------------------------------


def first_admins(**more: str) -> str:
    out = io.StringIO()
    names = {"union": "望海市总工会", "sys_admin": "孙一", "sec_admin": "钱二", "audit_admin": "李三"} | more
    call_command("create_first_admin", stdout=out, **names)
    return out.getvalue()


@pytest.mark.feature("O4")
def test_the_first_administrators_come_by_link() -> None:
    links = re.findall(r"(/accounts/invitation/[^\s]+)", first_admins())
    assert len(links) == 3
    for n, link in enumerate(links):
        answers = {"name": f"管{n}", "username": f"admin{n}", "new": cast.PASSWORD, "again": cast.PASSWORD}
        assert Client().post(link, answers).status_code == 303
    assert set(RoleGrant.objects.values_list("role", flat=True)) == {"sys_admin", "sec_admin", "audit_admin"}
    with pytest.raises(CommandError, match="已有系统管理员"):
        first_admins()
    out = io.StringIO()
    call_command("reset_password", "admin1", stdout=out)
    assert "/accounts/invitation/" in out.getvalue()


@pytest.mark.feature("O4")
def test_one_person_is_not_invited_to_two_of_the_three() -> None:
    with pytest.raises(CommandError, match="三个人"):
        first_admins(sec_admin="孙一")
    with pytest.raises(CommandError, match="必须填写"):
        first_admins(sys_admin="")
    assert not Union.objects.exists()
