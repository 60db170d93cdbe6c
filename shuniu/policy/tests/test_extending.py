"""B6: a lower union adopts an upper document: numbers within what it allows, open points settled, nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.tests.build import HEAD, ON

pytestmark = pytest.mark.feature("B6")

UPPER = (
    HEAD.replace("may_open: [city]}", "may_open: [city], may_adopt: [district]}")
    + """\
limits:
  - {key: most, clause: 第一条, label: 类别数, at_most: 3, binding: must, counts: n, local: {min: 1, max: 3}}
quotas:
  - {key: each, clause: 第一条, label: 推荐名额, holder: recommender, at_most: 2}
conditions:
  - {key: c, clause: 第一条, label: 类别不超过限额, asks: [eligibility], rule: {fact: n, at_most: {limit: most}}}
not_stated:
  - {key: publicity_days, label: 公示天数, filled_by: call, kind: working_days, unit: 个工作日}
  - {key: seal, label: 用印, filled_by: nobody, kind: text}
"""
)
LOWER = """\
format: 1
extends: {key: test, version: "1"}
key: lower
version: "1"
title: 东港区执行办法
short: 东港
issued: 2026-01-01
effective: {from: 2026-02-01, clause: 采用通知}
issuer: {name: 东港区总工会, level: district, clause: 采用通知, may_open: [district]}
clauses:
  - {number: 采用通知, words: 采用上级制度, kind: definition, does: 按上级制度执行}
stated:
  - {key: publicity_days, clause: 采用通知, label: 公示天数, value: 7, unit: 个工作日}
local: {limits.most: 2}
"""


def load(lower: str = LOWER, upper: str = UPPER) -> policy.Document:
    return policy.load_bytes({"document.yaml": lower.encode(), "base/document.yaml": upper.encode()})


def said(lower: str = LOWER, upper: str = UPPER) -> list[str]:
    with pytest.raises(policy.PolicyError) as caught:
        load(lower, upper)
    return [str(problem) for problem in caught.value.problems]


def test_the_lower_document_judges_by_its_own_number_and_the_upper_keeps_its_own() -> None:
    lower, upper = load(), policy.load_bytes({"document.yaml": UPPER.encode()})
    facts: dict[str, object] = {"n": Decimal(3)}
    assert policy.judge(upper, "eligibility", facts, ON).value == "yes"
    assert policy.judge(lower, "eligibility", facts, ON).value == "no"
    assert (lower.key, lower.issuer.may_open, upper.may_adopt) == ("lower", ("district",), ("district",))
    assert lower.extends is not None and lower.extends.key == "test"
    (number,) = lower.local
    assert (number.value, number.upper, number.low, number.high, number.changed) == (2, 3, 1, 3, True)
    assert not upper.local[0].changed and lower.may_adopt == ()


def test_what_was_left_open_is_settled_below_and_named_in_the_explanation() -> None:
    lower = load()
    settled = lower.settled("publicity_days")
    assert settled is not None and settled.value == 7 and lower.open_point("publicity_days") is None
    assert lower.open_point("seal") is not None
    assert [clause.number for clause in lower.clauses] == ["第一条", "采用通知"]
    from shuniu.policy.explain import explain

    assert "采用上级制度】test 1" in explain(lower) and "上级为 3" in explain(lower)


@pytest.mark.parametrize(
    ("lower", "words"),
    [
        (LOWER.replace("limits.most: 2", "limits.most: 4"), "应在上级制度允许的 1 到 3 之间"),
        (LOWER.replace("limits.most: 2", "quotas.each: 1"), "应为上级制度标有 local 的数值"),
        (LOWER.replace("limits.most: 2", "limits.most: 二"), "应为一个数"),
        (LOWER.replace("may_open: [district]", "may_open: [grassroots]"), "may_adopt 之内"),
        (LOWER.replace("key: publicity_days", "key: seal"), "没有把这一事项交给工会"),
        (LOWER + "conditions: []\n", "其余按上级制度执行"),
        (LOWER.replace('version: "1"}', 'version: "2"}'), "应与 base/ 中的上级制度一致"),
        (LOWER.replace("extends: {key: test, version: \"1\"}\n", ""), "才写 local"),
        (LOWER.replace("number: 采用通知", "number: 第一条"), "第一条"),
    ],
)  # fmt: skip
def test_what_the_upper_document_does_not_allow_is_refused(lower: str, words: str) -> None:
    assert any(words in problem for problem in said(lower)), said(lower)


def test_a_mistake_of_the_upper_document_is_named_as_its_own_and_a_missing_one_too() -> None:
    assert all(p.startswith("base/document.yaml") for p in said(upper=UPPER.replace("fact: n,", "fact: nn,")))
    with pytest.raises(policy.PolicyError, match="base/ 中附上级制度"):
        policy.load_bytes({"document.yaml": LOWER.encode()})
    wrong = UPPER.replace("local: {min: 1, max: 3}", "local: {min: 4, max: 5}")
    with pytest.raises(policy.PolicyError, match="应在 local 的 4 到 5 之间"):
        policy.load_bytes({"document.yaml": wrong.encode()})


def test_the_upper_ones_forms_lie_with_it() -> None:
    form = "templates:\n  - {key: f, kind: form, label: 表, clause: 第一条, file: 表.md, ours: true}\n"
    files = {
        "document.yaml": LOWER.encode(),
        "base/document.yaml": (UPPER + form).encode(),
        "base/表.md": b"x",
    }
    assert policy.load_bytes(files).templates[0].file == "base/表.md"
    with pytest.raises(policy.PolicyError, match=r"base/document\.yaml"):
        policy.load_bytes({name: data for name, data in files.items() if name != "base/表.md"})


def test_a_chain_of_adoptions_ends() -> None:
    files: dict[str, bytes] = {}
    for level in range(6):
        files["base/" * level + "document.yaml"] = LOWER.replace("key: test", "key: lower").encode()
    with pytest.raises(policy.PolicyError, match="逐级采用不得超过"):
        policy.load_bytes(files)


@given(st.integers(-2, 8))
def test_a_number_is_taken_exactly_within_the_bounds(number: int) -> None:
    text = LOWER.replace("limits.most: 2", f"limits.most: {number}")
    if 1 <= number <= 3:
        assert load(text).local[0].value == number
    else:
        assert said(text)
