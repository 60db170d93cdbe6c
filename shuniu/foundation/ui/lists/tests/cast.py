"""A small list over people, with everything a list can have, and its addresses."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import include, path

from shuniu.foundation.access import YES, Hat, Verdict, Who, members_only, who_asks
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.ui import formats
from shuniu.foundation.ui.lists import (
    BatchAction,
    Choice,
    Column,
    DateRange,
    List,
    Sign,
    Tab,
    TextSearch,
    Toned,
    mark_seen,
)

HATS: dict[int, tuple[Hat, ...]] = {}
DONE: list[dict[str, Any]] = []


def hats(person: Person) -> tuple[Hat, ...]:
    return HATS.get(person.pk, ())


def hat(role: str, union: int = 7) -> Hat:
    return Hat("union", union, "望海市总工会", role)


def page(request: HttpRequest) -> dict[str, Any]:
    """What the product's pages know, as far as a list needs it."""
    return {"who": who_asks(request)}


def templates() -> list[dict[str, Any]]:
    """The product's templates with this cast's page context."""
    found: list[dict[str, Any]] = copy.deepcopy(list(settings.TEMPLATES))
    names = found[0]["OPTIONS"]["context_processors"]
    found[0]["OPTIONS"]["context_processors"] = [n for n in names if ".config." not in n] + [
        f"{__name__}.page"
    ]
    return found


def person(username: str, name: str, role: str = "", **more: Any) -> Person:
    made = Person.objects.create(username=username, name=name, **more)
    if role:
        HATS[made.pk] = (hat(role),)
    return made


def judge(who: Who, rows: Any) -> list[Verdict]:
    no = Verdict(False, "没有邮箱，不能通知。", "第五条", "test.mail")
    return [YES if row.email else no for row in rows]


def invite(*, by: Who, ids: list[int], note: str) -> str:
    DONE.append({"by": by.name, "ids": ids, "note": note})
    return f"已通知 {len(ids)} 人。"


class NoteForm(forms.Form):
    note = forms.CharField(label="附言", max_length=20)


def with_mail(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.exclude(email="") if value == "yes" else rows.filter(email="")


class People(List):
    key = "test.people"
    title = "人员"
    unit = "人"
    order = "username"
    columns = [
        Column("name", "姓名", sort="name", first=True),
        Column("username", "登录名", kind="code", sort="username", extra=True),
        Column("phone", "手机", mask=formats.phone_mask, clear_for=("clerk",)),
        Column("email", "邮箱"),
        Column("created", "创建时间", "created_at", kind="time", sort="created_at"),
        Column("money", "金额（元）", lambda row: 123_456, kind="yuan"),
        Column("state", "状态", lambda row: Sign("ok", "启用"), kind="status"),
        Column("due", "到期", lambda row: Toned("is-bad", "逾期 2 工作日"), shown=False),
        Column("secret", "标识", "identity", roles=("checker",)),
    ]
    filters = [
        TextSearch("q", "查找", within=("name", "username"), placeholder="姓名或登录名"),
        Choice("mail", "邮箱", choices=[("yes", "有"), ("no", "没有")], apply=with_mail),
        DateRange("created", "创建时间", path="created_at"),
        Choice("only", "限定", choices=[("u05", "五号"), ("u06", "六号")], apply="username", bar=False),
    ]
    tabs = [Tab("all", "全部"), Tab("mail", "有邮箱", ~Q(email="")), Tab("none", "无邮箱", Q(email=""))]
    batch = [BatchAction("invite", "通知", judge, invite, form=NoteForm, roles=("clerk",))]

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Person]:
        if who.role not in {"clerk", "checker"}:
            return Person.objects.none()
        return Person.objects.filter(is_active=True).exclude(username__startswith="staff")

    def row_label(self, row: Person) -> str:
        return row.name

    def row_url(self, row: Person) -> str:
        return f"/people/{row.pk}/"


class ManyPeople(People):
    key = "test.many"
    count_limit = 5


@members_only()
def people(request: HttpRequest) -> HttpResponseBase:
    return People(request).response()


@members_only()
def many(request: HttpRequest) -> HttpResponseBase:
    return ManyPeople(request).response()


@members_only()
def one(request: HttpRequest, pk: int) -> HttpResponse:
    mark_seen(request, People.key, pk)
    return HttpResponse("ok")


urlpatterns = [
    path("", include("shuniu.foundation.ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("people/", people),
    path("many/", many),
    path("people/<int:pk>/", one),
]
