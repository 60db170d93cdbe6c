"""What a document settles of its own procedure stands beside what it leaves open, never in both."""

from __future__ import annotations

import pytest

from shuniu.policy.explain import explain
from shuniu.policy.tests.build import document, problems

pytestmark = pytest.mark.feature("B5")

DAYS = "stated:\n  - {key: publicity_days, clause: 第一条, label: 公示天数, value: 7, unit: 个工作日}\n"
STAGE = (
    "procedure:\n  - {key: p, kind: publicity, label: 公示, actor: responsible_department, clause: 第一条,"
    " asks: [publicity_days]}\n"
)


def test_a_stated_point_carries_value_and_clause() -> None:
    law = document(DAYS + STAGE)
    said = law.settled("publicity_days")
    assert said is not None and (said.value, said.unit, said.clause) == (7, "个工作日", "第一条")
    assert law.settled("correction_days") is None
    assert "- 公示天数：7个工作日（第一条）" in explain(law)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            DAYS
            + "not_stated:\n  - {key: publicity_days, label: 公示天数, filled_by: call, kind: working_days}\n",
            "同一事项",
        ),
        (DAYS.replace("7", "true"), "文字或整数"),
        (DAYS.replace("第一条", "第九条"), "第九条"),
        (STAGE, "publicity_days"),
    ],
)
def test_what_is_refused(parts: str, said: str) -> None:
    found = problems(parts)
    assert any(said in str(p) for p in found), found
