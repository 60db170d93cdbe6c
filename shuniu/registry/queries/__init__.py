"""Reads of the registry."""

from shuniu.registry.queries.facts import (
    Snapshot,
    facts_as_of,
    facts_as_of_many,
    history,
    snapshot,
    snapshots,
)
from shuniu.registry.queries.organisations import (
    SEARCH_CAP,
    VIEWERS,
    Hits,
    current_memberships,
    hats_from_memberships,
    matching,
    members_of,
    organisation_by_code,
    organisations_visible_to,
    people_of,
    record_ids,
    search,
)

__all__ = [
    "SEARCH_CAP", "VIEWERS", "Hits", "Snapshot", "current_memberships", "facts_as_of", "facts_as_of_many", "hats_from_memberships", "history",
    "matching", "members_of", "organisation_by_code", "organisations_visible_to", "people_of", "record_ids",
    "search", "snapshot", "snapshots",
]  # fmt: skip
