"""A folder on its way in: upload, check, cases, difference, the second person's word; 采用."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.library import actions, queries, rules
from shuniu.library.forms import AdoptForm, RehearsalForm, UploadForm
from shuniu.library.models import Upload
from shuniu.unions.queries import union_of

READERS = queries.uploads.READERS


def _mine(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(queries.uploads_visible_to(who_asks(request)), pk=pk)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """Bring a folder; those of before."""
    who = who_asks(request)
    may = rules.may_upload(who)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":
        if not may:
            raise Refused(may)
        if form.is_valid():
            try:
                row = actions.upload(by=who, received=form.cleaned_data["file"])
            except Refused as refused:
                refused_into(form, refused, "file")
            else:
                return done(request, reverse("library:upload", args=[row.pk]), "已上传并检查，尚未发布。")
    rows = queries.uploads_visible_to(who).defer("files", "explained", "cases", "base__files")[:50]
    return page(request, "library/uploads.html", {"form": form, "rows": rows, "may": may})


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found, the cases, the difference, the explanation; the second person's form."""
    who, row = who_asks(request), _mine(request, pk)
    here = reverse("library:upload", args=[row.pk])

    def agree(words: str) -> HttpResponse:
        actions.confirm(by=who, upload_id=row.pk)
        return done(request, here, "已发布。")

    def send_back(words: str) -> HttpResponse:
        actions.decline(by=who, upload_id=row.pk, reason=words)
        return done(request, here, "已告知提请人，没有发布。")

    opinion = Opinion(
        request, yes="同意发布", agree=agree, no="不同意", send_back=send_back, may=rules.may_confirm(who, row),
        hand_on=reverse("unions:hand_on", args=["document", row.pk]), proof=True,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context: dict[str, Any] = {
        "row": row, "difference": queries.difference(row),
        "may_propose": rules.may_propose(who, row), "may_discard": rules.may_discard(who, row),
        "may_publish": rules.may_publish(row) if row.state in ("checked", "proposed") else None,
        "timeline": lines(timeline(row)), "understood": queries.understood(row.explained),
    }  # fmt: skip
    return page(request, "library/upload.html", context | opinion.context, status=opinion.status)


@members_only(*READERS)
@require_GET
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """演练: the folder on copies of real facts, beside what is in use; nothing is written."""
    who, row = who_asks(request), _mine(request, pk)
    if row.problems:
        raise Http404
    form = RehearsalForm(request.GET if "on" in request.GET else None, initial={"on": clock.today()})
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else clock.today()
    shown = Paginator(queries.organisations_tried(who), 20).get_page(request.GET.get("page"))
    context = {
        "row": row, "form": form, "on": on, "page_obj": shown, "now": queries.compared_with(row),
        "tried": queries.rehearse(row, list(shown), on), "scope": queries.scope(row, on),
    }  # fmt: skip
    return page(request, "library/rehearsal.html", context)


@members_only("sec_admin")
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """提请发布."""
    row = _mine(request, pk)
    actions.propose(by=who_asks(request), upload_id=row.pk)
    return done(request, reverse("library:upload", args=[row.pk]), "已提请，由另一人确认后发布。")


@members_only("sec_admin")
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """放弃."""
    row = _mine(request, pk)
    actions.discard(by=who_asks(request), upload_id=row.pk)
    return done(request, reverse("library:uploads"), "已放弃，制度库没有任何改动。")


@members_only(*READERS)
@require_GET
def folder(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The zip as it came."""
    row = _mine(request, pk)
    if row.file is None:
        raise Http404
    return serving.response(row.file)


@members_only(*READERS)
@require_GET
def authors_pack(request: HttpRequest) -> HttpResponse:
    """B6: guide, format and a folder to begin with."""
    answer = HttpResponse(queries.authors_pack(), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(True, "制度编写资料.zip") or "attachment"
    return answer


@members_only("sec_admin")
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, key: str) -> HttpResponse:
    """采用: the numbers and open points that the upper document leaves to the union."""
    who = who_asks(request)
    law = queries.law_of_key(key)
    if law is None:
        raise Http404
    union = union_of(who.union_id or 0)
    verdict = rules.may_adopt(who, union, law)
    if not verdict:
        raise Refused(verdict)
    today = clock.today()
    initial = {
        "title": f"{law.title}（{union.short_name or union.name}）",
        "issued": today,
        "effective": today,
    }
    form = AdoptForm(posted(request), law=law, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        local = actions.Local(
            title=data["title"], issued=data["issued"], effective=data["effective"],
            numbers=form.chosen_numbers, settled=form.settled,
        )  # fmt: skip
        row = actions.adopt(by=who, key=key, local=local)
        return done(request, reverse("library:upload", args=[row.pk]), "已生成本会的文件并检查，尚未发布。")
    return page(request, "library/adopt.html", {"form": form, "law": law, "union": union})
