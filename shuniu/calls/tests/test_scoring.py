"""Sheets that save themselves, lock and stay hidden; closing, reopening, races with real threads."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls import demo_review as demo
from shuniu.calls import phases, ranking
from shuniu.calls.actions import panel, scoring
from shuniu.calls.actions.scoring.sheets import digest_of
from shuniu.calls.models import Application, Committee, ScoreDraft, ScoreSheet, SheetRecord, Stage
from shuniu.calls.queries.scoring import ranked_ids, rubric_of, sheets_of
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.test_panel import refused
from shuniu.foundation.access import Refused, Who
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests import cast as unions

db = pytest.mark.django_db


def desk(of: reviews.Review, n: int = 0) -> str:
    return f"/review/{of.pk}/{of.applications[n].pk}/"


def typed(of: reviews.Review, share: float = 0.8, **more: str) -> dict[str, str]:
    """A whole sheet as the page's form sends it."""
    return {f"p{pk}": str(value) for pk, value in of.marks(share).items()} | {"comment": "可行"} | more


# --- pure ------------------------------------------------------------------------------------------


@pytest.mark.feature("D5")
@pytest.mark.parametrize(
    ("totals", "way", "digits", "score"),
    [
        ("80 90", "mean", 2, "85.00"),
        ("80 90 91", "mean", 2, "87.00"),
        ("80 80 81", "mean", 1, "80.3"),
        ("80.5 80", "mean", 1, "80.3"),  # 80.25, rounded half up
        ("10 80 90 100", "trimmed", 2, "85.00"),
        ("10 90", "trimmed", 2, "50.00"),
        ("10 80 100", "median", 0, "80"),
        ("70 80", "median", 1, "75.0"),
        ("", "mean", 2, None),
    ],
)
def test_one_score_of_several_sheets(totals: str, way: str, digits: int, score: str | None) -> None:
    found = ranking.combined([Decimal(t) for t in totals.split()], way, digits)
    assert (None if found is None else str(found)) == score


def test_an_unknown_way_is_an_error() -> None:
    with pytest.raises(ValueError, match="best"):
        ranking.combined([Decimal(1)], "best", 2)


@pytest.mark.feature("D8")
def test_ties_share_a_rank_and_stand_across_the_line() -> None:
    sheets = {n: [Decimal(v)] for n, v in enumerate((90, 80, 80, 80, 50), 1)} | {9: []}
    places = ranking.ranked(sheets, "mean", 2)
    assert [(p.application, p.rank, p.tied) for p in places] == [
        (1, 1, False), (2, 2, True), (3, 2, True), (4, 2, True), (5, 5, False), (9, None, False),
    ]  # fmt: skip
    assert ranking.cut(places, 4) == ranking.Line((1, 2, 3, 4), (), 0)
    assert ranking.cut(places, 3) == ranking.Line((1,), (2, 3, 4), 2)
    assert ranking.cut(places, 9) == ranking.Line((1, 2, 3, 4, 5), (), 0)
    assert ranking.cut(places, 4, Decimal(85)) == ranking.Line((1,), (), 0)
    assert ranking.chosen_by_vote((2, 3, 4), {2: 5, 3: 4, 4: 1}, 2) == (2, 3)
    assert ranking.chosen_by_vote((2, 3, 4), {2: 5, 3: 1, 4: 1}, 2) is None


@pytest.mark.feature("D4")
def test_the_table_of_phases() -> None:
    for phase in (phases.BEFORE, phases.UNDECLARED, phases.SCORING):
        for viewer in phases.SEES:
            assert not phases.sees(viewer, phase, phases.SCORES)
            assert not phases.sees(viewer, phase, phases.RANKING)
    for phase in phases.SEES[phases.APPLICANT]:
        assert not phases.SEES[phases.APPLICANT][phase] | phases.SEES[phases.PUBLIC][phase]
    assert phases.sees(phases.STAFF, phases.SCORING, phases.PROGRESS)
    assert not phases.sees(phases.EXPERT, phases.UNDECLARED, phases.MATERIALS)


