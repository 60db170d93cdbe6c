"""Oneself: particulars, hats, stand-ins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuniu.foundation.access import STAFF_ROLES, Refused, members_only, who_asks, who_is
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.accounts.queries import has_second_factor, sessions_of
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.formats import phone_mask
from shuniu.foundation.ui.respond import done, ours, page, refused_into
from shuniu.unions import actions
from shuniu.unions.forms import DelegationForm
from shuniu.unions.queries import colleagues_for, delegations_given, home_url, own_grants, periods_of


@members_only()
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    who = who_asks(request)
    assert who.person is not None
    person = who.person
    facts = [
        {"label": "姓名", "value": person.name},
        {"label": "登录名", "value": person.username},
        {"label": "手机", "value": phone_mask(person.phone)},
        {"label": "邮箱", "value": person.email},
        {"label": "实名核验", "value": "已核验" if person.verified_at else "未核验"},
    ]
    periods = periods_of(who)
    change = {"change_url": reverse("accounts:profile"), "change": "修改"}
    rows = [f | change if f["label"] in ("姓名", "手机", "邮箱") else f for f in facts]
    context = {
        "facts": rows,
        "hats": [(h, periods.get(h.key)) for h in who.hats],
        "coming": [g for g in own_grants(who) if g.period.lower > clock.today()],
        "sessions": len(sessions_of(who)),
        "second_factor": has_second_factor(person),
        "delegations": delegations_given(who),
        "staff": who.role in STAFF_ROLES,
    }
    return render(request, "unions/me.html", context)


@members_only()
@require_POST
def hat(request: HttpRequest) -> HttpResponse:
    """Act for another union or in another role from now on, on `next` or where work begins.

    A hat one does not hold changes nothing.
    """
    who = who_asks(request)
    choice = request.POST.get("choice", "")
    if choice not in {h.key for h in who.hats}:
        return done(request, home_url(who))
    request.session["hat"] = choice
    assert who.person is not None
    now = who_is(who.person, choice)
    assert now.hat is not None
    to = ours(request, request.POST.get("next", "")) or home_url(now)
    return done(request, to, f"现在代表{now.hat.name}，身份是{now.hat.role_label}。")


@members_only(*STAFF_ROLES)
@require_http_methods(["GET", "POST"])
def delegation(request: HttpRequest) -> HttpResponse:
    """Ask a colleague to stand in."""
    who = who_asks(request)
    form = DelegationForm(posted(request), grants=list(own_grants(who)), colleagues=colleagues_for(who))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.delegate(by=who, **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, "unions:delegation", f"已请{row.to_person.name}代理。")
    return page(request, "unions/delegation.html", {"form": form, "rows": delegations_given(who)})


@members_only(*STAFF_ROLES)
@require_POST
def end_delegation(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """End a delegation of one's own early."""
    who = who_asks(request)
    row = get_object_or_404(delegations_given(who), pk=delegation_id)
    actions.end_delegation(by=who, delegation_id=row.pk)
    return done(request, "unions:delegation", "代理已结束。")
