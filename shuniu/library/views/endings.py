"""停用: the proposal, and the second person's word."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui.opinion import Opinion
from shuniu.foundation.ui.respond import done, page
from shuniu.library import actions, queries, rules
from shuniu.library.forms import EndForm

READERS = queries.uploads.READERS


@members_only("sec_admin")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for a second person's word that the version in use goes out of use."""
    who = who_asks(request)
    law, release = queries.law_of_key(key), queries.newest_release(key)
    if law is None:
        raise Http404
    verdict = rules.may_end(who, release)
    if not verdict:
        raise Refused(verdict)
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        row = actions.propose_end(by=who, key=key, reason=form.cleaned_data["reason"])
        return done(request, reverse("library:ending", args=[row.pk]), "已提请停用，由另一人确认后生效。")
    context = {"law": law, "form": form, "adoptions": queries.adopted_from(key)}
    return page(request, "library/end.html", context)


@members_only(*READERS)
@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes out of use and why; the second person's form."""
    who = who_asks(request)
    row = get_object_or_404(queries.endings_visible_to(who), pk=pk)
    here = reverse("library:ending", args=[row.pk])

    def agree(words: str) -> HttpResponse:
        actions.confirm_end(by=who, ending_id=row.pk)
        return done(request, here, "已确认停用。")

    def send_back(words: str) -> HttpResponse:
        actions.decline_end(by=who, ending_id=row.pk, reason=words)
        return done(request, here, "已告知提请人，制度继续有效。")

    opinion = Opinion(
        request, yes="同意停用", agree=agree, no="不同意", send_back=send_back, may=rules.may_decide_end(who, row),
        hand_on=reverse("unions:hand_on", args=["ending", row.pk]), proof=True,
    )  # fmt: skip
    if opinion.response is not None:
        return opinion.response
    context = {
        "row": row, "document": row.release.document,
        "adoptions": queries.adopted_from(row.release.document.key), "timeline": lines(timeline(row)),
    }  # fmt: skip
    return page(request, "library/ending.html", context | opinion.context, status=opinion.status)
