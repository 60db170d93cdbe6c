"""The paper beside the document, and the desk of those who interpret it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from shuniu import policy
from shuniu.foundation.access import Refused, members_only, public, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.files import serving
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.library import actions, queries, rules
from shuniu.library.forms import AnswerForm, AskForm, PaperForm
from shuniu.library.views.documents import base_for, beside_of
from shuniu.unions.queries import union_of

DESK = queries.papers.DESK


def _law(key: str) -> policy.Document:
    law = queries.law_of_key(key)
    if law is None:
        raise Http404
    return law


@members_only("sec_admin")
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """Attach the paper; where it and the document do not agree."""
    who, law = who_asks(request), _law(key)
    verdict = rules.may_attach(who, union_of(who.union_id or 0), law)
    if not verdict:
        raise Refused(verdict)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if request.method == "POST" and form.is_valid():
        try:
            actions.attach_paper(by=who, key=key, received=form.cleaned_data["file"])
        except Refused as refused:
            refused_into(form, refused, "file")
        else:
            return done(request, reverse("library:paper", args=[key]), "原文已上传，逐条对照见下。")
    context = {"law": law, "form": form, "beside": beside_of(who, law)}
    return page(request, "library/paper.html", context)


@require_GET
@public("制度是公开文件")
def paper_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """The paper as it was attached."""
    found = queries.paper_of(who_asks(request), _law(key).key)
    if found is None:
        raise Http404
    return serving.response(found.file)


@require_http_methods(["GET", "POST"])
@public("已公布的解释是公开的；提问要登录")
def questions_of(request: HttpRequest, key: str) -> HttpResponse:
    """What was asked about a document and answered; the form for those who act for a union or an organisation."""
    who, law = who_asks(request), _law(key)
    verdict = rules.may_ask(who)
    form = AskForm(posted(request), law=law, initial={"clause": request.GET.get("clause", "")})
    if request.method == "POST":
        if not verdict:
            raise Refused(verdict)
        if form.is_valid():
            actions.ask(by=who, key=key, **form.cleaned_data)
            return done(request, reverse("library:questions_of", args=[key]), "已提交，答复公布后会通知您。")
    context = {
        "law": law, "form": form, "may_ask": verdict, "rows": queries.published_questions(law),
        "own": queries.own_questions(who, key), "base": base_for(who),
        "interpreter": queries.interpreter(who, law) if verdict else None,
    }  # fmt: skip
    return page(request, "library/questions_of.html", context)


@members_only(*DESK)
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """What was asked of the asker's union."""
    return page(
        request, "library/questions.html", {"rows": queries.questions_at_desk(who_asks(request))[:100]}
    )


@members_only(*DESK)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer, or publish what a colleague answered."""
    who = who_asks(request)
    row = get_object_or_404(queries.questions_at_desk(who), pk=pk)
    law = queries.law_of_key(row.key)
    may_answer = rules.may_answer(who, row)
    do = request.POST.get("do", "")
    answer = AnswerForm(request.POST if do == "answer" else None, initial={"answer": row.answer})
    here = reverse("library:question", args=[row.pk])
    if do == "answer" and answer.is_valid():
        actions.answer(by=who, question_id=row.pk, text=answer.cleaned_data["answer"])
        return done(request, here, "答复已保存，由另一人审签后公布。")

    def agree(words: str) -> HttpResponse:
        actions.publish_answer(by=who, question_id=row.pk)
        return done(request, here, "答复已公布，已通知提问人。")

    def send_back(words: str) -> HttpResponse:
        actions.return_answer(by=who, question_id=row.pk, reason=words)
        return done(request, here, "已退回拟定答复的人。")

    opinion = Opinion(
        request, yes="同意公布", agree=agree, no="退回", send_back=send_back, may=rules.may_publish_answer(who, row),
        hand_on=reverse("unions:hand_on", args=["interpretation", row.pk]),
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {
        "row": row, "law": law, "clause": law.clause(row.clause) if law else None, "answer": answer,
        "may_answer": may_answer, "timeline": lines(timeline(row)),
    }  # fmt: skip
    return page(request, "library/question.html", opinion.context | context, status=opinion.status)
