"""Malformed documents are refused with file, line, key and what was expected; all mistakes at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuniu import policy
from shuniu.policy.source import MAX_DEPTH, read
from shuniu.policy.tests.build import BEIJING, HEAD, condition, document, files, problems

pytestmark = pytest.mark.feature("B5")


def refusal(text: str) -> policy.Problem:
    with pytest.raises(policy.PolicyError) as caught:
        read("document.yaml", text.encode())
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "键不得重复"),
        ("a: 1.5e3\n", 1, "二进制浮点"),
        ("a: .inf\n", 1, "二进制浮点"),
        ("a: !!python/object:os.system x\n", 1, "类型标记"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "合并键"),
        ("a: 1\n---\nb: 1\n", 2, "一份文档"),
        ("%YAML 1.1\n---\na: 1\n", 2, "YAML 1.2"),
        ("a: *nowhere\n", 1, "锚点"),
        ("a: 2023-02-30\n", 1, "日期应真实"),
        ("a: [1, 2\n", 2, "有效的 YAML"),
        ("a: 12345678901234567890\n", 1, "数字不得超过"),
        ("", 1, "不应为空"),
        ("[" * (MAX_DEPTH + 1), 1, "嵌套不得超过"),
        ("a: " + "字" * 5000, 1, "不得超过 4000 字"),
    ],
)
def test_what_is_not_read(text: str, line: int, said: str) -> None:
    found = refusal(text)
    assert (found.file, found.line) == ("document.yaml", line)
    assert said in found.expected


def test_a_bomb_of_aliases_is_refused() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    assert "展开后不得超过" in refusal(bomb).expected


def test_words_of_yaml_1_2_stay_words_and_decimals_stay_exact() -> None:
    tree = read("x.yaml", b"on: no\nyes: off\nshare: 0.10\n")
    assert {key: str(value) for key, value in tree.plain().items()} == {
        "on": "no",
        "yes": "off",
        "share": "0.10",
    }


def test_not_utf_8() -> None:
    with pytest.raises(policy.PolicyError, match="UTF-8"):
        read("document.yaml", "标题: 办法".encode("gbk"))


@pytest.mark.parametrize(
    ("rule", "key", "said"),
    [
        ("{fact: nn, is: 1}", "fact", "应为已声明的事实"),
        ("{fact: word, is: 丁}", "is", "只有这些值"),
        ("{fact: n, is: 甲}", "is", "的值应为数"),
        ("{fact: word, at_least: 3}", "at_least", "不能比大小"),
        ("{fact: word, in: 甲}", "in", "应为一个列表"),
        ("{fact: n, atleast: 3}", "rule", "at_least"),
        ("{fact: n, at_least: 3, at_most: 5}", "rule", "一个比较词"),
        ("{all_of: []}", "all_of", "规则的列表"),
        ("{all_of: [{fact: n, is: 1}], any_of: [{fact: n, is: 1}]}", "any_of", "只用一个逻辑词"),
        ("{field: kind, is: 罚}", "field", "where 或 that"),
        ("{exists: {of: n}}", "of", "类型是 records"),
        ("{exists: {of: events, where: {field: kine, is: 罚}}}", "field", "没有这个字段"),
        ("{fact: n, between: {from: 3, to: 1}}", "to", "不应小于"),
        ("{fact: n, is: 1, because: 随便}", "because", "没有“because”这个键"),
    ],
)
def test_rules_are_checked_against_the_declared_facts(rule: str, key: str, said: str) -> None:
    with pytest.raises(policy.PolicyError) as caught:
        condition(rule)
    texts = [str(problem) for problem in caught.value.problems]
    assert any(said in text and key in text for text in texts), texts
    assert all(problem.line for problem in caught.value.problems)


def test_all_mistakes_are_reported_at_once_in_order() -> None:
    text = HEAD.replace("level: city", "level: town").replace("number: 第一条", "number: 第二条")
    with pytest.raises(policy.PolicyError) as caught:
        policy.load_bytes({"document.yaml": (text + "wishes: []\n").encode()})
    lines = [problem.line for problem in caught.value.problems]
    assert len(lines) >= 3
    assert lines == sorted(lines)


def test_a_quotation_is_short() -> None:
    parts = (
        "conditions:\n  - {key: c, clause: 第一条, label: 条件, asks: [eligibility], rule: {fact: n, is: 1}, "
    )
    found = problems(parts + f"quote: {'字' * 31}}}\n")
    assert [problem.expected for problem in found] == ["不得超过 30 字"]


def test_a_soft_rule_names_the_fact_that_carries_its_reason() -> None:
    parts = (
        "conditions:\n  - {key: c, clause: 第一条, label: 条件, asks: [eligibility], binding: in_principle, "
    )
    found = problems(parts + "rule: {fact: n, is: 1}}\n")
    assert [problem.key for problem in found] == ["conditions[1].passed_by"]


@pytest.mark.parametrize("name", ["../document.yaml", "/etc/passwd.yaml", "run.py", "a\\b.yaml"])
def test_names_of_files(name: str) -> None:
    with pytest.raises(policy.PolicyError):
        policy.load_bytes({**files(), name: b"x: 1"})


def test_the_digest_is_of_the_content() -> None:
    same = {name: content.replace(b"\n", b"\r\n") for name, content in files().items()}
    assert policy.load_bytes(same).digest == document().digest
    assert policy.load_bytes({**files(), "notes.md": b"x"}).digest != document().digest
    assert len(document().digest) == 64


def test_a_folder_and_its_files_are_the_same_document() -> None:
    assert policy.load(BEIJING) == policy.load_bytes(policy.read_folder(BEIJING))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(policy.PolicyError):
        policy.load(tmp_path / "nowhere")
