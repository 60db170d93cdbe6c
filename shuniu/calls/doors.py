"""The clause under which a page of a call belongs to its roles: what a refusal at the door names."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from shuniu.calls.models import CallStage
from shuniu.foundation.access import register_clauses, who_asks

# Beginning of the route, the way from a stage to the record, the key in the address, kinds of the stage.
_DOORS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("calls/applications/<", "call__applications", "pk", ("check",)),
    ("calls/panels/of/<", "call", "call_id", ("review", "vote")),
    ("calls/panels/<", "call__committees", "pk", ("review", "vote")),
    ("calls/lists/<", "call__lists", "pk", ("publicity",)),
    ("calls/objections/<", "call__lists__publicity__objections", "pk", ("publicity",)),
    ("calls/<int:pk>/applications/", "call", "pk", ("check",)),
    ("calls/<int:pk>/late/", "call", "pk", ("check",)),
    ("calls/<int:pk>/lists/", "call", "pk", ("publicity",)),
    ("calls/<int:pk>/", "call", "pk", ("notice",)),
    ("apply/call/<", "call", "call_id", ("apply",)),
    ("review/<", "call__committees", "committee_id", ("review", "vote")),
)


def clause_at(request: HttpRequest) -> str:
    """The clause of the stage to which the page belongs, as the call's own document numbers it.

    Only of calls that the asker's own union runs or that are public: elsewhere nothing tells that there is a record.
    """
    match = request.resolver_match
    if match is None:
        return ""
    door = next((d for d in _DOORS if match.route.startswith(d[0])), None)
    if door is None:
        return ""
    _, path, name, kinds = door
    where: dict[str, Any] = {path: match.kwargs.get(name), "kind__in": kinds}
    if path == "call__applications":
        where["call__applications__submitted_at__isnull"] = (
            False  # a draft is nobody's business at the office
        )
    own = Q(call__union_id=who_asks(request).union_id or 0)
    public = Q(call__published_at__isnull=False) if path == "call" else Q(pk__in=[])
    stages = CallStage.objects.filter(own | public, **where).order_by("order")
    return stages.values_list("clause", flat=True).first() or ""


def register() -> None:
    """Tell the doors."""
    register_clauses(clause_at)
