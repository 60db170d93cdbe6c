"""One query for many organisations: what it joins, and what is being compiled into it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Protocol

from shuniu.policy import rules as r
from shuniu.policy.batch_cells import Binder, Cell, Column, NotInBatch, declared_cell, with_default, word
from shuniu.policy.dates import WorkingDay
from shuniu.policy.declared import FactSpec
from shuniu.policy.evaluate import judge_truth
from shuniu.policy.model import Document
from shuniu.policy.values import Context, Measured

Canon = Callable[[Column], str]


class Rows(Protocol):
    """The records of one fact in a store, one row each."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """Field by field; expressions speak of a row as ``r``."""
        ...

    @property
    def once(self) -> str:
        """A field of which an organisation has at most one record for each value; "" for none."""
        ...

    @property
    def order(self) -> str:
        """ORDER BY of the records as they are handed to the engine."""
        ...

    def sql(self, bind: Binder, *, only: str = "", key: str = "", every: bool = False) -> str:
        """A SELECT with ``home`` and what the columns need.

        ``only``: the value of ``once`` beyond which no record is wanted. ``key``: of this organisation alone.
        ``every``: with rows that say the same again and do not count.
        """
        ...


class Store(Protocol):
    """Where facts lie in tables."""

    @property
    def key(self) -> str:
        """The SQL of the organisation that a row of the query is about."""
        ...

    def names(self) -> Collection[str]:
        """The facts that the store knows."""
        ...

    def scalar(self, name: str, canon: Canon, bind: Binder) -> Column:
        """A fact of one value, KeyError for records; ``canon``: the SQL of what a stored value counts as."""
        ...

    def rows(self, name: str) -> Rows:
        """A fact of records, KeyError for one of a single value."""
        ...

    def tables(self, bind: Binder) -> str:
        """FROM, with everything that the scalars asked for need."""
        ...


@dataclass(slots=True)
class Group:
    """Aggregates over the records of one fact, joined to the organisation. ``body`` selects from what."""

    alias: str
    body: str
    one: bool = False  # computed for each organisation by itself, because it looks at its other facts
    items: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> str:
        """The column that holds this aggregate."""
        name = self.items.setdefault(text, f"a{len(self.items)}")
        return f"{self.alias}.{name}"

    def sql(self, key: str) -> str:
        chosen = ", ".join(f"{text} AS {name}" for text, name in self.items.items())
        if self.one:
            return f"LEFT JOIN LATERAL (SELECT {chosen} FROM ({self.body}) r) {self.alias} ON true"
        return (
            f"LEFT JOIN (SELECT r.home, {chosen} FROM ({self.body}) r GROUP BY r.home) {self.alias}"
            f" ON {self.alias}.home = {key}"
        )


@dataclass(slots=True)
class Plan:
    """The query in the making; several documents may be compiled into one. ``given``: facts alike for everybody."""

    store: Store
    on: date
    working_day: WorkingDay | None = None
    given: Mapping[str, object] = field(default_factory=dict)
    bind: Binder = field(default_factory=Binder)
    groups: dict[object, Group] = field(default_factory=dict)

    def group(self, identity: object, body: str, *, one: bool = False) -> Group:
        """The group of that identity, made at its first use; groups stand in the order in which they are made."""
        if identity not in self.groups:
            self.groups[identity] = Group(f"g{len(self.groups)}", body, one)
        return self.groups[identity]

    def query(self, columns: str, where: str) -> str:
        """The whole statement; ``where`` narrows the organisations."""
        tables = self.store.tables(self.bind)
        joins = " ".join(each.sql(self.store.key) for each in self.groups.values())
        return f"SELECT {columns} FROM {tables} {joins} WHERE {where}"


@dataclass(slots=True)
class Scope:
    """The record at hand while a filter is compiled; ``outer``: the filter looks at facts beside the record."""

    spec: FactSpec
    rows: Rows
    outer: bool = False


@dataclass(slots=True)
class Compiler:
    """One document being compiled into a plan."""

    document: Document
    plan: Plan
    scopes: list[Scope] = field(default_factory=list)
    scalars: dict[str, Cell] = field(default_factory=dict)
    deriving: set[str] = field(default_factory=set)
    known: Collection[str] = ()

    def __post_init__(self) -> None:
        self.known = frozenset(self.plan.store.names())

    @property
    def bind(self) -> Binder:
        return self.plan.bind

    def engine(self) -> Context:
        """The engine itself, for what no fact of the store bears upon."""
        return Context(self.document, self.plan.on, self.plan.given, judge_truth, self.plan.working_day)

    def has(self, name: str) -> bool:
        """Whether the store is asked for this fact."""
        return self.document.facts[name].source == "registry" and name in self.known

    def bears(self, node: object, *, at_hand: bool = True) -> bool:
        """Whether any fact of the store, or (`at_hand`) the record at hand, bears upon a rule or value."""
        if isinstance(node, r.FactRef):
            spec = self.document.facts[node.name]
            if self.has(node.name):
                return True
            return spec.derive is not None and node.name not in self.deriving and self._derived(spec)
        if isinstance(node, r.FieldRef):
            return at_hand
        if isinstance(node, r.Selection | r.RecordOf | r.Timer | r.Consecutive):
            return self.has(node.of)
        if isinstance(node, r.SheetTotal | r.Passes):
            return any(
                self.bears(each, at_hand=at_hand) for each in self.document.sheets if each.key == node.sheet
            )
        if isinstance(node, tuple):
            return any(self.bears(each, at_hand=at_hand) for each in node)
        if is_dataclass(node):
            return any(self.bears(getattr(node, each.name), at_hand=at_hand) for each in fields(node))
        return False

    def _derived(self, spec: FactSpec) -> bool:
        self.deriving.add(spec.name)
        try:
            return self.bears(spec.derive)
        finally:
            self.deriving.discard(spec.name)

    def scalar(self, name: str) -> Cell:
        """A fact of one value, as the document counts it."""
        spec = self.document.facts[name]
        if spec.type == "records":
            raise NotInBatch(f"“{spec.label}”是一组记录，不能整个拿来比较")
        if spec.derive is not None:
            raise NotInBatch(f"“{spec.label}”既取自登记库又可推算")
        if name not in self.scalars:

            def canon(column: Column) -> str:
                return word(declared_cell(self.document, spec, column, self.bind), self.bind)

            try:
                column = self.plan.store.scalar(name, canon, self.bind)
            except KeyError as error:
                raise NotInBatch(f"“{spec.label}”在登记库中是一组记录，不是一个值") from error
            self.scalars[name] = declared_cell(self.document, spec, column, self.bind)
        return self.scalars[name]

    def rows(self, name: str) -> Rows:
        """A fact of records."""
        spec = self.document.facts[name]
        try:
            return self.plan.store.rows(name)
        except KeyError as error:
            raise NotInBatch(f"“{spec.label}”在登记库中是一个值，不是一组记录") from error

    def field(self, name: str) -> Cell | Measured:
        """A field of the record at hand."""
        scope = self.scopes[-1]
        declared = scope.spec.fields[name]
        column = scope.rows.columns.get(name)
        if column is None:
            value = declared.missing_is
            return Measured(value) if value is not None else Measured(None, False)
        return declared_cell(
            self.document, declared, with_default(column, declared.missing_is, self.bind), self.bind
        )
