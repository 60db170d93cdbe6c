"""The columns that repeat the newest facts: computed here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from shuniu.foundation.calendar import clock
from shuniu.registry import names
from shuniu.registry.facts import counting
from shuniu.registry.fields import COLUMNS, column_value
from shuniu.registry.models import FactRow, Inspection, Organisation, Rating, UnionBuilding
from shuniu.registry.queries import Snapshot, record_ids, snapshot

_FACT_COLUMNS = ("rating", "rating_until", "inspection_year", "inspection_result", "union_status")
SHOWN_KINDS = frozenset({"rating", "inspection", "union"})
"""Kinds of fact that columns repeat; after another kind there is nothing to refresh."""
_SEARCH_COLUMNS = ("pinyin", "initials", "search_text", "bigrams")
ALL_COLUMNS = (*COLUMNS, *_FACT_COLUMNS, *_SEARCH_COLUMNS, "updated_at")


def apply(snapshot: Snapshot, *, former_names: Iterable[str] = ()) -> Organisation:
    """Set the columns of the snapshot's organisation (in memory) to what its facts say."""
    organisation = snapshot.organisation
    old_name = organisation.name if organisation.pinyin else ""
    for name in COLUMNS:
        if name in snapshot.profile:
            setattr(organisation, name, column_value(name, snapshot.value(name)))
    rating = cast(Rating | None, _first(snapshot.rows["rating"], lambda r: cast(Rating, r).valid_from))
    organisation.rating = rating.grade if rating else ""
    organisation.rating_until = rating.valid_to if rating else None
    inspection = cast(
        Inspection | None, _first(snapshot.rows["inspection"], lambda r: cast(Inspection, r).year)
    )
    organisation.inspection_year = inspection.year if inspection else None
    organisation.inspection_result = inspection.result if inspection else ""
    building = cast(UnionBuilding | None, _first(snapshot.rows["union"], lambda r: r.as_of))
    organisation.union_status = building.status if building else ""
    if organisation.name != old_name:
        organisation.pinyin = names.pinyin_of(organisation.name)
        organisation.initials = names.initials_of(organisation.pinyin)
    organisation.search_text, organisation.bigrams = names.search_columns(
        [organisation.name, *former_names], organisation.initials
    )
    return organisation


def _first(rows: Sequence[FactRow], order: Callable[[FactRow], object]) -> FactRow | None:
    """Of what counts, the row with the greatest order; None when there is none."""
    return max((row for row, _ in counting(rows, order)), key=order, default=None)  # type: ignore[arg-type]


def former_names_of(organisation: Organisation) -> list[str]:
    """Former names, and the names of records merged into this one."""
    ids = record_ids(organisation)
    merged = Organisation.objects.filter(merged_into=organisation).values_list("name", flat=True)
    former = organisation.former_names.model._default_manager.filter(organisation__in=ids)
    return list(dict.fromkeys([*former.values_list("name", flat=True), *merged]))


def refresh(organisation: Organisation) -> Organisation:
    """Compute and store the columns of one organisation, whose row the caller has locked."""
    now = snapshot(organisation, clock.today(), kinds=SHOWN_KINDS)
    apply(now, former_names=former_names_of(organisation))
    organisation.updated_at = clock.now()
    organisation.save(update_fields=ALL_COLUMNS)
    return organisation


def lock(organisation: Organisation) -> Organisation:
    """The organisation's row, locked until the end of the transaction."""
    return (
        Organisation.objects.select_for_update(of=("self",))
        .select_related("owning_union", "merged_into")
        .get(pk=organisation.pk)
    )
