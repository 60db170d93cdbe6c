"""Which facts a question asks for, so that forms and check lists follow the document."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from shuniu.policy import rules as r
from shuniu.policy.model import Condition, Consequence, Document, FactSpec

_SHEET = "sheet:"  # stands for the facts of a score sheet until they are named
_NAMING = (r.Selection, r.RecordOf, r.Consecutive, r.Timer)


def facts_for(document: Document, question: str, source: str | None = None) -> tuple[FactSpec, ...]:
    """The declared facts that the rules of a question read, in the order of their declaration.

    A derived fact is replaced by what it is derived from. ``source`` keeps only those that come from there:
    ``application`` is what a form asks, ``judgement`` what a person answers at the check desk. Questions that
    measure (score, grade, funding, quota) name what their parts count; points given by a person are no facts.
    """
    parts: tuple[Condition | Consequence, ...] = document.index.get(question, ())
    if question == "consequence":
        parts = document.consequences
    found: set[str] = set()
    for part in parts:
        found |= names_of(document, part)
    for measured in _measured(document).get(question, ()):
        found |= _settled(document, set(_names(measured)))
    return tuple(
        spec for spec in document.facts.values() if spec.name in found and source in (None, spec.source)
    )


def names_read(document: Document, part: object) -> frozenset[str]:
    """The names of the facts that any part of a document reads, e.g. one row of a score sheet."""
    return _settled(document, set(_names(part)))


def names_of(document: Document, part: Condition | Consequence) -> frozenset[str]:
    """The names of the facts that one condition or consequence reads."""
    names = set(_names((part.readings, part.applies)))
    if isinstance(part, Condition):
        names |= set(_names(part.hints)) | ({part.passed_by} if part.passed_by else set())
    return _settled(document, names)


def _measured(document: Document) -> dict[str, tuple[object, ...]]:
    return {
        "score": document.sheets,
        "grade": document.gradings,
        "funding": document.fundings,
        "quota": document.quotas,
    }


def _settled(document: Document, names: set[str]) -> frozenset[str]:
    """Facts as they are asked for: a derived one by what it is derived from."""
    while sheets := [name for name in names if name.startswith(_SHEET)]:
        for name in sheets:
            names.discard(name)
            sheet = next(each for each in document.sheets if _SHEET + each.key == name)
            names |= set(_names(sheet))
    while derived := [name for name in names if document.facts[name].derive is not None]:
        for name in derived:
            names.discard(name)
            names |= set(_names(document.facts[name].derive))
    return frozenset(names)


def _names(part: object) -> Iterator[str]:
    if isinstance(part, tuple):
        for each in part:
            yield from _names(each)
    elif isinstance(part, r.FactRef):
        yield part.name
    elif isinstance(part, r.SheetTotal | r.Passes):
        yield _SHEET + part.sheet
    elif dataclasses.is_dataclass(part):
        if isinstance(part, _NAMING):
            yield part.of
        for field in dataclasses.fields(part):
            yield from _names(getattr(part, field.name))
