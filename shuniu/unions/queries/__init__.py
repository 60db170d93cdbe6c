"""Reads of the tree, of roles, and of what the work bench shows."""

from shuniu.unions.queries.bench import Bench, Bucket, Row, bench_of, elsewhere, other_hats
from shuniu.unions.queries.handing import handed_on, holder_of
from shuniu.unions.queries.home import home_url, register_home
from shuniu.unions.queries.keeper import calendar_keeper
from shuniu.unions.queries.roles import (
    changes_visible_to,
    colleagues_for,
    delegations_given,
    grants_administered_by,
    grants_of_union,
    hats_from_grants,
    holders_of,
    invitations_of_union,
    own_grants,
    people_with,
    periods_of,
    stood_in_for,
)
from shuniu.unions.queries.tree import (
    Node,
    administered_by,
    ancestor_ids,
    children_of,
    descendant_ids,
    descendant_regions,
    subtree,
    union_of,
    union_tree,
    unions_found,
    unions_visible_to,
)

__all__ = [
    "Bench", "Bucket", "Node", "Row", "administered_by", "ancestor_ids", "bench_of", "calendar_keeper",
    "changes_visible_to", "children_of", "colleagues_for", "delegations_given", "descendant_ids",
    "descendant_regions", "elsewhere", "grants_administered_by", "grants_of_union", "handed_on",
    "hats_from_grants", "holder_of", "holders_of", "home_url", "invitations_of_union", "other_hats", "own_grants",
    "people_with", "periods_of", "register_home", "stood_in_for", "subtree", "union_of", "union_tree", "unions_found",
    "unions_visible_to",
]  # fmt: skip