# --- sheets -----------------------------------------------------------------------------------------


@db
@pytest.mark.feature("D5")
def test_autosave_keeps_fields_and_is_idempotent(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    unions.log_in(client, of.members()[0])
    first, second = list(of.marks())[:2]
    body = {f"p{first}": "１２．５", "_changed": f"p{first}"}
    for _ in range(2):
        assert client.post(f"{desk(of)}save/", body).status_code == 204
    assert client.post(f"{desk(of)}save/", {f"p{second}": "3", "_changed": f"p{second}"}).status_code == 204
    assert client.post(f"{desk(of)}save/", {"comment": "好", "_changed": "comment"}).status_code == 204
    assert {d.item_id: d.points for d in ScoreDraft.objects.all()} == {
        first: Decimal("12.5"),
        second: Decimal("3.0"),
    }
    assert client.post(f"{desk(of)}save/", {f"p{second}": "", "_changed": f"p{second}"}).status_code == 204
    assert ScoreDraft.objects.get(item_id=second).points is None
    html = client.get(desk(of)).content.decode()
    assert 'value="12.5"' in html
    assert "好</textarea>" in html
    assert "1/3" in html


@db
@pytest.mark.feature("D5")
@pytest.mark.refusal("calls.item_unknown", "calls.points_range", "calls.points_out_of_bounds")
def test_bounds_are_said_in_words_and_held_by_the_database(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    unions.log_in(client, of.members()[0])
    item = next(iter(rubric_of(of.call.pk).values()))
    for wrong in (str(item.weight + 1), "-1", "x", "1.25", "NaN"):
        answer = client.post(f"{desk(of)}save/", {f"p{item.pk}": wrong, "_changed": f"p{item.pk}"})
        assert answer.status_code == 422, wrong
        assert item.label in answer.json()["error"]
    page = client.post(desk(of), typed(of) | {f"p{item.pk}": str(item.weight + 1), "action": "submit"})
    html = page.content.decode()
    assert page.status_code == 422
    assert "错误：" in html
    assert f'value="{item.weight + 1}"' in html
    assert html.count(f"最多 {item.weight} 分") == 2  # in the summary and at the field
    sheet = sheets_of(of.members()[0]).get(application=of.applications[0])
    with pytest.raises(DatabaseError, match=r"calls\.points_out_of_bounds"), transaction.atomic():
        ScoreDraft.objects.create(sheet=sheet, item=item, points=Decimal(item.weight + 1))
    with refused("calls.points_range"):
        scoring.save_points(
            by=of.members()[0],
            application_id=of.applications[0].pk,
            points={item.pk: Decimal(item.weight + 1)},
        )
    with refused("calls.item_unknown"):
        scoring.save_points(
            by=of.members()[0], application_id=of.applications[0].pk, points={10**6: Decimal(1)}
        )


@db
@pytest.mark.feature("D5")
def test_without_javascript_one_saves_goes_on_and_hands_in(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    unions.log_in(client, of.members()[0])
    saved = client.post(desk(of), typed(of) | {"action": "next"})
    assert (saved.status_code, saved["Location"]) == (303, desk(of, 1))
    short = typed(of) | {f"p{next(iter(of.marks()))}": "", "action": "submit"}
    refusal = client.post(desk(of), short)
    assert refusal.status_code == 422
    assert "还没有打分" in refusal.content.decode()
    done = client.post(desk(of), typed(of) | {"action": "submit"})
    assert (done.status_code, done["Location"]) == (303, desk(of, 1))
    assert client.post(desk(of, 1), typed(of) | {"action": "submit"})["Location"] == desk(of, 2)
    assert client.post(desk(of, 2), typed(of) | {"action": "next"})["Location"] == f"/review/{of.pk}/"
    check = client.get(f"/review/{of.pk}/hand-in/").content.decode()
    assert "可以提交" in check
    assert "80" in check
    assert client.post(f"/review/{of.pk}/hand-in/").status_code == 303
    assert not sheets_of(of.members()[0]).filter(state="draft").exists()
    assert "已提交" in client.get(f"/review/{of.pk}/").content.decode()


@db
@pytest.mark.feature("D5", "R5")
@pytest.mark.refusal("calls.sheet_locked", "calls.sheet_incomplete", "calls.nothing_whole")
def test_handing_in_locks_and_is_kept_by_digest(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member, key = of.members()[0], of.applications[0].pk
    with refused("calls.nothing_whole"):
        scoring.submit_all(by=member, committee_id=of.pk)
    with refused("calls.sheet_incomplete"):
        scoring.submit_sheet(by=member, application_id=key)
    record = scoring.submit_sheet(by=member, application_id=key, points=of.marks(), comment="可行")
    record = SheetRecord.objects.get(pk=record.pk)
    assert record.total == Decimal("80.00")
    assert digest_of(record) == record.digest
    with refused("calls.sheet_locked"):
        scoring.save_points(by=member, application_id=key, points=of.marks(0.5))
    sheet = record.sheet
    with pytest.raises(DatabaseError, match=r"calls\.sheet_locked"), transaction.atomic():
        ScoreDraft.objects.filter(sheet=sheet).update(points=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        SheetRecord.objects.filter(pk=record.pk).update(total=99)
    unions.log_in(client, member)
    late = client.post(f"{desk(of)}save/", {"comment": "晚了", "_changed": "comment"})
    assert late.status_code == 409
    pdf = client.get(f"{desk(of)}sheet.pdf")
    body = b"".join(pdf)
    assert body.startswith(b"%PDF-")
    record.refresh_from_db()
    paper = record.paper
    assert paper is not None
    assert paper.data["rows"][-1][-1] == "80.0"
    assert "本人登录后提交" in paper.data["blocks"][1]["text"]
    assert scoring.issue_sheet_paper(record_id=record.pk) == paper


@db
def test_the_journal_tells_no_score(travel: Any) -> None:
    reviews.review(travel, until="scored", marks=reviews.same_marks(0.73))
    assert Entry.objects.filter(verb="calls.sheet_submit").count() == 15
    for entry in Entry.objects.filter(verb__startswith="calls.sheet"):
        assert "73" not in entry.text
        assert set(entry.facts) == {"application", "digest"}
        assert f"calls.application:{entry.facts['application']}" not in entry.about


@db
@pytest.mark.feature("D5")
@pytest.mark.refusal("calls.reason_needed")
def test_abstaining_needs_a_reason_and_counts_for_nothing(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member, first = of.members()[0], of.applications[0]
    unions.log_in(client, member)
    assert client.post(f"{desk(of)}abstain/", {"reason": ""}).status_code == 422
    assert client.post(f"{desk(of)}abstain/", {"reason": "专业不符，无法评判"}).status_code == 303
    with refused("calls.sheet_locked"):
        scoring.abstain(by=member, application_id=first.pk, reason="再弃权")
    reviews.run(of, "closed", marks=reviews.same_marks(0.8))
    first.refresh_from_db()
    assert first.score == Decimal("80.00")


@db
@pytest.mark.refusal("calls.seat_not_yours", "calls.sheet_gone")
def test_whose_sheet(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member, key = of.members()[0], of.applications[0].pk
    assert member.person is not None
    for stranger in (of.office.clerk, of.office.leader, of.applicants[0]):
        with pytest.raises(ScoreSheet.DoesNotExist):
            scoring.save_points(by=stranger, application_id=key, points={})
    with refused("calls.seat_not_yours"):  # the same person under another hat
        scoring.save_points(
            by=unions.as_role(member.person, of.office.union, "clerk"), application_id=key, points={}
        )
    assert unions.log_in(Client(), of.office.clerk).get(desk(of)).status_code == 403
    from shuniu.calls.actions import ending

    ending.end_one(application_id=key, by=of.office.clerk, reason="单位注销")
    with refused("calls.sheet_gone"):
        scoring.save_points(by=member, application_id=key, points={})
    unions.log_in(client, member)
    assert client.get(desk(of)).status_code == 404
    assert "2 份" in client.get(f"/review/{of.pk}/").content.decode()


def clean(html: str) -> str:
    """Without what differs at every rendering."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", html)


@db
@pytest.mark.feature("D4")
def test_two_worlds_an_experts_pages_do_not_depend_on_others_scores(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    mine, other = of.members()[:2]
    unions.log_in(client, mine)
    clerk = unions.log_in(Client(), of.office.clerk)
    leader = unions.log_in(Client(), of.office.leader)
    scoring.submit_sheet(by=mine, application_id=of.applications[0].pk, points=of.marks())
    pages = ["/review/", f"/review/{of.pk}/", desk(of), desk(of, 1), f"/review/{of.pk}/hand-in/"]
    staff = [f"/calls/panels/{of.pk}/", f"/calls/panels/{of.pk}/close/", f"/calls/panels/{of.pk}/ranking/",
             f"/calls/panels/{of.pk}/seats/{of.seats()[1].pk}/"]  # fmt: skip

    def world(share: float) -> list[str]:
        save = transaction.savepoint()
        for a in of.applications[:2]:
            scoring.submit_sheet(by=other, application_id=a.pk, points=of.marks(share), comment=f"评{share}")
        seen = [clean(client.get(p).content.decode()) for p in pages]
        told = [c.get(p).content.decode() for c in (clerk, leader) for p in staff]
        transaction.savepoint_rollback(save)
        for text in told:
            assert f"评{share}" not in text
        # The times of the acts differ, tickets and request numbers do; the rest may not.
        passing = r'datetime="[^"]*"|\d\d:\d\d(:\d\d)?|name="ticket" value="[^"]*"|请求编号 \w+'
        return seen + [re.sub(passing, "", clean(t)) for t in told]

    low, high = world(0.31), world(0.97)
    assert low == high
    assert "31" not in "".join(low[:5]).replace("310", "")


@db
@pytest.mark.feature("D4")
def test_no_score_is_told_before_closing_and_all_after(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="scored", marks=reviews.same_marks(0.83))
    clerk, expert = of.office.clerk, of.members()[0]
    seat = of.seats()[0]
    unions.log_in(client, clerk)
    assert not ranked_ids(clerk, of.again()).exists()
    assert not ranked_ids(expert, of.again(), seat=seat).exists()
    assert "83" not in client.get(f"/calls/panels/{of.pk}/ranking/").content.decode().replace("1983", "")
    assert client.get(f"/calls/panels/{of.pk}/sheets/").status_code == 404
    record = SheetRecord.objects.first()
    assert record is not None
    address = f"/calls/panels/{of.pk}/sheets/{record.pk}/sheet.pdf"
    assert client.get(address).status_code == 404
    reviews.run(of, "closed")
    assert "83" in client.get(f"/calls/panels/{of.pk}/ranking/").content.decode()
    assert client.get(f"/calls/panels/{of.pk}/sheets/").status_code == 200
    assert client.get(address).status_code == 200
    stranger = unions.log_in(Client(), cast.office("邻海市总工会").clerk)
    for page in (address, f"/calls/panels/{of.pk}/ranking/", f"/calls/panels/{of.pk}/meeting/"):
        assert stranger.get(page).status_code == 404
    assert not ranked_ids(cast.office("邻海市总工会").clerk, of.again()).exists()


@db
def test_a_saved_score_costs_the_same_in_a_large_pile(travel: Any, client: Client) -> None:
    counts = []
    for n in (2, 5):
        name = "望海市总工会" if n == 2 else "邻海市总工会"
        of = reviews.review(travel, applications=n, until="declared", name=name)
        who = unions.log_in(Client(), of.members()[0])
        item = next(iter(of.marks()))
        body = {f"p{item}": "3", "_changed": f"p{item}"}
        assert who.post(f"{desk(of)}save/", body).status_code == 204
        with CaptureQueriesContext(connection) as seen:
            assert who.post(f"{desk(of)}save/", body).status_code == 204
        with CaptureQueriesContext(connection) as page:
            assert who.get(desk(of)).status_code == 200
        with CaptureQueriesContext(connection) as pile:
            assert who.get(f"/review/{of.pk}/").status_code == 200
        counts.append((len(seen), len(page), len(pile)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12, counts


# --- closing and reopening --------------------------------------------------------------------------


@db
@pytest.mark.feature("D5")
@pytest.mark.refusal(
    "calls.sheets_open", "calls.unscored_none", "calls.scoring_closed", "calls.review_not_open"
)
def test_closing_waits_for_every_sheet_and_a_missing_one_is_not_nought(travel: Any) -> None:
    of = reviews.review(travel, until="drawn")
    clerk = of.office.clerk
    with refused("calls.review_not_open"):
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    reviews.run(of, "open")
    with refused("calls.sheets_open"):  # nobody declared yet
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    reviews.run(of, "declared")
    silent = of.seats()[0]
    for who in of.members()[1:]:
        for a in of.applications:
            scoring.submit_sheet(by=who, application_id=a.pk, points=of.marks(0.8))
    with refused("calls.sheets_open"):
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.sheets_open"), transaction.atomic():
        Committee.objects.filter(pk=of.pk).update(closed_at=of.again().opened_at)
    with refused("calls.reason_needed"):
        scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="")
    assert scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="联系三次没有回复") == 3
    with refused("calls.unscored_none"):
        scoring.mark_missing(by=clerk, seat_id=silent.pk, reason="再记")
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    with refused("calls.scoring_closed"):
        scoring.close_scoring(by=clerk, committee_id=of.pk)
    with refused("calls.scoring_closed"):
        scoring.save_points(by=of.members()[1], application_id=of.applications[0].pk, points={})
    assert set(Application.objects.values_list("score", "rank")) == {(Decimal("80.00"), 1)}
    assert SheetRecord.objects.filter(kind="missing").count() == 3


@db
@pytest.mark.feature("D5")
def test_the_score_is_the_calls_own_way(travel: Any) -> None:
    of = reviews.review(travel, until="drawn")
    Committee.objects.filter(pk=of.pk).update(aggregation="trimmed")
    shares = dict(zip([s.expert_id for s in of.seats()], (0.2, 0.7, 0.8, 0.9, 1.0), strict=True))

    def marks(expert: Any, application: Any, item: Any) -> Decimal:
        return Decimal(item.weight) * Decimal(str(shares[expert.pk]))

    reviews.run(of, "closed", marks=marks)
    assert set(Application.objects.values_list("score", flat=True)) == {Decimal("80.00")}


@db
@pytest.mark.feature("D4")
@pytest.mark.refusal(
    "calls.reopen_not_in", "calls.reopen_pending", "calls.reopen_self", "calls.reopen_decided"
)
def test_reopening_a_sheet_takes_a_reason_and_a_second_person(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="declared")
    member, key = of.members()[0], of.applications[0].pk
    clerk, checker = of.office.clerk, of.office.checker
    sheet = sheets_of(member).get(application_id=key)

    def ask(reason: str = "专家来电，第二项填错") -> Any:
        return scoring.ask_reopening(by=clerk, committee_id=of.pk, sheet_id=sheet.pk, reason=reason)

    with refused("calls.reopen_not_in"):
        ask()
    scoring.submit_sheet(by=member, application_id=key, points=of.marks(0.5))
    with refused("calls.reason_needed"):
        ask("")
    row = ask()
    with refused("calls.reopen_pending"):
        ask()
    assert clerk.person is not None
    unions.grant(clerk.person, of.office.union, "checker")
    with refused("calls.reopen_self"):
        scoring.decide_reopening(
            by=unions.as_role(clerk.person, of.office.union, "checker"), reopening_id=row.pk, granted=True
        )
    unions.log_in(client, checker)
    address = f"/calls/panels/{of.pk}/reopen/{row.pk}/"
    assert "第二项填错" in client.get(address).content.decode()
    assert client.post(address, {"decision": "refuse", "answer": ""}).status_code == 422
    assert client.post(address, {"decision": "grant"}).status_code == 303
    with refused("calls.reopen_decided"):
        scoring.decide_reopening(by=checker, reopening_id=row.pk, granted=True)
    scoring.submit_sheet(by=member, application_id=key, points=of.marks(0.9))
    kinds = list(SheetRecord.objects.filter(sheet=sheet).values_list("kind", "total"))
    assert kinds == [("submit", Decimal("50.00")), ("reopen", None), ("submit", Decimal("90.00"))]


@db
@pytest.mark.feature("D4")
@pytest.mark.refusal(
    "calls.meeting_begun", "calls.scoring_open", "calls.approver_only", "calls.closing_stays"
)
def test_scoring_opens_again_by_two_people_until_the_meeting_begins(travel: Any) -> None:
    of = reviews.review(travel, until="scored")
    clerk = of.office.clerk
    with refused("calls.scoring_open"):
        scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="提前结束")
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    with pytest.raises(DatabaseError, match=r"calls\.closing_stays"), transaction.atomic():
        Committee.objects.filter(pk=of.pk).update(closed_at=None)
    row = scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="误操作，还有委员要修改")
    with refused("calls.approver_only"):
        scoring.decide_reopening(by=of.office.clerk2, reopening_id=row.pk, granted=True)
    scoring.decide_reopening(by=of.office.leader, reopening_id=row.pk, granted=True)
    assert of.again().closed_at is None
    assert set(Application.objects.values_list("score", "rank")) == {(None, None)}
    scoring.close_scoring(by=clerk, committee_id=of.pk)
    row = scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="又想改")
    scoring.open_meeting(by=clerk, committee_id=of.pk)
    with refused("calls.meeting_begun"):
        scoring.decide_reopening(by=of.office.leader, reopening_id=row.pk, granted=True)
    with refused("calls.meeting_begun"):
        scoring.ask_reopening(by=clerk, committee_id=of.pk, reason="再改")


# --- races ------------------------------------------------------------------------------------------


def race(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at once in threads of their own: "done" or the refusal's code of each, in order."""
    outcomes = [""] * len(acts)
    start = threading.Barrier(len(acts))

    def run(n: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            outcomes[n] = "done"
        except Refused as refusal:
            outcomes[n] = refusal.verdict.code
        except Exception as problem:
            outcomes[n] = repr(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return outcomes


@pytest.mark.real_transactions
@pytest.mark.feature("D5")
def test_a_score_saved_while_the_committee_closes(travel: Any) -> None:
    of = reviews.review(travel, until="declared")
    members = of.members()
    for who in members:
        for a in of.applications:
            scoring.save_points(by=who, application_id=a.pk, points=of.marks(0.5))

    def hand_in(who: Who, application: Application) -> Callable[[], object]:
        return lambda: scoring.submit_sheet(by=who, application_id=application.pk, points=of.marks(0.9))

    acts = [hand_in(who, a) for who in members for a in of.applications]
    closings: list[str] = []

    def close() -> None:
        for _ in range(200):
            try:
                scoring.close_scoring(by=of.office.clerk, committee_id=of.pk)
            except Refused as refusal:
                closings.append(refusal.verdict.code)
            else:
                return

    outcomes = race(*acts, close)
    assert outcomes == ["done"] * 16, outcomes  # closing waited for the last one, nobody was late
    assert set(closings) <= {"calls.sheets_open"}
    closed_at = of.again().closed_at
    assert closed_at is not None
    assert SheetRecord.objects.filter(kind="submit", at__lte=closed_at).count() == 15
    assert set(Application.objects.values_list("score", flat=True)) == {Decimal("90.00")}


@pytest.mark.real_transactions
@pytest.mark.feature("D5")
def test_after_the_closing_a_score_is_late_and_before_it_is_not_lost(travel: Any) -> None:
    of = reviews.review(travel, applications=2, until="declared")
    slow, *others = of.members()
    for who in others:
        for a in of.applications:
            scoring.submit_sheet(by=who, application_id=a.pk, points=of.marks(0.5))
    scoring.submit_sheet(by=slow, application_id=of.applications[1].pk, points=of.marks(0.5))
    last = of.applications[0].pk
    seat = of.seats()[0]
    clerk = of.office.clerk

    def close() -> None:
        scoring.mark_missing(by=clerk, seat_id=seat.pk, reason="到期没有提交")
        scoring.close_scoring(by=clerk, committee_id=of.pk)

    outcomes = race(lambda: scoring.submit_sheet(by=slow, application_id=last, points=of.marks(1)), close)
    sheet = ScoreSheet.objects.get(seat=seat, application_id=last)
    score = Application.objects.get(pk=last).score
    if outcomes[0] == "done":  # it was first: it counts, and there was nothing left to mark
        assert outcomes[1] == "calls.unscored_none"
        assert sheet.state == "submitted"
        scoring.close_scoring(by=clerk, committee_id=of.pk)
        assert Application.objects.get(pk=last).score == Decimal("60.00")
    else:
        assert outcomes == ["calls.sheet_locked", "done"] or outcomes == ["calls.scoring_closed", "done"]
        assert sheet.state == "missing"
        assert score == Decimal("50.00")


@pytest.mark.real_transactions
def test_concurrent_autosaves_of_one_sheet_lose_nothing(travel: Any) -> None:
    of = reviews.review(travel, applications=1, until="declared")
    member, key = of.members()[0], of.applications[0].pk
    marks = of.marks(0.6)
    acts = [lambda pk=pk, v=v: scoring.save_points(by=member, application_id=key, points={pk: v})
            for pk, v in marks.items() for _ in range(3)]  # fmt: skip
    assert race(*acts) == ["done"] * len(acts)
    sheet = sheets_of(member).get()
    assert dict(ScoreDraft.objects.filter(sheet=sheet).values_list("item_id", "points")) == marks
    assert set(race(*[lambda: scoring.submit_sheet(by=member, application_id=key)] * 4)) == {
        "done",
        "calls.sheet_locked",
    }
    assert SheetRecord.objects.filter(sheet=sheet).count() == 1


@pytest.mark.real_transactions
def test_two_who_decline_at_once_get_two_different_followers(travel: Any) -> None:
    of = reviews.review(travel, applications=1, until="open")
    one, two = of.members()[:2]
    outcomes = race(
        lambda: panel.decline(by=one, committee_id=of.pk, reason="出差"),
        lambda: panel.decline(by=two, committee_id=of.pk, reason="住院"),
    )
    assert outcomes == ["done", "done"]
    assert len({s.expert_id for s in of.seats()}) == 5


@db
def test_the_whole_review_can_be_driven(travel: Any) -> None:
    of = reviews.review(travel, until="signed")
    stages = {a.stage for a in Application.objects.all()}
    assert stages <= {Stage.SHORTLISTED, Stage.NOT_SHORTLISTED}
    assert Stage.SHORTLISTED in stages
    assert demo.STEPS[-1] == "signed"
    assert of.again().meeting.paper is not None
