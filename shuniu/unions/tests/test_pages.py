"""Pages of unions: owner sees, colleague may, stranger gets 404; the bench's figures; constant queries."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import Invitation, Person
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.foundation.calendar.models import Day
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import head
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.notices.models import Message
from shuniu.foundation.ui import slots
from shuniu.unions import actions
from shuniu.unions.models import Delegation, RoleChange, RoleGrant, Union
from shuniu.unions.queries import bench_of, home_url, register_home
from shuniu.unions.queries import home as homes
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O1")]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def district(city: Union) -> Union:
    return cast.union("东港区总工会", level="district", parent=city)


@pytest.fixture
def admin(city: Union) -> Who:
    return cast.who("sys_admin", city)


@pytest.fixture
def clerk(city: Union) -> Who:
    return cast.who("clerk", city, cast.person("林经办"))


def page(asker: Who, path: str) -> Any:
    return cast.log_in(Client(), asker).get(path)


def post(asker: Who, path: str, **data: object) -> Any:
    return cast.log_in(Client(), asker).post(path, data)


STAFF_PAGES = ["/work/", "/work/list/", "/inbox/", "/me/", "/me/delegation/", "/unions/", "/search/?q=工会"]


@pytest.mark.parametrize("path", STAFF_PAGES)
def test_every_staff_page_opens_and_carries_no_inline_code(clerk: Who, path: str) -> None:
    answer = page(clerk, path)
    assert answer.status_code == 200
    assert "style=" not in text(answer)
    assert "林经办" in text(answer)


@pytest.mark.parametrize("path", ["/work/", "/unions/", "/me/delegation/"])
def test_staff_pages_are_not_for_experts(city: Union, path: str) -> None:
    assert page(cast.who("expert", city), path).status_code == 403


# --- where work begins -----------------------------------------------------------------------------


def test_home_is_told_by_the_hat(city: Union, clerk: Who) -> None:
    assert page(clerk, "/home/")["Location"] == "/work/"
    assert page(Who(person=cast.person()), "/home/")["Location"] == "/me/"
    assert home_url(Who()) == "/"
    register_home(mine := lambda who: "/review/" if who.role == "expert" else "")
    try:
        assert home_url(cast.who("expert", city)) == "/review/"
    finally:
        homes._homes.remove(mine)


def test_changing_hats(city: Union, district: Union) -> None:
    somebody = cast.person()
    client = cast.log_in(Client(), cast.who("clerk", city, somebody))
    cast.grant(somebody, district, "leader")
    answer = client.post("/hat/", {"choice": f"union:{district.pk}:leader"})
    assert (answer.status_code, answer["Location"]) == (303, "/work/")
    assert "东港区总工会" in text(client.get("/me/"))
    assert client.get("/me/").context["who"].role == "leader"
    client.post("/hat/", {"choice": f"union:{district.pk}:sys_admin"})
    assert client.get("/me/").context["who"].role == "leader", "a hat one does not hold changes nothing"


# --- the work bench --------------------------------------------------------------------------------


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch, clerk: Who) -> Iterator[list[slots.Todo]]:
    today = clock.today()
    todos = [slots.Todo("资格审核", f"逾期{n}", f"/x/{n}/", due=today - dt.timedelta(days=n)) for n in (1, 9)]
    todos += [slots.Todo("复核", f"临近{n}", f"/y/{n}/", due=today) for n in range(3)]
    todos += [
        slots.Todo("更正", "以后", "/z/", due=today + dt.timedelta(days=30)),
        slots.Todo("其他", "没有期限", "/q/"),
    ]
    todos += [slots.Todo("补正", f"等{n}", f"/w/{n}/", due=today, waiting=True) for n in range(4)]
    monkeypatch.setattr(slots, "_todos", [lambda who: todos if who.person == cast.me(clerk) else []])
    yield todos


@pytest.mark.usefixtures("waiting")
def test_every_figure_opens_a_list_of_just_so_many_rows(clerk: Who) -> None:
    client = cast.log_in(Client(), clerk)
    bench = client.get("/work/")
    found = re.findall(r'class="stat" href="([^"]+)".*?<b>(\d+)<small>', text(bench), re.S)
    assert [int(n) for _, n in found] == [2, 3, 2, 4]
    for address, number in found:
        rows = re.search(r"<main.*</main>", text(client.get(address)), re.S)
        assert rows is not None
        assert rows[0].count('class="todo__what"') == int(number), address
    whole = text(client.get("/work/list/"))
    assert "共 7 件" in whole
    assert whole.index("逾期9") < whole.index("逾期1") < whole.index("临近0") < whole.index("以后")


@pytest.mark.usefixtures("waiting")
def test_the_bench_of_a_colleague_is_their_own(city: Union) -> None:
    assert "现在没有等您办理的事" in text(page(cast.who("checker", city), "/work/"))


@pytest.mark.usefixtures("waiting")
def test_soon_and_late_count_working_days(clerk: Who) -> None:
    monday = dt.date(2026, 11, 16)
    from shuniu.unions.queries.bench import due_words

    calendar.confirm_year(
        by=cast.SETUP, year=2026, source="放假通知", days=[(dt.date(2026, 10, 1), False, "国庆")]
    )
    assert due_words(monday - dt.timedelta(days=3), monday) == "逾期 1 个工作日"
    assert due_words(monday - dt.timedelta(days=1), monday) == "逾期 1 个工作日"
    assert due_words(dt.date(2026, 11, 14), dt.date(2026, 11, 15)) == "已逾期"
    assert due_words(monday + dt.timedelta(days=1), monday) == "明天"
    assert due_words(dt.date(2027, 1, 4), monday) == "2027-01-04"


@pytest.mark.feature("M3")
def test_a_missing_year_is_named_not_guessed(clerk: Who) -> None:
    assert bench_of(clerk).missing_year == clock.today().year
    assert "还没有录入" in text(page(clerk, "/work/"))


def test_panels_of_the_union_stand_on_its_bench(clerk: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    def panels(who: Who, union: Union) -> list[slots.Panel]:
        return [slots.Panel(f"{union.name}的遴选", "unions/todo_groups.html", {"groups": []}, order=10)]

    monkeypatch.setattr(slots, "_panels", {"unions.union": [panels]})
    assert "望海市总工会的遴选" in text(page(clerk, "/work/"))


# --- the inbox -------------------------------------------------------------------------------------


@pytest.mark.feature("M1")
def test_opening_a_message_reads_it_and_goes_there(clerk: Who, city: Union) -> None:
    tell([cast.me(clerk)], title="周复核退回 1 份审核结论", kind="test", url="/work/list/")
    message = Message.objects.get(person=cast.me(clerk), kind="test")
    assert page(cast.who("checker", city), f"/inbox/{message.pk}/").status_code == 404
    client = cast.log_in(Client(), clerk)
    assert 'class="new"' in text(client.get("/inbox/"))
    assert client.get(f"/inbox/{message.pk}/")["Location"] == "/work/list/"
    message.refresh_from_db()
    assert message.read_at is not None


@pytest.mark.feature("M1")
def test_all_messages_are_read_at_once(clerk: Who) -> None:
    for n in range(3):
        tell([cast.me(clerk)], title=f"消息{n}", kind="test", body="内容")
    client = cast.log_in(Client(), clerk)
    assert client.get("/inbox/?unread=1").context["page"].paginator.count == 4
    assert client.post("/inbox/read/").status_code == 303
    assert "没有消息" in text(client.get("/inbox/?unread=1"))
    assert "内容" in text(client.get(f"/inbox/{Message.objects.filter(kind='test')[0].pk}/"))


# --- the tree --------------------------------------------------------------------------------------


def test_a_union_with_two_superiors_stands_in_both_places(city: Union, clerk: Who) -> None:
    industry = cast.union("望海市教育工会", level="industry", parent=city)
    cast.union("望海大学工会", level="university", parent=city, industry_parent=industry)
    cast.union("东港一厂工会", level="grassroots", parent=city)
    tree = text(page(clerk, "/unions/"))
    assert tree.count("望海大学工会") == 2
    assert "产业隶属" in tree
    assert "东港一厂工会" not in tree
    assert "基层 1 家" in tree
    found = text(page(clerk, "/unions/?q=dgycgh"))
    assert "东港一厂工会" in found
    assert "望海大学工会" not in found


def test_people_of_a_union_are_for_its_own_and_those_above(city: Union, district: Union, clerk: Who) -> None:
    member = cast.who("clerk", district, cast.person("东港经办"))
    path = f"/unions/{district.pk}/"
    assert "东港经办" in text(page(member, path))
    assert "东港经办" in text(page(clerk, path))
    beside = cast.who("clerk", cast.union("北屏区总工会", level="district", parent=city))
    answer = page(beside, path)
    assert answer.status_code == 200
    assert "东港经办" not in text(answer)
    assert page(beside, "/unions/999999/").status_code == 404


@pytest.mark.parametrize("tail", ["edit/", "grant/", "invite/"])
def test_forms_of_a_union_open_to_its_administrators_alone(
    city: Union, district: Union, admin: Who, clerk: Who, tail: str
) -> None:
    path = f"/unions/{district.pk}/{tail}"
    assert page(admin, path).status_code == 200
    assert page(cast.who("sys_admin", district), path).status_code == 200
    assert page(clerk, path).status_code == 403
    beside = cast.who("sys_admin", cast.union("北屏区总工会", level="district", parent=city))
    assert page(beside, path).status_code == 404
    assert page(beside, f"/unions/{city.pk}/{tail}").status_code == 404


@pytest.mark.refusal("unions.name_taken")
@pytest.mark.refusal("unions.cycle")
@pytest.mark.refusal("unions.no_parent")
def test_setting_up_and_moving_a_union(city: Union, district: Union, admin: Who) -> None:
    details = {"short_name": "望海海员", "level": "industry", "parent": city.pk}
    assert "没有填写名称" in text(post(admin, "/unions/new/", **details))
    taken = post(admin, "/unions/new/", name=city.name, **details)
    assert taken.status_code == 422
    assert "已有名为“望海市总工会”的工会" in text(taken)
    assert "新设工会须有上级" in text(
        post(admin, "/unions/new/", name="某工会", short_name="某", level="city")
    )
    made = post(admin, "/unions/new/", name="望海海员工会", **details)
    assert made.status_code == 303
    union = Union.objects.get(name="望海海员工会")
    assert (union.initials, union.parent) == ("whhygh", city)
    kept = {"name": city.name, "short_name": city.short_name, "level": "city", "is_active": "on"}
    assert "不能把望海市总工会的下级工会设为它的上级" in text(
        post(admin, f"/unions/{city.pk}/edit/", parent=district.pk, **kept)
    )
    moved = {
        "name": union.name,
        "short_name": "海员",
        "level": "industry",
        "parent": district.pk,
        "is_active": "on",
    }
    assert post(admin, f"/unions/{union.pk}/edit/", **moved).status_code == 303
    assert Entry.objects.filter(verb="change_union", text="修改望海海员工会：简称、上级工会（地方）").exists()


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
    assert "不同意的须写明理由" in text(post(security, path, decision="decline"))
    assert post(security, path, decision="confirm").status_code == 303
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
    assert post(admin, path).status_code == 403
    assert post(cast.who("sec_admin", city), path).status_code == 303
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


# --- calendar, journal, palette --------------------------------------------------------------------


@pytest.mark.feature("M3")
def test_the_calendar_is_entered_and_changed_by_page(city: Union, admin: Who, clerk: Who) -> None:
    assert page(clerk, "/calendar/").status_code == 403
    year = clock.today().year
    assert f"{year} 年的放假和调休安排还没有录入" in text(page(admin, "/calendar/"))
    path = f"/calendar/{year}/"
    wrong = post(admin, path, source="放假通知", days="元旦那天放假")
    assert wrong.status_code == 422
    assert "看不懂" in text(wrong)
    monday = next(d for n in range(7) if (d := dt.date(year, 12, 1) + dt.timedelta(days=n)).weekday() == 0)
    assert post(admin, path, source="放假通知", days=f"{monday} 放假 测试").status_code == 303
    assert post(admin, path, date=monday, working="yes", note="").status_code == 422
    assert Day.objects.count() == 1
    assert post(admin, path, date=monday, working="yes", note="更正").status_code == 303
    assert not Day.objects.exists()
    security = cast.who("sec_admin", city)
    assert "更改一天" not in text(page(security, path))
    assert "由系统管理员维护" in text(post(security, path, date=monday, working="no", note="试"))
    assert page(admin, "/calendar/99999/").status_code == 404


@pytest.mark.feature("R2")
def test_the_auditor_searches_the_journal_of_the_own_union(city: Union, clerk: Who) -> None:
    auditor = cast.who("auditor", city)
    cast.who("clerk", cast.union("临溪区总工会"), cast.person("临溪人"))
    found = text(page(auditor, "/journal/"))
    assert "授予林经办望海市总工会经办人身份" in found
    assert "临溪人" not in found
    assert page(clerk, "/journal/").status_code == 403
    narrowed = text(page(auditor, "/journal/?verb=grant_role&q=林经办"))
    assert "共 1 条" in narrowed
    entry = Entry.objects.get(union_id=city.pk, verb="grant_role", text__contains="林经办")
    assert "待封存" in text(page(auditor, f"/journal/{entry.pk}/"))
    other = Entry.objects.filter(text__contains="临溪人").first()
    assert other is not None
    assert page(auditor, f"/journal/{other.pk}/").status_code == 404


@pytest.mark.feature("R2")
def test_the_journal_is_exported_as_seen(city: Union, clerk: Who) -> None:
    answer = page(cast.who("auditor", city), "/journal/?verb=grant_role&export=xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.feature("R2")
@pytest.mark.real_transactions
@pytest.mark.refusal("unions.not_auditor")
@pytest.mark.refusal("unions.nothing_sealed")
def test_the_chain_is_proved_and_its_head_is_public() -> None:
    from shuniu.foundation.access import Refused

    city = cast.union()
    admin, auditor = cast.who("sys_admin", city), cast.who("audit_admin", city)
    with pytest.raises(Refused, check=lambda r: r.verdict.code == "unions.not_auditor"):
        actions.ask_for_proof(by=admin)
    assert "还没有封存的日志" in text(Client().get("/journal/head/"))
    with pytest.raises(Refused, check=lambda r: r.verdict.code == "unions.nothing_sealed"):
        actions.ask_for_proof(by=auditor)
    assert journal.seal() is not None
    block = head()
    assert block is not None
    assert block.digest in text(Client().get("/journal/head/"))
    assert post(auditor, "/journal/verify/").status_code == 303
    assert actions.prove(by=auditor).intact
    assert Message.objects.filter(person=cast.me(auditor), title__startswith="日志完整").exists()
    assert "最近一次核验" in text(page(auditor, "/journal/"))


def test_the_palette_finds_pages_and_unions(city: Union, clerk: Who) -> None:
    client = cast.log_in(Client(), clerk)
    labels = [r["label"] for r in client.get("/palette/", {"q": "望海"}).json()["results"]]
    assert labels == ["望海市总工会"]
    assert [r["url"] for r in client.get("/palette/", {"q": "gzt"}).json()["results"]] == ["/work/"]
    assert client.get("/palette/").json()["results"], "an empty question shows where one can go"
    assert client.get("/palette/", {"q": "操作日志"}).json()["results"] == [], "not for a clerk"
    assert Client().get("/palette/").status_code == 302


@pytest.mark.parametrize("path", ["/unions/", "/unions/?q=工会", "/inbox/", "/work/"])
def test_pages_ask_no_more_for_thirty_rows_than_for_one(city: Union, clerk: Who, path: str) -> None:
    def grow(numbers: range) -> None:
        for n in numbers:
            cast.union(f"第{n}区总工会", level="district", parent=city)
            tell([cast.me(clerk)], title=f"消息{n}", kind="test")

    client = cast.log_in(Client(), clerk)
    grow(range(1))
    client.get(path)
    few = count_queries(client, path)
    grow(range(1, 30))
    assert count_queries(client, path) == few
    # The bench asks every slice once what waits.
    assert few <= (30 if path == "/work/" else 12)


def test_the_people_of_a_union_cost_the_same_for_one_and_thirty(city: Union, admin: Who) -> None:
    client = cast.log_in(Client(), admin)
    cast.who("clerk", city)
    few = count_queries(client, f"/unions/{city.pk}/")
    for _ in range(25):
        cast.who("clerk", city)
    assert count_queries(client, f"/unions/{city.pk}/") == few


def count_queries(client: Client, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


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
