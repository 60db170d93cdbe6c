"""What a selection of records adds up to: how many, how many different ones, what sum."""

from __future__ import annotations

from decimal import Decimal

from shuniu.policy import rules as r
from shuniu.policy.records import Selected, named, needs, select, worth
from shuniu.policy.values import Context, Measured


def count(value: r.Count, context: Context) -> Measured:
    """How many records, or how many different values of a field; within bounds where some are unsure."""
    found = select(value.records, context)
    field = found.spec.fields[value.distinct] if value.distinct else None
    label = f"{found.label}中不同的{field.label}数" if field else f"{found.label}的件数"
    if not found.known:
        return Measured(
            None, False, label=label, said="未知", note=found.why_open(), missing=found.missing, low=0
        )
    low, high = (
        _different(found, value.distinct) if field else (found.certain, found.certain + found.possible)
    )
    if low == high:
        return Measured(low, label=label, said=f"{low}")
    return Measured(None, False, low, high, label, f"{low}至{high}", found.why_open(), found.missing)


def _different(found: Selected, name: str) -> tuple[int, int]:
    """Fewest and most different values: a record without one may repeat another's or be one of its own."""
    sure = {record[name] for record, certain in found.rows if certain and name in record}
    perhaps = {record[name] for record, _ in found.rows if name in record} - sure
    nameless = sum(name not in record for record, _ in found.rows)
    alone = not sure and any(certain for _, certain in found.rows)
    return len(sure) + alone, len(sure) + len(perhaps) + nameless + len(found.open_years)


def total(value: r.Total, context: Context) -> Measured:
    """The sum of a field, or of what each record is worth; not known while one record or amount is unsure."""
    found = select(value.records, context)
    what, unit = named(found, value.field)
    label = f"{found.label}{what}合计"
    parts = [worth(record, found.spec, value, context) for record, _ in found.rows]
    amounts = [amount for amount, _ in parts]
    unsure = not found.known or found.possible or any(not isinstance(a, int | Decimal) for a in amounts)
    if unsure:
        missing = needs(found, parts)
        return Measured(None, False, label=label, said="未知", note=found.why_open(), missing=missing)
    total = sum((Decimal(amount) for amount in amounts if isinstance(amount, int | Decimal)), Decimal(0))
    return Measured(total, label=label, said=f"{total}{unit}")
