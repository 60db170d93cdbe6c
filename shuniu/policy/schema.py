"""JSON schemas: of a document and its cases, for editors; of what ``judge`` and ``check`` print, for programs.

The first two are asked of the readers, the last two of the classes that are printed, so none is written twice.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from shuniu.policy import cases, extending, words
from shuniu.policy import decision as d
from shuniu.policy.load_parts import build
from shuniu.policy.parse_rules import HELD, LOGIC
from shuniu.policy.parse_values import SUBJECTS
from shuniu.policy.problems import Problem
from shuniu.policy.reader import Table
from shuniu.policy.recorder import VALUE, Recorder, RecordingParser, Run, Schema, Shape, recorded
from shuniu.policy.rules import Today

_DRAFT = "http://json-schema.org/draft-07/schema#"
_LITERAL: Schema = {"type": ["string", "number", "boolean"]}
_LOCAL: Schema = {
    "type": "object",
    "properties": {"min": {"type": "number"}, "max": {"type": "number"}},
    "required": ["max", "min"],
    "additionalProperties": False,
}


def document() -> Schema:
    """Of ``document.yaml``."""
    shape = recorded(lambda table: build(table, RecordingParser))
    for part in extending.VALUES:
        shape.inner(part).note("local", _LOCAL)
    issuer = shape.inner("issuer")
    issuer.note("may_adopt", {"type": "array", "items": {"type": "string", "enum": list(words.LEVELS)}})
    whole = shape.schema(
        {
            "extends": {"type": "object"},
            "local": {"type": "object", "additionalProperties": {"type": "number"}},
        }
    )
    required = whole.pop("required")
    return _root(
        "document", {**whole, "anyOf": [{"required": required}, {"required": ["extends"]}]}, _rules()
    )


def case_file() -> Schema:
    """Of ``cases.yaml``."""
    law = build(Recorder(Shape(), Run(0), []), RecordingParser)
    row = recorded(lambda table: cases.read_case(table, {}, law))
    findings = row.inner("expect").keys["findings"]
    findings[:] = [
        {"type": "object", "additionalProperties": {"type": "string", "enum": list(d.STATUS_LABELS)}}
    ]
    whole = {
        "type": "object",
        "properties": {
            "given": {"type": "object", "additionalProperties": {"type": "object"}},
            "calendar": {
                "type": "object",
                "properties": {
                    key: {"type": "array", "items": {"type": "string", "format": "date"}}
                    for key in ("off", "on")
                },
                "additionalProperties": False,
            },
            "cases": {"type": "array", "items": row.schema()},
        },
        "required": ["cases"],
        "additionalProperties": False,
    }
    return _root("cases", whole, {})


def decision() -> Schema:
    """Of what ``judge --json`` prints."""
    text: Schema = {"type": "string"}
    found = _of_class(d.Finding)
    found["properties"]["status_label"] = text
    found["required"] = sorted([*found["required"], "status_label"])
    properties: Schema = {
        "document": _object({"key": text, "version": text, "digest": text}),
        "question": text,
        "on": {"type": "string", "format": "date"},
        "decision": {"type": "string", "enum": list(d.ANSWER_LABELS)},
        "decision_label": text,
        "state": text,
        "clauses": {"type": "array", "items": text},
        "result": {"type": ["string", "integer", "null"]},
        "findings": {"type": "array", "items": found},
        "effects": {"type": "array", "items": _of_class(d.Effect)},
        "lines": {"type": "array", "items": _of_class(d.Line)},
        "missing": {"type": "array", "items": _of_class(d.Missing)},
    }
    return _root("decision", _object(properties), {})


def report() -> Schema:
    """Of what ``check --json`` prints."""
    text: Schema = {"type": "string"}
    problems: Schema = {"type": "array", "items": _of_class(Problem)}
    count: Schema = {"type": "integer", "minimum": 0}
    properties: Schema = {
        "ok": {"type": "boolean"}, "key": text, "version": text, "digest": text, "clauses": count, "cases": count,
        "warnings": {"type": "array", "items": text}, "remarks": problems, "problems": problems,
    }  # fmt: skip
    return _root("report", _object(properties), {})


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "document": document,
    "cases": case_file,
    "decision": decision,
    "report": report,
}


def _root(name: str, schema: Schema, definitions: Schema) -> Schema:
    found = {"$schema": _DRAFT, "title": name, **schema}
    return {**found, "definitions": definitions} if definitions else found


# --- rules and values ----------------------------------------------------------------------------------


def _rules() -> Schema:
    """The definitions to which every place refers where a rule or a value may stand."""
    found: Schema = {}
    for name, read in LOGIC.items():
        found[f"rule_{name}"] = _drive(read).schema()
    ops: Schema = {op: {**_operand(op), "description": said} for op, said in words.COMPARISONS.items()}
    ops["between"] = _drive(lambda p, table, scope: p.between(table, Today(), scope)).schema()["properties"][
        "between"
    ]
    subjects: Schema = {}
    for value in SUBJECTS.values():
        subjects.update(_drive(value).schema()["properties"])
    one_subject = {"anyOf": [{"required": [name]} for name in SUBJECTS]}
    one_op = {"anyOf": [{"required": [op]} for op in ops]}
    closed: Schema = {"type": "object", "additionalProperties": False}
    found["comparison"] = {**closed, "properties": {**subjects, **ops}, "allOf": [one_subject, one_op]}
    found["expression"] = {**closed, "properties": subjects, **one_subject}
    held = recorded(
        lambda table: RecordingParser({}, {}, table.sink).held(table, None),
        [Run(n, frozenset({op, *also})) for n, op in enumerate(HELD) for also in ((), ("until",))],
    )
    found["rule_elapsed"] = {
        **held.schema(),
        "required": ["elapsed"],
        "anyOf": [{"required": [op]} for op in HELD],
    }
    rules = ["comparison", *(name for name in found if name.startswith("rule_"))]
    found["rule"] = {"anyOf": [_ref(name) for name in rules]}
    scalars: Schema = {"type": "array", "items": _LITERAL, "minItems": 1}
    found["value"] = {"anyOf": [_LITERAL, scalars, _ref("expression")]}
    return dict(sorted(found.items()))


def _operand(op: str) -> Schema:
    return {"type": "boolean"} if op == "empty" else VALUE


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _drive(read: Callable[[RecordingParser, Table, None], object]) -> Shape:
    return recorded(lambda table: read(RecordingParser({}, {}, table.sink), table, None))


# --- classes that are printed ---------------------------------------------------------------------------


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _of_class(kind: type) -> Schema:
    hints = typing.get_type_hints(kind)
    return _object({each.name: _of_type(hints[each.name]) for each in dataclasses.fields(kind)})


def _of_type(hint: Any) -> Schema:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0])}
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_of_type(each) for each in arguments]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _of_class(hint)
    return dict(_PLAIN[hint])


_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
    object: {},
}
