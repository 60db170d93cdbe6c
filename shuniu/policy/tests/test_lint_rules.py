"""What an author slips in and the readers alone would not notice: found, at its line, with advice of its own."""

from __future__ import annotations

import pytest

from shuniu.policy.advice import ADVICE
from shuniu.policy.examine import examine
from shuniu.policy.problems import PolicyError
from shuniu.policy.source import read
from shuniu.policy.tests.build import HEAD, files

pytestmark = pytest.mark.feature("B5")

CONDITION = (
    "conditions:\n  - key: c\n    clause: 第一条\n    label: 条件\n    asks: [eligibility]\n    rule: "
)
TIMER = "{timer: {records: events, state: kind, start: 无, becomes: [{from: %s, after: {n: 1, unit: years}, to: %s}]}, is: %s}"
SHEET = (
    "score_sheets:\n  - key: s\n    clause: 第一条\n    label: 评分\n    total: 100\n    pass_mark: %s\n"
    "    items: [{key: i, clause: 第一条, label: 分, points: %s%s}]\n"
)
CATEGORIES = (
    "categories:\n  - {key: a, label: 甲类, clause: 第一条}\n  - {key: b, label: %s, clause: 第一条%s}\n"
)
SAME = "{any_of: [{fact: n, at_least: 1}, {fact: flag, is: true}, {fact: n, at_least: 1}]}"
READINGS = (
    "conditions:\n  - key: c\n    clause: 第一条\n    label: 条件\n    asks: [eligibility]\n    readings:\n"
    "      - {key: x, words: 一, rule: {fact: n, at_least: 1}}\n"
    "      - {key: y, words: 二, rule: {fact: n, at_least: 1}}\n"
)
LOOKUP = "{fact: n, at_most: {lookup: {by: {fact: m}, table: [{from: 60, to: %s, gives: 1}, {from: 70, gives: 2}]}}}"
CALL = "procedure:\n  - {key: a, kind: apply, label: 申报, actor: applicant, clause: 第一条%s}\n"
VOTE = "votes:\n  - {key: v, clause: 第一条, label: 表决, base: all, bound: at_least, share: %s}\n"
LEVELS = (
    "outcome:\n  kind: honour\n  label: 荣誉\n  clause: 第一条\n  per: project\n"
    "  levels: [{level: province, label: 省级, clause: 第一条}, {level: city, label: 市级, clause: 第一条}]\n"
)
BAR = (
    "consequences:\n  - {key: b, clause: 第一条, label: 限制, ground: {fact: flag, is: true}, effect: bar, scope: all,"
    " begins: day}\n"
)

