"""A document as the engine holds it: immutable, every part with the clause that it executes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from shuniu.policy.declared import Category as Category
from shuniu.policy.declared import Direction as Direction
from shuniu.policy.declared import FactSpec as FactSpec
from shuniu.policy.declared import Field as Field
from shuniu.policy.extending import Extends as Extends
from shuniu.policy.extending import LocalValue as LocalValue
from shuniu.policy.measures import Deadline, Funding, Grading, Item, Quota, ScoreSheet, Vote
from shuniu.policy.norms import Above as Above
from shuniu.policy.norms import Norm as Norm
from shuniu.policy.points import NotStated as NotStated
from shuniu.policy.points import Stated as Stated
from shuniu.policy.rules import Rule
from shuniu.policy.stages import HonourLevel as HonourLevel
from shuniu.policy.stages import Outcome as Outcome
from shuniu.policy.stages import Stage as Stage
from shuniu.policy.stages import Template as Template
from shuniu.policy.stages import Validity as Validity
from shuniu.policy.stages import Window as Window
from shuniu.policy.words import CLAUSE_KINDS

Binding = Literal["must", "in_principle"]
BINDINGS = ("must", "in_principle")


def binding_of(word: str) -> Binding:
    """The word of a file as the closed type; anything else than in principle binds."""
    return "in_principle" if word == "in_principle" else "must"


@dataclass(frozen=True, slots=True)
class Clause:
    """One article or item: its number, our own words, the deciding quotation, and what the system does."""

    number: str
    words: str
    kind: str
    does: str
    quote: str = ""

    @property
    def text_only(self) -> bool:
        return self.kind == "text"

    @property
    def kind_label(self) -> str:
        return CLAUSE_KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a clause that bears several."""

    key: str
    words: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Hint:
    """Said instead of the general reason while a condition is not known and ``when`` holds."""

    when: Rule
    say: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A yes/no rule of the document. ``applies`` false makes it not applicable.

    With ``binding`` in principle the text fact ``passed_by`` may carry the written reason that lets it pass.
    ``state`` is the word for the thing judged when this condition is not met. ``taken`` is the reading that
    the file itself states until a call chooses; conditions of one ``matter`` are chosen for together.
    """

    key: str
    clause: str
    label: str
    asks: tuple[str, ...]
    binding: Binding
    readings: tuple[Reading, ...]
    quote: str = ""
    applies: Rule | None = None
    passed_by: str = ""
    state: str = ""
    hints: tuple[Hint, ...] = ()
    taken: str = ""
    matter: str = ""
    above: tuple[Above, ...] = ()  # what upper norms demand of the same matter, the highest first


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """A number that forms and constraints need as a number: at most ``at_most`` of ``counts``."""

    key: str
    clause: str
    label: str
    at_most: int
    binding: Binding
    counts: str
    passed_by: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """Ground, scope and effect. ``automatic`` grounds end a recognition without asking for a choice.

    It ``lasts`` so long from the date fact ``begins`` (a bar, a suspension); ``grades``: lowered by so many.
    """

    key: str
    clause: str
    label: str
    effect: str
    scope: str
    readings: tuple[Reading, ...]
    automatic: bool = True
    judged: bool = False
    quote: str = ""
    applies: Rule | None = None
    note: str = ""
    begins: str = ""
    lasts: tuple[int, str] | None = None
    grades: int = 0


@dataclass(frozen=True, slots=True)
class Withdrawal:
    clause: str
    label: str
    written: bool
    effective: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class NameUse:
    clause: str
    label: str
    permitted_by: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty that the system shows; nothing follows from it by itself.

    It recurs ``every`` so many months or years, or each year ``by`` a month and day; see ``next_due``.
    """

    key: str
    clause: str
    label: str
    who: str
    words: str
    binding: Binding = "must"
    every: tuple[int, str] | None = None
    by: tuple[int, int] | None = None
    lead: tuple[str, ...] = ()  # 牵头单位
    responsible: tuple[str, ...] = ()  # 责任单位


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until which day the document's goals are to be reached; the day counts. ``words`` say how it was read."""

    until: date
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued the document, and which levels of union may open a call under it and use its results."""

    name: str
    level: str
    clause: str
    may_open: tuple[str, ...]
    may_use: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """The document that this one replaces, and the day by which a running matter is judged."""

    key: str
    judged_by: str
    clause: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. ``digest`` is SHA-256 over its folder; it, not the version, pins a published call.

    ``issued`` and ``effective`` are ``None`` where the paper does not say the day.
    """

    key: str
    version: str
    title: str
    short: str
    issued: date | None
    effective: date | None
    effective_clause: str
    interpreter: str
    interpreter_clause: str
    issuer: Issuer
    clauses: tuple[Clause, ...]
    facts: MappingProxyType[str, FactSpec]
    categories: tuple[Category, ...]
    conditions: tuple[Condition, ...]
    limits: tuple[LimitSpec, ...]
    stages: tuple[Stage, ...]
    outcome: Outcome | None
    consequences: tuple[Consequence, ...]
    withdrawal: Withdrawal | None
    name_use: NameUse | None
    duties: tuple[Duty, ...]
    not_stated: tuple[NotStated, ...]
    stated: tuple[Stated, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    votes: tuple[Vote, ...] = ()
    quotas: tuple[Quota, ...] = ()
    sheets: tuple[ScoreSheet, ...] = ()
    gradings: tuple[Grading, ...] = ()
    fundings: tuple[Funding, ...] = ()
    succession: Succession | None = None
    horizon: Horizon | None = None
    extends: Extends | None = None
    local: tuple[LocalValue, ...] = ()
    may_adopt: tuple[str, ...] = ()
    templates: tuple[Template, ...] = ()
    effective_until: date | None = None
    norms: tuple[Norm, ...] = ()
    warnings: tuple[str, ...] = ()
    digest: str = ""
    index: MappingProxyType[str, Any] = field(
        default_factory=lambda: MappingProxyType({}), repr=False, compare=False
    )

    def __hash__(self) -> int:
        return hash(self.digest)

    def clause(self, number: str) -> Clause | None:
        """The entry of a clause; brackets of either width are understood."""
        wanted = plain_number(number)
        return next((clause for clause in self.clauses if clause.number == wanted), None)

    def category(self, key_or_label: str) -> Category | None:
        return next((each for each in self.categories if key_or_label in (each.key, each.label)), None)

    def settled(self, key: str) -> Stated | None:
        """What the document itself says of a point of the procedure; ``None`` where it is silent."""
        return next((each for each in self.stated if each.key == key), None)

    def open_point(self, key: str) -> NotStated | None:
        """What the document leaves open under this key; ``None`` when it has no such entry."""
        return next((point for point in self.not_stated if point.key == key), None)

    def readings_of(self, key: str) -> tuple[str, ...]:
        """The keys of the readings between which a call may choose.

        ``key`` is that of a condition, a consequence, a row of a score sheet, or a matter that several share.
        """
        items = [item for sheet in self.sheets for item in sheet.items]
        parts: tuple[Condition | Consequence | Item, ...] = (*self.conditions, *self.consequences, *items)
        for part in parts:
            if key in (part.key, _matter(part)) and len(part.readings) > 1:
                return tuple(reading.key for reading in part.readings)
        return ()

    def limit(self, key: str) -> LimitSpec | None:
        return next((limit for limit in self.limits if limit.key == key), None)


def _matter(part: Condition | Consequence | Item) -> str:
    return "" if isinstance(part, Consequence) else part.matter


def plain_number(number: str) -> str:
    """A clause number as papers write it: full-width brackets, no blanks (第七条（一）, however it was typed)."""
    return number.replace("(", "（").replace(")", "）").replace(" ", "")
