"""Giving and taking roles, invitations, the second person's word."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions import actions, rules
from shuniu.unions.forms import GrantForm, InviteForm, ReasonForm
from shuniu.unions.models import RoleChange, Union
from shuniu.unions.queries import (
    administered_by,
    changes_visible_to,
    grants_administered_by,
    grants_of_union,
    invitations_of_union,
    unions_visible_to,
)

_FIELD_OF = {
    "unions.granted_already": "role", "unions.admins_apart": "role", "unions.no_sec_admin": "role",
    "unions.waiting_already": "role", "unions.period": "last_day", "unions.past": "first_day",
    "unions.own_role": "person", "unions.person_inactive": "person",
}  # fmt: skip


def _administered(request: HttpRequest, union_id: int) -> Union:
    return get_object_or_404(administered_by(who_asks(request)), pk=union_id)


@members_only("sys_admin")
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, union_id: int) -> HttpResponse:
    """Give a role to somebody who has an account."""
    union = _administered(request, union_id)
    form = GrantForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.grant_role(by=who_asks(request), union=union, **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused, _FIELD_OF.get(refused.verdict.code))
        else:
            waits = isinstance(given, RoleChange)
            text = "已提请安全管理员确认，确认后生效。" if waits else f"已授予{given.person.name}。"
            return done(request, f"/unions/{union.pk}/", text)
    return page(request, "unions/grant.html", {"form": form, "union": union})


@members_only("sys_admin")
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, union_id: int) -> HttpResponse:
    """A link for somebody without an account; it is shown once."""
    union = _administered(request, union_id)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            token = actions.invite_to_role(by=who_asks(request), union=union, **form.cleaned_data)
        except Refused as refused:
            field = _FIELD_OF.get(refused.verdict.code)
            refused_into(form, refused, field if field in form.fields else None)
        else:
            return _link(request, union, token, form.cleaned_data["invited_name"], "邀请链接已生成", 14)
    return page(request, "unions/invite.html", {"form": form, "union": union})


def _link(request: HttpRequest, union: Union, token: str, name: str, title: str, days: int) -> HttpResponse:
    """The link, this once: only its digest is stored, so it cannot be shown again."""
    address = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
    context = {"union": union, "address": address, "name": name, "link_title": title, "days": days}
    response = render(request, "unions/link.html", context)
    response["Cache-Control"] = "no-store"
    return response


@members_only("sys_admin")
@require_POST
def revoke_invitation(request: HttpRequest, union_id: int, invitation_id: int) -> HttpResponse:
    """Withdraw a link that nobody used yet."""
    who = who_asks(request)
    union = _administered(request, union_id)
    row = get_object_or_404(invitations_of_union(who, union), pk=invitation_id)
    actions.revoke_role_invitation(by=who, invitation=row)
    return done(request, f"/unions/{union.pk}/", "邀请已收回。")


@members_only("sys_admin")
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role back."""
    who = who_asks(request)
    row = get_object_or_404(grants_administered_by(who), pk=grant_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            taken = actions.revoke_role(by=who, grant=row, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            waits = isinstance(taken, RoleChange)
            text = "已提请安全管理员确认，确认后收回。" if waits else "身份已收回。"
            return done(request, f"/unions/{row.union_id}/", text)
    return page(request, "unions/revoke.html", {"form": form, "grant": row})


@members_only("sys_admin", "sec_admin")
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Every proposed change of administrators, those that wait first."""
    rows = changes_visible_to(who_asks(request)).order_by("-state", "-id")
    context = {"page": Paginator(rows, 30).get_page(request.GET.get("page"))}
    return render(request, "unions/changes.html", context)


@members_only("sys_admin", "sec_admin")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One proposed change; the security administrator decides."""
    who = who_asks(request)
    row = get_object_or_404(changes_visible_to(who), pk=change_id)

    def agree(words: str) -> HttpResponse:
        actions.confirm_role_change(by=who, change_id=row.pk)
        return done(request, "unions:changes", "已确认，身份变更生效。")

    def send_back(words: str) -> HttpResponse:
        actions.decline_role_change(by=who, change_id=row.pk, reason=words)
        return done(request, "unions:changes", "没有同意，已告知提请人。")

    opinion = Opinion(
        request,
        yes="同意",
        agree=agree,
        no="不同意",
        send_back=send_back,
        may=rules.may_confirm(who, row),
        most=200,
    )
    if opinion.response is not None:
        return opinion.response
    context = {"change": row, "timeline": lines(timeline(row))} | opinion.context
    return page(request, "unions/change.html", context, status=opinion.status)


def _person_of(request: HttpRequest, union: Union, person_id: int) -> Person:
    """Somebody who holds a role in the union."""
    row = grants_of_union(who_asks(request), union).filter(person_id=person_id).first()
    return row.person if row else get_object_or_404(Person.objects.none())


@members_only("sec_admin")
@require_POST
def second_factor(request: HttpRequest, union_id: int, person_id: int) -> HttpResponse:
    """Take away a lost second factor."""
    who = who_asks(request)
    union = get_object_or_404(unions_visible_to(who), pk=union_id)
    record = _person_of(request, union, person_id)
    actions.reset_second_factor(by=who, union=union, person=record)
    return done(request, f"/unions/{union.pk}/", f"{record.name}的第二步验证已重设，下次登录须重新启用。")


@members_only("sys_admin")
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, union_id: int, person_id: int) -> HttpResponse:
    """The account of somebody of the union: a new password by link, or an end."""
    union = _administered(request, union_id)
    record = _person_of(request, union, person_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.deactivate_person(
                by=who_asks(request), union=union, person=record, reason=form.cleaned_data["reason"]
            )
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, f"/unions/{union.pk}/", f"{record.name}的账号已停用。")
    grants = grants_of_union(who_asks(request), union).filter(person=record)
    context = {
        "form": form, "union": union, "person": record, "grants": grants,
        "timeline": lines(
            e for e in timeline(record) if e.union_id == union.pk and e.verb not in ("sign_in", "sign_out")
        ),
    }  # fmt: skip
    return page(request, "unions/person.html", context)


@members_only("sys_admin")
@require_POST
def new_password(request: HttpRequest, union_id: int, person_id: int) -> HttpResponse:
    """A link by which that person sets a new password."""
    union = _administered(request, union_id)
    record = _person_of(request, union, person_id)
    token = actions.ask_for_new_password(by=who_asks(request), union=union, person=record)
    return _link(request, union, token, record.name, "重设密码的链接已生成", 1)
