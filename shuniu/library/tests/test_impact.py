"""B2, B6 影响测算: every organisation judged by a folder and by what it replaces, with the list behind each figure."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuniu.foundation.access import Refused, Who
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message
from shuniu.library import actions, queries
from shuniu.library.models import Impact, ImpactRow, Upload
from shuniu.library.queries.rehearsal import ANSWERS
from shuniu.library.tests import folders
from shuniu.library.tests.test_uploads import publish
from shuniu.registry.models import Organisation
from shuniu.registry.queries import organisations_visible_to
from shuniu.registry.tests import factories
from shuniu.unions.models import Level, Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B2", "B6")]
ON = dt.date(2026, 7, 1)
STRICTER = folders.DOCUMENT.replace('version: "1"', 'version: "2"').replace("at_least: 2}", "at_least: 9}")
# Counted back from the notice: an estimate takes it as published on its day.
STRICTER = STRICTER.replace("until: {date: on}", "until: {fact: published_on}").replace(
    "\nfacts:\n", "\nfacts:\n  - {name: published_on, type: date, label: 通知发布日, source: call}\n"
)
STRICTER_CASES = folders.CASES.replace("2024-07-01", "2017-07-01").replace("2024-07-02", "2017-07-02")
STRICTER_CASES = STRICTER_CASES.replace("chosen_count:", "published_on: 2026-07-01, chosen_count:")


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def admin(city: Union) -> Who:
    return cast.who("sec_admin", city)


@pytest.fixture
def stricter(city: Union, admin: Who) -> Upload:
    """Two years in use, nine years in the draft; three organisations, one of them of a union below, one ended."""
    clerk = cast.who("clerk", city)
    publish(admin, cast.who("leader", city))
    below = factories.union("东港区总工会", Level.DISTRICT, city)
    factories.organisation(clerk, "望海市晨曦中心", registered_on="2022-01-10")
    factories.organisation(clerk, "望海市新芽中心", registered_on="2025-05-01")
    factories.organisation(cast.who("clerk", below), "东港区暖阳中心", registered_on="2010-03-01")
    factories.organisation(clerk, "望海市旧事中心", registered_on="2001-03-01")
    Organisation.objects.filter(name="望海市旧事中心").update(status="cancelled")
    elsewhere = cast.who("clerk", cast.union("邻海市总工会"))
    factories.organisation(elsewhere, "邻海市启航中心", registered_on="2025-05-01")
    row = actions.upload(by=admin, received=folders.received(folders.files(STRICTER, STRICTER_CASES)))
    assert row.state == "checked", row.problems
    return row


def made(by: Who, row: Upload, on: dt.date = ON) -> Impact:
    return actions.compute_impact(impact_id=actions.estimate(by=by, upload_id=row.pk, on=on).pk)


def test_figures_lists_and_difference(admin: Who, stricter: Upload) -> None:
    here = f"/library/uploads/{stricter.pk}/"
    assert "还没有测算" in cast.text(cast.page(admin, f"{here}impact/"))
    assert cast.post(admin, f"{here}impact/", on="2026-07-01").status_code == 303
    waiting = Impact.objects.get()
    assert "正在测算" in cast.text(cast.page(admin, f"{here}impact/"))
    actions.compute_impact(impact_id=waiting.pk)
    impact = actions.compute_impact(impact_id=waiting.pk)  # a job that runs twice
    assert impact.figures["answers"] == {"F": 2, "U": 1} and impact.figures["told"] == {"F": 2, "M": 1}
    assert impact.figures["moves"] == [["F", "F", 1], ["U", "F", 1], ["U", "U", 1]]
    shown = cast.text(cast.page(admin, f"{here}impact/"))
    assert "共 3 家" in shown and "待查变为不符合" in shown and "登记库没有：类别数" in shown
    assert "《望海市职工服务项目办法》1 版" in shown and stricter.digest[:16] in shown

    def names(query: str) -> set[str]:
        text = cast.text(cast.page(admin, f"{here}impact/organisations/?{query}"))
        assert "已忽略" not in text
        return {name for name in Organisation.objects.values_list("name", flat=True) if name in text}

    assert names("answer=F") == {"望海市晨曦中心", "望海市新芽中心"}
    assert names("change=UF") == {"望海市晨曦中心"} == names("change=0.0.MF")
    assert names("condition=0M") == {"东港区暖阳中心"} and names("") == names("condition=1W") != set()
    told = Message.objects.filter(kind="library.impact").values_list("title", flat=True)
    assert list(told) == ["影响测算已完成：望海市职工服务项目办法"]
    verbs = Entry.objects.filter(verb__startswith="library.estimate").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["library.estimate", "library.estimated"]


def test_the_estimate_says_what_the_rehearsal_says(city: Union, admin: Who, stricter: Upload) -> None:
    impact = made(admin, stricter)
    tried = queries.rehearse(
        stricter, list(organisations_visible_to(cast.who("clerk", city)).exclude(status="cancelled")), ON
    )
    rows = ImpactRow.objects.filter(impact=impact).select_related("organisation")
    assert {r.organisation.name: (ANSWERS[r.answer], ANSWERS[r.answer_before]) for r in rows} == {
        t.name: (t.answer, t.before) for t in tried
    }  # fmt: skip


def test_only_the_newest_keeps_its_organisations_and_nothing_is_changed_later(
    admin: Who, stricter: Upload
) -> None:
    first, second = made(admin, stricter), made(admin, stricter, dt.date(2030, 7, 1))
    assert (
        not first.rows.exists() and second.rows.count() == 3 and second.figures["answers"] == {"F": 2, "U": 1}
    )
    earlier = cast.text(cast.page(admin, f"/library/uploads/{stricter.pk}/impact/?run={first.pk}"))
    assert "共 3 家" in earlier and "organisations/" not in earlier
    row = second.rows.first()
    assert row is not None
    for change in (
        lambda: Impact.objects.filter(pk=first.pk).update(figures={}),
        lambda: Impact.objects.filter(pk=first.pk).delete(),
        lambda: ImpactRow.objects.filter(pk=row.pk).update(answer="M"),
        lambda: ImpactRow.objects.create(
            impact=second, organisation=row.organisation, letters="MM", answer="M"
        ),
    ):
        with pytest.raises(DatabaseError, match=r"library\.stays|permission denied"), transaction.atomic():
            change()


def test_the_list_asks_as_much_for_many_as_for_few(city: Union, admin: Who, stricter: Upload) -> None:
    def queries_of() -> int:
        made(admin, stricter)
        address = f"/library/uploads/{stricter.pk}/impact/organisations/?condition=0F"
        cast.page(admin, address)
        with CaptureQueriesContext(connection) as captured:
            assert cast.page(admin, address).status_code == 200
        return len(captured)

    few = queries_of()
    clerk = cast.who("clerk", city)
    for n in range(12):
        factories.organisation(clerk, f"望海市第{n}幼苗中心", registered_on="2026-01-01")
    assert queries_of() == few


@pytest.mark.refusal("library.impact_who", "library.impact_running")
def test_who_may_and_one_at_a_time(city: Union, admin: Who, stricter: Upload) -> None:
    with pytest.raises(Refused, match="安全管理员"):
        actions.estimate(by=cast.who("clerk", city), upload_id=stricter.pk)
    assert (
        cast.page(
            cast.who("sec_admin", cast.union("邻海市总工会")), f"/library/uploads/{stricter.pk}/impact/"
        ).status_code
        == 404
    )
    actions.estimate(by=cast.who("checker", city), upload_id=stricter.pk)
    with pytest.raises(Refused, match="正在测算"):
        actions.estimate(by=admin, upload_id=stricter.pk)


@pytest.mark.refusal("library.impact_problems", "library.impact_nothing")
def test_what_cannot_be_estimated_is_said(city: Union, admin: Who) -> None:
    broken = folders.DOCUMENT.replace("at_least: 2}", "at_leest: 2}")
    row = actions.upload(by=admin, received=folders.received(folders.files(broken)))
    with pytest.raises(Refused, match="有错误"):
        actions.estimate(by=admin, upload_id=row.pk)
    other = folders.DOCUMENT.replace("asks: [eligibility]", "asks: [category]")
    cases = folders.CASES.replace("ask: eligibility", "ask: category")
    row = actions.upload(by=admin, received=folders.received(folders.files(other, cases)))
    assert row.state == "checked", row.problems
    with pytest.raises(Refused, match="没有规定"):
        actions.estimate(by=admin, upload_id=row.pk)
    assert "没有规定社会组织的申报条件" in cast.text(cast.page(admin, f"/library/uploads/{row.pk}/impact/"))


def test_a_condition_that_cannot_be_judged_at_once_is_named_with_its_reason(city: Union, admin: Who) -> None:
    factories.organisation(cast.who("clerk", city), "望海市晨曦中心", registered_on="2022-01-10")
    rule = "{shift: {from: {fact: founded_on}, n: 5, unit: working_days}, before: {date: on}}"
    text = folders.DOCUMENT.replace(
        "{elapsed: {since: {fact: founded_on}, until: {date: on}, unit: years}, at_least: 2}", rule
    )
    row = actions.upload(by=admin, received=folders.received(folders.files(text, "cases: []\n")))
    assert row.state == "checked", row.problems
    assert made(admin, row).figures["answers"] == {"U": 1}
    shown = cast.text(cast.page(admin, f"/library/uploads/{row.pk}/impact/"))
    assert "无法批量测算" in shown and "按工作日推算的日期，逐家不同" in shown
