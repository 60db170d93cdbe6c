"""Rank between norms: what an upper norm demands beside a condition, and which of the two gives way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuniu.policy.rules import Rule

RANKS = {
    "law": "法律",
    "regulation": "行政法规",
    "local_regulation": "地方性法规",
    "rule": "规章",
    "paper": "规范性文件",
}
"""From the highest down; a document of this format is a paper."""


@dataclass(frozen=True, slots=True)
class Norm:
    """Another norm that the document names; ``level``: of the union or office that issued a paper."""

    key: str
    title: str
    rank: str
    clause: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Above:
    """What an article of an upper norm demands of the same matter; it wins where the two differ."""

    norm: Norm
    number: str
    rule: Rule
    quote: str = ""

    @property
    def cited(self) -> str:
        return f"《{self.norm.title}》{self.number}"


def is_above(norm: Norm, level: str, levels: Mapping[str, str]) -> bool:
    """Whether a norm outranks a paper that a union of ``level`` issued; ``levels`` from the highest down."""
    if norm.rank != "paper":
        return True
    order = list(levels)
    return norm.level in order and order.index(norm.level) < order.index(level)
