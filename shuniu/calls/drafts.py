"""One part of a form, two tabs or two colleagues: what a page was read with, and whose words stand.

Autosave writes field by field while a page is open, and a page's own saves must not look like somebody else's.
So each page carries a mark, and the draft keeps under `WRITERS` which mark wrote a field last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

WRITERS = "_tabs"


def _digest(value: object) -> str:
    if isinstance(value, list | tuple):
        value = "\n".join(sorted(map(str, value)))
    text = "" if value is None else str(value).replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def seal(values: Mapping[str, object]) -> str:
    """What a page was read with, for its hidden field `seen`: a digest per field, not the words again."""
    return " ".join(f"{name}:{_digest(value)}" for name, value in values.items())


@dataclass(frozen=True)
class Page:
    """An open page: its mark, and field → digest of what it was read with."""

    tab: str
    base: Mapping[str, str]

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> Page | None:
        """From what a form sent; None when it carries nothing of the kind."""
        seen = str(sent.get("seen", ""))
        pairs = (pair.partition(":") for pair in seen.split())
        return (
            cls(str(sent.get("tab", ""))[:40], {name: digest for name, _, digest in pairs}) if seen else None
        )


@dataclass(frozen=True)
class Settled:
    """The values to keep, the fields where another page's words stay, and those that both have changed."""

    values: dict[str, Any]
    theirs: list[str]
    clashing: list[str]


def settle(
    page: Page | None, saved: Mapping[str, Any], sent: Mapping[str, Any], writers: Mapping[str, str]
) -> Settled:
    """Field by field: what only this page changed stands, what only another changed stands too."""
    values, theirs, clashing = dict(sent), [], []
    for name, mine in sent.items():
        base = page.base.get(name) if page else None
        now = _digest(saved.get(name))
        if page is None or base is None or now in {base, _digest(mine)} or writers.get(name) == page.tab:
            continue
        if _digest(mine) == base:
            values[name] = saved.get(name)
            theirs.append(name)
        else:
            clashing.append(name)
    return Settled(values, theirs, clashing)


def both(draft: Mapping[str, Any], section: str, sent: QueryDict, values: Mapping[str, Any]) -> QueryDict:
    """What this page sent, with the words of the other one where only that one changed a field."""
    saved: dict[str, Any] = draft.get(section, {})
    data = sent.copy()
    for name in settle(Page.of(sent), saved, values, draft.get(WRITERS, {}).get(section, {})).theirs:
        value = saved.get(name)
        given = value if isinstance(value, list) else [] if value is None else [value]
        data.setlist(name, [str(each) for each in given])
    return data


__all__ = ["WRITERS", "Page", "Settled", "both", "seal", "settle"]
