"""Asks the readers what they ask for: a table that answers every key and notes it, for the schemas of editors.

The schema of the format is thus never written beside the readers. A reader is run several times, with other
choices and other keys present each time, so that its branches are seen; a key is required when every run
required it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from shuniu.policy import rules as r
from shuniu.policy.model import FactSpec, Field
from shuniu.policy.parse_rules import RuleParser
from shuniu.policy.problems import Sink
from shuniu.policy.reader import Table
from shuniu.policy.source import Node

Schema = dict[str, Any]
NAME = "any-name"  # stands for whatever a document calls its parts; lists made of it are not closed lists
MANY = 1_000
RULE: Schema = {"$ref": "#/definitions/rule"}
VALUE: Schema = {"$ref": "#/definitions/value"}


@dataclass(slots=True)
class Shape:
    """A map of the format, as far as the runs have seen it."""

    keys: dict[str, list[Schema | Shape]] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)  # keys under which stand lists of maps
    required: set[str] | None = None

    def inner(self, key: str) -> Shape:
        """The shape of the map (or of the maps) under a key, the same for every run."""
        known = self.keys.setdefault(key, [])
        shape = next((each for each in known if isinstance(each, Shape)), None)
        if shape is None:
            shape = Shape()
            known.append(shape)
        return shape

    def note(self, key: str, schema: Schema) -> None:
        known = self.keys.setdefault(key, [])
        if schema not in known:
            known.append(schema)

    def schema(self, more: dict[str, Schema] | None = None) -> Schema:
        """As JSON schema; a map of which no key was asked for is open."""
        if not self.keys and not more:
            return {"type": "object"}
        found = {key: self._of(key, known) for key, known in self.keys.items()}
        return {
            "type": "object",
            "properties": dict(sorted({**found, **(more or {})}.items())),
            "required": sorted(self.required or ()),
            "additionalProperties": False,
        }

    def _of(self, key: str, known: list[Schema | Shape]) -> Schema:
        said = [each.schema() if isinstance(each, Shape) else each for each in known]
        if key in self.lists:
            said = [{"type": "array", "items": each} for each in said]
        exact = [each for each in said if each] or [{}]
        return exact[0] if len(exact) == 1 else {"anyOf": exact}


@dataclass(frozen=True, slots=True)
class Run:
    """Which of its choices a run takes, and whether the keys that readers look for are there."""

    number: int
    only: frozenset[str] | None = None

    def there(self, key: str) -> bool:
        """Every run has other keys, so that what stands behind two of them is seen too; the same on every start."""
        if self.only is not None:
            return key in self.only
        return zlib.crc32(f"{key} {self.number}".encode()) % 2 == 0

    def pick(self, allowed: Collection[str]) -> str:
        return list(allowed)[self.number // 2 % len(allowed)]


RUNS = tuple(Run(number) for number in range(80))


class Probe(Node):
    """What a reader gets for a key whose kind it finds out by itself; the parser that takes it says the kind."""

    __slots__ = ("key", "shape")

    def __init__(self, shape: Shape, key: str) -> None:
        super().__init__("scalar", 0)
        self.shape, self.key = shape, key

    def is_a(self, schema: Schema) -> None:
        self.shape.note(self.key, schema)


class Recorder(Table):
    """A table without a file behind it."""

    def __init__(self, shape: Shape, run: Run, opened: list[Recorder]) -> None:
        super().__init__(Node("map", 0), "", Sink(""))
        self.shape, self.run, self.opened, self.asked = shape, run, opened, set[str]()
        opened.append(self)

    def done(self) -> None:
        """The run is over: what it required counts."""
        required = self.shape.required
        self.shape.required = self.asked if required is None else required & self.asked

    def has(self, key: str) -> bool:
        return self.run.there(key)

    def note(self, key: str, schema: Schema, *, required: bool) -> None:
        self.shape.note(key, schema)
        if required:
            self.asked.add(key)

    def get(self, key: str, *, required: bool = False, what: str = "") -> Node | None:
        self.note(key, {}, required=required)
        return Probe(self.shape, key)

    def text(self, key: str, *, required: bool = True, limit: int = 300, default: str = "") -> str:
        self.note(key, {"type": "string", "minLength": 1, "maxLength": limit}, required=required)
        return NAME

    def word(self, key: str, *, required: bool = True) -> str:
        self.note(key, {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,60}$"}, required=required)
        return NAME

    def choice(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        self.note(key, _among(allowed), required=default is None)
        return self.run.pick(allowed)

    def integer(
        self, key: str, *, required: bool = True, low: int = 0, high: int = 1_000_000, default: int = 0
    ) -> int:
        self.note(key, {"type": "integer", "minimum": low, "maximum": high}, required=required)
        return low

    def decimal(self, key: str, *, required: bool = True) -> Decimal | None:
        self.note(key, {"type": "number"}, required=required)
        return Decimal(1)

    def flag(self, key: str, *, default: bool = False) -> bool:
        self.note(key, {"type": "boolean"}, required=False)
        return default

    def day(self, key: str, *, required: bool = True) -> date | None:
        self.note(key, {"type": "string", "format": "date"}, required=required)
        return date(2020, 1, 1)

    def texts(self, key: str, *, required: bool = False, limit: int = 100) -> tuple[str, ...]:
        one: Schema = {"type": "string", "minLength": 1, "maxLength": limit}
        self.note(key, {"anyOf": [one, {"type": "array", "items": one}]}, required=required)
        return (NAME,)

    def choices(self, key: str, allowed: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        one = _among(allowed)
        self.note(key, {"anyOf": [one, {"type": "array", "items": one}]}, required=required)
        return (self.run.pick(allowed),) if allowed else ()

    def table(self, key: str, *, required: bool = False) -> Table | None:
        if required:
            self.asked.add(key)
        return self._inner(key)

    def tables(self, key: str, *, required: bool = False) -> Iterator[Table]:
        if required:
            self.asked.add(key)
        self.shape.lists.add(key)
        yield self._inner(key)

    def _inner(self, key: str) -> Recorder:
        return Recorder(self.shape.inner(key), self.run, self.opened)

    def pairs(self, key: str) -> dict[str, str]:
        self.note(key, {"type": "object", "additionalProperties": {"type": "string"}}, required=False)
        return {}

    def close(self) -> None:
        return


def recorded(reader: Callable[[Recorder], object], runs: Iterable[Run] = RUNS) -> Shape:
    """The shape that a reader asks for, over all runs."""
    shape = Shape()
    for run in runs:
        opened: list[Recorder] = []
        reader(Recorder(shape, run, opened))
        for each in opened:
            each.done()
    return shape


def _among(allowed: Collection[str]) -> Schema:
    if not allowed or NAME in allowed:
        return {"type": "string"}
    return {"type": "string", "enum": list(allowed)}


class RecordingParser(RuleParser):
    """Notes where a rule and where a value may stand, and reads neither."""

    def rule(self, node: Node, path: str, scope: FactSpec | None = None) -> r.Rule:
        if isinstance(node, Probe):
            node.is_a(RULE)
        return r.Always(True)

    def children(self, table: Table, key: str, scope: FactSpec | None) -> tuple[r.Rule, ...]:
        if isinstance(table, Recorder):
            table.note(key, {"type": "array", "items": RULE, "minItems": 1}, required=True)
        return (r.Always(True),) * MANY

    def operand(
        self, node: Node, path: str, scope: FactSpec | None, shape: FactSpec | Field | None = None
    ) -> r.Value:
        if isinstance(node, Probe):
            node.is_a(VALUE)
        return r.Constant("")

    def calculation(self, table: Table, scope: FactSpec | None) -> r.Value:
        if isinstance(table, Recorder):
            table.note("of", {"type": "array", "items": VALUE, "minItems": 1}, required=True)
        return super().calculation(table, scope)
