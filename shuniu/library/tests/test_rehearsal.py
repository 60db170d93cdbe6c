"""O2 演练: a folder that is not published yet is tried on copies of real facts; nothing is written."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from shuniu import policy
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.library import actions, queries
from shuniu.library.tests import folders
from shuniu.policy.bounds import bounds
from shuniu.registry import actions as registry
from shuniu.registry.tests import factories
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O2")]


SHEET = """\
score_sheets:
  - key: review
    clause: 第二条
    label: 评审
    total: 100
    pass_mark: 60
    items:
      - {key: staff, clause: 第二条, label: 专职, points: 50, of: {fact: full_time_staff}, per: 10}
      - {key: plan, clause: 第二条, label: 方案, points: 50}
      - {key: late, clause: 第二条, label: 迟报, points: 5, kind: deduction}
"""


def _row(shown: str, label: str) -> str:
    """What stands beside a condition or a row of a sheet."""
    found = re.search(rf"<li>(?:<[^>]*>)*([^<]*)(?:</[^>]*>)* [^<]* {label}</li>", shown)
    assert found, label
    return found.group(1).strip()


def test_real_facts_are_judged_beside_the_version_in_use_and_nothing_is_written() -> None:
    city = cast.union()
    admin, leader, clerk = (cast.who(role, city) for role in ("sec_admin", "leader", "clerk"))
    factories.organisation(clerk, "望海市晨曦中心", registered_on="2024-01-10")
    elsewhere = cast.who("clerk", cast.union("邻海市总工会"))
    factories.organisation(elsewhere, "邻海市启航中心")
    row = actions.upload(by=admin, received=folders.received())
    actions.propose(by=admin, upload_id=row.pk)
    actions.confirm(by=leader, upload_id=row.pk)
    text = folders.DOCUMENT.replace('version: "1"', 'version: "2"').replace("at_least: 2}", "at_least: 9}")
    cases = folders.CASES.replace("2024-07-01", "2017-07-01").replace("2024-07-02", "2017-07-02")
    stricter = actions.upload(by=admin, received=folders.received(folders.files(text, cases)))
    assert stricter.state == "checked", stricter.problems
    written = Entry.objects.filter(verb__startswith="library.")
    before = written.count()
    shown = cast.text(cast.page(admin, f"/library/uploads/{stricter.pk}/rehearsal/?on=2026-07-01"))
    assert "望海市晨曦中心" in shown and "邻海市启航中心" not in shown
    assert _row(shown, "成立满两年") == "不符合" and _row(shown, "不超过限额") == "无法判断"
    assert "与现行《望海市职工服务项目办法》1 版对照" in shown
    earlier = cast.text(cast.page(leader, f"/library/uploads/{row.pk}/rehearsal/?on=2026-07-01"))
    assert _row(earlier, "成立满两年") == "符合" and "对照" not in earlier
    assert "如在这一天公布：服务单位" in earlier and "来自申报材料的事实" in earlier
    assert written.count() == before
    assert cast.page(admin, f"/library/uploads/{stricter.pk}/rehearsal/?on=x").status_code == 422


def test_facts_go_through_the_sheet_as_far_as_they_reach() -> None:
    """Rows that a person gives stay open: the total is said from the worst to the best, and what is left out."""
    city = cast.union()
    admin, clerk = (cast.who(role, city) for role in ("sec_admin", "clerk"))
    for name, staff in (("甲中心", 4), ("乙中心", 1), ("丙中心", None)):
        row = factories.organisation(clerk, name, registered_on="2020-01-10")
        if staff is not None:
            registry.add_fact(
                by=clerk, organisation=row, kind="staff", values={"full_time": staff}, basis="名册"
            )
    text = folders.DOCUMENT.replace(
        "conditions:\n",
        "  - {name: full_time_staff, type: integer, label: 专职人数, source: registry}\nconditions:\n",
    )
    upload = actions.upload(by=admin, received=folders.received(folders.files(text + SHEET)))
    assert upload.state == "checked", upload.problems
    found = {
        t.name: t for t in queries.rehearse(upload, list(queries.organisations_tried(admin)), clock.today())
    }
    assert found["甲中心"].sheets[0].known == "35 至 90 分（总分 100）"
    assert found["甲中心"].sheets[0].verdict == "合格线 60 分，要看未评的 2 项"
    assert found["乙中心"].sheets[0].known == "5 至 60 分（总分 100）"
    assert found["丙中心"].sheets[0].known == "0 至 100 分（总分 100）"
    shown = cast.text(cast.page(admin, f"/library/uploads/{upload.pk}/rehearsal/"))
    assert "40 / 50 分" in shown and _row(shown, "方案") == "未评，至多 50 分"
    assert "由人评分的项目" in shown and "方案、迟报" in shown


@pytest.mark.parametrize(
    ("points", "low", "high", "passes"),
    [
        ((30, None, None), 25, 80, None),
        ((50, 40, None), 85, 90, True),
        ((0, None, 5), 0, 45, False),
        ((30, 35, 5), 60, 60, True),
    ],
)
def test_both_ends_of_a_total(
    points: tuple[int | None, ...], low: int, high: int, passes: bool | None
) -> None:
    kinds = (("points", 50), ("points", 50), ("deduction", 5))
    lines = [
        policy.Line(kind, kind, "第二条", None if given is None else Decimal(given), Decimal(most), "", kind)
        for given, (kind, most) in zip(points, kinds, strict=True)
    ]
    sheet = policy.ScoreSheet("s", "第二条", "评审", Decimal(100), ())
    found = bounds(sheet, lines)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))
    assert found.passes(Decimal(60)) is passes
