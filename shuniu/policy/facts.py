"""Facts as they are handed in, and what counts where several sources speak."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal

from shuniu.policy.dates import say
from shuniu.policy.model import Document, FactSpec, Field
from shuniu.policy.problems import FactError, Problem
from shuniu.policy.words import SOURCES

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?\Z", re.ASCII)
_DECIMALS = 4  # of a number that is shown


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with where it comes from, from which day it is, and whether somebody verified it."""

    value: object
    source: str = ""
    as_of: date | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class FactUse:
    """A fact as a finding used it; ``known`` is false where it was missing, pending or contradicted."""

    name: str
    label: str
    value: object
    shown: str
    source: str = ""
    as_of: date | None = None
    verified: bool = False
    known: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What counts for one fact: the value when known, and every source that was looked at."""

    known: bool
    value: object
    uses: tuple[FactUse, ...]
    note: str = ""
    contradicted: bool = False


FactInput = object


def resolve(document: Document, spec: FactSpec, given: FactInput) -> Resolved:
    """Verified sources count, else all; of those the latest; a tie that differs is a conflict."""
    sources = _sources(given)
    uses = []
    candidates: list[tuple[Fact, object]] = []
    for fact in sources:
        value, note = canonical(document, spec, fact.value)
        known = value is not None and not note
        if known:
            candidates.append((fact, value))
        shown = show(document, spec, value) if value is not None else "未提供"
        uses.append(
            FactUse(
                spec.name,
                spec.label,
                value,
                shown,
                fact.source or SOURCES[spec.source],
                fact.as_of,
                fact.verified,
                known,
                note,
            )
        )
    if not candidates:
        note = next((use.note for use in uses if use.note), f"{spec.label}没有记录")
        return Resolved(False, None, tuple(uses), note)
    if any(fact.verified for fact, _ in candidates):
        candidates = [pair for pair in candidates if pair[0].verified]
    latest = max((fact.as_of or date.min for fact, _ in candidates), default=date.min)
    top = [pair for pair in candidates if (pair[0].as_of or date.min) == latest]
    if any(value != top[0][1] for _, value in top):
        said = "；".join(f"{fact.source or '来源不明'}：{show(document, spec, value)}" for fact, value in top)
        return Resolved(False, None, tuple(uses), f"{spec.label}的来源互相矛盾（{said}）", True)
    return Resolved(True, top[0][1], tuple(uses))


def _sources(given: FactInput) -> list[Fact]:
    if isinstance(given, Fact):
        return [given]
    if isinstance(given, list | tuple) and given and all(isinstance(each, Fact) for each in given):
        return [each for each in given if isinstance(each, Fact)]
    return [Fact(given)]


def canonical(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    """The value in the form that rules compare, and why it cannot be used where it cannot.

    ``None`` is not known. Dates and decimals may come as text, as JSON holds them. Raises ``FactError`` for
    what no source may send: binary floats and values of another type.
    """
    if value is None:
        return None, ""
    if isinstance(value, float):
        raise _refused(spec, "不接受二进制浮点数，请给出整数、Decimal 或文字", value)
    if isinstance(spec, FactSpec) and spec.type == "records":
        return _records(document, spec, value), ""
    handler = _TYPES.get(spec.type, _text)
    return handler(document, spec, value)


def _refused(spec: FactSpec | Field, expected: str, value: object) -> FactError:
    return FactError([Problem("facts", 0, spec.name, f"“{spec.label}”{expected}", f"“{str(value)[:60]}”")])


def _text(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if not isinstance(value, str):
        raise _refused(spec, "应为文字", value)
    return value.strip(), ""


def _boolean(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if not isinstance(value, bool):
        raise _refused(spec, "应为是或否（true、false）", value)
    return value, ""


def _integer(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused(spec, "应为整数", value)
    return value, ""


def _decimal(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if isinstance(value, str) and _NUMBER.match(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _refused(spec, "应为数", value)
    number = Decimal(value)
    if not number.is_finite():
        raise _refused(spec, "应为有限的数", value)
    return number, ""


def _date(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value), ""
        except ValueError as error:
            raise _refused(spec, "应为真实的日期，如 2026-03-01", value) from error
    if isinstance(value, datetime) or not isinstance(value, date):
        raise _refused(spec, "应为日期（整日，不带时刻）", value)
    return value, ""


def _choice(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if not isinstance(value, str):
        raise _refused(spec, "应为文字", value)
    word = spec.aliases.get(value.strip(), value.strip())
    if not word:
        return None, ""
    if word in spec.pending:
        return word, f"{spec.label}为“{word}”，尚无结论"
    if spec.values and word not in spec.values:
        return word, f"{spec.label}“{word}”不在可选值中，无法判断"
    return word, ""


def _several(document: Document, spec: FactSpec | Field, value: object) -> tuple[object, str]:
    if isinstance(value, str) or not isinstance(value, Sequence | frozenset | set):
        raise _refused(spec, "应为一个列表", value)
    words = []
    for each in sorted(value) if isinstance(value, frozenset | set) else value:
        word, note = _choice(document, spec, each)
        if note:
            return word, note
        words.append(word)
    return tuple(words), ""


_TYPES = {
    "boolean": _boolean,
    "integer": _integer,
    "year": _integer,
    "decimal": _decimal,
    "date": _date,
    "choice": _choice,
    "category": _choice,
    "choices": _several,
    "directions": _several,
}

Record = Mapping[str, object]


def _records(document: Document, spec: FactSpec, value: object) -> tuple[Record, ...]:
    """Records with canonical fields; a field that is missing, pending or unusable is left out: not known."""
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise _refused(spec, "应为记录的列表", value)
    records = []
    for raw in value:
        if not isinstance(raw, Mapping):
            raise _refused(spec, "的每条记录应为一组键值", raw)
        record: dict[str, object] = {}
        for name, field in spec.fields.items():
            given = raw.get(name)
            found, note = canonical(document, field, field.missing_is if given in (None, "") else given)
            if found is not None and not note:
                record[name] = found
        records.append(record)
    return tuple(records)


def show(document: Document, spec: FactSpec | Field, value: object) -> str:
    """A value as a page says it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return say(value)
    if isinstance(value, str):
        return label_of(document, spec, value)
    if isinstance(spec, FactSpec) and spec.type == "records" and isinstance(value, tuple):
        return "；".join(_record(document, spec, record) for record in value) or "无记录"
    if isinstance(value, tuple | list):
        return "、".join(show(document, spec, each) for each in value) or "无"
    return f"{_cut(value)}{spec.unit}"


def _cut(value: object) -> str:
    """A long fraction is cut, never rounded: 69.99996 is no 70."""
    if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > _DECIMALS:
        return f"{value.quantize(Decimal(1).scaleb(-_DECIMALS), ROUND_DOWN)}…"
    return str(value)


def _record(document: Document, spec: FactSpec, record: Record) -> str:
    said = (
        f"{field.label} {show(document, field, record[name])}"
        for name, field in spec.fields.items()
        if name in record
    )
    return "，".join(said) or "空记录"


def label_of(document: Document, spec: FactSpec | Field, value: str) -> str:
    """Categories and directions are shown by their label."""
    if spec.type == "category":
        category = document.category(value)
        return category.label if category else value
    if spec.type == "directions":
        return next(
            (
                each.label
                for category in document.categories
                for each in category.directions
                if each.key == value
            ),
            value,
        )
    return value
