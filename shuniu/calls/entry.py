"""Which stage lets in: an organisation's own application, or the nomination by a union."""

from __future__ import annotations

from collections.abc import Iterable

from shuniu.calls.models import CallStage


def entry_of(stages: Iterable[CallStage]) -> CallStage | None:
    """The stage whose days are the window: applications, else nominations."""
    rows = list(stages)
    by_kind = {s.kind: s for s in reversed(rows)}
    return by_kind.get("apply") or by_kind.get("recommend")


def checks_apart(stages: Iterable[CallStage]) -> bool:
    """Whether the document has a stage of its own for the check; else it belongs to the recommendation."""
    return any(s.kind == "check" for s in stages)
