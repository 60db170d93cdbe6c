"""The check finds every mistake at once, with line, key and advice; the skeleton passes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu.policy import lint, words
from shuniu.policy.__main__ import main
from shuniu.policy.advice import ADVICE, advise
from shuniu.policy.examine import Report, examine
from shuniu.policy.problems import Problem
from shuniu.policy.source import read
from shuniu.policy.tests.build import BEIJING, HEAD, ROOT, files
from shuniu.policy.tests.test_extending import LOWER, UPPER

pytestmark = pytest.mark.feature("B5")

Capture = pytest.CaptureFixture[str]
KEYS = (
    "key", "facts", "clauses", "conditions", "issuer", "limits", "procedure", "quotas", "stated", "number", "items",
    "label", "clause", "kind", "holder", "quote", "name", "extends", "cases",
)  # fmt: skip
POLICY = ROOT / "shuniu" / "policy"


def report(parts: str = "", **more: str) -> Report:
    found = files(parts)
    found.update({name.replace("_", "."): text.encode() for name, text in more.items()})
    return examine(found)


def said(found: tuple[Problem, ...]) -> list[str]:
    return [each.expected for each in found]


STAGE = "  - {key: %s, kind: %s, label: %s, actor: %s, clause: 第一条}\n"
STAGES = (
    "procedure:\n" + STAGE % ("r", "review", "评审", "experts") + STAGE % ("a", "apply", "申报", "applicant")
)
QUOTA = "quotas:\n  - {key: q, clause: 第一条, label: 每会两家, holder: recommender, at_most: 2}\n"
SHEET = (
    "score_sheets:\n  - key: s\n    clause: 第一条\n    label: 评分\n    total: 100\n"
    "    items: [{key: i, clause: 第一条, label: 满意率, points: 90, of: {fact: n}, table: %s}]\n"
)
OVERLAP = "[{to: 70, gives: 0}, {from: 70, to: 79, gives: 6}, {from: 80, gives: 8}]"
CASES = (
    "cases:\n  - {case: 一例, ask: eligibility, on: 2026-07-01, facts: {nn: 3}, expect: {decision: yes}}\n"
)


def test_every_kind_of_mistake_at_once() -> None:
    parts = (
        "conditions:\n  - {key: c, clause: 第九条, label: 数, asks: [eligibility], rule: {fact: nnn, at_least: 3}}\n"
        + STAGES + QUOTA + SHEET % OVERLAP
    )  # fmt: skip
    found = report(parts, cases_yaml=CASES)
    assert not found.ok
    for wanted in (
        "应为 clauses 中已列出的条款号",
        "应为已声明的事实",
        "到不了",
        "没有持有者",
        "各项分值合计应等于总分",
    ):
        assert any(wanted in each for each in said(found.problems)), wanted
    assert any(each.file == "cases.yaml" and "应为已声明的事实" in each.expected for each in found.problems)
    assert all(each.line and each.advice for each in found.problems)
    assert sum("的档次重叠：70 同时属于两档" in each for each in said(found.remarks)) == 1
    assert sum("空缺" in each for each in said(found.remarks)) == 1
    assert all(each.line for each in found.remarks if "档次" in each.expected)


def test_a_stage_that_cannot_be_reached() -> None:
    found = [each for each in report(STAGES).problems if "到不了" in each.expected]
    assert [each.key for each in found] == ["procedure[1].kind"]
    later = STAGES.replace("kind: review", "kind: apply").replace(
        "kind: apply, label: 申报", "kind: review, label: 申报"
    )
    assert report(later).ok


@pytest.mark.parametrize("holder", ["recommender", "applicant"])
def test_a_quota_needs_who_holds_it(holder: str) -> None:
    quota = QUOTA.replace("recommender", holder)
    assert any("没有持有者" in each for each in said(report(quota).problems))
    stages = STAGE % ("a", "apply", "申报", "applicant") + STAGE % ("r", "recommend", "推荐", "recommender")
    assert report("procedure:\n" + stages + quota).ok


def test_one_clause_with_two_meanings() -> None:
    second = HEAD.replace(
        "kind: rule, does: 测试}\n",
        "kind: rule, does: 测试}\n  - {number: 第一条, words: 另一个意思, kind: rule, does: 测试}\n",
    )
    found = examine({"document.yaml": second.encode()})
    assert [each for each in said(found.problems) if "第一条" in each] == [
        "条款“第一条”第 10 行已有，两处意思不同，只写一处"
    ]
    rule = (
        "  - {{key: {}, clause: 第一条, label: 数, asks: [eligibility], rule: {{fact: n, at_least: {}}}}}\n"
    )
    twice = "conditions:\n" + rule.format("a", 3) + rule.format("b", 4)
    assert any("同一条款不能有两种意思" in each for each in said(report(twice).problems))


def test_the_same_words_cannot_stand_in_two_clauses() -> None:
    two = HEAD.replace(
        "words: 测试用的一条, kind: rule, does: 测试}\n",
        "words: 测试用的一条, kind: rule, does: 测试, quote: 依法登记}\n"
        "  - {number: 第二条, words: 又一条, kind: rule, does: 测试, quote: 依法登记}\n",
    )
    assert any("同一句引文" in each for each in said(examine({"document.yaml": two.encode()}).problems))


PAPER = "办法\n第一条 本市依法登记的组织可以申报。\n第二条 有效期两年。\n"


def test_the_paper_beside_the_document() -> None:
    found = examine({**files(), "原文.txt": PAPER.encode()})
    assert [(each.file, each.line) for each in found.problems] == [("原文.txt", 3)]
    assert "在 clauses 中没有条目" in found.problems[0].expected
    more = HEAD.replace(
        "clauses:\n",
        "clauses:\n  - {number: 第二条, words: 有效期, kind: text, quote: 有效期三年}\n"
        "  - {number: 第九条, words: 无, kind: text}\n",
    )
    both = examine({"document.yaml": more.encode(), "原文.txt": PAPER.encode("gb18030")})
    assert said(both.problems) == ["引文应在所引条款的原文之中（第二条）", "条款“第九条”在所附原文中没有"]
    damaged = examine({**files(), "原文.txt": "第二条 甲。\n第四条 乙。".encode()})
    assert any("缺少标题" in each for each in said(damaged.remarks))


def test_what_nothing_uses_is_remarked() -> None:
    parts = "conditions:\n  - {key: c, clause: 第一条, label: 数, asks: [eligibility], rule: {fact: n, at_least: 3}}\n"
    found = said(report(parts).remarks)
    assert any("事实“另一数”没有一处规则用到" in each for each in found)
    assert not any("事实“数”" in each for each in found)
    more = HEAD.replace("clauses:\n", "clauses:\n  - {number: 第二条, words: 条件, kind: rule, does: 判断}\n")
    idle = examine({"document.yaml": more.encode()}).remarks
    assert [each.found for each in idle if "没有一处规则引用它" in each.expected] == [" kind: rule"]


def test_a_condition_that_no_case_fails_is_remarked() -> None:
    parts = "conditions:\n  - {key: c, clause: 第一条, label: 数, asks: [eligibility], rule: {fact: n, at_least: 3}}\n"
    cases = CASES.replace("nn: 3", "n: 3")
    assert "没有判为“不符合”的案例：第一条 数" in said(report(parts, cases_yaml=cases).remarks)


def test_the_kept_documents_hold_together() -> None:
    for path in sorted((ROOT / "policies").glob("*/document.yaml")):
        assert lint.mistakes(read(path.name, path.read_bytes())) == [], path.parent.name


def test_every_advice_answers_something_that_is_said() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in POLICY.glob("*.py") if path.name != "advice.py"
    )
    assert [words for words, _ in ADVICE if words not in text] == []
    assert advise(Problem("f", 1, "k", "应为已声明的事实")).advice.startswith("在 facts 中声明")


def test_a_document_that_is_no_yaml_says_so_once() -> None:
    found = examine({"document.yaml": b"a: [1, 2\n"})
    assert len(found.problems) == 1
    assert "缩进" in found.problems[0].advice


def test_new_writes_a_folder_that_passes_and_names_what_is_to_be_filled_in(
    tmp_path: Path, capsys: Capture
) -> None:
    assert main(["new", str(tmp_path / "nanjing-2026")]) == 0
    assert main(["check", str(tmp_path / "nanjing-2026")]) == 0
    out = capsys.readouterr().out
    assert "没有问题" in out
    remarks = [line for line in out.splitlines() if line.startswith("注意")]
    assert len([line for line in remarks if "样例里的名称" in line]) == 3
    assert len([line for line in remarks if "没有附原文" in line]) == 1
    assert len(remarks) == 4, remarks


def test_new_writes_over_nothing(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x.txt").write_text("x")
    assert main(["new", str(tmp_path / "full")]) == 1
    assert main(["new", str(tmp_path / "南京")]) == 1
    assert "已有内容" in capsys.readouterr().err
    assert not (tmp_path / "南京").exists()


def test_the_check_prints_the_advice(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "document.yaml").write_text(HEAD + "wishes: 1\n", encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 1
    assert "→ 删去这个键" in capsys.readouterr().err


def test_the_report_of_a_good_folder() -> None:
    content = {path.name: path.read_bytes() for path in BEIJING.iterdir()}
    found = examine(content)
    assert found.document is not None
    assert found.as_json()["cases"] == len(found.results) >= 40


SKELETON = (POLICY / "skeleton" / "document.yaml").read_text(encoding="utf-8").split("\n")
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=14,
)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_damaged_the_check_answers(data: st.DataObject) -> None:
    lines = list(SKELETON)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["cut", "double", "indent", "text"]))
        if change == "cut":
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        else:
            lines[at] = "  " + lines[at] if change == "indent" else data.draw(st.text(max_size=20))
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    found = examine({"document.yaml": text, "原文.txt": PAPER.encode()})
    assert all(each.expected and each.advice for each in (*found.problems, *found.remarks))


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), SHAPES))
def test_whatever_the_shape_the_check_answers(tree: dict[str, object]) -> None:
    text = json.dumps(tree, ensure_ascii=True).encode()
    assert not examine({"document.yaml": text, "cases.yaml": text, "原文.txt": PAPER.encode()}).ok


def test_every_stage_that_needs_another_is_a_stage() -> None:
    kinds = set(words.STAGE_KINDS)
    assert set(lint.AFTER) <= kinds
    assert {each for before in lint.AFTER.values() for each in before} <= kinds
    assert set(words.CLAUSE_KINDS) >= lint.RULING


def test_a_document_that_adopts_another_is_examined_as_a_whole() -> None:
    both = {"document.yaml": LOWER.encode(), "base/document.yaml": UPPER.encode()}
    found = examine(both)
    assert found.ok
    assert found.document is not None
    alone = examine({"document.yaml": LOWER.encode()})
    assert "采用上级制度" in alone.problems[0].expected
    assert "extends" in alone.problems[0].advice
