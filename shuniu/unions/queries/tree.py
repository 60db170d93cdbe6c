"""Reads of the tree of unions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from shuniu.foundation.access import STAFF_ROLES, Who
from shuniu.unions.models import Level, Union


def union_of(union_id: int) -> Union:
    """The union by key; Union.DoesNotExist when there is none."""
    return Union.objects.get(pk=union_id)


def descendant_ids(union_id: int) -> list[int]:
    """The union and everything below it, by territory or by industry."""
    rows = _walk(
        "WITH RECURSIVE below(id) AS (SELECT %s::bigint UNION"
        " SELECT u.id FROM unions_union u JOIN below b ON u.parent_id = b.id OR u.industry_parent_id = b.id)"
        " SELECT id FROM below",
        union_id,
    )
    return [int(row[0]) for row in rows]


def subtree(union_id: int) -> RawSQL:
    """The same, to be asked within another query: `filter(union_id__in=subtree(7))`."""
    return RawSQL(
        "WITH RECURSIVE below(id) AS (SELECT %s::bigint UNION"
        " SELECT u.id FROM unions_union u JOIN below b ON u.parent_id = b.id OR u.industry_parent_id = b.id)"
        " SELECT id FROM below",
        [union_id],
    )


def descendant_regions(union_id: int) -> list[str]:
    """The districts of the union and of everything below it."""
    rows = _walk(
        "WITH RECURSIVE below(id, region) AS (SELECT id, region FROM unions_union WHERE id = %s UNION"
        " SELECT u.id, u.region FROM unions_union u"
        " JOIN below b ON u.parent_id = b.id OR u.industry_parent_id = b.id)"
        " SELECT region FROM below",
        union_id,
    )
    return [str(row[0]) for row in rows]


def ancestor_ids(union_id: int) -> list[int]:
    """The union and everything above it, by territory or by industry."""
    rows = _walk(
        "WITH RECURSIVE above(id) AS (SELECT %s::bigint UNION"
        " SELECT p.id FROM above a JOIN unions_union u ON u.id = a.id"
        " JOIN unions_union p ON p.id IN (u.parent_id, u.industry_parent_id))"
        " SELECT id FROM above",
        union_id,
    )
    return [int(row[0]) for row in rows]


def _walk(sql: str, union_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [union_id])
        return list(cursor.fetchall())


def unions_visible_to(who: Who) -> QuerySet[Union]:
    """The directory of unions: every union, to whoever works for one; nothing to anybody else."""
    if who.role not in STAFF_ROLES:
        return Union.objects.none()
    return Union.objects.all()


def administered_by(who: Who) -> QuerySet[Union]:
    """The unions whose roles and facts the asker administers: their own and what lies below."""
    if who.role != "sys_admin" or who.union_id is None:
        return Union.objects.none()
    return Union.objects.filter(pk__in=descendant_ids(who.union_id))


def unions_found(who: Who, text: str) -> QuerySet[Union]:
    """By a part of the name, the short name or the pinyin initials."""
    text = text.strip()
    found = Q(name__icontains=text) | Q(short_name__icontains=text)
    if text.isascii():
        found |= Q(initials__startswith=text.lower())
    return unions_visible_to(who).filter(found).order_by("name")


def children_of(who: Who, union: Union) -> QuerySet[Union]:
    """The unions directly below, by territory or by industry."""
    return unions_visible_to(who).filter(Q(parent=union) | Q(industry_parent=union)).order_by("level", "id")


@dataclass
class Node:
    """One place in the drawn tree; a union with two superiors stands in two places."""

    union: Union
    by_industry: bool = False
    children: list[Node] = field(default_factory=list)
    grassroots: int = 0
    open: bool = False


def union_tree(who: Who) -> list[Node]:
    """The tree above the grassroots in one query; grassroots unions are counted at their superiors."""
    rows = list(unions_visible_to(who).order_by("id"))
    below: dict[int, list[tuple[Union, bool]]] = {}
    roots = []
    for union in rows:
        if union.parent_id:
            below.setdefault(union.parent_id, []).append((union, False))
        if union.industry_parent_id:
            below.setdefault(union.industry_parent_id, []).append((union, True))
        if not union.parent_id and not union.industry_parent_id:
            roots.append(union)
    mine = set(ancestor_ids(who.union_id)) if who.union_id else set()
    return [_node(root, False, below, mine, ()) for root in roots]


def _node(
    union: Union,
    by_industry: bool,
    below: dict[int, list[tuple[Union, bool]]],
    mine: set[int],
    path: tuple[int, ...],
) -> Node:
    node = Node(union, by_industry, open=union.pk in mine or not path)
    for child, industry in below.get(union.pk, ()):
        if child.pk in path:
            continue
        if child.level == Level.GRASSROOTS:
            node.grassroots += 1
        else:
            node.children.append(_node(child, industry, below, mine, (*path, union.pk)))
    return node
