"""What happens every year whether or not a selection runs: inspections are concluded and entered."""

from __future__ import annotations

import datetime as dt

from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import at, on_or_after
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.registry import actions as registry
from shuniu.registry.models import Inspection, LegalType, Licence, Organisation, Rating, Status

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
                _renew_licence(clerk, organisation)
                if n % 5:
                    _renew_rating(clerk, organisation)
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


def _renew_licence(clerk: Who, organisation: Organisation) -> None:
    """A certificate that has run out follows on the old one for another four years."""
    last = Licence.objects.current().filter(organisation=organisation).order_by("-valid_from").first()
    if last is None or last.valid_to is None or last.valid_to >= clock.today():
        return
    first = last.valid_to + dt.timedelta(days=1)
    registry.add_fact(
        by=clerk, organisation=Organisation.objects.get(pk=organisation.pk), kind="licence",
        values={
            "title": last.title, "number": last.number, "authority": last.authority, "valid_from": first,
            "valid_to": first.replace(year=first.year + 4) - dt.timedelta(days=1),
        },
        basis="换发的登记证书副本",
    )  # fmt: skip


def _renew_rating(clerk: Who, organisation: Organisation) -> None:
    """A grade that has run out was given again."""
    last = Rating.objects.current().filter(organisation=organisation).order_by("-valid_from").first()
    if last is None or last.valid_to is None or last.valid_to >= clock.today():
        return
    first = last.valid_to + dt.timedelta(days=1)
    registry.add_fact(
        by=clerk, organisation=Organisation.objects.get(pk=organisation.pk), kind="rating",
        values={
            "grade": last.grade, "valid_from": first, "valid_to": dt.date(first.year + 4, 12, 31),
            "authority": last.authority,
        },
        basis=f"{last.authority}评估等级公告",
    )  # fmt: skip
