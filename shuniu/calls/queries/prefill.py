"""What the platform or an earlier application knows already, so that a new application does not ask it again."""

from __future__ import annotations

from typing import Any

from shuniu.calls.models import Application
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.formats import local
from shuniu.policy import Fact
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of, snapshot

# Field of the part → fact of the registry.
_FIGURES = {"full_time": "full_time_staff", "part_time": "part_time_staff", "certified": "certified_staff"}


def draft(organisation: Organisation, reason: str) -> dict[str, dict[str, Any]]:
    """What a new application begins with; `reason`: the one for going beyond the limit of categories, if it does."""
    begun = {"contact": contact(organisation), "people": people(organisation)}
    return begun | ({"limit": {"reason": reason}} if reason else {})


def contact(organisation: Organisation) -> dict[str, str]:
    """Who answers for the organisation, as the registry has it."""
    return {
        "name": organisation.contact_name,
        "phone": organisation.contact_phone,
        "email": organisation.contact_email,
    }


def people(organisation: Organisation) -> dict[str, Any]:
    """What the organisation said of its people when it last handed in, else the registry's figures; {} for neither."""
    earlier = _handed_in(organisation)
    return (
        dict(earlier.draft["people"]) if earlier else {k: f.value for k, f in _figures(organisation).items()}
    )


def _handed_in(organisation: Organisation) -> Application | None:
    """The last application that was handed in and told of people."""
    return (
        Application.objects.filter(
            organisation=organisation, submitted_at__isnull=False, draft__people__full_time__isnull=False
        )
        .select_related("category", "call")
        .order_by("-submitted_at", "-pk")
        .first()
    )


def _figures(organisation: Organisation) -> dict[str, Fact]:
    known = facts_as_of(organisation, clock.today(), only=set(_FIGURES.values()))
    found = {field: known.get(name) for field, name in _FIGURES.items()}
    return {field: fact for field, fact in found.items() if isinstance(fact, Fact)}


def _scope(organisation: Organisation) -> str:
    scope = facts_as_of(organisation, clock.today(), only={"business_scope"}).get("business_scope")
    if not isinstance(scope, Fact):
        return ""
    return f"登记的业务范围：{scope.value}（来源：{scope.source}，{scope.as_of}）。"


def origin(application: Application, section: str) -> str:
    """Where the words of a part come from, while they stand as they were found, or what is known beside it."""
    saved = application.draft.get(section, {})
    if section == "directions":
        return _scope(application.organisation)
    if section == "contact":
        said = snapshot(application.organisation, clock.today(), kinds=()).profile.get("contact_name")
        if said and saved == contact(application.organisation):
            return f"取自组织信息，来源：{said.source}，{said.date:%Y-%m-%d}。有变化的请直接改。"
    if section == "people" and saved:
        earlier = _handed_in(application.organisation)
        if earlier is not None and earlier.pk != application.pk and saved == earlier.draft["people"]:
            assert earlier.submitted_at is not None  # it was handed in
            on = local(earlier.submitted_at)
            return f"取自本单位 {on:%Y-%m-%d} 申报“{earlier.category.label}”时填写的内容。有变化的请直接改。"
        figures = _figures(application.organisation)
        if figures and saved == {field: fact.value for field, fact in figures.items()}:
            fact = next(iter(figures.values()))
            return f"取自组织信息，来源：{fact.source}，{fact.as_of}。有变化的请直接改。"
    return ""
