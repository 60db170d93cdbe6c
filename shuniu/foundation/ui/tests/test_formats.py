"""The small conventions of every page, paper and export; one test per convention."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.foundation.ui import formats

SINGLES = "壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "¥0.00"),
        (5, "¥0.05"),
        (123400, "¥1,234.00"),
        (-123456, "-¥1,234.56"),
        (98000000000, "¥980,000,000.00"),
        (None, "--"),
    ],
)
def test_money_is_yuan_with_separators_and_two_places(fen: int | None, written: str) -> None:
    assert formats.money(fen) == written


def test_columns_of_yuan_and_wan_have_no_sign() -> None:
    assert formats.yuan(123456) == "1,234.56"
    assert formats.wan(18_600_000) == "18.60"
    assert formats.yuan(None) == formats.wan(None) == "--"


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (140950, "壹仟肆佰零玖元伍角"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (3000000, "叁万元整"),
        (5, "伍分"),
        (0, "零元整"),
        (-3000000, "负叁万元整"),
        (None, "--"),
    ],
)
def test_capital_figures(fen: int | None, written: str) -> None:
    assert formats.money_words(fen) == written


@given(st.integers(min_value=1, max_value=10**12))
def test_capital_figures_end_in_整_exactly_without_fen_and_jiao(fen: int) -> None:
    words = formats.money_words(fen)
    assert words.endswith("整") == (fen % 100 == 0)
    assert words.endswith("分") == (fen % 10 != 0)
    if fen % 10:
        assert words[-2] == SINGLES[fen % 10 - 1]


def test_a_moment_is_shown_on_the_clock_of_shanghai() -> None:
    moment = datetime(2026, 11, 20, 18, 8, 31, tzinfo=UTC)
    assert formats.when(moment) == "2026-11-21 02:08"
    assert formats.clock(moment) == "02:08:31"
    assert formats.day(moment) == "2026-11-21"
    assert formats.day_cn(moment) == "2026年11月21日"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.when(datetime(2026, 11, 21))  # noqa: DTZ001


def test_a_day_in_prose_has_no_leading_zero_in_a_table_it_has() -> None:
    assert formats.day_cn(date(2026, 6, 4)) == "2026年6月4日"
    assert formats.day(date(2026, 6, 4)) == "2026-06-04"
    assert formats.weekday(date(2026, 11, 18)) == "星期三"
    assert formats.when(None) == formats.day(None) == formats.day_cn(None) == formats.weekday(None) == "--"


def test_a_period_repeats_the_year_only_if_it_changes() -> None:
    assert formats.period(date(2026, 6, 4), date(2026, 6, 11), 5) == "2026年6月4日至6月11日（5个工作日）"
    assert formats.period(date(2026, 12, 28), date(2027, 1, 4)) == "2026年12月28日至2027年1月4日"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13900000001", "139****0001"),
        ("0532-8888 1234", "053*****1234"),
        ("12345", "*****"),
        ("", "--"),
        (None, "--"),
    ],
)
def test_a_phone_shows_first_three_and_last_four(number: str | None, shown: str) -> None:
    assert formats.phone_mask(number) == shown


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_masked_phone_tells_seven_digits_and_hides_four(number: str) -> None:
    shown = formats.phone_mask(number)
    assert len(shown) == len(number)
    assert shown.count("*") == 4
    assert sum(c.isdigit() for c in shown) == 7


def test_a_person_on_a_public_list_is_the_first_character() -> None:
    assert formats.name_mask("张三") == formats.name_mask(" 张建国 ") == "张*"
    assert formats.name_mask("欧阳小红") == "欧*"
    assert formats.name_mask("") == formats.name_mask(None) == "--"


def test_sizes() -> None:
    sizes = [512, 190464, 1258291, 3 * 1024**3, None]
    assert [formats.filesize_cn(size) for size in sizes] == ["512 字节", "186 KB", "1.2 MB", "3.0 GB", "--"]


def test_numbers_of_items_by_depth() -> None:
    assert formats.item_number(3) == "三、"
    assert formats.item_number(1, 12) == "（十二）"
    assert formats.item_number(1, 1, 4) == "4."
    assert formats.item_number(1, 1, 1, 2) == "（2）"
    with pytest.raises(ValueError, match="four levels"):
        formats.item_number(1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_chinese_numbers(number: int, words: str) -> None:
    assert formats.chinese_number(number) == words


@pytest.mark.parametrize("number", [0, 100])
def test_chinese_numbers_have_bounds(number: int) -> None:
    with pytest.raises(ValueError, match="1–99"):
        formats.chinese_number(number)


def test_document_number_has_six_cornered_brackets_and_no_zeros() -> None:
    assert formats.document_number("望工发", 2026, 1) == "望工发〔2026〕1号"


def test_file_name_carries_number_title_and_day() -> None:
    name = formats.file_name(["〔2026〕12号", "关于名单的公示"], date(2026, 6, 4), "pdf")
    assert name == "〔2026〕12号_关于名单的公示_20260604.pdf"


def test_file_name_keeps_out_what_a_system_refuses() -> None:
    assert formats.file_name(['a/b:c "d"', ""], date(2026, 6, 4), "xlsx") == "a-b-c-d_20260604.xlsx"


def test_percent_of_nothing_is_nothing() -> None:
    assert formats.percent(0, 0) == "--"
    assert formats.percent(86, 100) == "86%"
