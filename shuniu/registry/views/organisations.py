"""Pages of unions about organisations: list, record, entering, status, duplicates."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Refused, members_only, require, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.queries import attachments_of
from shuniu.foundation.ui import slots, versions
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry import actions, rules
from shuniu.registry.forms import organisations as forms
from shuniu.registry.lists import PHONES_CLEAR_FOR, Organisations
from shuniu.registry.models import Organisation, Status
from shuniu.registry.queries import (
    adverse_of,
    findings_visible_to,
    members_of,
    organisations_visible_to,
    screening_of,
    snapshot,
)
from shuniu.registry.views.shared import ORG, READERS, crumbs, groups, seen, sent, shared_source, timeline_of
from shuniu.unions.queries import union_of

_FORM = "registry/form.html"


@members_only(*READERS)
@require_GET
def listing(request: HttpRequest) -> HttpResponseBase:
    """社会组织库."""
    return Organisations(request).response("registry/organisations.html")


@members_only(*READERS)
@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: facts by group, each with source and date, people, files, 时间线, other slices' panels."""
    who, row = seen(request, pk)
    now, manage = snapshot(row, clock.today()), rules.may_manage(who, row)
    source = shared_source(now.profile.values())
    profile = [(said, "" if said.told == source else said.told) for said in now.profile.values()]
    return page(
        request, "registry/organisation.html",
        {
            "organisation": row, "profile": profile, "source": source,
            "groups": groups(who, now),
            "members": members_of(who, row), "entries": timeline_of(row), "panels": slots.panels_for(who, row),
            "may_manage": manage.allowed, "why_not": manage if who.role == "clerk" else None,
            "former_names": row.former_names.select_related("evidence"),
            "former_codes": row.former_codes.select_related("evidence"),
            "files": _files(row) if rules.may_read_files(who, row) else [],
            "may_read_files": bool(rules.may_read_files(who, row)),
            "adverse": adverse_of(now), "screening": screening_of(row),
            "findings": findings_visible_to(who).filter(organisation=row)[:10],
            "today": clock.today(), "sees_phones": who.role in PHONES_CLEAR_FOR,
        },
    )  # fmt: skip


def _files(row: Organisation) -> list[dict[str, Any]]:
    """The papers of the organisation as the component takes them."""
    return [
        {"name": a.name, "size": a.blob.size, "url": reverse("registry:file", args=[row.pk, a.pk])}
        for a in attachments_of(row)
    ]


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    who = who_asks(request)
    form = forms.RegisterForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.register_organisation(
                by=who, union=union_of(who.union_id or 0), code=data["code"], name=data["name"], values=form.values,
                basis=data["basis"], evidence=data["evidence"],
            )  # fmt: skip
        except Refused as refused:
            refused_into(form, refused, "code")
        else:
            return done(request, reverse("registry:organisation", args=[row.pk]), f"“{row.name}”已登记入库。")
    trail = [("社会组织", reverse("registry:organisations")), ("登记社会组织", "")]
    return page(
        request, _FORM, {"form": form, "title": "登记社会组织", "submit": "登记入库", "crumbs": trail}
    )


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def candidate(request: HttpRequest) -> HttpResponse:
    """Keep a group that is not registered yet."""
    who = who_asks(request)
    form = forms.CandidateForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = actions.register_candidate(
            by=who,
            union=union_of(who.union_id or 0),
            name=data["name"],
            values=form.values,
            basis=data["basis"],
        )
        return done(
            request, reverse("registry:organisation", args=[row.pk]), f"“{row.name}”已入库，为未登记组织。"
        )
    trail = [("社会组织", reverse("registry:organisations")), ("添加未登记组织", "")]
    return page(request, _FORM, {"form": form, "title": "添加未登记组织", "submit": "入库", "crumbs": trail})


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the status of registration."""
    who, row = seen(request, pk)
    require(rules.may_manage(who, row))
    form = forms.StatusForm(*sent(request), initial={"status": row.status})
    now = {"status": row.status}
    version = versions.reading(request, now)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_status(
                by=who, organisation=row, status=Status(data["status"]), since=data["since"],
                basis=data["basis"], evidence=data["evidence"], seen=request.POST.get("seen"),
            )  # fmt: skip
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                row.refresh_from_db(fields=["status"])
                now = {"status": row.status}
                both = versions.clash(form, version["seen"], now)
                form = forms.StatusForm(both.data, request.FILES, initial=now)
                version = versions.conflict(request, both, now, refused)
            else:
                refused_into(form, refused)
        else:
            return _back(request, row, "登记状态已变更。")
    return _form(request, row, form, "变更登记状态", "保存", version)


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """A candidate has been registered."""
    who, row = seen(request, pk)
    require(rules.may_manage(who, row))
    form = forms.CodeForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_code(by=who, organisation=row, **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused, "code")
        else:
            return _back(request, row, "已完成登记，原有记录全部保留。")
    return _form(request, row, form, "登记为正式组织", "保存")


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """This record is merged into another of the same organisation."""
    who, row = seen(request, pk)
    require(rules.may_manage(who, row))
    form = forms.MergeForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        keep = organisations_visible_to(who).filter(code=form.cleaned_data["keep"]).first()
        if keep is None:
            form.add_error("keep", "您的社会组织库里没有这个代码。请核对，或先登记该组织。")
        else:
            try:
                kept = actions.merge_duplicates(
                    by=who, keep=keep, duplicate=row, reason=form.cleaned_data["reason"]
                )
            except Refused as refused:
                refused_into(form, refused, "keep")
            else:
                return _back(request, kept, f"“{row.name}”已并入“{kept.name}”。")
    return _form(request, row, form, "并入另一条记录", "合并")


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def pinyin(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right how the name is read."""
    who, row = seen(request, pk)
    require(rules.may_manage(who, row))
    now = {"pinyin": row.pinyin}
    form = forms.PinyinForm(*sent(request), initial=now)
    version = versions.reading(request, now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_pinyin(by=who, organisation=row, seen=request.POST.get("seen"), **form.cleaned_data)
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                row.refresh_from_db(fields=["pinyin"])
                now = {"pinyin": row.pinyin}
                both = versions.clash(form, version["seen"], now)
                form = forms.PinyinForm(both.data)
                version = versions.conflict(request, both, now, refused)
            else:
                refused_into(form, refused)
        else:
            return _back(request, row, "拼音已更正。")
    return _form(request, row, form, "更正拼音", "保存", version)


@members_only(*rules.FILE_READERS, *ORG)
@require_GET
def file(request: HttpRequest, pk: int, file: str) -> HttpResponseBase:
    """A file of the organisation: evidence of a fact, or of its 材料库."""
    who, row = seen(request, pk)
    require(rules.may_read_files(who, row))
    found = get_object_or_404(
        Attachment.objects.select_related("blob"), pk=file, owner=f"registry.organisation:{row.pk}"
    )
    return serving.response(found, inline="download" not in request.GET)


def _back(request: HttpRequest, row: Organisation, text: str) -> HttpResponse:
    return done(request, reverse("registry:organisation", args=[row.pk]), text)


def _form(
    request: HttpRequest, row: Organisation, form: forms.Spoken, title: str, submit: str,
    version: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    who = who_asks(request)
    context = (version or {}) | {
        "form": form,
        "title": title,
        "submit": submit,
        "crumbs": crumbs(who, row, title),
        "lead": row.name,
    }
    return page(request, _FORM, context, status=409 if "both" in context else None)
