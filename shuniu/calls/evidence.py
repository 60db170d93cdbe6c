"""佐证: what the rows of the score sheet want to see, and what is counted from the files filed under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shuniu import policy

ROW = "item"
"""The field of a counted record that names the row under which its file lies."""
_PLATFORM = frozenset(
    {"registry", "survey", "recognition", "union", "project", "call", "judgement", "evidence"}
)


def counted_facts(law: policy.Document) -> list[policy.FactSpec]:
    """The facts that the document counts from files."""
    return [spec for spec in law.facts.values() if spec.source == "evidence"]


def sheet_of(law: policy.Document) -> policy.ScoreSheet | None:
    """The sheet that an application is filed under: that of the self-assessment, else the experts' where
    the document counts files; None where it wants neither."""
    kinds = ["self_assess"] + (["review"] if counted_facts(law) else [])
    stage = next((s for kind in kinds for s in law.stages if s.kind == kind), None)
    if stage is None:
        return None
    return next((s for s in law.sheets if stage.sheet in ("", s.key)), None)


def is_given(item: policy.Item) -> bool:
    """A person gives the points of the row; those of the others are counted."""
    return item.scoring is None and not item.readings


def must_be_proved(law: policy.Document, item: policy.Item) -> bool:
    """Whether the row scores with a file only: it names evidence, and rests on what the applicant says.

    What the platform itself knows (registry, counted survey, honour) is proved by its own record.
    """
    if not item.evidence:
        return False
    read = policy.names_read(law, (item.scoring, item.readings))
    return is_given(item) or any(law.facts[name].source not in _PLATFORM for name in read)


def filed_clauses(law: policy.Document) -> list[str]:
    """The clauses whose papers lie under the rows of the score sheet, so that nobody is asked for them twice."""
    sheet = sheet_of(law)
    return [item.clause for item in sheet.items if item.evidence] if sheet else []


def facts_counted_by(law: policy.Document, item: policy.Item) -> list[policy.FactSpec]:
    """The facts that a file under this row adds to."""
    read = policy.names_read(law, (item.scoring, item.readings))
    return [spec for spec in counted_facts(law) if spec.name in read]


def fields_of(law: policy.Document, item: policy.Item) -> dict[str, Any]:
    """What is asked about a file under this row: field → its declaration, without the row itself."""
    found: dict[str, Any] = {}
    for spec in facts_counted_by(law, item):
        found |= {name: field for name, field in spec.fields.items() if name != ROW}
    return found


def records(
    law: policy.Document, filed: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    """Fact → records, one of each file; `filed`: row and what was said about the file."""
    sheet = sheet_of(law)
    if sheet is None:
        return {}
    found: dict[str, list[dict[str, Any]]] = {spec.name: [] for spec in counted_facts(law)}
    rows = {item.key: item for item in sheet.items}
    for key, said in filed:
        item = rows.get(key)
        for spec in facts_counted_by(law, item) if item else []:
            record = {name: said[name] for name in spec.fields if said.get(name)}
            if item is not None and ROW in spec.fields:
                record[ROW] = item.label
            found[spec.name].append(record)
    return found
