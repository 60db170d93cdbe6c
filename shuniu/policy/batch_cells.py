"""What a column of a store is to a document: which of its values are known, and as which words they count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuniu.policy.declared import FactSpec, Field
from shuniu.policy.facts import canonical
from shuniu.policy.kleene import Truth
from shuniu.policy.model import Document

# What Python's ``str.strip`` takes away, for SQL's ``btrim``.
BLANKS = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


class NotInBatch(Exception):
    """This part of a rule cannot be asked of all organisations at once; the reason is said on the page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Column:
    """How a store holds a value: an SQL expression, its kind, and for words kept as codes what they stand for.

    ``other`` is what any further code stands for (itself where that is ``None``). ``strict``: only a fact that
    is declared as a choice can take it.
    """

    text: str
    kind: str  # text, date, number, boolean
    codes: Mapping[str, str] | None = None
    other: str | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a rule in SQL; NULL is not known. A number may be known only within ``low`` and ``high``.

    With ``codes`` the text yields stored words: ``codes`` says what each counts as (``None``: not known),
    ``rest`` what every other one counts as.
    """

    text: str
    kind: str  # text, date, number, boolean
    codes: Mapping[str, str | None] | None = None
    rest: str | None = None
    low: str = ""
    high: str = ""


class Binder:
    """Collects the parameters of a query: ``%(p1)s`` in the text, the value beside it."""

    def __init__(self) -> None:
        self.values: dict[str, str | Decimal | date] = {}
        self._names: dict[tuple[type, object], str] = {}

    def __call__(self, value: object) -> str:
        """The text of a literal."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return f"({value})"
        if not isinstance(value, str | Decimal | date):
            raise TypeError(f"no literal of {type(value)}")
        cast = {str: "text", Decimal: "numeric", date: "date"}[type(value)]
        key = (type(value), value)
        if key not in self._names:
            self._names[key] = f"p{len(self._names)}"
            self.values[self._names[key]] = value
        return f"%({self._names[key]})s::{cast}"


def literal(value: object, bind: Binder) -> Cell:
    """A known value of the engine as a cell."""
    if isinstance(value, bool):
        return Cell(bind(value), "boolean")
    if isinstance(value, int | Decimal):
        return Cell(bind(value), "number")
    if isinstance(value, date):
        return Cell(bind(value), "date")
    if isinstance(value, str):
        return Cell(bind(value), "text")
    raise NotInBatch("用到多个值组成的值")


_KINDS = {
    "text": ("text",),
    "choice": ("text",),
    "category": ("text",),
    "boolean": ("boolean",),
    "integer": ("number",),
    "year": ("number",),
    "decimal": ("number",),
    "date": ("date",),
}


def declared_cell(document: Document, spec: FactSpec | Field, column: Column, bind: Binder) -> Cell:
    """The column as the document declares the fact or field; the same as ``facts.canonical``, value by value."""
    if column.kind not in _KINDS.get(spec.type, ()):
        raise NotInBatch(f"“{spec.label}”声明的类型（{spec.type}）与登记库保存的不同")
    if column.kind != "text":
        return Cell(column.text, column.kind)
    if column.strict and spec.type != "choice":
        raise NotInBatch(f"“{spec.label}”要声明为选项（choice）")
    if spec.type == "choice":
        return _choice(document, spec, column, bind)
    words = Cell(column.text, "text", dict(column.codes), column.other) if column.codes else None
    text = word(words, bind, otherwise=True) if words else column.text
    trimmed = f"btrim({text}, {bind(BLANKS)})"
    if spec.type == "category":
        cases = "".join(f" WHEN {bind(a)} THEN {bind(b)}" for a, b in spec.aliases.items())
        trimmed = f"NULLIF({trimmed}, '')"
        return Cell(f"CASE {trimmed}{cases} ELSE {trimmed} END" if cases else trimmed, "text")
    return Cell(trimmed, "text")


def _choice(document: Document, spec: FactSpec | Field, column: Column, bind: Binder) -> Cell:
    """Stored words by what they count as; a word beyond them is not one of the document's values."""

    def counts_as(word: str) -> str | None:
        value, note = canonical(document, spec, word)
        return str(value) if value is not None and not note else None

    own = {each: counts_as(each) for each in (*spec.values, *spec.aliases)}
    if column.codes is None:
        return Cell(f"btrim({column.text}, {bind(BLANKS)})", "text", own)
    codes = {code: counts_as(said) for code, said in column.codes.items()}
    if column.other is not None:
        return Cell(column.text, "text", codes, counts_as(column.other))
    return Cell(
        column.text, "text", codes | {word: value for word, value in own.items() if word not in codes}
    )


def with_default(column: Column, value: object, bind: Binder) -> Column:
    """The column of a record's field: an empty one is not known, or stands for ``missing_is``."""
    text = f"NULLIF({column.text}, '')" if column.kind == "text" else column.text
    if value is not None:
        text = f"COALESCE({text}, {literal(value, bind).text})"
    return replace(column, text=text)


def word(cell: Cell, bind: Binder, *, otherwise: bool = False) -> str:
    """The SQL of what the value counts as; ``otherwise``: further words stand for themselves."""
    if cell.codes is None:
        return cell.text
    cases = "".join(f" WHEN {bind(code)} THEN {bind(v)}" for code, v in cell.codes.items() if v is not None)
    rest = cell.rest
    if rest is not None:
        given = f"WHEN {cell.text} IS NULL THEN NULL "
        listed = "".join(
            f"WHEN {cell.text} = {bind(code)} THEN {bind(v) if v is not None else 'NULL'} "
            for code, v in cell.codes.items()
        )
        return f"CASE {given}{listed}ELSE {bind(rest)} END"
    last = f" ELSE {cell.text}" if otherwise else ""
    return f"CASE {cell.text}{cases}{last} END" if cases else (cell.text if otherwise else "NULL::text")


def folded(cell: Cell, test: Callable[[str], Truth], bind: Binder) -> str:
    """The truth of a test of words, settled for each stored word while the rule is compiled."""
    assert cell.codes is not None
    by_truth: dict[Truth, list[str]] = {True: [], False: [], None: []}
    for code, value in cell.codes.items():
        by_truth[None if value is None else test(value)].append(code)
    rest = None if cell.rest is None else test(cell.rest)

    def among(codes: list[str]) -> str:
        return f"{cell.text} IN ({', '.join(map(bind, codes))})"

    cases = [
        f"WHEN {among(codes)} THEN {truth_text(truth)}" for truth, codes in by_truth.items() if codes and truth != rest
    ]  # fmt: skip
    if rest is None:  # the value is worked out once, however many words it may be
        known = [(code, truth) for truth in (True, False) for code in by_truth[truth]]
        cases = [f"WHEN {bind(code)} THEN {truth_text(truth)}" for code, truth in known]
        return f"CASE {cell.text} {' '.join(cases)} END" if cases else "NULL::boolean"
    return f"CASE WHEN {cell.text} IS NULL THEN NULL {' '.join(cases)} ELSE {truth_text(rest)} END"


def truth_text(truth: Truth) -> str:
    """A constant truth in SQL."""
    return "NULL::boolean" if truth is None else "true" if truth else "false"
