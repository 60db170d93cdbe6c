"""集中评审会议: attendance, votes, line, ties, second person, the decisions that follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls import demo_review as demo
from shuniu.calls.actions import ending, scoring, steps
from shuniu.calls.models import Application, Call, Decision, Meeting, Stage
from shuniu.calls.tests import reviews
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.ui import slots
from shuniu.unions.actions import hand_on
from shuniu.unions.tests import cast as unions

pytestmark = pytest.mark.django_db
REASON = "本次通知没有规定名额，按得分划线。"


def begun(travel: Any, shares: tuple[float, ...] = (0.9, 0.8, 0.7), **more: Any) -> reviews.Review:
    """A meeting that has begun; the n-th application has the n-th share of 100 from everybody."""
    of = reviews.review(travel, applications=len(shares), until="declared", **more)
    table = dict(zip([a.pk for a in of.applications], shares, strict=True))
    reviews.run(of, "closed", marks=reviews.given_marks(table))
    scoring.open_meeting(by=of.office.clerk, committee_id=of.pk, place="三楼会议室")
    return of


def everybody(of: reviews.Review, votes: Mapping[int, str] | None = None) -> None:
    """All sign in; all vote alike."""
    for seat in of.seats():
        who = demo.as_expert(seat.expert)
        scoring.attend(by=who, committee_id=of.pk, seat_id=seat.pk)
        if votes:
            scoring.vote(by=who, committee_id=of.pk, choices=votes)


def settle(of: reviews.Review, **values: Any) -> Meeting:
    """Keep minutes and line."""
    given: dict[str, Any] = {"minutes": "逐家讨论并表决。", "cut_after": 2, "cut_reason": REASON} | values
    version = Meeting.objects.get(committee_id=of.pk).version
    return scoring.settle(by=of.office.clerk, committee_id=of.pk, version=version, **given)


def keys(of: reviews.Review) -> list[int]:
    return [a.pk for a in of.applications]


@pytest.mark.feature("D8", "R5")
@pytest.mark.refusal("calls.sign_role", "calls.sign_self", "calls.not_proposed", "calls.meeting_closed")
def test_a_meeting_decides_and_a_second_person_signs(travel: Any, client: Client) -> None:
    of = begun(travel)
    one, two, three = keys(of)
    clerk, checker = of.office.clerk, of.office.checker
    everybody(of, {one: "for", two: "for"})
    scoring.note(by=clerk, committee_id=of.pk, application_id=one, text="成效证明充分")
    settle(of)
    with refused("calls.not_proposed"):
        scoring.sign(by=checker, committee_id=of.pk)
    scoring.propose(by=clerk, committee_id=of.pk)
    with refused("calls.meeting_closed"):
        settle(of, minutes="改一改")
    with refused("calls.sign_role"):
        scoring.sign(by=of.office.clerk2, committee_id=of.pk)
    assert clerk.person is not None
    unions.grant(clerk.person, of.office.union, "checker")
    with refused("calls.sign_self"):
        scoring.sign(by=unions.as_role(clerk.person, of.office.union, "checker"), committee_id=of.pk)
    member = of.members()[0].person
    assert member is not None
    unions.grant(member, of.office.union, "leader")
    with refused("calls.sign_self"):
        scoring.sign(by=unions.as_role(member, of.office.union, "leader"), committee_id=of.pk)
    unions.log_in(client, checker)
    page = client.get(f"/calls/panels/{of.pk}/meeting/sign/").content.decode()
    assert of.applications[0].organisation.name in page and "上次查看以来" not in page
    assert "上次查看以来" in client.get(f"/calls/panels/{of.pk}/meeting/sign/").content.decode()
    done = client.post(f"/calls/panels/{of.pk}/meeting/sign/", {"do": "approve"})
    assert done.status_code == 303
    stages = dict(Application.objects.values_list("pk", "stage"))
    assert stages == {one: Stage.SHORTLISTED, two: Stage.SHORTLISTED, three: Stage.NOT_SHORTLISTED}
    assert Decision.objects.filter(verb="shortlist", by=checker.person).count() == 3
    with refused("calls.meeting_closed"):
        scoring.sign(by=of.office.leader, committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.meeting_closed"), transaction.atomic():
        Meeting.objects.filter(committee_id=of.pk).update(minutes="改写")
    pdf = client.get(f"/calls/panels/{of.pk}/meeting/minutes.pdf")
    assert b"".join(pdf).startswith(b"%PDF-")
    expert = unions.log_in(Client(), of.members()[0])
    desk = f"/review/{of.pk}/{one}/"
    told = expert.get(desk).content.decode()
    assert "申报材料不再提供" in told
    assert "职工心理驿站" not in told
    file = of.applications[0].materials.all()[0].attachment_id
    assert expert.get(f"{desk}files/{file}/").status_code == 404
    steps.step(of.call, by=clerk, verb="finish", text="办结", state=Call.State.FINISHED)
    assert "申报材料不再提供" in expert.get(desk).content.decode(), "one's own sheets stay readable"
    paper = Meeting.objects.get(committee_id=of.pk).paper
    assert paper is not None
    assert [r[0] for r in paper.data["rows"]] == ["1", "2", "3"]
    assert paper.data["rows"][2][6] == "未入围"
    assert paper.data["rows"][0][4].endswith("\n0.00"), "标准差"
    said = dict(paper.data["blocks"][0]["rows"])
    assert said["讨论记录"] == f"{of.applications[0].organisation.name}：成效证明充分"
    assert "平均分" in said["计算公式"]
    numbers = [s.expert.number for s in of.seats()]
    assert paper.data["rows"][0][2] == "、".join(f"{n}\u00a0号\u00a090.0" for n in numbers)


@pytest.mark.refusal("calls.ranking_stays")
def test_the_frozen_ranking_stays(travel: Any) -> None:
    of = begun(travel)
    with pytest.raises(DatabaseError, match=r"calls\.ranking_stays"), transaction.atomic():
        Meeting.objects.filter(committee_id=of.pk).update(ranking=[])


@pytest.mark.feature("D8")
def test_a_result_sent_back_goes_on(travel: Any, client: Client) -> None:
    of = begun(travel)
    everybody(of, {keys(of)[0]: "for", keys(of)[1]: "for"})
    settle(of)
    scoring.propose(by=of.office.clerk, committee_id=of.pk)
    leader, to = of.office.leader, unions.me(of.office.checker).pk
    unions.log_in(client, leader)
    address = f"/calls/panels/{of.pk}/meeting/sign/"
    hand_on(by=leader, kind="meeting", pk=of.pk, to_person_id=to, note="请你审签")
    assert [t.waiting for t in slots.todos_for(leader) if t.url == address] == [True]
    assert client.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "return", "reason": "纪要太简单"}).status_code == 303
    assert client.get(address).status_code == 303
    unions.log_in(client, of.office.clerk)
    assert "纪要太简单" in client.get(f"/calls/panels/{of.pk}/meeting/").content.decode()
    settle(of, minutes="补充：逐家讨论服务方案。")
    scoring.propose(by=of.office.clerk, committee_id=of.pk)
    assert [t.waiting for t in slots.todos_for(leader) if t.url == address] == [False], "a new matter"
    hand_on(by=leader, kind="meeting", pk=of.pk, to_person_id=to, note="再请你审签")
    assert Application.objects.filter(stage=Stage.QUALIFIED).count() == 3


@pytest.mark.feature("D8")
@pytest.mark.refusal(
    "calls.scoring_open", "calls.meeting_exists", "calls.nobody_present", "calls.minutes_missing"
)
def test_what_a_meeting_needs(travel: Any) -> None:
    of = reviews.review(travel, applications=2, until="scored")
    clerk = of.office.clerk
    with refused("calls.scoring_open"):
        scoring.open_meeting(by=clerk, committee_id=of.pk)
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    scoring.open_meeting(by=clerk, committee_id=of.pk)
    with refused("calls.meeting_exists"):
        scoring.open_meeting(by=clerk, committee_id=of.pk)
    with refused("calls.nobody_present"):
        scoring.propose(by=clerk, committee_id=of.pk)
    everybody(of)
    with refused("calls.minutes_missing"):
        scoring.propose(by=clerk, committee_id=of.pk)
    with refused("calls.clerk_only"):
        scoring.propose(by=of.office.checker, committee_id=of.pk)


@pytest.mark.feature("D8")
def test_whoever_is_below_the_pass_mark_or_without_majority_is_out(travel: Any) -> None:
    of = begun(travel, (0.9, 0.8, 0.4))
    one, two, three = keys(of)
    everybody(of, {one: "for", two: "against", three: "for"})
    settle(of, cut_after=3)
    meeting = scoring.propose(by=of.office.clerk, committee_id=of.pk)
    told = {row["application"]: (row["in"], row["why"]) for row in meeting.outcome}
    assert told[one] == (True, "名次在划线以内")
    assert told[two] == (False, "表决未过到会委员半数")
    assert told[three] == (False, "低于合格线 60 分")


@pytest.mark.feature("D8")
@pytest.mark.refusal("calls.tie", "calls.tie_picks")
def test_a_tie_at_the_line_is_decided_by_vote_or_in_writing(travel: Any, client: Client) -> None:
    of = begun(travel, (0.95, 0.9, 0.8, 0.8))
    gone, one, two, three = keys(of)
    # The ranking is frozen with it: the line is drawn among those that remain, on the page as in the result.
    ending.end_one(application_id=gone, by=of.office.clerk, reason="单位注销")

    def propose() -> Meeting:
        return scoring.propose(by=of.office.clerk, committee_id=of.pk)

    everybody(of, {one: "for", two: "for", three: "for"})
    settle(of)
    with refused("calls.tie"):  # five votes for each of the two do not decide either
        propose()
    unions.log_in(client, of.office.clerk)
    page = f"/calls/panels/{of.pk}/meeting/"
    shown = client.get(page).content.decode()
    assert "第 2 名处同分" in shown and 'name="tie_picks"' in shown
    assert (shown.count("线内"), shown.count("同分待定"), shown.count("线外")) == (1, 2, 0)
    assert "有 1 家退出" in shown
    version = Meeting.objects.get(committee_id=of.pk).version
    data = {
        "version": version,
        "minutes": "逐家讨论",
        "cut_after": 2,
        "cut_reason": REASON,
        "action": "propose",
    }
    refusal = client.post(page, data)
    assert refusal.status_code == 422
    assert "2 家同分" in refusal.content.decode()
    settle(of, tie_picks=[one], tie_reason="写错了单位")
    with refused("calls.tie_picks"):
        propose()
    settle(of, tie_picks=[three])
    with refused("calls.tie_picks"):  # names without a reason
        propose()
    settle(of, tie_picks=[three], tie_reason="服务方案更具体")
    told = {row["application"]: row["in"] for row in propose().outcome}
    assert told == {one: True, two: False, three: True}
    shown = client.get(page).content.decode()
    assert (shown.count("线内"), shown.count("线外")) == (2, 1)


@pytest.mark.feature("D8")
def test_votes_decide_a_tie(travel: Any) -> None:
    of = begun(travel, (0.9, 0.8, 0.8))
    one, two, three = keys(of)
    for n, seat in enumerate(of.seats()):
        who = demo.as_expert(seat.expert)
        scoring.attend(by=who, committee_id=of.pk, seat_id=seat.pk)
        choices = {one: "for", two: "for" if n else "against", three: "for"}
        scoring.vote(by=who, committee_id=of.pk, choices=choices)
    settle(of)
    told = {
        r["application"]: r["in"] for r in scoring.propose(by=of.office.clerk, committee_id=of.pk).outcome
    }
    assert told == {one: True, two: False, three: True}


@pytest.mark.feature("D8")
@pytest.mark.refusal("calls.outcome_changed")
def test_who_withdraws_after_the_proposal_makes_it_be_proposed_again(travel: Any) -> None:
    of = begun(travel)
    one, two, three = keys(of)
    everybody(of, {one: "for", two: "for", three: "for"})
    settle(of)
    scoring.propose(by=of.office.clerk, committee_id=of.pk)
    ending.end_one(application_id=one, by=of.office.clerk, reason="单位注销")
    with refused("calls.outcome_changed"):
        scoring.sign(by=of.office.checker, committee_id=of.pk)
    scoring.return_result(by=of.office.checker, committee_id=of.pk, reason="有单位注销")
    scoring.propose(by=of.office.clerk, committee_id=of.pk)
    scoring.sign(by=of.office.checker, committee_id=of.pk)
    stages = dict(Application.objects.values_list("pk", "stage"))
    assert stages == {one: Stage.ENDED, two: Stage.SHORTLISTED, three: Stage.SHORTLISTED}


@pytest.mark.feature("D8")
def test_meeting_pages(travel: Any, client: Client) -> None:
    of = begun(travel)
    unions.log_in(client, of.office.clerk)
    page = f"/calls/panels/{of.pk}/meeting/"
    html = client.get(page).content.decode()
    assert "90.00" in html
    seat = of.seats()[1]
    assert client.post(f"{page}attend/{seat.pk}/").status_code == 303
    note = client.post(f"{page}note/", {"application": keys(of)[0], "text": "成效证明充分"})
    assert note.status_code == 303
    assert client.post(f"{page}note/", {"application": keys(of)[0], "text": ""}).status_code == 422
    assert "成效证明充分" in client.get(page).content.decode()
    saved = client.post(
        page,
        {"version": Meeting.objects.get(committee_id=of.pk).version, "minutes": "纪要", "cut_after": "２"},
    )
    assert saved.status_code == 303
    stale = client.post(page, {"version": 1, "minutes": "另一页写的", "cut_after": 1})
    assert stale.status_code == 409
    assert "另一页写的" in stale.content.decode()
    expert = unions.log_in(Client(), of.members()[0])
    assert "集中评审会议进行中" in expert.get("/review/").content.decode()
    assert [(t.sub, t.waiting) for t in slots.todos_for(of.members()[0]) if t.tag == "会议"] == [
        ("请签到", False)
    ]
    shown = expert.get(f"/review/{of.pk}/meeting/").content.decode()
    assert "成效证明充分" in shown
    assert "90.00" in shown
    for other in of.experts:
        if other.person_id != of.members()[0].person.pk:  # type: ignore[union-attr]
            assert other.name not in shown
    wall = client.get(f"{page}?screen").content.decode()
    assert "90.00" in wall and 'hx-trigger="every 5s"' in wall, "the ranking alone, by itself, on the wall"
    assert "成效证明充分" not in wall and "会议纪要" not in wall
    sheet = client.get(f"/calls/panels/{of.pk}/ranking/?export=xlsx")
    assert sheet.status_code == 200
    assert sheet["Content-Type"].startswith("application/vnd.openxmlformats")


def test_the_ranking_asks_the_same_questions_for_2_and_5_rows(travel: Any, client: Client) -> None:
    counts = []
    for n, name in ((2, "望海市总工会"), (5, "邻海市总工会")):
        of = begun(travel, tuple(0.9 - i / 20 for i in range(n)), name=name)
        unions.log_in(client, of.office.clerk)
        pages = [f"/calls/panels/{of.pk}/ranking/", f"/calls/panels/{of.pk}/meeting/", f"/calls/panels/{of.pk}/",
                 f"/calls/panels/of/{of.call.pk}/"]  # fmt: skip
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page).status_code == 200
            found.append(len(seen))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0][0] <= 13 and counts[0][1] <= 15, counts
