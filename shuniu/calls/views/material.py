"""Files of an application: upload, reuse, delete with undo, and serving to whoever may see it."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.calls.actions import material as actions
from shuniu.calls.models import Stage
from shuniu.calls.queries import applicant, correction, reading
from shuniu.calls.queries import apply as queries
from shuniu.calls.rules import apply as rules
from shuniu.calls.views.apply import MEMBERS, mine
from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.files import serving
from shuniu.foundation.files.queries import reusable_for
from shuniu.foundation.ui.respond import chosen, done, page


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """Every material with its files; several files at once, each with its own sentence when it fails."""
    who, application = mine(request, pk)
    problems: list[dict[str, str]] = []
    if request.method == "POST":
        item = chosen(application.call.materials.all(), request.POST.get("item", ""))
        uploads = [f for f in request.FILES.getlist("file") if isinstance(f, UploadedFile)]
        if not uploads:
            problems.append({"item": str(item.pk), "name": "", "reason": "请先选择文件，再点“上传”。"})
        for one in uploads:
            try:
                actions.upload(by=who, application_id=application.pk, item_id=item.pk, upload=one)
            except Refused as refused:
                reason = refused.verdict.said
                problems.append({"item": str(item.pk), "name": one.name or "", "reason": reason})
        if not problems:
            return done(request, f"/apply/{pk}/materials/#m{item.pk}", f"已上传 {len(uploads)} 个文件。")
    correcting, asked = application.stage == Stage.CORRECTING, actions.asked_materials(application)
    verdict = rules.may_edit(who, application, "" if correcting else "materials")
    rows, said = applicant.material_rows(application), correction.reasons(application)
    context = {
        "application": application,
        "rows": [
            row
            | {
                "open": bool(verdict) and (not correcting or row["item"].key in asked),
                "asked": said.get(f"material:{row['item'].key}", ""),
            }
            for row in rows
        ],
        "problems": problems,
        "reusable": list(reusable_for(who)[:50]),
        "removed": actions.removed_files(application),
        "verdict": verdict,
        "whole": application.stage == Stage.DRAFT and not queries.left_of(application),
    }
    return page(request, "calls/apply/materials.html", context, status=422 if problems else None)


@members_only(*MEMBERS)
@require_POST
def upload(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """One file sent by the upload script as soon as it is chosen: JSON, {"error"} with the file's sentence."""
    who, application = mine(request, pk)
    row = get_object_or_404(application.call.materials, pk=item)
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return JsonResponse({"error": "没有收到文件，请重新选择。"}, status=422)
    try:
        made = actions.upload(by=who, application_id=application.pk, item_id=row.pk, upload=sent)
    except Refused as refused:
        return JsonResponse({"error": refused.verdict.said}, status=422)
    return JsonResponse(
        {
            "name": made.attachment.name,
            "size": made.attachment.blob.size,
            "url": f"/calls/materials/{made.pk}/",
            "delete_url": f"/apply/{pk}/materials/{made.pk}/remove/",
        }
    )


@members_only(*MEMBERS)
@require_POST
def reuse(request: HttpRequest, pk: int) -> HttpResponse:
    """从以往材料中选择."""
    who, application = mine(request, pk)
    item = chosen(application.call.materials.all(), request.POST.get("item", ""))
    earlier = chosen(reusable_for(who), request.POST.get("attachment", ""))
    actions.reuse(by=who, application_id=application.pk, item_id=item.pk, earlier=earlier)
    return done(request, f"/apply/{pk}/materials/#m{item.pk}", f"已选用“{earlier.name}”。")


@members_only(*MEMBERS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Take a file off; it can be put back until submission."""
    who, application = mine(request, pk)
    row = get_object_or_404(application.materials.select_related("attachment", "item"), pk=material)
    if request.method == "GET":
        return page(request, "calls/apply/remove.html", {"application": application, "material": row})
    actions.remove(by=who, application_id=application.pk, material_id=row.pk)
    return done(request, f"/apply/{pk}/materials/", f"已删除“{row.attachment.name}”，在页面底部可以恢复。")


@members_only(*MEMBERS)
@require_POST
def restore(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """Undo a removal."""
    who, application = mine(request, pk)
    row = get_object_or_404(application.materials, pk=material)
    actions.restore(by=who, application_id=application.pk, material_id=row.pk)
    return done(request, f"/apply/{pk}/materials/", f"已恢复“{row.attachment.name}”。")


@members_only()
@require_GET
def serve(request: HttpRequest, material: int) -> HttpResponseBase:
    """The bytes, to whoever may read this application now; `?save` keeps the browser from showing it."""
    row = reading.material_for(who_asks(request), material)
    if row is None:
        raise Http404
    return serving.response(row.attachment, inline="save" not in request.GET)
