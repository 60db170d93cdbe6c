"""表样: the forms that a document names, for download; a union's own version in their place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from shuniu import policy
from shuniu.foundation.access import Refused, members_only, public, who_asks
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.papers import words
from shuniu.foundation.papers.rendering import PLAIN
from shuniu.foundation.ui.respond import done, page
from shuniu.library import actions, queries, rules
from shuniu.library.forms import TemplateForm
from shuniu.library.template_text import data_of
from shuniu.library.views.documents import version_of

_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_GET
@public("制度的表样是公开文件")
def template(request: HttpRequest, key: str, template: str) -> HttpResponseBase:
    """The form to fill in: `?union=` as it counts there, `?version=` of an earlier document, `?own=no` the document's."""
    law, _ = version_of(key, request.GET.get("version", ""))
    union = request.GET.get("union", "")
    union_id = int(union) if union.isdecimal() and len(union) < 10 else who_asks(request).union_id
    if request.GET.get("own") == "no":
        union_id = None
    found = queries.offered(law, template, union_id)
    if found is None:
        raise Http404
    if found.own is not None and found.own.file is not None:
        return serving.response(found.own.file)
    return _sent(law, found.template)


def _sent(law: policy.Document, template: policy.Template) -> HttpResponse:
    """The document's own: a text becomes a Word file that an office can go on writing, anything else goes as it is."""
    content = queries.content_of(law, template)
    ending = template.file.rpartition(".")[2] if template.file else ""
    if content is None or ending not in _KINDS:
        from shuniu.foundation.papers.word import word  # heavy, and asked for seldom

        content, ending = word(PLAIN, data_of(template, law, content)), "docx"
    answer = HttpResponse(content, content_type=_KINDS[ending])
    name = words.file_name([f"{template.annex}{template.label}"], clock.now(), ending)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@members_only(*rules.templates.REVISERS)
@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, key: str, template: str) -> HttpResponse:
    """The versions of the union, and a new one; or back to the document's."""
    who = who_asks(request)
    law = queries.law_of_key(key)
    found = queries.offered(law, template, who.union_id) if law is not None else None
    if law is None or found is None:
        raise Http404
    verdict = rules.may_revise(who, law)
    if not verdict:
        raise Refused(verdict)
    here = reverse("library:revise", args=[key, template])
    if request.POST.get("do") == "restore":
        actions.restore_template(by=who, key=key, template=template)
        return done(request, here, "已恢复为制度所带的文本。")
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if request.method == "POST" and form.is_valid():
        actions.revise_template(by=who, key=key, template=template, received=form.cleaned_data["file"])
        return done(request, here, "已上传，下载处即换成这一份。")
    context = {
        "law": law, "offered": found, "form": form, "may_restore": rules.may_restore(who, law, found.template),
        "versions": queries.versions_of(law, found.template, who.union_id or 0),
    }  # fmt: skip
    return page(request, "library/template.html", context)
