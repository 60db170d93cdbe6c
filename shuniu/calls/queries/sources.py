"""Where the facts of a finding come from, told in few words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_YEAR = re.compile(r"\d{4}")


def told(reason: str, facts: Iterable[Mapping[str, Any]], *, values: bool = False) -> str:
    """The sources of a finding's facts: each source and date once, with the facts that it tells where there are more.

    A fact of several rows (one annual inspection per year) brings all rows and all their sources: only the source
    of the row that `reason` speaks of is told, the newest where it names none.
    `values`: what they say as well, for a finding whose reason is not shown.
    """
    found: dict[str, list[str]] = {}
    for f in facts:
        spoken = _spoken(reason, f["value"], f["source"])
        what = f["label"] if spoken or not values else f"{f['label']}：{f['value']}"
        found.setdefault(spoken or _dated(f["source"], f["as_of"] or ""), []).append(what)
    if len(found) == 1 and not values:
        return next(iter(found))
    return "；".join(f"{where}（{'，'.join(what)}）" for where, what in found.items())


def _dated(source: str, as_of: str) -> str:
    return f"{source}，{as_of}" if as_of else source


def _spoken(reason: str, value: str, source: str) -> str:
    """Of a fact of several rows the source of the row that is spoken of; "" for a fact of one row."""
    values, sources = value.split("；"), source.split("；")
    if not len(values) == len(sources) > 1:
        return ""
    years = set(_YEAR.findall(reason))
    return sources[next((n for n, row in enumerate(values) if years & set(_YEAR.findall(row))), 0)]
