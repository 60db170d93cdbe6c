"""The procedure of a document: its stages with their windows, what it ends in, the forms that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuniu.policy.words import ACTORS, LEVELS, TEMPLATE_KINDS


@dataclass(frozen=True, slots=True)
class Window:
    """When a stage is open: days of every year (month, day) or dates, both whole and included.

    Without ``first`` it is open until ``last``. With ``last_included`` false the day before is the last.
    ``words`` says how the file understands the paper where that is not settled; ``clause`` where it stands, if
    not where the stage does.
    """

    last: tuple[int, int] | date
    first: tuple[int, int] | date | None = None
    last_included: bool = True
    words: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the procedure, in the document's order. ``asks`` names the open points it needs filled.

    It is open in its ``window``, only to whoever meets the condition, or reaches the pass mark of the score
    sheet, that ``gate`` names; it uses the score sheet ``sheet``, decides by the ``vote`` and keeps the ``quotas``
    that are named.
    """

    key: str
    kind: str
    label: str
    actor: str
    clause: str
    words: str = ""
    asks: tuple[str, ...] = ()
    window: Window | None = None
    gate: str = ""
    sheet: str = ""
    quotas: tuple[str, ...] = ()
    vote: str = ""

    @property
    def actor_label(self) -> str:
        return ACTORS[self.actor]


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a recognition holds. ``first_day`` names the open point or event that fixes the first day."""

    n: int
    unit: str
    clause: str
    first_day: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class HonourLevel:
    """One level of an honour, from the lowest up; ``from_above``: given by a higher union and recorded here."""

    level: str
    label: str
    clause: str
    from_above: bool = False

    @property
    def level_label(self) -> str:
        return LEVELS[self.level]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a procedure ends in: recognition, honour (with its ``levels``), grade or funding."""

    kind: str
    label: str
    clause: str
    per: str
    validity: Validity | None = None
    in_force: str = "有效"
    code: str = ""  # begins the numbers of its certificates
    levels: tuple[HonourLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A form that the paper names: ``file`` beside the document, or the score sheet ``sheet``.

    ``ours``: the paper names it and does not contain it; what stands there is this product's, to be edited.
    """

    key: str
    kind: str
    label: str
    clause: str
    annex: str = ""
    file: str = ""
    sheet: str = ""
    ours: bool = False
    words: str = ""

    @property
    def kind_label(self) -> str:
        return TEMPLATE_KINDS[self.kind]
