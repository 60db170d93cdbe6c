"""The roster, the tickets, and the paper sheets."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shuniu.foundation.access import Refused, Who, members_only, require
from shuniu.foundation.papers.rendering import render
from shuniu.foundation.ui.lists.export import XLSX, disposition
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.surveys import actions, papers, rules, sheets
from shuniu.surveys.forms import FileForm, PeopleForm, ReasonForm, SheetForm
from shuniu.surveys.models import Survey
from shuniu.surveys.views.staff import mine


def _file(body: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = disposition(name)
    response["Cache-Control"] = "no-store"
    return response


@members_only(*rules.STAFF)
@require_GET
def roster_template(request: HttpRequest) -> HttpResponse:
    """The empty roster."""
    return _file(sheets.roster_template(), "测评名单模板.xlsx")


@members_only(*rules.STAFF)
@require_GET
def paper_template(request: HttpRequest) -> HttpResponse:
    """The empty list of paper sheets."""
    return _file(sheets.paper_template(), "纸质测评票模板.xlsx")


@members_only(*rules.STAFF)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Typed, imported, taken off before the opening; afterwards who was handed a ticket."""
    who, row = mine(request, pk)
    do = request.POST.get("do", "")
    typed = PeopleForm(request.POST if do == "add" else None)
    file = FileForm(*((request.POST, request.FILES) if do == "import" else ()))
    here = reverse("surveys:roster", args=[pk])
    picked = [int(x) for x in request.POST.getlist("entry") if x.isdecimal() and len(x) < 18]
    acts: dict[str, Callable[[], str]] = {
        "remove": lambda: f"已移出 {actions.remove_people(by=who, survey_id=pk, entry_ids=picked)} 人。",
        "give": lambda: f"已登记发票 {actions.mark_given(by=who, survey_id=pk, entry_ids=picked)} 人。",
        "give_all": lambda: (
            f"已登记发票 {actions.mark_given(by=who, survey_id=pk, entry_ids=_all(row))} 人。"
        ),
    }
    if do in acts:
        return done(request, here, acts[do]())
    said = _entered(who, row, typed, file)
    if said:
        return done(request, here, said)
    rows = Paginator(row.entries.all(), 100).get_page(request.GET.get("page"))
    may_change, may_give = rules.may_change(who, row), rules.may_give(who, row, made=row.tally.tickets)
    given = row.entries.exclude(given_on=None).count()
    context = {
        "row": row, "tally": row.tally, "typed": typed, "file": file, "page_obj": rows, "given": given,
        "may_change": may_change, "picks": bool(may_change) or (bool(may_give) and given < row.tally.roster),
    }  # fmt: skip
    return page(request, "surveys/roster.html", context)


def _all(row: Survey) -> list[int]:
    return list(row.entries.values_list("pk", flat=True))


def _entered(who: Who, row: Survey, typed: PeopleForm, file: FileForm) -> str:
    """What was typed or imported goes onto the roster; "" when it was refused."""
    form = typed if typed.is_bound else file
    if not form.is_bound or not form.is_valid():
        return ""
    try:
        if typed.is_bound:
            found, source = typed.cleaned_data["people"], "录入"
        else:
            found, source = sheets.read_roster(file.cleaned_data["file"]), "导入"
        n = actions.add_people(by=who, survey_id=row.pk, people=found, source=source)
    except Refused as refused:
        refused_into(form, refused)
        return ""
    return f"已{source} {n} 人。"


@members_only(*rules.STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def tickets(request: HttpRequest, pk: int) -> HttpResponse:
    """制票: the file with the codes, once. They are kept nowhere and cannot be had again."""
    who, row = mine(request, pk)
    form = ReasonForm(request.POST or None)
    tally = row.tally
    unused = tally.tickets - tally.voided - tally.used
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("as") != "links":
                require(rules.fit_for_paper(unused if tally.tickets else tally.roster))
            codes = actions.issue_tickets(by=who, survey_id=pk, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(form, refused, "reason" if tally.tickets else None)
        else:
            if request.POST.get("as") == "links":
                return _file(sheets.links(row.title, codes, settings.PUBLIC_URL), f"{row.title}链接清单.xlsx")
            made = render(papers.SLIPS, papers.slips(row, codes, settings.PUBLIC_URL))
            return _file(made, f"{row.title}测评票.pdf", "application/pdf")
    context = {
        "row": row, "form": form, "tally": tally, "unused": unused, "n": unused if tally.tickets else tally.roster,
        "verdict": rules.may_issue(who, row, made=tally.tickets, unused=unused, reason="有"),
        "batches": row.batches.select_related("by"),
    }  # fmt: skip
    return page(request, "surveys/tickets.html", context)


@members_only(*rules.STAFF)
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Paper sheets, keyed in one by one or imported by the same columns."""
    who, row = mine(request, pk)
    do = request.POST.get("do", "")
    form = SheetForm(row, request.POST if do == "key" else None)
    file = FileForm(*((request.POST, request.FILES) if do == "import" else ()))
    here = reverse("surveys:paper", args=[pk])
    bound = form if form.is_bound else file
    if bound.is_bound and bound.is_valid():
        try:
            if form.is_bound:
                data = form.cleaned_data
                given = [actions.Sheet(data["code"], data["level"], tuple(data["reasons"]), data["comment"])]
            else:
                given = [actions.Sheet(*each) for each in sheets.read_paper(file.cleaned_data["file"])]
            n = actions.key_sheets(by=who, survey_id=pk, sheets=given, imported=file.is_bound)
        except Refused as refused:
            refused_into(bound, refused)
        else:
            return done(request, here, f"已录入 {n} 份，标明为纸质。")
    context = {"row": row, "form": form, "file": file, "tally": row.tally, "verdict": rules.may_key(who, row)}
    return page(request, "surveys/paper.html", context)