REFUSED = {
    "two routes alike": (CONDITION + SAME, "与第 1 条完全相同"),
    "two readings alike": (READINGS, "分不出两种理解"),
    "never": (CONDITION + "{all_of: [{fact: word, is: 甲}, {fact: word, is: 乙}]}", "永远不符合"),
    "a date as text": (CONDITION + '{none: {of: events, within: {from: "2024-1-1", to: {date: on}}}}', "应为日期"),
    "a date that is none": (CONDITION + "{none: {of: events, within: {from: 2024-1-1, to: {date: on}}}}", "应为日期"),
    "a number as a date": (CONDITION + "{elapsed: {since: {fact: n}, unit: years}, at_least: 1}", "应为日期"),
    "an anchor": (CONDITION + "{none: {of: events, within: {n: 1, unit: years, anchor: {fact: word}}}}", "应为日期"),
    "a count as a day": (
        CONDITION + "{none: {of: events, within: {n: 1, unit: years, anchor: {count: {of: events}}}}}",
        "应为日期",
    ),
    "a word in a sum": (
        CONDITION + "{calc: add, of: [{choose: {when: {fact: flag, is: true}, then: 甲, otherwise: 1}}, 1], is: 1}",
        "这里要计算",
    ),
    "kinds apart": (CONDITION + "{fact: n, at_least: {fact: day}}", "“数”是数，“某日”是日期"),
    "days turned": (
        CONDITION + "{none: {of: events, within: {from: 2026-01-01, to: 2024-01-01}}}",
        "结束日期不应早于开始日期",
    ),
    "current months": (
        CONDITION + "{none: {of: events, within: {n: 3, unit: months, current: true}}}",
        "current 只用于",
    ),
    "a timer from nowhere": (CONDITION + TIMER % ("被罚", "奖", "无"), "起点应为记录里的状态"),
    "a timer never there": (CONDITION + TIMER % ("罚", "奖", "正常"), "这个状态只会是：无、罚、奖"),
    "validity without": (CONDITION + "{date: on, on_or_before: {validity_end: {fact: day}}}", "validity_end"),
    "an empty list": (CONDITION + "{any_of: []}", "至少一项"),
    "mark above all": (SHEET % ("101", "100", ""), "合格线不应高于能得的最高分 100"),
    "points below nothing": (SHEET % ("60", "100", ", of: {fact: n}, per: -5"), "分数不应小于零"),
    "a quota of nothing": (
        "quotas:\n  - {key: q, clause: 第一条, label: 名额, holder: group}\n",
        "at_most（几个）或 share（占多少）",
    ),
    "a share as a number": (VOTE % "0.5", "应为不大于一的分数或百分数，如 1/2、30%"),
    "a parent below": (CATEGORIES % ("乙类", ", parent: c"), "写在前面的另一个类别"),
    "two of a name": (CATEGORIES % ("甲类", ""), "类别的名称不得相同"),
    "a limit of words": (
        "limits: [{key: x, clause: 第一条, label: 数, at_most: 2, binding: must, counts: word}]\n",
        "应引用类型是 integer 的事实",
    ),
    "no end": (BAR, "必须写明多久"),
    "itself": ("supersedes: {key: test, judged_by: application_day, clause: 第一条}\n", "不能代替自己"),
    "from the top": (LEVELS, "从低到高"),
}  # fmt: skip
REMARKED = {
    "a gap": (CONDITION + LOOKUP % "69", "“另一数”的档次之间有空缺：69 与 70 之间"),
    "an overlap": (CONDITION + LOOKUP % "70", "“另一数”的档次重叠：70 同时属于两档"),
    "a fraction for per cent": (
        CONDITION + "{calc: share, of: [{fact: n}, {fact: m}], at_least: 0.3}",
        "0.3%",
    ),
    "beyond the whole": (CONDITION + "{calc: share, of: [{fact: n}, {fact: m}], at_most: 140}", "140%"),
    "a timer to nowhere": (CONDITION + TIMER % ("罚", "黑名单", "无"), "没有用处"),
    "two units": (
        CONDITION + "{calc: share, of: [{fact: n}, {fact: m}], at_least: 30}",
        "数（万元）、另一数（元）",
    ),
    "over new year": (CALL % ', window: {from: "09-20", to: "09-01"}', "09-20 至次年 09-01"),
    "nothing below": (
        SHEET % ("60", "100", ", of: {fact: n}, table: [{from: 80, gives: 60}, {from: 90, gives: 100}]"),
        "最低一档从 80 起，以下没有写",
    ),
    "a vote of nobody": (CALL % "" + VOTE % "1/2", "“表决”没有一个环节用到"),
    "printed later": ("", "追溯施行"),
}


def document(name: str, parts: str) -> dict[str, bytes]:
    head = HEAD.replace("issued: 2020-01-01", "issued: 2021-01-01") if name == "printed later" else HEAD
    if name == "two units":
        for label, unit in (("label: 数,", "万元"), ("label: 另一数,", "元")):
            head = head.replace(label, f"{label} unit: {unit},", 1)
    if parts.startswith("categories:"):
        head = head[: head.index("categories:")] + head[head.index("facts:") :]
    return {**files(), "document.yaml": (head + parts + "\n").encode()}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    parts, words = REFUSED[name]
    found = [each for each in examine(document(name, parts)).problems if words in each.expected]
    assert len(found) == 1, found
    assert found[0].line > 0
    assert found[0].advice in {advice for _, advice in ADVICE}


@pytest.mark.parametrize("name", REMARKED)
def test_what_is_remarked(name: str) -> None:
    parts, words = REMARKED[name]
    report = examine(document(name, parts))
    found = [each for each in report.remarks if words in each.expected]
    assert report.ok and len(found) == 1 and found[0].line > 0, report
    assert found[0].advice in {advice for _, advice in ADVICE}


