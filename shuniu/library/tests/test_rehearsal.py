"""O2 演练: a folder that is not published yet is tried on copies of real facts; nothing is written."""

from __future__ import annotations

import pytest

from shuniu.foundation.journal.models import Entry
from shuniu.library import actions
from shuniu.library.tests import folders
from shuniu.registry.tests import factories
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O2")]


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
    assert "成立满两年：不符合" in shown and "不超过限额：无法判断" in shown
    assert "与现行《望海市职工服务项目办法》1 版对照" in shown
    earlier = cast.text(cast.page(leader, f"/library/uploads/{row.pk}/rehearsal/?on=2026-07-01"))
    assert "成立满两年：符合" in earlier and "对照" not in earlier
    assert written.count() == before
    assert cast.page(admin, f"/library/uploads/{stricter.pk}/rehearsal/?on=x").status_code == 422
