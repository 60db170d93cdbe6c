"""What a document declares before its rules: facts, categories, directions."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType

from shuniu.policy.rules import Literal, Value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record. ``missing_is``: what a record without a value in it stands for, else not known."""

    name: str
    type: str
    label: str
    values: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    aliases: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unit: str = ""
    missing_is: Literal | None = None


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A declared fact. ``question`` is asked of the person who judges; ``pending`` values count as not known.

    ``time`` names the field that dates a record; with ``yearly`` every year should have one, so that a year
    without a record is not known rather than passed.
    """

    name: str
    type: str
    label: str
    source: str
    unit: str = ""
    question: str = ""
    clause: str = ""
    hint: str = ""
    values: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    aliases: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))
    fields: MappingProxyType[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    time: str = ""
    yearly: bool = False
    derive: Value | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    key: str
    label: str
    includes: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    key: str
    label: str
    clause: str
    directions: tuple[Direction, ...] = ()
    parent: str = ""
