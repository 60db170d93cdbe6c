"""Cases: the staff list, one case with what can be done, writing; and the public case library."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from shuniu.foundation.access import Refused, Who, members_only, public, require, who_asks
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.acts import Act, Acts, Reason
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.network import queries, rules
from shuniu.network.actions import stories as actions
from shuniu.network.forms import StoryForm
from shuniu.network.lists import STORY_SIGNS, Stories
from shuniu.network.models import Story
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation
from shuniu.registry.picking import meant_into
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))
MEMBERS = rules.MEMBERS
_FORM = "registry/form.html"
_PAGE = 20


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def story_list(request: HttpRequest) -> HttpResponseBase:
    """典型案例 that the asker's union reviews."""
    return Stories(request).response("network/stories.html", {})


@members_only(*MEMBERS)
@require_GET
def own_stories(request: HttpRequest) -> HttpResponse:
    """Those that tell of the organisation."""
    rows = queries.stories_visible_to(who_asks(request)).order_by("-id")[:100]
    shown = [{"row": row, "sign": STORY_SIGNS[row.state]} for row in rows]
    return page(request, "network/own_stories.html", {"rows": shown})


def _seen(request: HttpRequest, pk: int) -> tuple[Who, Story]:
    who = who_asks(request)
    return who, get_object_or_404(queries.stories_visible_to(who), pk=pk)


@members_only(*READERS, *MEMBERS)
@require_http_methods(["GET", "POST"])
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: its words, who agreed, and what can be done now."""
    who, row = _seen(request, pk)
    staff = who.organisation_id is None
    acts = Acts(request, _acts(who, row), to=reverse("network:story", args=[pk]))
    if acts.response is not None:
        return acts.response
    publish = rules.may_publish(who, row)
    context = {
        "row": row, "staff": staff, "base": "ui/staff.html" if staff else "ui/org.html", "acts": acts,
        "form": acts.form, "sign": STORY_SIGNS[row.state], "may_write": rules.may_write(who, row),
        "why_not": publish if staff and row.state == Story.State.SUBMITTED else None,
        "timeline": lines(timeline(row)) if staff else [],
    }  # fmt: skip
    return page(request, "network/story.html", context)


def _acts(who: Who, row: Story) -> list[Act]:
    key: dict[str, Any] = {"by": who, "story_id": row.pk}
    member = who.organisation_id is not None
    hand_in = partial(actions.submit, **key, consent=member)
    silent = row.consented_at is None
    consents = (
        rules.may_consent(who, row) if row.state == Story.State.SUBMITTED else rules.may_take_down(who, row)
    )
    found = [
        Act("submit", "同意公开并提交审核" if member else "提交审核", hand_in, "已提交审核。", may=rules.may_write(who, row),
            style="primary", explain="提交即同意工会审核后在公开网站发布。" if member else ""),
        Act("publish", "发布", partial(actions.publish, **key), "已发布到公开网站。", may=rules.may_publish(who, row),
            style="primary"),
        Act("return", "退回修改", partial(actions.send_back, **key), "已退回。", may=rules.may_return(who, row), form=Reason),
        Act("down", "撤下", partial(actions.take_down, **key), "已撤下。", may=rules.may_take_down(who, row), form=Reason,
            style="danger", explain="撤下后公开网站不再显示；需要再发布的，重新起草。"),
    ]  # fmt: skip
    if row.state == Story.State.SUBMITTED and silent:
        agree = partial(actions.consent, **key, agree=True)
        refuse = partial(actions.consent, **key, agree=False)
        found[:0] = [
            Act("agree", "同意公开", agree, "已同意。", may=consents, style="primary"),
            Act("disagree", "不同意", refuse, "已退回起草人。", may=consents, form=Reason),
        ]
    return found


@members_only("clerk", *MEMBERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a case: an organisation about itself, a clerk about an organisation or the union's own work."""
    who = who_asks(request)
    mine = Organisation.objects.select_related("owning_union").filter(pk=who.organisation_id or 0).first()
    honours = queries.honours_to_tell_of(mine.pk) if mine else ()
    form = StoryForm(request.POST or None, own=mine is not None, honours=honours)
    back = reverse("network:own_stories" if mine else "network:stories")
    if request.method == "POST" and form.is_valid():
        found, named = mine, bool(form.cleaned_data.get("code", "").strip())
        if named:
            found = meant_into(form, who, "code", dict(form.cleaned_data))
        if found is not None or not named:
            union = mine.owning_union if mine else union_of(who.union_id or 0)
            try:
                made = actions.write(
                    by=who, union=union, organisation=found, values=_values(form), honour=_honour(form)
                )
            except Refused as refused:
                refused_into(form, refused)
            else:
                return done(
                    request, reverse("network:story", args=[made.pk]), "已保存草稿，提交后由工会审核。"
                )
    return _form_page(request, form, "起草案例", back, "ui/org.html" if mine else "ui/staff.html")


@members_only("clerk", *MEMBERS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other words while it is a draft."""
    who, row = _seen(request, pk)
    require(rules.may_write(who, row))
    honours = queries.honours_to_tell_of(row.organisation_id) if row.organisation_id else ()
    initial = {name: getattr(row, name) for name in actions.FIELDS} | {"honour": str(row.honour_id or "")}
    form = StoryForm(request.POST or None, own=True, honours=honours, initial=initial)
    back = reverse("network:story", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(by=who, story_id=pk, values=_values(form), honour=_honour(form))
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, back, "已保存。")
    return _form_page(
        request, form, "修改案例", back, "ui/org.html" if who.organisation_id else "ui/staff.html"
    )


def _values(form: StoryForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in actions.FIELDS}


def _honour(form: StoryForm) -> Honour | None:
    return Honour.objects.filter(pk=form.cleaned_data.get("honour") or 0).first()


def _form_page(request: HttpRequest, form: StoryForm, title: str, back: str, base: str) -> HttpResponse:
    context = {
        "form": form, "title": title, "submit": "保存草稿", "back": back, "base": base,
        "crumbs": [("典型案例", back), (title, "")],
    }  # fmt: skip
    return page(request, _FORM, context)


@public("典型案例向社会公开")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """典型案例: what is published, by kind and words."""
    text, kind = request.GET.get("q", "")[:60], request.GET.get("kind", "")
    kind = kind if kind in Story.Kind.values else ""
    found = Paginator(queries.public_stories(text, kind), _PAGE).get_page(request.GET.get("page", ""))
    context = {
        "page": found,
        "q": text,
        "kind": kind,
        "kinds": Story.Kind.choices,
        "filtered": bool(text or kind),
    }
    return page(request, "network/library.html", context)


@public("典型案例向社会公开")
@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One published case."""
    row = get_object_or_404(queries.public_stories(), pk=pk)
    paragraphs = [p.strip() for p in row.body.replace("\r", "").split("\n") if p.strip()]
    return page(request, "network/read.html", {"row": row, "paragraphs": paragraphs})
