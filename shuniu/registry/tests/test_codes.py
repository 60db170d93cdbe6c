"""统一社会信用代码 against an independent implementation: nothing accepted or refused wrongly."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shuniu.registry import codes

pytestmark = pytest.mark.feature("A1")

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB 32100-2015, table of weights, written out.
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
REAL = ["91350100M000100Y43", "91110000600037341L", "9144030071526726XG", "G1610000713522976L"]
bodies = st.text(alphabet=LETTERS, min_size=17, max_size=17)


def independent(code: str) -> bool:
    """The standard once more: a sum with weights, complement to 31, nought for 31."""
    if len(code) != 18 or any(c not in LETTERS for c in code):
        return False
    total = 0
    for place in range(17):
        total += LETTERS.find(code[place]) * WEIGHTS[place]
    check = 31 - total % 31
    return code[17] == LETTERS[0 if check == 31 else check]


@pytest.mark.parametrize("code", REAL)
def test_real_codes_are_valid(code: str) -> None:
    assert independent(code)
    assert codes.problem(code) == ""


@given(bodies, st.sampled_from(LETTERS))
def test_every_check_digit_is_judged_as_the_standard_does(body: str, last: str) -> None:
    assert codes.is_valid(body + last) is independent(body + last)
    right = body + codes.check_character(body)
    assert codes.is_valid(right)
    assert independent(right)


@given(bodies, st.integers(0, 17), st.characters())
def test_one_changed_character_is_never_accepted(body: str, place: int, other: str) -> None:
    code = body + codes.check_character(body)
    changed = code[:place] + other + code[place + 1 :]
    assert codes.is_valid(changed) is (changed == code) is independent(changed) or changed == code


@given(st.text(max_size=40))
def test_any_text_at_all_is_judged_and_has_a_sentence(text: str) -> None:
    assert codes.is_valid(text) is independent(text)
    if not codes.is_valid(text):
        assert codes.problem(text).endswith(("。", "？"))


@given(
    bodies,
    st.lists(st.sampled_from(["\u200b", "\ufeff", " ", "\u3000", "-", "\u00a0", "\t"]), max_size=5),
    st.data(),
)
def test_what_was_typed_is_normalised(body: str, noise: list[str], data: st.DataObject) -> None:
    code = body + codes.check_character(body)
    typed = "".join(chr(ord(c) + 0xFEE0) if data.draw(st.booleans()) else c for c in code)
    if data.draw(st.booleans()):
        typed = typed.lower()
    for mark in noise:
        place = data.draw(st.integers(0, len(typed)))
        typed = typed[:place] + mark + typed[place:]
    assert codes.normalise(typed) == code


@pytest.mark.parametrize(
    ("typed", "meant"), [("АВЕКМНРСТХ", "ABEKMHPCTX"), ("ОOo0", "0000"), ("ΑΒΕΚΜΧ", "ABEKMX"), ("I1", "11")]
)
def test_letters_that_look_alike(typed: str, meant: str) -> None:
    assert codes.normalise(typed) == meant


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "请填写统一社会信用代码"),
        ("52379900MJE10427", "应为 18 位，现在是 16 位"),
        ("52379900MJE1042S7M", "第 16 位“S”"),
        ("52379900MJE1042S7M", "是否应为“5”"),
        ("52379900MJE104277A", "校验位（第 18 位）应为“M”，现在是“A”"),
    ],
)
def test_the_sentence_says_what_is_wrong(code: str, words: str) -> None:
    assert words in codes.problem(code)


@pytest.mark.parametrize("text", ["5.23799E+17", "5.23799e+17", "5.23799 E+17", "523799001042770000.0"])
def test_damage_by_a_spreadsheet_is_named(text: str) -> None:
    assert "设为“文本”" in codes.damage(text)
    assert codes.damage("52379900MJE104277M") == ""


@pytest.mark.parametrize(
    ("code", "kind"),
    [("51", "社会团体"), ("52", "社会服务机构"), ("53", "基金会"), ("91", "企业"), ("N2", "")],
)
def test_the_type_stands_in_the_code(code: str, kind: str) -> None:
    assert codes.type_of(code) == kind


def test_made_codes_are_valid_and_differ() -> None:
    assert codes.make_code("52379900", 104277) == "52379900MJE104277M"
    made = {codes.make_code("51379901", n) for n in range(500)}
    assert len(made) == 500
    assert all(independent(code) for code in made)
    with pytest.raises(ValueError, match="do not fit"):
        codes.make_code("52379900", 10**9)


@pytest.mark.django_db
def test_the_database_judges_as_the_product_does() -> None:
    texts = [*REAL, *(codes.make_code("53379900", n) for n in range(200))]
    texts += [t[:-1] + LETTERS[(LETTERS.index(t[-1]) + n) % 31] for t in texts[:40] for n in range(31)]
    texts += ["", "O" * 18, "52379900mje104277m", "52379900MJE104277", "52379900MJE104277M "]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t, shuniu.valid_code(t) FROM unnest(%s::text[]) t", [texts])
        assert all(valid is independent(text) for text, valid in cursor.fetchall())
