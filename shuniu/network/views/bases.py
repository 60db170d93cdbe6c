"""Bases: the register, one base with its reviews, applying, and what everybody sees."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from shuniu.foundation.access import Refused, Who, members_only, public, who_asks
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.acts import Act, Acts
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.network import queries, rules
from shuniu.network.actions import bases as actions
from shuniu.network.forms import AnswerForm, BaseForm, review_form
from shuniu.network.lists import BASE_SIGNS, Bases
from shuniu.network.models import Base
from shuniu.registry.models import Organisation
from shuniu.registry.picking import meant_into
from shuniu.unions.models import Union
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))
MEMBERS = rules.MEMBERS
_FORM = "registry/form.html"


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def base_list(request: HttpRequest) -> HttpResponseBase:
    """示范基地 of the asker's union and of those below it."""
    return Bases(request).response("network/bases.html", {})


@members_only(*MEMBERS)
@require_GET
def own_bases(request: HttpRequest) -> HttpResponse:
    """The organisation's own."""
    rows = queries.bases_visible_to(who_asks(request)).order_by("-id")[:100]
    shown = [{"row": row, "sign": BASE_SIGNS[row.state]} for row in rows]
    return page(request, "network/own_bases.html", {"rows": shown})


@members_only(*READERS, *MEMBERS)
@require_http_methods(["GET", "POST"])
def base(request: HttpRequest, pk: int) -> HttpResponse:
    """One base: what was applied for, every review, and what can be done now."""
    who = who_asks(request)
    row = get_object_or_404(queries.bases_visible_to(who), pk=pk)
    staff = who.organisation_id is None
    step = queries.open_step(row)
    acts = Acts(request, _acts(who, row), to=reverse("network:base", args=[pk]))
    if acts.response is not None:
        return acts.response
    context = {
        "row": row, "staff": staff, "base": "ui/staff.html" if staff else "ui/org.html", "acts": acts,
        "form": acts.form, "sign": BASE_SIGNS[row.state], "step": step if staff else None,
        "steps": row.steps.filter(approved=True).select_related("proposed_by", "decided_by"),
        "returned": row.steps.filter(approved=False).order_by("-id").first() if staff else None,
        "timeline": lines(timeline(row)) if staff else [],
    }  # fmt: skip
    return page(request, "network/base.html", context)


def _acts(who: Who, row: Base) -> list[Act]:
    step = queries.open_step(row)
    review = rules.may_review(who, row)
    found = [
        Act("review", "评审" if row.state == Base.State.APPLIED else "复核", partial(actions.review, by=who, base_id=row.pk),
            "已提出意见，等待复核人或领导审签。", may=review, form=review_form(rules.kinds_for(row)), style="primary")
    ]  # fmt: skip
    if step is not None:
        step.base = row
        may = rules.may_decide(who, step)
        agree = partial(actions.decide, by=who, step_id=step.pk, approve=True)
        refuse = partial(actions.decide, by=who, step_id=step.pk, approve=False)
        found += [
            Act(
                "agree",
                f"同意{step.get_kind_display()}",
                agree,
                "已审签，立即生效。",
                may=may,
                style="primary",
            ),
            Act("refuse", "不同意", refuse, "已退回，由经办人重新评审。", may=may, form=AnswerForm),
        ]
    return found


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A clerk applies for an organisation, or for a place of the union's own."""
    who = who_asks(request)
    assert who.union_id is not None  # the door has seen to it
    union = union_of(who.union_id)
    form = BaseForm(request.POST or None, initial={"code": request.GET.get("code", "")[:18]})
    if request.method == "POST" and form.is_valid():
        named = bool(form.cleaned_data["code"].strip())
        found = meant_into(form, who, "code", dict(form.cleaned_data)) if named else None
        if (found is not None or not named) and (answer := _applied(request, who, union, found, form)):
            return answer
    return _apply_page(request, form, reverse("network:bases"), "ui/staff.html")


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def apply_own(request: HttpRequest) -> HttpResponse:
    """An organisation applies for its own place, at the union that keeps it."""
    who = who_asks(request)
    mine = get_object_or_404(Organisation.objects.select_related("owning_union"), pk=who.organisation_id)
    known = {"contact": mine.contact_name, "phone": mine.contact_phone}
    form = BaseForm(request.POST or None, own=True, initial=known)
    if request.method == "POST" and form.is_valid() and (
        answer := _applied(request, who, mine.owning_union, mine, form)
    ):  # fmt: skip
        return answer
    return _apply_page(request, form, reverse("network:own_bases"), "ui/org.html")


def _applied(
    request: HttpRequest, who: Who, union: Union, organisation: Organisation | None, form: BaseForm
) -> HttpResponse | None:
    values = {name: form.cleaned_data[name] for name in actions.FIELDS}
    try:
        made = actions.apply_for(by=who, union=union, organisation=organisation, values=values)
    except Refused as refused:
        refused_into(form, refused)
        return None
    return done(request, reverse("network:base", args=[made.pk]), "已申请，由经办人评审。")


def _apply_page(request: HttpRequest, form: BaseForm, back: str, base: str) -> HttpResponse:
    context = {
        "form": form, "title": "申请示范基地（点）", "submit": "申请", "back": back, "base": base,
        "crumbs": [("示范基地", back), ("申请", "")],
        "lead": "申请后由工会经办人评审，另一人审签后命名并发给牌匾编号；到期复核。",
    }  # fmt: skip
    return page(request, _FORM, context)


@public("在册的示范基地向社会公开")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """示范基地名录: what is in force today."""
    return page(request, "network/register.html", {"rows": queries.bases_in_force()[:500]})
