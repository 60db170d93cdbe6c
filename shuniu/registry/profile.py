"""What counts of the statements about one organisation on one day; no database here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuniu.foundation.ui.formats import day
from shuniu.registry.fields import PROFILE
from shuniu.registry.models import Source, Statement


@dataclass(frozen=True)
class Said:
    """The value of a field that counts, the statement it stands in, and others that differ."""

    field: str
    value: str
    statement: Statement
    others: tuple[Statement, ...] = ()  # as newly said, and different: a conflict

    @property
    def label(self) -> str:
        return PROFILE[self.field].label

    @property
    def shown(self) -> str:
        return PROFILE[self.field].show(self.value)

    @property
    def source(self) -> str:
        return self.statement.source_text

    @property
    def date(self) -> dt.date:
        return self.statement.as_of

    @property
    def told(self) -> str:
        """Source and date in words."""
        return f"来源：{self.source}，{day(self.date)}"

    @property
    def conflict(self) -> str:
        """The other words, with their sources; "" when nobody contradicts."""
        show = PROFILE[self.field].show
        return "；".join(f"{o.source_text}：{show(o.values[self.field])}" for o in self.others)


def _rank(statement: Statement) -> tuple[bool, dt.date, bool, int]:
    """Others before the organisation itself, the later before the earlier, verified before unverified.

    Whoever verifies has read what was said before: of verified words of one day the last counts, alone.
    """
    verified = statement.is_verified
    return (
        statement.source != Source.SELF_REPORTED,
        statement.as_of,
        verified,
        statement.pk if verified else 0,
    )


def profile(
    statements: Iterable[Statement], on: dt.date, inherited: Iterable[Statement] = ()
) -> dict[str, Said]:
    """field → what counts on the day `on`; `inherited`, of merged records, only where nothing else is said.

    Of statements of one rank the last recorded counts within one source; another source that says
    otherwise on the same day is kept beside it as a conflict.
    """
    spoken = _by_field(inherited, on) | _by_field(statements, on)
    return {name: _decide(name, spoken[name]) for name in PROFILE if name in spoken}


def _by_field(statements: Iterable[Statement], on: dt.date) -> dict[str, list[Statement]]:
    spoken: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.as_of <= on:
            for name in statement.values:
                spoken.setdefault(name, []).append(statement)
    return spoken


def _decide(name: str, statements: Sequence[Statement]) -> Said:
    if len(statements) == 1:  # the rule, and a list has two hundred thousand of them
        return Said(name, statements[0].values[name], statements[0], ())
    best = max(statements, key=lambda s: (*_rank(s), s.pk))
    newest = {}  # per source, the last word of this rank
    for statement in sorted(statements, key=lambda s: s.pk):
        if _rank(statement) == _rank(best):
            newest[statement.source_detail] = statement
    value = best.values[name]
    others = tuple(
        s for s in newest.values() if s.source_detail != best.source_detail and s.values[name] != value
    )
    return Said(name, value, best, others)
