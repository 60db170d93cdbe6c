"""The facts of decided cases: their names, and values that the document knows."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuniu.policy.facts import Fact
from shuniu.policy.model import Document, FactSpec, Field
from shuniu.policy.problems import Sink
from shuniu.policy.reader import near
from shuniu.policy.source import Node

# Names that questions take beside the declared facts.
EXTRA_FACTS = frozenset(
    {
        "union_level",
        "application_day",
        "publication_day",
        "decision_day",
        "members",
        "present",
        "for",
        "used",
        "deadline",
        "funding",
        "sheet",
        "stage",
        "quota",
        "vote",
        "grading",
    },
)
MAX_TIMES = 1_000
_FACT_KEYS = {"value", "source", "as_of", "verified"}


def facts_of(node: Node, document: Document, sink: Sink, path: str) -> dict[str, object]:
    """Facts by name; a name that the document does not declare is a mistake here."""
    if node.kind != "map":
        sink.add(node.line, path, "应为一组“事实: 值”", node.said())
        return {}
    rows = [f"points.{item.key}" for sheet in document.sheets for item in sheet.items]
    for name in node.entries:
        if name.startswith("points."):
            if name not in rows:
                sink.add(
                    node.lines[name], f"{path}.{name}", "评分表中没有这一行", f"“{name}”" + near(name, rows)
                )
        elif name not in document.facts and name not in EXTRA_FACTS:
            found = f"“{name}”" + near(name, document.facts)
            sink.add(node.lines[name], f"{path}.{name}", "应为已声明的事实", found)
        elif name in document.facts:
            _values(node.entries[name], document.facts[name], sink, f"{path}.{name}")
    return {name: fact_value(entry.plain()) for name, entry in node.entries.items()}


def _values(node: Node, spec: FactSpec, sink: Sink, path: str) -> None:
    """Words that the fact, or the field of a record, does not list: a case would be open without saying why."""
    if spec.type == "records":
        for row in node.items:
            like = row.entries.get("like")
            record = like if like is not None and set(row.entries) == {"times", "like"} else row
            for name, value in record.entries.items():
                if name not in spec.fields:
                    found = f"“{name}”" + near(name, spec.fields)
                    sink.add(value.line, path, f"“{spec.label}”的记录没有这个字段", found)
                else:
                    _listed(value, spec.fields[name], sink, path)
    else:
        for each in node.items or [node]:
            _listed(each, spec, sink, path)


def _listed(node: Node, shape: FactSpec | Field, sink: Sink, path: str) -> None:
    known = {*shape.values, *shape.aliases}
    if shape.type in ("choice", "choices") and isinstance(node.value, str) and node.value not in known:
        found = f"“{node.value}”" + near(node.value, known)
        sink.add(node.line, path, f"“{shape.label}”只有这些值：{'、'.join(shape.values)}", found)


def fact_value(value: Any) -> object:
    """A value of a file as ``judge`` takes it: ``{value, source, as_of, verified}`` becomes a ``Fact``."""
    if isinstance(value, dict) and "value" in value and set(value) <= _FACT_KEYS:
        as_of = value.get("as_of")
        return Fact(
            value["value"],
            str(value.get("source") or ""),
            as_of if isinstance(as_of, date) else None,
            value.get("verified") is True,
        )
    if isinstance(value, list):
        return [fact_value(each) for row in value for each in _repeated(row)]
    return value


def _repeated(row: Any) -> list[Any]:
    """``{times: 100, like: {organisation: 组织#}}`` stands for so many records; # is the running number."""
    if not isinstance(row, dict) or set(row) != {"times", "like"} or not isinstance(row["like"], dict):
        return [row]
    times = row["times"]
    if isinstance(times, bool) or not isinstance(times, int) or not 0 <= times <= MAX_TIMES:
        return [row]
    return [
        {
            key: value.replace("#", str(n)) if isinstance(value, str) else value
            for key, value in row["like"].items()
        }
        for n in range(1, times + 1)
    ]
