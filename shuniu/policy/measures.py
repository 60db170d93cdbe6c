"""The measuring parts of a document: deadlines, votes, quotas, score sheets, grades, funding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuniu.policy.rules import Band, Rule, Value


@dataclass(frozen=True, slots=True)
class Deadline:
    """``n`` units from the date fact ``start``; ``month_end`` runs on to the end of the month reached.

    ``first_day_counted``: the starting day is day one. ``roll``: a last day off becomes the next working day.
    """

    key: str
    clause: str
    label: str
    start: str
    n: int
    unit: str
    first_day_counted: bool = False
    month_end: bool = False
    roll: bool = False


@dataclass(frozen=True, slots=True)
class Vote:
    """``base`` all or present; ``bound`` at_least or more_than ``part``/``whole`` of it; quorum of all."""

    key: str
    clause: str
    label: str
    base: str
    bound: str
    part: int
    whole: int
    quorum_part: int = 0
    quorum_whole: int = 1
    quorum_bound: str = "at_least"


@dataclass(frozen=True, slots=True)
class Share:
    """``part``/``whole`` of a number, made whole in the ``way`` that the paper names ("" where it names none)."""

    of: Value
    part: int
    whole: int
    way: str = ""

    @property
    def said(self) -> str:
        return f"{self.part}%" if self.whole == 100 else f"{self.part}/{self.whole}"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``at_most`` per holder; ``holder`` is the kind (recommender, category, applicant, group).

    With a ``share`` the number follows from it, never below ``at_least`` nor above ``at_most``.
    """

    key: str
    clause: str
    label: str
    holder: str
    at_most: int | None
    binding: str = "must"
    applies: Rule | None = None
    passed_by: str = ""
    share: Share | None = None
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Scoring:
    """How a value becomes points: ``bands``, or so many points ``per`` one, or the value itself."""

    of: Value
    bands: tuple[Band, ...] = ()
    per: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One way to understand how a row is scored, where its words do not settle it."""

    key: str
    words: str
    scoring: Scoring


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a score sheet, scored as the paper writes it (``scoring``), at most ``points``.

    Where ``scoring`` gives no single answer (bands that overlap or leave a gap), or is absent, the ``readings``
    decide: alike, or as the call chose. Without either, a person gives the points. ``matter``: rows and
    conditions whose readings the call chooses together.
    """

    key: str
    clause: str
    label: str
    points: Decimal
    scoring: Scoring | None = None
    readings: tuple[ItemReading, ...] = ()
    matter: str = ""
    group: str = ""
    words: str = ""
    evidence: str = ""
    kind: str = "points"
    mandatory: bool = False
    veto: Rule | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a sheet that belong together, and what they must reach together where the paper says so."""

    key: str
    label: str
    points: Decimal
    pass_mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """``total`` is what the plain items add up to; bonus is added inside or above it.

    ``ours``: the paper names the sheet and does not contain it, so its points are this product's proposal.
    """

    key: str
    clause: str
    label: str
    total: Decimal
    items: tuple[Item, ...]
    bonus_above_total: bool = False
    pass_mark: Decimal | None = None
    digits: int | None = None
    way: str = "half_up"
    ours: bool = False
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Grading:
    """Bands of a number (as a rule a sheet's total) to grades.

    Where ``when`` does not hold there is no grade, or the one that ``otherwise`` names.
    """

    key: str
    clause: str
    label: str
    of: Value
    bands: tuple[Band, ...]
    when: Rule | None = None
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Funding:
    """An amount in yuan: ``amount``, at most ``cap``, less what is ``already`` paid, only where ``when``."""

    key: str
    clause: str
    label: str
    amount: Value
    already: Value | None = None
    cap: Decimal | None = None
    when: Rule | None = None
    uses: tuple[
        str, ...
    ] = ()  # what the money may be used for; another use needs a reason and a second person
