"""Windows, gates, sheets and quotas of stages; levels of an honour; forms that a paper names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuniu import policy
from shuniu.policy.explain import explain
from shuniu.policy.tests.build import HEAD, ON, document, files, problems

pytestmark = pytest.mark.feature("B5")


def stage(window: str, extra: str = "") -> str:
    return (
        "procedure:\n  - {key: p, kind: apply, label: 申报, actor: applicant, clause: 第一条, "
        f"window: {{{window}}}{extra}}}\n"
    )


@pytest.mark.parametrize(
    ("window", "on", "value", "last"),
    [
        ('from: "11-10", to: "11-20"', date(2026, 11, 9), "no", date(2026, 11, 20)),
        ('from: "11-10", to: "11-20"', date(2026, 11, 10), "yes", date(2026, 11, 20)),
        ('from: "11-10", to: "11-20"', date(2026, 11, 20), "yes", date(2026, 11, 20)),
        ('from: "11-10", to: "11-20"', date(2026, 11, 21), "no", date(2026, 11, 20)),
        ('to: "11-30"', date(2026, 11, 30), "yes", date(2026, 11, 30)),
        ('to: "11-30", to_included: false', date(2026, 11, 30), "no", date(2026, 11, 29)),
        ('from: "12-20", to: "01-10"', date(2026, 12, 31), "yes", date(2027, 1, 10)),
        ('from: "12-20", to: "01-10"', date(2027, 1, 10), "yes", date(2027, 1, 10)),
        ('from: "12-20", to: "01-10"', date(2027, 1, 11), "no", date(2028, 1, 10)),
        ("from: 2026-03-01, to: 2026-03-05", date(2027, 3, 1), "no", date(2026, 3, 5)),
    ],
)
def test_a_window_is_whole_days(window: str, on: date, value: str, last: date) -> None:
    found = policy.judge(document(stage(window)), "window", {}, on)
    assert (found.value, found.result) == (value, last)


@settings(max_examples=80, deadline=None)
@given(
    st.dates(date(2023, 1, 1), date(2023, 12, 31)),
    st.dates(date(2023, 1, 1), date(2023, 12, 31)),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_a_yearly_window_is_open_exactly_between_its_days(first: date, last: date, on: date) -> None:
    window = policy.Window((last.month, last.day), (first.month, first.day))
    opens, closes = policy.window_on(window, on)
    assert opens is not None and opens <= closes < opens + timedelta(days=366)
    day = (on.month, on.day)
    a, b = (first.month, first.day), (last.month, last.day)
    inside = a <= day <= b if a <= b else (day >= a or day <= b)
    assert (opens <= on <= closes) is inside


def test_the_words_of_a_window_are_shown_and_one_stage_may_be_asked_for() -> None:
    law = document(stage('to: "11-30", words: 「前」含当日'))
    found = policy.judge(law, "window", {"stage": "p"}, date(2026, 11, 30))
    assert "「前」含当日" in found.findings[0].reason
    with pytest.raises(policy.FactError, match="stage"):
        policy.judge(law, "window", {"stage": "other"}, ON)


SHEET = """\
score_sheets:
  - {key: s, clause: 第一条, label: 标准, total: 10, ours: true, items: [{key: i, clause: 第一条, label: 项, points: 10}]}
quotas:
  - {key: q, clause: 第一条, label: 每市, holder: recommender, at_most: 2}
conditions:
  - {key: c, clause: 第一条, label: 自评, asks: [eligibility], rule: {fact: n, at_least: 80}}
"""
LINKED = ", gate: c, sheet: s, quotas: [q]"


def test_a_stage_names_its_gate_sheet_and_quotas() -> None:
    law = document(SHEET + stage('to: "11-30"', LINKED))
    assert (law.stages[0].gate, law.stages[0].sheet, law.stages[0].quotas) == ("c", "s", ("q",))
    assert law.sheets[0].ours


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (SHEET + stage('to: "11-30"', LINKED.replace("gate: c", "gate: d")), "gate"),
        (SHEET + stage('to: "11-30"', LINKED.replace("gate: c", "gate: s")), "gate"),
        (SHEET + stage('to: "11-30"', LINKED.replace("sheet: s", "sheet: d")), "sheet"),
        (SHEET + stage('to: "11-30"', LINKED.replace("[q]", "[d]")), "quotas"),
        (stage('to: "02-29"'), "每年都有"),
        (stage('from: "11-10"'), "to"),
        (stage('from: 2026-01-01, to: "11-10"'), "都写月日"),
        (stage("from: 2026-02-01, to: 2026-01-01"), "不应早于"),
        ("templates:\n  - {key: f, kind: form, label: 表, clause: 第一条}\n", "file"),
        ("templates:\n  - {key: f, kind: form, label: 表, clause: 第一条, file: 表.md}\n", ""),
    ],
)
def test_what_is_refused(parts: str, said: str) -> None:
    found = problems(parts)
    assert any(said in str(p) for p in found), found


def test_a_form_stands_beside_the_document() -> None:
    parts = "templates:\n  - {key: f, kind: form, label: 表, clause: 第一条, annex: 附件1, file: 表.md, ours: true}\n"
    law = policy.load_bytes({**files(parts), "表.md": "# 表".encode()})
    assert (law.templates[0].file, law.templates[0].kind_label) == ("表.md", "表格")


def test_an_honour_has_levels_from_the_lowest_up() -> None:
    parts = (
        "outcome:\n  kind: honour\n  label: 优秀项目\n  clause: 第一条\n  per: project\n  levels:\n"
        "    - {level: city, label: 市优秀项目, clause: 第一条}\n"
        "    - {level: province, label: 省优秀项目, clause: 第一条, from_above: true}\n"
    )
    outcome = document(parts).outcome
    assert outcome is not None
    assert [(each.level_label, each.from_above) for each in outcome.levels] == [("市", False), ("省", True)]


def test_a_paper_without_dates() -> None:
    head = HEAD.replace("issued: 2020-01-01\n", "").replace(
        "effective: {from: 2020-01-01, clause: 第一条}\n", ""
    )
    law = policy.load_bytes({"document.yaml": head.encode()})
    assert law.issued is None and law.effective is None
    assert policy.judge(law, "applicable_law", {}, ON).value == "silent"
    assert "未写明施行日期" in explain(law)
