"""Where a fact of a finding comes from, told in one line."""

from __future__ import annotations

import re

_YEAR = re.compile(r"\d{4}")


def said(reason: str, label: str, value: str, source: str, as_of: str = "") -> str:
    """The source of a fact as the page tells it.

    A fact of several rows (one annual inspection per year) brings all rows and all their sources: only the source
    of the row that `reason` speaks of is told, the newest where it names none.
    """
    values, sources = value.split("；"), source.split("；")
    if len(values) == len(sources) > 1:
        spoken = set(_YEAR.findall(reason))
        at = next((n for n, row in enumerate(values) if spoken & set(_YEAR.findall(row))), 0)
        return f"{label}（{sources[at]}）"
    return f"{label}：{value}（{source}{'，' + as_of if as_of else ''}）"
