"""The closed list of operators, as immutable trees; docs/policy-format.md describes them."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.policy.bands import Band as Band
from shuniu.policy.bands import Literal as Literal
from shuniu.policy.references import CategoriesListed as CategoriesListed
from shuniu.policy.references import Limit as Limit
from shuniu.policy.references import Passes as Passes
from shuniu.policy.references import SheetTotal as SheetTotal

# --- values -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constant:
    value: Literal | tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class FactRef:
    name: str


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field of the record at hand, inside ``where`` and ``that``."""

    name: str


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the judgement (``on``)."""


@dataclass(frozen=True, slots=True)
class Window:
    """Look-back of ``n`` units before ``anchor``, or from ``start`` to ``end``; both ends included."""

    n: int
    unit: str
    anchor: Value
    current: bool
    start: Value | None = None
    end: Value | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Records of a fact, narrowed by a filter, a window, and to the last ``last`` of them."""

    of: str
    where: Rule | None = None
    within: Window | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many records; with ``distinct`` how many different values of that field they name."""

    records: Selection
    distinct: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of a field, or of what ``each`` record is worth."""

    records: Selection
    field: str
    each: Value | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A field (or what ``each`` gives) of the latest or earliest record, or its largest or smallest value."""

    records: Selection
    field: str
    which: str
    each: Value | None = None


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A field of the record of one year, counted back from the anchor's year; no record is not known."""

    of: str
    years_before: int
    field: str
    anchor: Value


@dataclass(frozen=True, slots=True)
class Step:
    """A state that becomes another by itself after so long."""

    state: str
    n: int
    unit: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Timer:
    """The state since the latest record, moved on by the steps whose time has passed."""

    of: str
    field: str
    start: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """The date ``n`` units after ``start``."""

    start: Value
    n: int
    unit: str


@dataclass(frozen=True, slots=True)
class YearOf:
    """The calendar year of a date."""

    day: Value


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """The last day of a period whose first day is ``start``."""

    start: Value
    n: int
    unit: str


@dataclass(frozen=True, slots=True)
class ValidityEnd:
    """The last day of what the document grants from ``start``."""

    start: Value


@dataclass(frozen=True, slots=True)
class Calculation:
    """add, subtract, multiply, divide, smallest, largest, share (a part of a whole in per cent), remainder."""

    op: str
    of: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Rounded:
    value: Value
    digits: int
    way: str


@dataclass(frozen=True, slots=True)
class Lookup:
    by: Value
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Choose:
    """One value where a rule holds, another where it does not."""

    condition: Rule
    then: Value
    otherwise: Value


@dataclass(frozen=True, slots=True)
class DirectionsOf:
    """The keys of the directions that the document lists for a category."""

    category: Value


Value = (
    Constant
    | FactRef
    | FieldRef
    | Today
    | Count
    | Total
    | Pick
    | RecordOf
    | Timer
    | Shift
    | YearOf
    | PeriodEnd
    | ValidityEnd
    | Calculation
    | Rounded
    | Lookup
    | Choose
    | CategoriesListed
    | DirectionsOf
    | Limit
    | SheetTotal
)

# --- rules ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Always:
    """Holds, or does not, whatever the facts: for a reading under which nothing is asked."""

    holds: bool


@dataclass(frozen=True, slots=True)
class AllOf:
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class SomeOf:
    """At least ``low`` and at most ``high`` of the rules hold."""

    low: int | None
    high: int | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class When:
    """Where the condition holds, ``then`` must hold; elsewhere ``otherwise``, or nothing is asked."""

    condition: Rule
    then: Rule
    otherwise: Rule | None = None


@dataclass(frozen=True, slots=True)
class Unless:
    """``require`` must hold except where the exception holds."""

    require: Rule
    exception: Rule


@dataclass(frozen=True, slots=True)
class Compare:
    subject: Value
    op: str
    operand: Value


@dataclass(frozen=True, slots=True)
class Within:
    """Between two bounds, each included or not."""

    subject: Value
    low: Value
    high: Value
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """So many units have passed since a date, counted to ``until``; exact to the day at both sides."""

    since: Value
    until: Value
    op: str
    n: int
    unit: str


@dataclass(frozen=True, slots=True)
class Exists:
    records: Selection


@dataclass(frozen=True, slots=True)
class Every:
    """All selected records satisfy ``that``; too few records, or a year without one: not known."""

    records: Selection
    that: Rule


@dataclass(frozen=True, slots=True)
class Consecutive:
    """``n`` years in a row with a record that satisfies ``that``, ``ending`` years before the anchor."""

    of: str
    n: int
    that: Rule
    anchor: Value
    ending: int | None = None


Rule = (
    Always
    | AllOf
    | AnyOf
    | NoneOf
    | SomeOf
    | When
    | Unless
    | Compare
    | Within
    | Held
    | Exists
    | Every
    | Consecutive
    | Passes
)
