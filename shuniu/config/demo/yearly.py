"""What happens every year whether or not a selection runs: inspections are concluded and entered."""

from __future__ import annotations

import datetime as dt

from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import at, on_or_after
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.registry import actions as registry
from shuniu.registry.models import Inspection, LegalType, Organisation, Status

_INSPECTED = (LegalType.ASSOCIATION, LegalType.SERVICE, LegalType.FOUNDATION)


def result_of(n: int, year: int) -> str:
    """What the n-th organisation's inspection for `year` came to: most pass, the first always."""
    place = (n * 7 + year) % 23 if n else 0
    return {5: "basically", 11: "failed", 17: "absent"}.get(place, "passed")


def inspections(clerk: Who, organisations: list[Organisation], today: dt.date) -> Line:
    """Each June the clerk enters the conclusions for the year before, where nobody has yet."""
    year = clock.today().year
    while (day := dt.date(year, 6, 24)) < today:
        if day >= clock.today():
            day = on_or_after(day)
            yield at(day, "14:00")
            for n, organisation in enumerate(organisations):
                enter_inspection(clerk, organisation, n, year - 1)
        year += 1


def enter_inspection(clerk: Who, organisation: Organisation, n: int, year: int) -> None:
    """The conclusion for `year`, unless it is known, or the organisation is not inspected or was not there yet."""
    known = Inspection.objects.current().filter(organisation=organisation, year=year).exists()
    fresh = Organisation.objects.get(pk=organisation.pk)
    founded = fresh.registered_on
    if (
        known
        or fresh.legal_type not in _INSPECTED
        or fresh.status != Status.NORMAL
        or (founded is not None and founded.year > year)
    ):
        return
    registry.add_fact(
        by=clerk, organisation=fresh, kind="inspection",
        values={
            "year": year, "result": result_of(n, year), "concluded_on": clock.today(), "authority": "望海市民政局",
        },
        basis=f"望海市民政局 {year} 年度年检结果公告",
    )  # fmt: skip
