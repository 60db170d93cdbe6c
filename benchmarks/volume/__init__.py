"""The volume that the benchmarks measure and that `make demo-large` shows.

Bulk data is the one exception to "demonstration data calls the actions" (docs/decisions/volume-in-bulk.md):
what a person decides is done by the actions, what thousands do alike is cast from one who really did it. All
triggers and constraints are on. Runs as shuniu_owner, in one transaction.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from benchmarks.volume.applications import cast
from benchmarks.volume.calling import OPENS, ago, pattern, publish
from benchmarks.volume.clock import travelling
from benchmarks.volume.office import Office, found_office, new_office
from benchmarks.volume.recognised import recognise
from benchmarks.volume.registry import add_organisations
from benchmarks.volume.review import REVIEWS, review, sign_again
from benchmarks.volume.rows import tidy
from benchmarks.volume_size import Size
from shuniu.calls.models import Call, Committee

_Say = Callable[[str], None]


CITY, FEW_CITY, SMALL_CITY = "望海市总工会", "邻湖市总工会", "湾前市总工会"
TITLE = "大体量遴选"
FEW_TITLE = "小型遴选"
SMALL_TITLE = "百家遴选"
OPEN_CATEGORY = "life"
# Shares of a call's applications by category: the ranking of "work" is long, "life" is still being scored.
_SHARES = {"work": 0.4, "life": 0.4, "career": 0.1, "culture": 0.05, "support": 0.05}
_FEW_SHARES = {"work": 1.0}
_SMALL_SHARES = {"work": 0.4, "life": 0.6}


def build(size: Size, say: _Say = print) -> None:
    """Everything into an empty, migrated database: three cities, a call of each, recognitions."""
    started = time.monotonic()
    today = ago(0)
    with transaction.atomic(), travelling():
        city = new_office(CITY, code="望工办", districts=True)
        town = new_office(FEW_CITY, code="邻工办", districts=False)
        village = new_office(SMALL_CITY, code="湾工办", districts=False)
        large = add_organisations(city, size.organisations, _as_of())
        say(f"  {size.organisations:,} 家组织 {time.monotonic() - started:.0f} s")
        few = add_organisations(town, size.few, _as_of(), offset=600_000)
        hundred = add_organisations(village, size.small_call, _as_of(), offset=601_000)
        add_call(city, TITLE, large[: size.applications], _SHARES)
        say(f"  {size.applications:,} 份申报 {time.monotonic() - started:.0f} s")
        add_call(town, FEW_TITLE, few, _FEW_SHARES)
        add_call(village, SMALL_TITLE, hundred, _SMALL_SHARES)
        recognise(city, large[: size.recognitions], today - dt.timedelta(days=300))
        recognise(town, few, today - dt.timedelta(days=300))
    _finish()
    say(f"  {size.recognitions:,} 项资质 {time.monotonic() - started:.0f} s")


def build_upon(union: str, size: Size, say: _Say = print) -> None:
    """The same volume beside what a union has already (the demonstration)."""
    started = time.monotonic()
    with transaction.atomic(), travelling():
        office = found_office(union)
        organisations = add_organisations(office, size.organisations, _as_of())
        say(f"  {size.organisations:,} 家组织 {time.monotonic() - started:.0f} s")
        add_call(office, TITLE, organisations[: size.applications], _SHARES)
        say(f"  {size.applications:,} 份申报 {time.monotonic() - started:.0f} s")
        recognise(office, organisations[: size.recognitions], ago(300))
    _finish()
    say(f"  {size.recognitions:,} 项资质 {time.monotonic() - started:.0f} s")


def add_call(office: Office, title: str, organisations: Sequence[int], shares: Mapping[str, float]) -> Call:
    """A call in review: the first organisation's application shows the way, the others are cast from it."""
    keys = list(shares)
    sizes = {k: REVIEWS + 1 if k == OPEN_CATEGORY else REVIEWS for k in keys}
    call = publish(office, title, sizes)
    first, rest = organisations[0], organisations[1:]
    made = pattern(office, call, first)
    cast(call, made, _dealt(rest, shares))
    review(office, call, open_category=OPEN_CATEGORY)
    return call


def _dealt(organisations: Sequence[int], shares: Mapping[str, float]) -> dict[str, Sequence[int]]:
    """category → its organisations, by share; the first category takes what is left over."""
    counts = {k: int(len(organisations) * share) for k, share in shares.items()}
    counts[next(iter(counts))] += len(organisations) - sum(counts.values())
    found, start = {}, 0
    for k, count in counts.items():
        found[k] = organisations[start : start + count]
        start += count
    return found


def _finish() -> None:
    """With the real clock again: what the present asks for, and figures for the planner."""
    titles = (TITLE, FEW_TITLE, SMALL_TITLE)
    sign_again(list(Committee.objects.filter(call__title__in=titles, closed_at__isnull=True)))
    tidy()


def _as_of() -> dt.date:
    """The day of the registrar's list: before the window, so that the audit knows what it needs."""
    return ago(OPENS + 20)


__all__ = [
    "CITY", "FEW_CITY", "FEW_TITLE", "OPEN_CATEGORY", "SMALL_CITY", "SMALL_TITLE", "TITLE", "add_call", "build",
    "build_upon",
]  # fmt: skip
