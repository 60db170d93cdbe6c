"""A paper is split by its own numbering; what is broken in it is reported and nothing is renumbered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.policy.paper import Paper, numeral, paragraph_of, same_number, split, without_paragraph

pytestmark = pytest.mark.feature("B2")


def numbers(text: str) -> list[str]:
    return [each.number for each in split(text).clauses]


def damages(paper: Paper) -> list[tuple[int, str]]:
    return [(each.line, each.words) for each in paper.damages]


def test_articles_and_their_items() -> None:
    text = (
        "试行办法\n第一条 为了规范，制定本办法。\n第二条 条件是：\n（一）依法登记；\n(二)成立满2年。\n"
        "第三条 按第二条的规定审核。\n"
    )
    assert numbers(text) == ["前言", "第一条", "第二条", "第二条（一）", "第二条（二）", "第三条"]
    assert damages(split(text)) == []


def test_sections_items_and_numbers_of_several_widths() -> None:
    text = (
        "通知\n各区总工会：\n  一、目标\n形成格局。\n二、任务\n（一）联系\n广泛联系。\n1．制定文件。\n"
        "2.成立联合会，首批3.5万元。\n（二）聚合\n 1、购买服务。\n三、要求\n1.高度重视。\n"
    )
    assert numbers(text) == [
        "前言", "一", "二", "二（一）", "二（一）1", "二（一）2", "二（二）", "二（二）1", "三", "三1",
    ]  # fmt: skip
    assert [each.number for each in split(text).clauses if each.title_only] == ["二", "二（二）", "三"]


def test_everything_on_one_line() -> None:
    text = (
        "方案为贯彻会议精神,制定本方案。一、基本原则一是坚持领导。自觉服从。二是依法推进。二、领导机构设领导小组。"
        "三、措施(一)摸清底数,包括(一)类和其他。建立台账。(牵头单位:甲部)(二)建立制度。1、每半年开会。2、建立联系。"
        "(牵头单位:乙部)四、要求(一)加强研究。"
    )
    assert numbers(text) == [
        "前言", "一", "一1", "一2", "二", "三", "三（一）", "三（二）", "三（二）1", "三（二）2", "四", "四（一）",
    ]  # fmt: skip
    assert damages(split(text)) == []


def test_lost_headings_are_reported_and_counted_where_they_must_have_stood() -> None:
    text = (
        "一、总体要求\n(一)意义\n重大。\n(二)目标\n明确。\n强化措施\n(一)聚焦主业。\n(二)完善流程。\n"
        "加强领导\n(一)健全机构。\n二)强化协作。\n"
    )
    paper = split(text)
    assert [each.number for each in paper.clauses] == [
        "一", "一（一）", "一（二）", "二（一）", "二（二）", "三（一）", "三（二）",
    ]  # fmt: skip
    assert [line for line, _ in damages(paper)] == [7, 10, 11]
    assert "缺少标题“二、”" in damages(paper)[0][1]
    assert "缺少左括号" in damages(paper)[2][1]


def test_a_number_that_is_left_out_is_not_filled() -> None:
    paper = split("第一条 甲。\n第二条 乙。\n第四条 丁。\n")
    assert [each.number for each in paper.clauses] == ["第一条", "第二条", "第四条"]
    assert damages(paper) == [(3, "“第四条”之前缺少标题“第三条”")]


def test_annexes_stand_by_themselves() -> None:
    text = "一、要求\n做好。\n附件:1.名单\n2.标准\n\n附件1\n组长：某\n附件2\n(一)第一行\n"
    assert numbers(text) == ["一", "附件1", "附件2"]


@pytest.mark.parametrize(
    ("words", "value"), [("一", 1), ("十", 10), ("十九", 19), ("二十", 20), ("九十九", 99), ("一百零二", 102)]
)
def test_numerals(words: str, value: int) -> None:
    assert numeral(words) == value


def test_numbers_are_the_same_however_they_are_written() -> None:
    assert same_number("二、(一) 1．") == same_number("二（一）1") == "二（一）1"


@given(st.text(alphabet="第一二三条（）()、.1 \n是。：附件甲", max_size=200))
def test_any_text_is_split_without_losing_a_word(text: str) -> None:
    paper = split(text)
    said = "".join(each.text for each in paper.clauses)
    assert text.count("甲") == said.count("甲") or "附" in text
    assert all(1 <= each.line <= text.count("\n") + 1 for each in paper.damages)


PARAGRAPHS = "办法\n第一条 逐级申报。\n降级的重新计算。\n第二条 有下列情形的：\n（一）虚假；\n（二）撤销。\n前款情形由人判断。\n"


def test_paragraphs_of_an_article_are_counted_not_marked() -> None:
    paper = split(PARAGRAPHS)
    assert [paper.paragraphs(number) for number in ("第一条", "第二条")] == [2, 2]
    assert paragraph_of("第二条第二款（一）") == ("第二条", 2)
    assert paragraph_of("第二条（一）") == ("", 0)
    assert without_paragraph("第二条第二款 (一)") == "第二条（一）"
    found = paper.clause("第一条第二款")
    assert found is not None and found.number == "第一条"
