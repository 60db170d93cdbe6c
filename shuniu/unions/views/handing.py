"""转办: an approval goes to a colleague."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from shuniu.foundation.access import Refused, members_only, who_asks
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions import actions, approvals, rules
from shuniu.unions.forms import HandOnForm
from shuniu.unions.queries import holder_of, people_with


@members_only(*approvals.APPROVERS)
@require_http_methods(["GET", "POST"])
def hand_on(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Choose a colleague who may decide, and say why."""
    who = who_asks(request)
    found = approvals.find(who, kind, pk)
    if found is None:
        raise Http404
    verdict = found.may(who)
    people = people_with(found.union_id, *approvals.APPROVERS).order_by("name", "id") if verdict else []
    able = [p for p in people if rules.may_receive(who, found, p)]
    form = HandOnForm(request.POST or None, people=able)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.hand_on(
                by=who,
                kind=kind,
                pk=pk,
                to_person_id=int(form.cleaned_data["to"]),
                note=form.cleaned_data["note"],
            )
        except Refused as refused:
            refused_into(form, refused)
        else:
            return done(request, "unions:work", f"已转办{row.to_person.name}，待办和提醒已经转到对方。")
    context = {
        "approval": found, "verdict": verdict, "form": form, "able": able, "last": holder_of(found.matter),
    }  # fmt: skip
    return page(request, "unions/hand_on.html", context)
