"""Documents of imagined places, written from the guide and the format alone: they load, and decide as their cases say.

And the slips that were made while writing them: each is refused where it stands, in words that say what to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shuniu import policy
from shuniu.policy.explain import explain

pytestmark = [pytest.mark.feature("B5"), pytest.mark.feature("B6")]
FOLDERS = sorted((Path(__file__).parent / "strangers").iterdir())
BUYING = policy.read_folder(next(each for each in FOLDERS if each.name.startswith("beiling")))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_document_of_another_place(folder: Path) -> None:
    report = policy.examine(policy.read_folder(folder))
    assert [str(each) for each in report.problems] == []
    assert len(report.results) >= 18
    untried = [str(each) for each in report.remarks if "没有判为" in each.expected]
    assert untried == [], "every condition has a case that meets it and one that does not"
    assert len(explain(policy.load(folder)).splitlines()) > 40


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("at_most: 40}", "at_most: 40%}", "占比的 40% 写 40"),
        ("{fact: amount}, 0.5]", "{fact: amount}, 1/2]", "写成小数"),
        ("gives: 0.9}", "gives: 90%}", "写成小数"),
        ("of: [{fact: panel_experts}, 3]", "of: [{fact: sole}, 3]", "“只有唯一供应者”"),
        (
            "amount: {calc: multiply, of: [{fact: amount},",
            "amount: {calc: multiply, of: [{fact: approval},",
            "理由",
        ),
        ("share: 50%", "share: 过半数", "如 1/2、30%"),
        ("at_least: 3}, unless", "at_least: 三}, unless", "比大小的应为数或日期"),
        ("from: 2026-04-01", "from: 2026年4月1日", "2017-06-14"),
        ("at_most: 200000", "at_most: 20万", "整数"),
    ],
)
def test_a_slip_is_refused_with_advice(old: str, new: str, said: str) -> None:
    text = BUYING["document.yaml"].decode()
    assert text.count(old) >= 1, old
    found = policy.examine({"document.yaml": text.replace(old, new, 1).encode()}).problems
    assert any(said in str(each) and each.advice for each in found), [str(each) for each in found]


def test_cases_count_working_days_by_the_calendar_they_name() -> None:
    files = policy.read_folder(next(each for each in FOLDERS if each.name.startswith("hedong")))
    held = files["cases.yaml"].decode()

    def differing(calendar: str) -> list[str]:
        changed = held.replace("calendar: {off: [], on: []}", calendar)
        assert changed != held or calendar in held
        return [
            r.case.name
            for r in policy.examine(files | {"cases.yaml": changed.encode()}).results
            if not r.passed
        ]

    assert differing("calendar: {off: [], on: []}") == []
    assert differing("calendar: {off: [2026-07-10], on: []}") == ["七月一日收到的异议"], "one day later"
    assert differing("calendar: {off: [2026-07-10], on: [2026-07-11]}") == []
    assert differing("") == ["七月一日收到的异议"], "without a calendar working days are not known"
