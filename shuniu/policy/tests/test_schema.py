"""The schemas come from the readers; every kept document keeps them, and what the commands print as well."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from shuniu.policy import schema, source
from shuniu.policy.__main__ import main
from shuniu.policy.tests.build import BEIJING, HEAD, ROOT

pytestmark = pytest.mark.feature("B5")

KEPT = ROOT / "docs" / "schema"
FOLDERS = sorted(path.parent for path in (ROOT / "policies").glob("*/document.yaml"))
FOLDERS += [ROOT / "shuniu" / "policy" / "skeleton", ROOT / "docs" / "examples" / "binjiang-2026"]
FOLDERS += sorted((ROOT / "shuniu" / "policy" / "tests" / "strangers").iterdir())
Capture = pytest.CaptureFixture[str]


def instance(content: bytes) -> Any:
    """A file as an editor sees it: dates are text, numbers are numbers."""
    return json.loads(json.dumps(source.read("x.yaml", content).plain(), default=_plain))


def _plain(value: object) -> object:
    return (
        float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, date)
        else value
    )


def compiled(name: str) -> Any:
    return fastjsonschema.compile(json.loads((KEPT / f"{name}.schema.json").read_text(encoding="utf-8")))


DOCUMENT = compiled("document")
CASES = compiled("cases")


@pytest.mark.parametrize("name", sorted(schema.SCHEMAS))
def test_the_kept_schemas_are_what_the_readers_ask(name: str) -> None:
    kept = json.loads((KEPT / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert kept == schema.SCHEMAS[name](), "run: make schemas"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_folder_keeps_the_schemas(folder: Path) -> None:
    DOCUMENT(instance((folder / "document.yaml").read_bytes()))
    CASES(instance((folder / "cases.yaml").read_bytes()))


@pytest.mark.parametrize(
    "mistake",
    [
        "wishes: 1\n",
        "conditions: [{key: c, clause: 第一条, label: 数, asks: [weather], rule: {fact: n, at_least: 3}}]\n",
        "conditions: [{key: c, clause: 第一条, label: 数, asks: [target], rule: {fact: n, atleast: 3}}]\n",
        "conditions: [{key: c, clause: 第一条, label: 数, asks: [target], rule: {fact: n}}]\n",
        "conditions: [{key: c, clause: 第一条, label: 数, asks: [target], rule: {all_of: []}}]\n",
        "conditions: [{key: c, clause: 第一条, label: 数, asks: [target], rule: {exists: {off: events}}}]\n",
        "conditions: [{key: c, clause: 第一条, label: 数, asks: [target], rule: {elapsed: {unit: days}, is: 3}}]\n",
        "conditions: {key: c}\n",
        "issued: yesterday\n",
    ],
)
def test_an_editor_marks_a_mistake(mistake: str) -> None:
    text = HEAD.replace("issued: 2020-01-01\n", "") if mistake.startswith("issued") else HEAD
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        DOCUMENT(instance((text + mistake).encode()))


def test_what_the_schema_requires_is_required() -> None:
    whole = instance(HEAD.encode())
    DOCUMENT(whole)
    for key in ("key", "title", "clauses", "issuer"):
        less = copy.deepcopy(whole)
        del less[key]
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            DOCUMENT(less)


FACTS = "first_day: 2024-03-01\nendings: [{day: 2025-01-01, kind: 取消}]\nlegal_type: 基金会\n"


@pytest.mark.parametrize(
    "ask", ["eligibility", "category", "status", "consequence", "score", "validity", "open_call"]
)
def test_judge_prints_what_its_schema_says(tmp_path: Path, capsys: Capture, ask: str) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(FACTS, encoding="utf-8")
    arguments = ["judge", str(BEIJING), "--ask", ask, "--facts", str(facts), "--on", "2026-02-28", "--json"]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    compiled("decision")(json.loads(printed))
    assert main(arguments) == 0
    assert capsys.readouterr().out == printed


def test_check_prints_what_its_schema_says(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check", str(BEIJING), "--json"]) == 0
    (tmp_path / "document.yaml").write_text(HEAD + "wishes: 1\n", encoding="utf-8")
    assert main(["check", str(tmp_path), "--json"]) == 1
    good, _, bad = capsys.readouterr().out.partition("\n}\n")
    for printed in (good + "\n}", bad):
        compiled("report")(json.loads(printed))


def test_schema_is_printed(capsys: Capture) -> None:
    assert main(["schema", "decision"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "decision"
