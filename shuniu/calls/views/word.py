"""Papers of a selection in the form in which an office goes on writing: Word, and the 申报表 in both forms."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from shuniu.calls.actions.papers import notice_data
from shuniu.calls.models import Application
from shuniu.calls.papers import form_of, roster_of
from shuniu.calls.queries import audit, public
from shuniu.calls.queries.apply import own_applications
from shuniu.calls.queries.call import own_calls
from shuniu.calls.queries.reading import DESK
from shuniu.calls.queries.scoring import committees_with_state, meeting_of
from shuniu.foundation.access import ORGANISATION_ROLES, members_only, who_asks
from shuniu.foundation.access import public as open_to_all
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers import words
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.papers.rendering import OFFICIAL, PLAIN, TABLE, render

MEMBERS = tuple(ORGANISATION_ROLES)
STAFF = ("clerk", "checker", "leader", "auditor", "audit_admin")


def _sent(body: bytes, kind: str, title: str) -> HttpResponse:
    """A file with the name that an office gives it."""
    form = "pdf" if kind == "application/pdf" else "docx"
    response = HttpResponse(body, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = (
        content_disposition_header(True, words.file_name([title], clock.now(), form)) or ""
    )
    return response


def _word(template: str, data: dict[str, Any], title: str) -> HttpResponse:
    from shuniu.foundation.papers.word import WORD, word  # 16 MB that most processes never need

    return _sent(word(template, data), WORD, title)


def _of_paper(paper: Paper | None) -> HttpResponse:
    if paper is None:
        raise Http404
    return _word(paper.template, paper.data, f"{paper.number}{paper.title}")


@open_to_all("已经公布的公文可以下载")
@require_safe
def public_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A published paper as Word; 404 for every other."""
    return _of_paper(public.public_paper(pk))


@members_only(*STAFF)
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice as it stands, for circulation in the office before it is published."""
    call = get_object_or_404(own_calls(who_asks(request)), pk=pk)
    return _word(OFFICIAL, notice_data(call) | {"title": call.title}, f"{call.title}（稿）")


@members_only(*STAFF)
@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """documents.md §2: the minutes of a meeting as Word, once they are signed."""
    committee = get_object_or_404(committees_with_state(who_asks(request)), pk=pk)
    meeting = meeting_of(committee)
    return _of_paper(meeting.paper if meeting else None)


@members_only(*STAFF)
@require_safe
def roster(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """documents.md §2: who sits in a committee, how they were drawn, what they promised and from what they are recused."""
    data = roster_of(get_object_or_404(committees_with_state(who_asks(request)), pk=pk))
    return _printed(TABLE, data, data["title"], form)


def _form(application: Application, form: str) -> HttpResponse:
    data = form_of(application)
    return _printed(PLAIN, data, f"{application.organisation.name}_{data['title']}", form)


def _printed(template: str, data: dict[str, Any], title: str, form: str) -> HttpResponse:
    if form not in ("pdf", "docx"):
        raise Http404
    if form == "docx":
        return _word(template, data, title)
    return _sent(render(template, data), "application/pdf", title)


@members_only(*MEMBERS)
@require_safe
def own_form(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The 申报表 of one's own organisation, to be signed and kept."""
    return _form(get_object_or_404(own_applications(who_asks(request)), pk=pk), form)


@members_only(*DESK)
@require_safe
def desk_form(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The 申报表 for the office's file."""
    return _form(get_object_or_404(audit.desk_applications(who_asks(request)), pk=pk), form)
