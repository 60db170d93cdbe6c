"""Adding, verifying, correcting facts: for clerks of the union and for the organisation's own people."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Refused, Who, members_only, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui import versions
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.registry import actions, rules
from shuniu.registry.forms import organisations as forms
from shuniu.registry.models import FACTS, FactRow, Organisation
from shuniu.registry.queries import history, snapshot
from shuniu.registry.views.shared import ORG, READERS, base_of, crumbs, home_of, seen, sent, shown

_FORM = "registry/form.html"


def _label(kind: str) -> str:
    if kind not in FACTS:
        raise Http404
    return str(FACTS[kind]._meta.verbose_name)


def _row(who: Who, organisation: Organisation, kind: str, pk: int) -> tuple[FactRow, list[FactRow]]:
    """The row and every row of its kind; 404 for another organisation's."""
    _label(kind)
    rows = history(who, organisation, kind)
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise Http404
    return found, rows


@members_only("clerk", *ORG)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Master and profile fields: a clerk all of them, an organisation its own."""
    who, organisation = seen(request, pk)
    require(rules.may_state(who, organisation))
    now = snapshot(organisation, clock.today())
    clerk = who.organisation_id is None
    initial = {name: said.value for name, said in now.profile.items()}
    form = forms.ProfileForm(*sent(request), official=clerk, initial=initial)
    said = {name: now.value(name) for name in form.names}
    version = versions.reading(request, said)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.state_profile(
                by=who, organisation=organisation, values=form.values, as_of=data.get("as_of"),
                basis=data.get("basis", ""), evidence=data.get("evidence"), seen=request.POST.get("seen"),
            )  # fmt: skip
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                both = versions.clash(form, version["seen"], said)
                form = forms.ProfileForm(both.data, request.FILES, official=clerk, initial=initial)
                version = versions.conflict(request, both, said, refused)
            else:
                refused_into(form, refused)
        else:
            return done(request, home_of(who, organisation), "基本信息已更新。")
    return _form(request, who, organisation, form, "更新基本信息", "保存", version)


@members_only("clerk", *ORG)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a fact of a kind."""
    who, organisation = seen(request, pk)
    require(rules.may_state(who, organisation))
    label = _label(kind)
    form = forms.FactForm(*sent(request), kind=kind, clerk=who.organisation_id is None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_fact(
                by=who, organisation=organisation, kind=kind, values=form.values, as_of=data.get("as_of"),
                basis=data["basis"], evidence=data["evidence"],
            )  # fmt: skip
        except Refused as refused:
            refused_into(form, refused, "basis" if refused.verdict.code == "registry.basis" else None)
        except ValidationError as problem:
            form.take(problem)
        else:
            return done(request, home_of(who, organisation), f"{label}已登记。")
    return _form(request, who, organisation, form, f"添加{label}", "保存")


@members_only(*READERS, *ORG)
@require_GET
def fact(request: HttpRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """One fact with what it rests on, and the rows that it took the place of."""
    who, organisation = seen(request, pk)
    found, rows = _row(who, organisation, kind, row)
    chain = _chain(found, rows)
    current = chain[0].pk == found.pk and not found.retracted
    correct = rules.may_correct_fact(who, found) if current else None
    return page(
        request, "registry/fact.html",
        {
            "base": base_of(who), "organisation": organisation, "row": found, "lines": shown(found),
            "label": _label(kind), "crumbs": crumbs(who, organisation, _label(kind)), "current": current,
            "chain": [(each, shown(each), each.pk == found.pk) for each in chain],
            "may_verify": current and not found.is_verified and bool(rules.may_manage(who, organisation)),
            "may_read_files": bool(rules.may_read_files(who, organisation)), "may_correct": bool(correct),
            "why_not": correct,
        },
    )  # fmt: skip


def _chain(found: FactRow, rows: list[FactRow]) -> list[FactRow]:
    """The row's line of corrections, newest first."""
    newer = {row.supersedes_id: row for row in rows if row.supersedes_id}
    by_pk = {row.pk: row for row in rows}
    head = found
    while head.pk in newer:
        head = newer[head.pk]
    chain = [head]
    while chain[-1].supersedes_id in by_pk:
        chain.append(by_pk[chain[-1].supersedes_id])
    return chain


@members_only("clerk")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """A clerk has checked the fact."""
    who, organisation = seen(request, pk)
    found, _ = _row(who, organisation, kind, row)
    require(rules.may_manage(who, organisation))
    form = forms.VerifyForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.verify_fact(by=who, row=found, **form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, _url(organisation, new), "已核验。")
    return _form(request, who, organisation, form, f"核验{_label(kind)}：{found}", "确认核验")


@members_only("clerk", *ORG)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """Other values in place of wrong ones."""
    who, organisation = seen(request, pk)
    found, _ = _row(who, organisation, kind, row)
    require(rules.may_correct_fact(who, found))
    form = forms.FactForm(*sent(request), kind=kind, clerk=who.organisation_id is None, row=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            new = actions.correct_fact(
                by=who, row=found, values=form.values, reason=data["reason"], basis=data["basis"],
                evidence=data["evidence"],
            )  # fmt: skip
        except Refused as refused:
            if refused.verdict.code == "registry.superseded":
                return _superseded(request, who, organisation, found, form, refused)
            refused_into(form, refused)
        except ValidationError as problem:
            form.take(problem)
        else:
            return done(request, _url(organisation, new), "已更正，原记录保留在历史中。")
    return _form(request, who, organisation, form, f"更正{_label(kind)}", "保存更正")


def _superseded(
    request: HttpRequest,
    who: Who,
    organisation: Organisation,
    old: FactRow,
    form: forms.FactForm,
    refused: Refused,
) -> HttpResponse:
    """U20: somebody corrected the same fact first. Both versions; the form now corrects the newest row."""
    newest = _chain(old, history(who, organisation, old.kind))[0]
    theirs = forms.FactForm(kind=old.kind, clerk=who.organisation_id is None, row=newest)
    before = forms.FactForm(kind=old.kind, clerk=who.organisation_id is None, row=old)
    names = [n for n in theirs.fields if n in newest.shown]
    both = versions.clash(
        form, versions.seal({n: before[n].value() for n in names}), {n: theirs[n].value() for n in names}
    )
    again = forms.FactForm(
        both.data, request.FILES, kind=old.kind, clerk=who.organisation_id is None, row=newest
    )
    address = reverse("registry:correct_fact", args=[organisation.pk, old.kind, newest.pk])
    version = versions.conflict(request, both, {}, refused) | {
        "fresh_url": address,
        "action": address,
        "seen": "",
    }
    return _form(request, who, organisation, again, f"更正{_label(old.kind)}", "保存更正", version)


@members_only("clerk", *ORG)
@require_http_methods(["GET", "POST"])
def retract(request: HttpRequest, pk: int, kind: str, row: int) -> HttpResponse:
    """A fact that should not stand there is withdrawn."""
    who, organisation = seen(request, pk)
    found, _ = _row(who, organisation, kind, row)
    require(rules.may_correct_fact(who, found))
    form = forms.ReasonForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.retract_fact(by=who, row=found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, home_of(who, organisation), "已撤回，原记录保留在历史中。")
    return _form(request, who, organisation, form, f"撤回{_label(kind)}：{found}", "确认撤回")


def _url(organisation: Organisation, row: FactRow) -> str:
    return reverse("registry:fact", args=[organisation.pk, row.kind, row.pk])


def _form(
    request: HttpRequest, who: Who, organisation: Organisation, form: forms.Spoken, title: str, submit: str,
    version: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    context = (version or {}) | {
        "base": base_of(who), "form": form, "title": title, "submit": submit, "lead": organisation.name,
        "crumbs": crumbs(who, organisation, title), "back": home_of(who, organisation),
    }  # fmt: skip
    return page(request, _FORM, context, status=409 if "both" in context else None)