def test_items_carried_out_with_their_clause_are_not_missed_and_single_ones_are() -> None:
    clauses = (
        "  - {number: 第一条, words: 测试用的一条, kind: rule, does: 测试}\n"
        "  - number: 第二条\n    words: 符合下列条件之一\n    kind: rule\n    does: 一项\n"
        "    items: [{number: （一）, words: 甲, kind: rule, does: 一}, {number: （二）, words: 乙, kind: rule, does: 二}]\n"
    )
    head = HEAD.replace("  - {number: 第一条, words: 测试用的一条, kind: rule, does: 测试}\n", clauses)
    rule = CONDITION.replace("第一条", "%s") + "{any_of: [{fact: n, at_least: 1}, {fact: flag, is: true}]}\n"

    def missed(clause: str) -> list[str]:
        report = examine({"document.yaml": (head + rule % clause).encode()})
        return [each.expected for each in report.remarks if "没有一处规则引用它" in each.expected]

    assert missed("第二条") == []
    assert [said for said in missed("第二条（一）") if "第二条（二）" in said]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  label：甲", "中文冒号"),
        ("  two: {key: a，label: 乙}", "中文逗号"),
        ("\tlabel: 甲", "制表符"),
        ("  label: 附: 调查表", "整段文字要加引号"),
    ],
)
def test_the_slip_behind_yaml_that_cannot_be_read(line: str, said: str) -> None:
    text = f"one:\n  key: a\n{line}\n  more: 1\n"
    with pytest.raises(PolicyError) as caught:
        read("document.yaml", text.encode())
    assert caught.value.problems[0].line == 3
    assert said in caught.value.problems[0].expected


def test_a_folder_goes_by_the_key_of_its_document() -> None:
    other = [each.expected for each in examine(files(), "elsewhere").remarks]
    assert "key 应与文件夹同名：“elsewhere”" in other
    assert not [each for each in examine(files(), "test").remarks if "同名" in each.expected]


CASES = "cases:\n  - {case: 一例, ask: %s, on: 2026-07-01, facts: %s, %sexpect: {decision: yes}}\n"


@pytest.mark.parametrize(
    ("ask", "facts", "also", "said"),
    [
        ("eligible", "{flag: true}", "", "问题应为以下之一"),
        ("eligibility", "{flag: true}", "without: [other], ", "应为这一例 given、facts 中的事实"),
        ("eligibility", "{word: 丁}", "", "“词”只有这些值"),
        ("eligibility", "{events: [{day: 2026-01-01}]}", "", "“事件”的记录没有这个字段"),
        ("eligibility", "{events: [{on: 2026-01-01, kind: 赏}]}", "", "“种类”只有这些值"),
        ("score", "{points.x: 3}", "", "评分表中没有这一行"),
        ("vote", "{vote: w, members: 3, present: 3, for: 2}", "", "应为以下之一：v"),
    ],
)
def test_slips_in_cases(ask: str, facts: str, also: str, said: str) -> None:
    content = document("", VOTE % "1/2") | {"cases.yaml": (CASES % (ask, facts, also)).encode()}
    found = [each for each in examine(content).problems if said in each.expected]
    assert len(found) == 1 and (found[0].file, found[0].line) == ("cases.yaml", 2), found


PAPER = "办法\n第一条 测试用的一条。\n降级的自决定之日起重新计算。\n"


@pytest.mark.parametrize(
    ("number", "quote", "said"),
    [
        ("第二款", "自决定之日起重新计算", []),
        ("第三款", "自决定之日起重新计算", ["条款“第一条第三款”在所附原文中没有：“第一条”至多 2 款"]),
        ("第二款", "自公布之日起", ["引文应在所引条款的原文之中（第一条第二款）"]),
    ],
)
def test_a_paragraph_of_an_article_is_held_against_the_paper(
    number: str, quote: str, said: list[str]
) -> None:
    item = f"items: [{{number: {number}, words: 重新计算, kind: rule, quote: {quote}, does: 一}}]}}"
    head = HEAD.replace("kind: rule, does: 测试}", f"kind: rule, does: 测试, {item}")
    found = examine({"document.yaml": head.encode(), "原文.txt": PAPER.encode()}).problems
    assert [each.expected for each in found] == said


def test_names_of_the_sample_are_to_be_filled_in() -> None:
    report = examine({"document.yaml": HEAD.replace("望海市总工会", "某市总工会").encode()})
    assert [each.key for each in report.remarks if "样例" in each.expected] == ["issuer.name"]
