"""A sheet of 1000 points with bonus, deduction, a mandatory item and a veto; the document's own vote and places."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.calls import demo_review as demo
from shuniu.calls import self_assessment
from shuniu.calls.actions import apply, scoring
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call, Expert, Meeting, RubricItem, ScoreSheet
from shuniu.calls.queries.call import frozen_view, gaps
from shuniu.calls.queries.recommend import visit_items
from shuniu.calls.queries.scoring import barred, over_quota, pass_mark, rubric_of
from shuniu.calls.tests import cast, reviews, stars
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.calendar import clock
from shuniu.unions.tests import cast as unions

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B5"), pytest.mark.feature("D6")]


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> cast.Office:
    stars.document(tmp_path, monkeypatch, settings)
    return cast.office()


def rows_of(call: Call) -> list[dict[str, Any]]:
    kept = ("key", "label", "guide", "weight")
    return [{name: getattr(item, name) for name in kept} for item in rubric_of(call.pk).values()]


@pytest.mark.refusal("calls.sheet_of_law")
def test_the_call_takes_over_the_sheet_as_the_document_has_it(of: cast.Office) -> None:
    call = cast.draft_call(of)
    assert (call.points_total, call.bonus_above, gaps(call)) == (1000, False, [])
    items = {i.key: (i.weight, i.kind, i.mandatory) for i in rubric_of(call.pk).values()}
    assert items["place"] == (300, "points", True)
    assert items["commended"] == (50, "bonus", False) and items["complaints"] == (100, "deduction", False)
    assert list(call.categories.values_list("key", flat=True)) == ["outdoor", "mind"], (
        "a heading is not applied for"
    )
    rows = rows_of(call)
    rows[0] |= {"guide": "有独立房间的满分。"}
    calls.change_rubric(by=of.clerk, call_id=call.pk, version=call.version, rows=rows)
    assert RubricItem.objects.get(call=call, key="place").mandatory, "said more closely, it is the same item"
    page = unions.log_in(Client(), of.clerk).get(f"/calls/{call.pk}/rubric/").content.decode()
    assert "（扣分）" in page and 'name="r-0-weight"' not in page and "r-0-DELETE" not in page
    rows[0] |= {"weight": 200}
    with refused("calls.sheet_of_law"):
        calls.change_rubric(by=of.clerk, call_id=call.pk, version=call.version + 1, rows=rows)
    assert frozen_view(Call.objects.get())["points_total"] == 1000


@pytest.mark.refusal("calls.sheet_fractions")
def test_a_sheet_in_fractions_of_points_is_refused(tmp_path: Path, monkeypatch: Any, settings: Any) -> None:
    stars.document(
        tmp_path, monkeypatch, settings, ("points: 300, mandatory", "points: 300.5, mandatory"),
        ("points: 200}", "points: 199.5}"),
    )  # fmt: skip
    with refused("calls.sheet_fractions"):
        cast.draft_call(cast.office())


def test_places_that_nobody_can_count_stop_the_call_and_the_line(
    tmp_path: Path, monkeypatch: Any, settings: Any
) -> None:
    stars.document(tmp_path, monkeypatch, settings, ("of: {fact: reviewed}, way", "of: {fact: served}, way"))
    call = cast.draft_call(cast.office())
    assert [g.text for g in gaps(call)] == ["名额目前算不出来：“每类入围”（第八条）：上年服务人次没有记录"]
    meeting: Any = SimpleNamespace(
        committee=SimpleNamespace(call=call, category=SimpleNamespace(key="mind")), cut_after=1, cut_reason=""
    )
    found = over_quota(meeting, 3, 1)
    assert found is not None and found.status == "unknown"


def test_places_of_a_group_that_nobody_names_stop_the_call(
    tmp_path: Path, monkeypatch: Any, settings: Any
) -> None:
    stars.document(tmp_path, monkeypatch, settings, ("holder: category", "holder: group"))
    (gap,) = gaps(cast.draft_call(cast.office()))
    assert gap.text.startswith("名额“每类入围”（第八条）限的是一组")


@pytest.mark.refusal("calls.places_full")
@pytest.mark.parametrize(
    "part",
    [
        "  - {key: one, clause: 第三条, label: 每家申报, holder: applicant, at_most: 1}\n",
        "limits:\n"
        "  - {key: one, clause: 第三条, label: 每家申报, at_most: 1, binding: must, counts: category_count}\n"
        "  - {key: much, clause: 第三条, label: 经费, at_most: 200000, binding: in_principle, counts: budget, passed_by: why}\n",
    ],
)
def test_an_organisation_applies_for_no_more_than_the_document_allows(
    tmp_path: Path, monkeypatch: Any, settings: Any, client: Client, part: str
) -> None:
    before = "votes:\n" if part.startswith(" ") else "facts:\n"
    fact = (
        "  - {name: category_count, type: integer, label: 申报的小类, source: application}\n"
        "  - {name: why, type: text, label: 经费较多的理由, source: project}\n"
    )
    stars.document(tmp_path, monkeypatch, settings, (before, part + before), ("facts:\n", "facts:\n" + fact))
    of = cast.office()
    call = cast.published_call(of)
    assert call.soft_limit is None, "a limit of money is none of categories"
    who = cast.applicant(of)
    made = stars.begun(who, call)
    with refused("calls.places_full"):
        stars.begun(who, call, "outdoor")
    unions.log_in(client, who)
    page = client.get(f"/apply/call/{call.pk}/").content.decode()
    assert "每家申报不超过 1 个，本单位已经有 1 个" in page and "选择申报类别" not in page
    with pytest.raises(DatabaseError, match="application_at_most"), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(ordinal=2)


def test_the_visit_may_have_a_sheet_of_its_own(tmp_path: Path, monkeypatch: Any, settings: Any) -> None:
    stage = "  - {key: look, kind: site_visit, label: 实地察看, actor: recommender, clause: 第七条, sheet: look}\n"
    sheet = (
        "score_sheets:\n  - {key: look, clause: 第五条, label: 察看表, total: 30,"
        " items: [{key: place, clause: 第五条, label: 现场, points: 30}]}\n"
    )
    stars.document(
        tmp_path, monkeypatch, settings, ("  - {key: review, kind", stage + "  - {key: review, kind"),
        ("score_sheets:\n", sheet),
    )  # fmt: skip
    call = cast.draft_call(cast.office())
    assert [(i.key, i.weight, i.use) for i in visit_items(call.pk)] == [("place", 30, "visit")]
    assert {i.use for i in rubric_of(call.pk).values()} == {"review"} and gaps(call) == []


@pytest.mark.refusal("calls.rubric_total", "calls.published_stays")
def test_the_database_keeps_the_total_of_a_published_call(of: cast.Office) -> None:
    call = cast.draft_call(of)
    calls.submit(by=of.clerk, call_id=call.pk)
    RubricItem.objects.filter(call=call, key="voice").update(weight=100)
    with refused("calls.rubric_total"):
        calls.publish(by=of.checker, call_id=call.pk)
    RubricItem.objects.filter(call=call, key="voice").update(weight=200)
    calls.publish(by=of.checker, call_id=call.pk)
    with pytest.raises(Exception, match=r"calls\.published_stays"), connection.cursor() as cursor:
        cursor.execute("UPDATE calls_call SET points_total = 900")


def test_a_veto_shuts_the_form_whatever_the_total(of: cast.Office) -> None:
    call, who = cast.published_call(of), cast.applicant(of)
    made = stars.assessed(who, stars.begun(who, call))
    found = self_assessment.assess(made, clock.today())
    assert found is not None and (found.total, found.reached) == (Decimal(890), True)
    made = stars.assessed(who, made, accident=True, complaints=2, commended=True)
    found = self_assessment.assess(made, clock.today())
    assert found is not None and found.total == 900 and not found.reached
    assert "一票否决" in found.said
    with refused("calls.self_gate"):
        apply.save_section(by=who, application_id=made.pk, section="plan", values={"text": "方案"})


@pytest.mark.refusal("calls.over_quota")
def test_bonus_and_deduction_count_a_mandatory_nought_bars_and_the_documents_vote_decides(
    of: cast.Office, travel: Any, client: Client
) -> None:
    call = cast.published_call(of, days=3)
    whos = [cast.applicant(of, name) for name in ("甲站", "乙站", "丙站")]
    told: list[dict[str, Any]] = [{"commended": True}, {}, {"complaints": 1}]  # 加分和扣分按事实计
    made = [stars.handed_in(who, call, **facts) for who, facts in zip(whos, told, strict=True)]
    travel(days=4)
    for each in made:
        reviews.qualify(each)
    reviews.pool(of, 5, category="mind")
    good, bare, plain = (each.pk for each in made)

    def marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
        if item.key == "place":
            return Decimal({good: 300, bare: 0, plain: 250}[application.pk])
        return Decimal(item.weight)

    category = call.categories.get(key="mind")
    auditor = unions.who("auditor", of.union, unions.person("赵经审"))
    committee = demo.run_review(
        call,
        clerk=of.clerk,
        second=auditor,
        signer=of.checker,
        until="closed",
        categories=[category],
        marks=marks,
    )[0]
    totals = dict(ScoreSheet.objects.filter(state="submitted").values_list("application_id", "total"))
    assert totals == {good: 1000, bare: 700, plain: 930}, "bonus stays inside the total"
    assert barred(committee) == {bare: "场所设施"}
    meeting = scoring.open_meeting(by=of.clerk, committee_id=committee.pk)
    for n, seat in enumerate(committee.seats.filter(state="active").select_related("expert__person")):
        who = demo.as_expert(seat.expert)
        scoring.attend(by=who, committee_id=committee.pk, seat_id=seat.pk)
        choices = {good: "for", plain: "against" if n else "for", bare: "for"}
        scoring.vote(by=who, committee_id=committee.pk, choices=choices)
    meeting.refresh_from_db()
    line: Any = {"by": of.clerk, "committee_id": committee.pk, "tie_reason": "", "tie_picks": []}
    scoring.settle(
        **line, version=meeting.version, cut_after=3, cut_reason="按名次。", minutes="逐家讨论并表决。"
    )
    unions.log_in(client, of.clerk)
    page = client.get(f"/calls/panels/{committee.pk}/meeting/").content.decode()
    assert "每类入围（第八条）：名额 2（参评站点数 3个的 1/2" in page
    with refused("calls.over_quota"):
        scoring.propose(by=of.clerk, committee_id=committee.pk)
    meeting = Meeting.objects.get()
    assert pass_mark(meeting) == 600, "the sheet's own"
    scoring.settle(
        **line, version=meeting.version, cut_after=2, cut_reason="一半，进一。", minutes="逐家讨论并表决。"
    )
    outcome = {r["application"]: r for r in scoring.propose(by=of.clerk, committee_id=committee.pk).outcome}
    assert [outcome[pk]["in"] for pk in (good, plain, bare)] == [True, False, False]
    assert outcome[plain]["rank"] == 2 and "第九条" in outcome[plain]["why"]
    assert "必备项“场所设施”" in outcome[bare]["why"]
