"""What a value of a rule can be, as far as the file tells: a number, a date, a word, yes or no, a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from shuniu.policy import rules as r
from shuniu.policy.model import FactSpec, Field

KINDS = {"number": "数", "date": "日期", "text": "文字", "boolean": "是否", "list": "几个值"}
_OF_TYPE = {
    "integer": "number", "decimal": "number", "year": "number", "date": "date", "boolean": "boolean",
    "text": "text", "choice": "text", "category": "text",
    "choices": "list", "directions": "list", "records": "list",
}  # fmt: skip
_DATES = (r.Today, r.Shift, r.PeriodEnd, r.ValidityEnd)
_NUMBERS = (r.YearOf, r.Count, r.Total, r.Calculation, r.Rounded, r.Limit, r.SheetTotal)
_LISTS = (r.CategoriesListed, r.DirectionsOf)
Kinds = frozenset[str]
NONE: Kinds = frozenset()


def kinds_of(value: r.Value, facts: Mapping[str, FactSpec], scope: FactSpec | None) -> Kinds:
    """Every kind that the value may be of; none where it cannot be told."""
    match value:
        case r.Constant(constant):
            return frozenset({_of_literal(constant)})
        case r.FactRef(name):
            return _declared(facts.get(name))
        case r.FieldRef(name):
            return _declared(scope.fields.get(name) if scope is not None else None)
        case r.RecordOf(of, _, name, _):
            return _declared(_field(facts, of, name))
        case r.Pick(records, _, _, each) if each is not None:
            return kinds_of(each, facts, facts.get(records.of))
        case r.Pick(records, name, _, _):
            return _declared(_field(facts, records.of, name))
        case r.Lookup(_, bands):
            return frozenset(_of_literal(band.gives) for band in bands)
        case r.Choose(_, then, otherwise):
            return kinds_of(then, facts, scope) | kinds_of(otherwise, facts, scope)
        case r.Timer():
            return frozenset({"text"})
    for classes, kind in ((_DATES, "date"), (_NUMBERS, "number"), (_LISTS, "list")):
        if isinstance(value, classes):
            return frozenset({kind})
    return NONE


def said(kinds: Kinds) -> str:
    """The kinds in an author's words."""
    return "、".join(KINDS[kind] for kind in KINDS if kind in kinds)


def _of_literal(value: r.Literal | tuple[r.Literal, ...]) -> str:
    if isinstance(value, tuple):
        return "list"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | Decimal):
        return "number"
    return "date" if isinstance(value, date) else "text"


def _field(facts: Mapping[str, FactSpec], of: str, name: str) -> Field | None:
    return facts[of].fields.get(name) if of in facts else None


def _declared(shape: FactSpec | Field | None) -> Kinds:
    return frozenset({_OF_TYPE[shape.type]}) if shape is not None and shape.type in _OF_TYPE else NONE
