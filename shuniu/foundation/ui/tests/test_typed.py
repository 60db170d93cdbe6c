"""U10: full-width input is understood in every field of codes, numbers, days, money and telephone numbers."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms

from shuniu.foundation.ui import typed

SHUNIU = Path(__file__).resolve().parents[3]
_OWN = {"IntegerField", "DecimalField", "FloatField", "DateField", "RegexField"}
_SIGNS = re.compile(r"(^|_)(phone|code|postcode|digest|number|username)$")
# Told letter for letter, because a digest was made of it.
_AS_TYPED = {("panel.py", "number")}


def wide(text: str) -> str:
    return "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (typed.Signs(), wide(" 5211A00K"), "5211A00K"),
        (typed.Signs(), "0532\uff0d8000\u200b0000", "0532-80000000"),
        (typed.Pattern(r"^\d{6}$"), wide("266000"), "266000"),
        (typed.Whole(), wide("1,234"), 1234),
        (typed.Number(), "８８。５", Decimal("88.5")),
        (typed.Day(), wide("2026-03-01"), dt.date(2026, 3, 1)),
        (typed.Day(), "２０２６年３月１日", dt.date(2026, 3, 1)),
        (typed.Day(), wide("2026.3.1"), dt.date(2026, 3, 1)),
        (typed.Yuan(), "￥１，２３４．５", 123450),
        (typed.Yuan(), "1,234.56 元", 123456),
    ],
)  # fmt: skip
def test_U10_what_was_typed_is_kept_in_plain_signs(field: forms.Field, text: str, value: Any) -> None:
    assert field.clean(text) == value


@pytest.mark.parametrize("text", ["", "　", "十二", "１２．５", "¥", "1元2"])
def test_what_is_no_number_stays_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        typed.Whole().clean(text)


def _forms_of() -> Iterator[tuple[Path, str, ast.Call]]:
    """Every field that is made anywhere: where, under which name, how."""
    for path in SHUNIU.rglob("*.py"):
        if {"tests", "migrations", "models"} & set(path.parts) or path.name in {"models.py", "typed.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = getattr(node, "value", None)
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            owner = call.func.value
            if not (isinstance(owner, ast.Name) and owner.id in {"forms", "django_forms", "typed"}):
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            name = target.id if isinstance(target, ast.Name) else ""
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                name = str(target.slice.value)
            yield path, name, call


def test_U10_no_form_asks_for_signs_by_a_field_that_does_not_understand_them() -> None:
    found, seen = [], 0
    for path, name, call in _forms_of():
        seen += 1
        assert isinstance(call.func, ast.Attribute)
        if "HiddenInput" in ast.dump(call) or (path.name, name) in _AS_TYPED:
            continue
        kind, owner = call.func.attr, call.func.value
        own = isinstance(owner, ast.Name) and owner.id != "typed"
        if own and (kind in _OWN or (kind == "CharField" and _SIGNS.search(name))):
            found.append(f"{path.relative_to(SHUNIU)}:{call.lineno} {name} {kind}")
    assert seen > 100
    assert found == []
