"""推荐参评: a project goes through a call with its frozen sheet, its papers are counted, experts give no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shuniu.calls import demo_review
from shuniu.calls.actions import apply, counts, listing, panel, scoring
from shuniu.calls.actions import nominate as nominating
from shuniu.calls.models import Application, Call, Nominee, ScoreDraft, ScoreSheet
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.award import below
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.funds.actions.subsidy import look_for_subsidies
from shuniu.funds.models import Subsidy
from shuniu.funds.queries import standings
from shuniu.projects import actions
from shuniu.projects.models import Project
from shuniu.projects.tests import award
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation
from shuniu.unions.tests import cast as unions
from shuniu.unions.tests.cast import log_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F2"), pytest.mark.feature("D6")]


def _ready() -> tuple[cast.Office, cast.Office, Call, Who, Project]:
    """The city's call is open; a district has a project of an organisation that has everything."""
    of = cast.office()
    lower = below(of)
    call = award.open_call(of)
    who = cast.applicant(of)
    award.merits(of, cast.organisation_of(who))
    row = award.project(lower.clerk, lower, cast.organisation_of(who))
    award.surveyed_by_a_third(of, row)
    return of, lower, call, who, row


@pytest.mark.refusal("calls.above_counted")
@pytest.mark.refusal("calls.below_counted")
def test_a_project_is_nominated_with_its_frozen_sheet_and_its_papers_are_counted(travel: Any) -> None:
    of, lower, call, who, row = _ready()
    made = award.nominated(lower.clerk, row, call)
    sheet = row.sheets.get()
    assert (made.subject_key, made.nominee.digest, made.recommender) == (row.key, sheet.digest, lower.union)
    actions.change(by=lower.clerk, project_id=row.pk, values={"amount_fen": 1})
    made = award.papers(who, made)
    assert made.nominee.facts["amount_fen"] == 5_000_000, "what was frozen stays"
    assert made.submissions.get().snapshot["subject"]["digest"] == sheet.digest
    before = {c.item.key: c for c in counts.counted_of(made)}
    assert before["study"].points == before["activity"].points == before["papers"].points == Decimal(10)
    assert before["premises"].status == "judged", "nobody has compared the name plate yet"
    made = award.through_the_desk(made, lower)
    assert made.stage == "qualified" and made.recommendations.get().slot == 1
    found = {c.item.key: c.points for c in counts.counted_of(made)}
    assert [found[key] for key in ("premises", "media", "exchange", "satisfaction")] == [10, 4, 2, 10]
    travel(days=21)
    experts = reviews.pool(of, 5, category="daily")
    assert experts
    auditor = unions.who("auditor", of.union)
    committee = demo_review.run_review(
        call, clerk=of.clerk, second=auditor, signer=of.checker, until="declared", categories=[made.category]
    )[0]
    fixed = {c.item.key: c.points for c in made.counted.all()}
    assert fixed == found
    seat = committee.seats.filter(state="active").select_related("expert__person").first()
    assert seat is not None
    expert = demo_review.as_expert(seat.expert)
    media = made.call.rubric.get(key="media").pk
    with refused("calls.above_counted"):
        scoring.save_points(by=expert, application_id=made.pk, points={media: Decimal(5)})
    with pytest.raises(DatabaseError, match=r"calls\.above_counted"), transaction.atomic():
        ScoreDraft.objects.filter(sheet__seat=seat, item=media).update(points=5)
    scoring.save_points(by=expert, application_id=made.pk, points={media: Decimal(3)})
    with refused("calls.below_counted"):
        scoring.submit_sheet(by=expert, application_id=made.pk)
    with pytest.raises(DatabaseError, match=r"calls\.below_counted"), transaction.atomic():
        ScoreSheet.objects.filter(seat=seat).update(state="submitted", total=91, submitted_at=clock.now())
    record = scoring.submit_sheet(
        by=expert, application_id=made.pk, comment="一篇报道不是正面报道，扣 1 分。"
    )
    assert record.total == sum(fixed.values()) - 1


@pytest.mark.refusal("calls.nominated_only")
@pytest.mark.refusal("calls.nominated_twice")
@pytest.mark.refusal("calls.nominator_clerk")
@pytest.mark.refusal("calls.not_nominator")
@pytest.mark.refusal("calls.not_nominating")
@pytest.mark.refusal("calls.nominated_gone")
@pytest.mark.refusal("projects.not_done")
def test_a_project_is_nominated_once_by_a_union_that_may() -> None:
    of, lower, call, who, row = _ready()
    category = call.categories.get(key="daily")
    with refused("calls.nominated_only"):
        apply.start(by=who, call_id=call.pk, category_id=category.pk, arrived_at=clock.now())
    home = unions.text(unions.page(who, "/apply/"))
    assert "由工会推荐" in home and "可以申报" not in home
    places = unions.text(unions.page(lower.clerk, f"/calls/{call.pk}/recommend/"))
    assert "还没有推荐的项目" in places and "选“推荐参评”" in places
    organisation = cast.organisation_of(who)
    running = award.project(lower.clerk, lower, organisation, name="另一个", completed_on=None)
    with refused("projects.not_done"):
        award.nominated(lower.clerk, running, call)
    subject = actions.subject_of(actions.freeze(by=lower.clerk, project_id=row.pk, purpose="推荐"))
    given: dict[str, Any] = {
        "call_id": call.pk, "organisation": organisation, "subject": subject, "category_id": category.pk,
        "directions": [], "shown": {}, "reason": "成效突出", "arrived_at": clock.now(),
    }  # fmt: skip
    with refused("calls.nominator_clerk"):
        nominating.nominate(by=of.clerk, union=lower.union, **given)
    elsewhere = cast.office("邻海市总工会")
    with refused("calls.not_nominator"):
        nominating.nominate(by=elsewhere.clerk, union=elsewhere.union, **given)
    with refused("calls.not_nominating"):
        nominating.nominate(by=of.clerk, union=of.union, **given | {"call_id": cast.published_call(of).pk})
    award.nominated(lower.clerk, row, call)
    with refused("calls.nominated_twice"):
        award.nominated(lower.clerk, row, call)
    second = award.project(lower.clerk, lower, organisation, name="同一单位的另一个项目")
    assert award.nominated(lower.clerk, second, call).ordinal == 2, (
        "an organisation may have several projects"
    )
    Organisation.objects.filter(pk=organisation.pk).update(status="cancelled")
    third = award.project(lower.clerk, lower, organisation, name="第三个项目")
    with refused("calls.nominated_gone"):
        award.nominated(lower.clerk, third, call)


