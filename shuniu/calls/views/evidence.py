"""Files under the rows of the score sheet: upload beside the points, take an earlier one, remove, read."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu import policy
from shuniu.calls import drafts, evidence
from shuniu.calls.actions import apply
from shuniu.calls.actions import evidence as actions
from shuniu.calls.forms import apply as forms
from shuniu.calls.forms.evidence import SaidForm
from shuniu.calls.models import Application
from shuniu.calls.queries import reading
from shuniu.calls.self_assessment import SECTION
from shuniu.calls.views.apply import MEMBERS, mine, section_page
from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.files.queries import reusable_for
from shuniu.foundation.ui.respond import chosen, done, page, refused_into
from shuniu.library.queries import policy_of


def _item(application: Application, row: str) -> tuple[policy.Document, policy.Item]:
    """The row of the sheet; 404 where the document has none of that name."""
    law = policy_of(application.call.document)
    sheet = evidence.sheet_of(law)
    item = next((i for i in sheet.items if i.key == row), None) if sheet else None
    if item is None:
        raise Http404
    return law, item


@members_only(*MEMBERS)
@require_POST
def upload(request: HttpRequest, pk: int, row: str) -> HttpResponse:
    """One or more files for a row. What was typed on the page is kept with them."""
    who, application = mine(request, pk)
    law, item = _item(application, row)
    form = forms.section_form(application, SECTION, [], request.POST)
    sent = [f for f in request.FILES.getlist(f"file_{row}") if isinstance(f, UploadedFile)]
    said = SaidForm(evidence.fields_of(law, item), request.POST, prefix=row)
    problems: list[str] = [] if sent else ["请先选择文件，再点“上传”。"]
    problems += [str(each) for errors in said.errors.values() for each in errors]
    try:
        values, wrong = forms.plain_where_whole(
            form, request.POST, [n for n in form.fields if n in request.POST]
        )
        apply.save_section(
            by=who, application_id=pk, section=SECTION, values=values, wrong=wrong,
            page=drafts.Page.of(request.POST),
        )  # fmt: skip
    except Refused as refused:
        problems.append(refused.verdict.said)
    for one in sent if not problems else []:
        try:
            actions.upload(by=who, application_id=pk, row=row, said=said.plain(), upload=one)
        except Refused as refused:
            problems.append(f"{one.name}：{refused.verdict.said}")
    if not problems:
        return done(request, f"/apply/{pk}/{SECTION}/#row-{row}", f"已上传 {len(sent)} 个文件。")
    application = mine(request, pk)[1]
    typed = forms.section_form(application, SECTION, [], None)
    told: dict[str, Any] = {"problems": problems, "at": item, "refused_rows": {row: said}}
    return section_page(request, who, application, SECTION, typed, status=422, **told)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def earlier(request: HttpRequest, pk: int, row: str) -> HttpResponse:
    """从以往材料中选择, for one row."""
    who, application = mine(request, pk)
    law, item = _item(application, row)
    known = reusable_for(who)
    said = SaidForm(evidence.fields_of(law, item), request.POST or None, prefix=row)
    if request.method == "POST" and said.is_valid():
        reused = chosen(known, request.POST.get("attachment", ""))
        try:
            actions.reuse(by=who, application_id=pk, row=row, said=said.plain(), earlier=reused)
        except Refused as refused:
            refused_into(said, refused)
        else:
            return done(request, f"/apply/{pk}/{SECTION}/#row-{row}", f"已选用“{reused.name}”。")
    context = {"application": application, "item": item, "form": said, "files": list(known[:100])}
    return page(request, "calls/apply/earlier.html", context)


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Take a file off its row; it can be put back until submission."""
    who, application = mine(request, pk)
    row = get_object_or_404(application.evidence.select_related("attachment"), pk=evidence)
    if request.method == "GET":
        return page(request, "calls/apply/evidence_remove.html", {"application": application, "row": row})
    actions.remove(by=who, application_id=pk, evidence_id=row.pk)
    return done(
        request,
        f"/apply/{pk}/{SECTION}/#row-{row.row}",
        f"已删除“{row.attachment.name}”，在页面底部可以恢复。",
    )


@members_only(*MEMBERS)
@require_POST
def restore(request: HttpRequest, pk: int, evidence: int) -> HttpResponse:
    """Undo a removal."""
    who, application = mine(request, pk)
    row = get_object_or_404(application.evidence, pk=evidence)
    actions.restore(by=who, application_id=pk, evidence_id=row.pk)
    return done(request, f"/apply/{pk}/{SECTION}/#row-{row.row}", f"已恢复“{row.attachment.name}”。")


@members_only()
@require_GET
def serve(request: HttpRequest, evidence: int) -> HttpResponseBase:
    """The bytes, to whoever may read this application now; `?save` keeps the browser from showing it."""
    row = reading.evidence_for(who_asks(request), evidence)
    if row is None:
        raise Http404
    return serving.response(row.attachment, inline="save" not in request.GET)
