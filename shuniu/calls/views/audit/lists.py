"""The clerk's list of applications and the way to the next one."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from shuniu.calls.lists import Applications
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.reading import DESK
from shuniu.calls.views.call import mine
from shuniu.foundation.access import members_only, who_asks
from shuniu.foundation.ui.respond import done


@members_only(*DESK)
@require_safe
def applications(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What was handed in to one call, with filters, tabs, batches and export."""
    who = who_asks(request)
    found = queries.call_with_choices(who, pk)
    if found is None:
        raise Http404
    call, choices = found
    listing = Applications(request, call_id=call.pk)
    listing.options |= choices
    context = {"call": call, "may_audit": who.role in ("clerk", "checker", "leader")}
    return listing.response("calls/audit/list.html", context)


@members_only("clerk", "checker", "leader")
@require_safe
def next_one(request: HttpRequest, pk: int) -> HttpResponse:
    """审核下一份: the asker's own first, the earliest due first."""
    who, call = mine(request, pk)
    found = queries.next_for(who, call)
    if found is None:
        word = "审核" if who.role == "clerk" else "复核"
        return done(request, f"/calls/{pk}/applications/", f"没有待{word}的申报。")
    tail = "audit" if who.role == "clerk" else "check"
    return HttpResponseRedirect(f"/calls/applications/{found.pk}/{tail}/")