@pytest.mark.refusal("calls.nomination_filled")
@pytest.mark.refusal("calls.subject_stays")
@pytest.mark.refusal("calls.subject_unfrozen")
def test_a_nomination_stays_what_it_was_and_is_taken_back_before_its_papers_are_in() -> None:
    _, lower, call, who, row = _ready()
    made = award.nominated(lower.clerk, row, call)
    with pytest.raises(DatabaseError, match=r"calls\.subject_stays"), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(subject_key="projects.project:0")
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        Nominee.objects.filter(pk=made.nominee.pk).update(digest="0" * 64)
    with pytest.raises(DatabaseError, match=r"calls\.subject_unfrozen"), transaction.atomic():
        Application.objects.create(
            call=call, organisation=made.organisation, category=made.category, ordinal=9, subject_key="a:1",
            subject_label="没有清单", recommender=lower.union, created_by=made.created_by,
        )  # fmt: skip
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    nominating.drop(by=lower.clerk, application_id=made.pk, reason="写错了方向")
    again = award.papers(who, award.nominated(lower.clerk, row, call))
    with refused("calls.nomination_filled"):
        nominating.drop(by=lower.clerk, application_id=again.pk, reason="晚了")


@pytest.mark.refusal("calls.count_open")
def test_what_a_person_has_to_settle_is_settled_before_experts_score() -> None:
    of, lower, call, who, row = _ready()
    made = award.papers(who, award.nominated(lower.clerk, row, call))
    reviews.qualify(made)  # past the desk, so that nobody has compared the name plate
    committee = panel.establish(by=of.clerk, category_id=made.category_id)
    with refused("calls.count_open"):
        counts.fix_counts(committee)


def test_pages_lead_from_the_project_to_the_nomination_and_back(client: Client) -> None:
    of, lower, call, who, row = _ready()
    log_in(client, lower.clerk)
    assert "推荐参评" in text(client.get(f"/projects/{row.pk}/"))
    address = f"/projects/{row.pk}/nominate/"
    assert "固定一份事实清单" in text(client.get(address))
    category = call.categories.get(key="daily")
    wrong = client.post(address, {"category": category.pk, "reason": "成效突出"})
    assert "请在所选类别里至少选择一个方向" in text(wrong)
    sent = {"category": category.pk, "directions": f"{category.pk}:counselling", "reason": "成效突出"}
    page = client.post(address, sent, follow=True)
    assert "等待承接单位填报" in text(page) and "收回提名" in text(page)
    made = Application.objects.get()
    assert "资格审核" not in text(client.get(f"/projects/{row.pk}/")) and "填写中" in text(
        client.get(f"/projects/{row.pk}/")
    )
    assert "收回" in text(client.get(f"/calls/applications/{made.pk}/drop/"))
    client.post(f"/calls/applications/{made.pk}/drop/", {"reason": "写错了方向"})
    made.refresh_from_db()
    assert made.stage == "withdrawn"
    log_in(client, who)
    assert "由工会推荐" in text(client.get(f"/apply/call/{call.pk}/"))
    log_in(client, of.clerk)
    assert "各推荐工会" in text(client.get(f"/calls/{call.pk}/recommend/"))


@pytest.mark.feature("F3")
@pytest.mark.feature("F4")
def test_the_named_project_is_honoured_as_it_was_frozen_and_paid_for(travel: Any) -> None:
    of, lower, call, who, row = _ready()
    made = award.through_the_desk(award.papers(who, award.nominated(lower.clerk, row, call)), lower)
    actions.change(by=lower.clerk, project_id=row.pk, values={"leader": "另一个人"})
    travel(days=21)
    reviews.pool(of, 5, category="daily")
    auditor = unions.who("auditor", of.union)
    demo_review.run_review(
        call, clerk=of.clerk, second=auditor, signer=of.checker, categories=[made.category]
    )
    frozen = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    assert frozen.frozen[0]["name"] == f"{row.name}（{made.organisation}）"
    listing.publish_formal(by=of.checker, list_id=frozen.pk)
    honour = Honour.objects.get()
    assert (honour.subject_key, honour.level, honour.leader) == (row.key, "city", "何主任")
    assert honour.subject_digest == made.nominee.digest and honour.title.startswith("青岛市")
    assert Call.objects.get(pk=call.pk).stage == "upward"
    look_for_subsidies()
    found = Subsidy.objects.get(subject_key=row.key)
    assert standings([found])[found.pk].entitled == 1_000_000
