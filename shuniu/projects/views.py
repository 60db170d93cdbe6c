"""Projects: the list, one project with honours and money, registering and changing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.calls.queries.apply import progress
from shuniu.calls.queries.nominate import calls_nominating, nominations_of
from shuniu.foundation.access import ORGANISATION_ROLES, Refused, Who, members_only, require, who_asks
from shuniu.foundation.calendar.arrival import arrived_at
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui import versions
from shuniu.foundation.ui.acts import Act, Acts
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.funds.queries import standings, subsidies_of_subject
from shuniu.projects import actions, queries, rules
from shuniu.projects.forms import NominateForm, ProjectForm, ResultForm
from shuniu.projects.lists import SIGNS, Projects
from shuniu.projects.models import Project
from shuniu.recognition.actions import honours
from shuniu.recognition.queries import honours_of_subject
from shuniu.registry.picking import meant_into
from shuniu.surveys.queries import surveys_visible_to, told_of
from shuniu.unions.queries import union_of

READERS = tuple(sorted(queries.READERS))
MEMBERS = tuple(ORGANISATION_ROLES)
_FORM = "registry/form.html"


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def project_list(request: HttpRequest) -> HttpResponseBase:
    """项目 of the asker's union and of those below it."""
    return Projects(request).response("projects/list.html", {})


def _seen(request: HttpRequest, pk: int) -> tuple[Who, Project]:
    who = who_asks(request)
    return who, get_object_or_404(queries.projects_visible_to(who), pk=pk)


@members_only(*READERS, *MEMBERS)
@require_http_methods(["GET", "POST"])
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: facts, frozen sheets, honours, subsidies; recording a result from above."""
    who, row = _seen(request, pk)
    may = rules.may_keep(who, row.union_id, row.union.name)
    staff = who.organisation_id is None

    def record(**data: Any) -> None:
        proof, key = data.pop("proof"), data.pop("document_key")
        award = honours.Award(leader=row.leader, **data)
        actions.record_result(by=who, project_id=pk, award=award, proof=proof, document_key=key)

    freeze = partial(actions.freeze, by=who, project_id=pk, purpose="存档")
    acts = Acts(
        request,
        [
            Act("result", "登记上级评定的荣誉", record, "已登记，等待另一位确认。",
                may=rules.may_record_result(who, row), form=ResultForm),
            Act("freeze", "固定事实清单", freeze, "已固定，内容没有变化时仍是原来的一份。", may=may,
                explain="把现在的登记内容连同校验值存为一份，以后更改不影响它。"),
        ],
        to=reverse("projects:project", args=[pk]),
    )  # fmt: skip
    if acts.response is not None:
        return acts.response
    subsidies = subsidies_of_subject(row.key)
    found = standings(subsidies)
    all_honours = honours_of_subject(row.key)
    context = {
        "nominations": [{"row": a, "said": progress(a)} for a in nominations_of(who, row.key)],
        "nominating": may and bool(calls_nominating(row.union_id)),
        "row": row, "staff": staff, "base": "ui/staff.html" if staff else "ui/org.html", "acts": acts,
        "form": acts.form, "may": may, "sign": SIGNS[row.state], "sheets": row.sheets.select_related("frozen_by"),
        "panel": {"rows": all_honours if staff else all_honours.filter(state__in=("in_force", "revoked"))},
        "subsidies": [{"row": s, "standing": found[s.pk]} for s in subsidies],
        "surveys": told_of(surveys_visible_to(who).filter(subject_key=row.key)),
        "timeline": lines(timeline(row)) if staff else [],
    }  # fmt: skip
    return page(request, "projects/project.html", context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a project."""
    who = who_asks(request)
    assert who.union_id is not None  # the door has seen to it
    posted = request.method == "POST"
    form = ProjectForm(request.POST if posted else None, initial={"code": request.GET.get("code", "")[:18]})
    if posted and form.is_valid():
        values = dict(form.cleaned_data)
        found = meant_into(form, who, "code", values)
        if found is not None:
            try:
                made = actions.register(
                    by=who, union=union_of(who.union_id), organisation=found, values=values
                )
            except Refused as refused:
                refused_into(form, refused)
            else:
                return done(request, reverse("projects:project", args=[made.pk]), "项目已登记。")
    context = {
        "form": form, "title": "登记项目", "submit": "登记", "back": reverse("projects:projects"),
        "crumbs": [("项目", reverse("projects:projects")), ("登记", "")],
    }  # fmt: skip
    return page(request, _FORM, context)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Other values; of two who save at once the second sees both versions."""
    who, row = _seen(request, pk)
    require(rules.may_keep(who, row.union_id, row.union.name))
    said = actions.said_of(row)
    initial = said | {"amount_fen": f"{row.amount_fen / 100:.2f}" if row.amount_fen is not None else ""}
    posted = request.method == "POST"
    form = ProjectForm(request.POST if posted else None, initial=initial, changing=True)
    version = versions.reading(request, said)
    address = reverse("projects:project", args=[pk])
    if posted and form.is_valid():
        try:
            actions.change(by=who, project_id=pk, values=form.cleaned_data, seen=request.POST.get("seen"))
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                both = versions.clash(form, version["seen"], initial)
                form = ProjectForm(both.data, initial=initial, changing=True)
                version = versions.conflict(request, both, said, refused)
            else:
                refused_into(form, refused)
        else:
            return done(request, address, "已更改。")
    context = version | {
        "form": form, "title": "更改项目", "submit": "保存", "back": address, "lead": row.organisation.name,
        "crumbs": [("项目", reverse("projects:projects")), (row.name, address), ("更改", "")],
    }  # fmt: skip
    return page(request, _FORM, context, status=409 if "both" in context else None)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """推荐参评: choose category and directions of a call that is open for recommendations, and say why."""
    who, row = _seen(request, pk)
    require(rules.may_keep(who, row.union_id, row.union.name))
    calls = calls_nominating(row.union_id)
    form = NominateForm(calls, request.POST or None)
    if request.method == "POST" and form.is_valid():
        category = form.categories[form.cleaned_data["category"]]
        try:
            made = actions.nominate(
                by=who, project_id=pk, call_id=category.call_id, category_id=category.pk,
                directions=form.cleaned_data["keys"], reason=form.cleaned_data["reason"],
                arrived_at=arrived_at(request),
            )  # fmt: skip
        except Refused as refused:
            refused_into(form, refused)
        else:
            said = "已推荐。承接单位已收到通知，填报材料后由本会审核、推荐。"
            return done(request, reverse("calls:recommend", args=[made.call_id]), said)
    address = reverse("projects:project", args=[pk])
    context = {
        "row": row,
        "calls": calls,
        "form": form,
        "back": address,
        "verdict": rules.may_nominate(who, row),
    }
    return page(request, "projects/nominate.html", context)
