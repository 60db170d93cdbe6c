"""The tree of unions."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui.versions import require_unchanged
from shuniu.unions import rules
from shuniu.unions.actions.refused import clash_is_refused
from shuniu.unions.models import Union

CHANGEABLE = (
    "name", "short_name", "paper_code", "level", "parent", "industry_parent", "region",
    "responsible_department", "contact_phone", "contact_email", "address", "postcode", "is_active",
)  # fmt: skip


def initials_of(name: str) -> str:
    """The pinyin initials of a name, lower case: 青岛市北区总工会 → qdsbqzgh."""
    from pypinyin import Style, lazy_pinyin  # a large dictionary: only where somebody is named

    letters = lazy_pinyin(name, style=Style.FIRST_LETTER, errors="ignore")
    return "".join(letters).lower()[:60]


def facts_of(union: Union) -> dict[str, Any]:
    """What `change_union` can change, as it stands."""
    return {name: getattr(union, name) for name in CHANGEABLE}


def _require_parents(by: Who, parents: tuple[Union | None, ...]) -> None:
    """Each new superior is one that `by` administers."""
    for parent in parents:
        if parent is not None:
            require(rules.may_administer(by, parent))


def _free_name(name: str, except_pk: int | None = None) -> None:
    if Union.objects.filter(name=name).exclude(pk=except_pk or 0).exists():
        raise Refused(refuse("unions.name_taken", name=name))


@transaction.atomic
def create_union(
    *,
    by: Who,
    name: str,
    short_name: str,
    level: str,
    parent: Union | None = None,
    industry_parent: Union | None = None,
    **facts: str,
) -> Union:
    """O1: set up a union below one that `by` administers; only the system sets up one without a superior.

    `facts`: paper_code, region, responsible_department, contact_phone, contact_email, address, postcode.
    """
    parents = (parent, industry_parent)
    if not by.system and not any(parents):
        raise Refused(refuse("unions.no_parent"))
    _require_parents(by, parents)
    _free_name(name)
    union = Union(
        name=name, short_name=short_name, level=level, parent=parent, industry_parent=industry_parent,
        initials=initials_of(name), **facts,
    )  # fmt: skip
    with clash_is_refused():
        union.save()
    journal.record(
        by=by, verb="create_union", text=f"设立{union.name}", subject=union, union_id=union.pk,
        also=[p for p in parents if p is not None],
    )  # fmt: skip
    return union


@transaction.atomic
def change_union(*, by: Who, union: Union, seen: str | None = None, **changes: Any) -> Union:
    """O1: change the facts of a union, or put it below other superiors (both administered by `by`).

    `seen`: what the form was read with; Refused("version.changed") when somebody saved since.
    """
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"a union has no {', '.join(sorted(unknown))} to change")
    union = Union.objects.select_for_update().get(pk=union.pk)
    require(rules.may_administer(by, union))
    require_unchanged(seen, facts_of(union))
    moved = {
        k: changes[k]
        for k in ("parent", "industry_parent")
        if k in changes and changes[k] != getattr(union, k)
    }
    _require_parents(by, tuple(moved.values()))
    require(rules.parents_are_good(union, *moved.values()))
    if "name" in changes:
        _free_name(changes["name"], union.pk)
    different = []
    for field, value in changes.items():
        if getattr(union, field) != value:
            different.append(str(Union._meta.get_field(field).verbose_name))  # type: ignore[union-attr]
            setattr(union, field, value)
    if not different:
        return union
    union.initials = initials_of(union.name)
    with clash_is_refused():
        union.save()
    journal.record(
        by=by, verb="change_union", text=f"修改{union.name}：{'、'.join(different)}", subject=union,
        union_id=union.pk,
    )  # fmt: skip
    return union
