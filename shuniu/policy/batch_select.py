"""Selections over records as SQL. Each record is surely in (true), surely out, or perhaps in (NULL)."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.policy import records
from shuniu.policy import rules as r
from shuniu.policy.batch_cells import Cell, truth_text
from shuniu.policy.batch_plan import Compiler, Group, Rows, Scope
from shuniu.policy.batch_values import Told, cell_of, shifted, value
from shuniu.policy.values import Measured

_CALENDAR = {"calendar_years": "year", "half_years": "half", "quarters": "quarter"}


def sql_truth(told: Told) -> str:
    """A truth as SQL in any case."""
    return told if isinstance(told, str) else truth_text(told)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection: the group that holds its records, whether anything is known, what is kept, years without any."""

    group: Group
    known: str
    kept: str  # of a record
    gaps: str  # SQL of a number
    scope: Scope

    @property
    def sure(self) -> str:
        return self.count(self.kept)

    @property
    def unsure(self) -> str:
        return self.count(f"({self.kept}) IS NULL")

    def count(self, test: str) -> str:
        """How many records pass a test (SQL of a record)."""
        return self.group.add("count(*)" if test == "true" else f"count(*) FILTER (WHERE {test})")


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day in SQL, and by which years it is cut."""

    first: str
    last: str
    years: tuple[str, str]
    known: str = ""  # "" where the days are the same for every organisation


def rule_in(c: Compiler, scope: Scope, node: r.Rule) -> str:
    """A rule about the record at hand."""
    from shuniu.policy.batch_rules import rule

    c.scopes.append(scope)
    try:
        return sql_truth(rule(c, node))
    finally:
        c.scopes.pop()


def value_in(c: Compiler, scope: Scope, field: str, each: r.Value | None) -> Cell | None:
    """What of a record counts: a field, or what ``each`` makes of it; ``None`` where it is never known."""
    c.scopes.append(scope)
    try:
        return cell_of(c, c.field(field) if each is None else value(c, each))
    finally:
        c.scopes.pop()


def scope_of(c: Compiler, of: str, *nodes: object) -> Scope:
    """The records of a fact for rules and values about each, which may look at facts beside it."""
    return Scope(c.document.facts[of], c.rows(of), c.bears(nodes, at_hand=False))


def time_of(c: Compiler, scope: Scope) -> Cell | None:
    """The day or year that dates a record; ``None`` where records have none."""
    time = scope.spec.time
    return value_in(c, scope, time, None) if time else None


def year_of(time: Cell | None) -> str:
    if time is None:
        return "NULL::int"
    return f"extract(year FROM {time.text})::int" if time.kind == "date" else time.text


def plain(c: Compiler, rows: Rows) -> Group:
    """All records of a fact, one aggregate over them."""
    return c.plan.group((id(rows), "{}"), rows.sql(c.bind))


def choose(c: Compiler, selection: r.Selection, *beside: object) -> Chosen | None:
    """The records of a selection; ``None`` where its window is not known of anybody.

    ``beside``: what is asked of each record, compiled before this so that whatever it needs is joined first.
    """
    scope = scope_of(c, selection.of, selection.where, selection.within, beside)
    span = None
    if selection.within is not None:
        span = _span(c, selection.within, scope)
        if span is None:
            return None
    time = time_of(c, scope)
    parts = []
    if span is not None:
        by_year = selection.within is not None and selection.within.unit == "calendar_years"
        parts.append(_inside(time, span, by_year=by_year))
    if selection.where is not None:
        parts.append(rule_in(c, scope, selection.where))
    kept = f"({' AND '.join(parts)})" if parts else "true"
    if selection.last is not None:
        return _last(c, selection, scope, span, time, kept)
    group = group_for(c, scope)
    return Chosen(group, _known(group, span), kept, _gaps(group, scope, span, time), scope)


def group_for(c: Compiler, scope: Scope, wrap: str = "{}") -> Group:
    """The group of a filter: shared by all that look at records alone, else computed organisation by organisation."""
    if scope.outer:
        body = wrap.format(scope.rows.sql(c.bind, key=c.plan.store.key))
        return c.plan.group((len(c.plan.groups), "one"), body, one=True)
    return c.plan.group((id(scope.rows), wrap), wrap.format(scope.rows.sql(c.bind)))


def _known(group: Group, span: Span | None) -> str:
    known = f"{group.add('count(*)')} > 0"
    return f"({known} AND {span.known})" if span is not None and span.known else f"({known})"


# --- windows --------------------------------------------------------------------------


def _span(c: Compiler, window: r.Window, scope: Scope) -> Span | None:
    if not c.bears(window):
        found = records._span(window, c.engine())
        if isinstance(found, Measured):
            return None
        first, last = found
        return Span(c.bind(first), c.bind(last), (str(first.year), str(last.year)))
    if window.start is not None and window.end is not None:
        ends = [cell_of(c, value(c, each)) for each in (window.start, window.end)]
        texts = [each.text for each in ends if each is not None and each.kind == "date"]
        if len(texts) < 2:
            return None
        first_text, last_text = texts
    else:
        anchor = cell_of(c, value(c, window.anchor))
        if anchor is None:
            return None
        first_text, last_text = _window(window, anchor.text)
    years = (f"extract(year FROM {first_text})::int", f"extract(year FROM {last_text})::int")
    known = f"{first_text} IS NOT NULL AND {last_text} IS NOT NULL"
    return Span(first_text, last_text, years, known)


def _window(window: r.Window, anchor: str) -> tuple[str, str]:
    """``dates.window`` in SQL."""
    if window.unit not in _CALENDAR:
        return shifted(anchor, -window.n, window.unit), anchor
    kind = _CALENDAR[window.unit]
    begins = f"date_trunc('{'year' if kind == 'half' else kind}', {anchor}::timestamp)::date"
    if kind == "half":
        half = f"CASE WHEN extract(month FROM {anchor}) > 6 THEN 6 ELSE 0 END"
        begins = f"({begins} + make_interval(months => {half}))::date"
    if window.current:
        return shifted(begins, 1 - window.n, window.unit), anchor
    return shifted(begins, -window.n, window.unit), shifted(begins, -1, "days")


def _inside(time: Cell | None, span: Span, *, by_year: bool) -> str:
    """``records._inside`` in SQL: a year that the window cuts is open."""
    if time is None:
        return "NULL::boolean"
    if time.kind == "date":
        return f"({time.text} BETWEEN {span.first} AND {span.last})"
    year, (first, last) = time.text, span.years
    whole = "true" if by_year else (
        f"({year} > {first} OR extract(doy FROM {span.first}) = 1)"
        f" AND ({year} < {last} OR to_char({span.last}, 'MMDD') = '1231')"
    )  # fmt: skip
    return (
        f"CASE WHEN {year} NOT BETWEEN 1 AND 9999 OR {year} IS NULL THEN NULL"
        f" WHEN {year} NOT BETWEEN {first} AND {last} THEN false WHEN {whole} THEN true END"
    )


def _gaps(group: Group, scope: Scope, span: Span | None, time: Cell | None) -> str:
    """How many years of the window have no record at all, where each should have one."""
    if span is None or not scope.spec.yearly:
        return "0"
    first, last = span.years
    year = year_of(time)
    distinct = "" if scope.rows.once == scope.spec.time else "DISTINCT "
    have = group.add(f"count({distinct}{year}) FILTER (WHERE {year} BETWEEN {first} AND {last})")
    return f"({last} - {first} + 1 - {have})"


# --- the last ones ----------------------------------------------------------------------


def _last(
    c: Compiler, selection: r.Selection, scope: Scope, span: Span | None, time: Cell | None, kept: str
) -> Chosen:
    """The latest of those kept; one of which it is not sure whether it is kept may push another out."""
    n, day = selection.last, time.text if time is not None else "NULL::date"
    before = (
        f"(PARTITION BY home ORDER BY t_ DESC NULLS LAST, {scope.rows.order}"
        " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    wrap = (
        "SELECT r.*, CASE WHEN k_ IS FALSE THEN false WHEN t_ IS NULL THEN NULL WHEN s_ >= "
        f"{n} THEN false WHEN k_ AND s_ + u_ < {n} THEN true END AS kept_ FROM (SELECT r.*,"
        f" count(*) FILTER (WHERE k_ AND t_ IS NOT NULL) OVER {before} AS s_,"
        f" count(*) FILTER (WHERE k_ IS NULL AND t_ IS NOT NULL) OVER {before}"
        " + count(*) FILTER (WHERE k_ IS NOT FALSE AND t_ IS NULL) OVER (PARTITION BY home) AS u_"
        f" FROM (SELECT r.*, ({kept}) AS k_, ({day}) AS t_ FROM ({{}}) r) r) r"
    )  # fmt: skip
    group = group_for(c, scope, wrap)
    gaps = _gaps(group, scope, span, time)
    if scope.spec.yearly:
        year, among = year_of(time), "FILTER (WHERE kept_ IS NOT FALSE AND t_ IS NOT NULL)"
        low, high = group.add(f"min({year}) {among}"), group.add(f"max({year}) {among}")
        have = group.add(f"count(DISTINCT {year}) {among}")
        gaps = f"CASE WHEN {low} IS NULL THEN {gaps} ELSE {high} - {low} + 1 - {have} END"
    return Chosen(group, _known(group, span), "kept_", gaps, scope)
