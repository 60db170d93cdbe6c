"""Sheets that save themselves, lock and stay hidden."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from shuniu.calls.actions import scoring
from shuniu.calls.actions.scoring.sheets import digest_of
from shuniu.calls.models import ScoreDraft, ScoreSheet, SheetRecord
from shuniu.calls.queries.scoring import ranked_ids, rubric_of, sheets_of
from shuniu.calls.queries.scoring import sheets as sheet_queries
from shuniu.calls.tests import cast, reviews
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests import cast as unions

db = pytest.mark.django_db


def desk(of: reviews.Review, n: int = 0) -> str:
    return f"/review/{of.pk}/{of.applications[n].pk}/"


def typed(of: reviews.Review, share: float = 0.8, **more: str) -> dict[str, str]:
    """A whole sheet as the page's form sends it."""
    return {f"p{pk}": str(value) for pk, value in of.marks(share).items()} | {"comment": "可行"} | more


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
        assert "73.0" not in entry.text
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
    assert not [page for page in low if "评0.31" in page]


@db
@pytest.mark.feature("D4")
def test_no_score_is_told_before_closing_and_all_after(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="scored", marks=reviews.same_marks(0.83))
    clerk, expert = of.office.clerk, of.members()[0]
    seat = of.seats()[0]
    unions.log_in(client, clerk)
    assert not ranked_ids(clerk, of.again()).exists()
    assert not ranked_ids(expert, of.again(), seat=seat).exists()
    assert "83.0" not in strip_tags(client.get(f"/calls/panels/{of.pk}/ranking/").content.decode())
    assert client.get(f"/calls/panels/{of.pk}/sheets/").status_code == 404
    record = SheetRecord.objects.first()
    assert record is not None
    address = f"/calls/panels/{of.pk}/sheets/{record.pk}/sheet.pdf"
    assert client.get(address).status_code == 404
    reviews.run(of, "closed")
    assert "83.0" in strip_tags(client.get(f"/calls/panels/{of.pk}/ranking/").content.decode())
    assert client.get(f"/calls/panels/{of.pk}/sheets/").status_code == 200
    assert client.get(address).status_code == 200
    stranger = unions.log_in(Client(), cast.office("邻海市总工会").clerk)
    for page in (address, f"/calls/panels/{of.pk}/ranking/", f"/calls/panels/{of.pk}/meeting/"):
        assert stranger.get(page).status_code == 404
    assert not ranked_ids(cast.office("邻海市总工会").clerk, of.again()).exists()


@db
@pytest.mark.feature("D5")
def test_a_long_pile_comes_in_pages_and_counts_as_a_whole(
    travel: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_queries, "PILE_PAGE", 2)
    of = reviews.review(travel, applications=5, until="declared")
    who = unions.log_in(client, of.members()[0])
    for n in (0, 1):
        assert who.post(desk(of, n), typed(of, action="submit")).status_code == 303
    assert who.post(desk(of, 3), typed(of, action="next")).status_code == 303

    def links(address: str) -> tuple[str, list[int]]:
        html = who.get(address).content.decode()
        rows = html[html.index('<ol class="tasks">') :].split("</ol>")[0]
        return html, [n for n in range(5) if f'"{desk(of, n)}"' in rows]

    home = f"/review/{of.pk}/"
    html, shown = links(home)
    assert "共 5 份，已办 2 份" in html
    assert shown == [0, 1]
    # The next open one stands on a page further on.
    assert f'href="{desk(of, 2)}">继续评分' in html
    assert links(f"{home}?page=2")[1] == [2, 3]
    assert links(f"{home}?page=3")[1] == [4]
    assert "3/5" in who.get(desk(of, 2)).content.decode()
    # Whole sheets first: the one page shows what will be handed in, the words say how many there are.
    html = who.get(f"{home}hand-in/").content.decode()
    assert "未提交的共 3 份，其中 1 份已打全" in html
    assert html.index(desk(of, 3)) < html.index(desk(of, 2))
    assert desk(of, 4) not in html
    assert desk(of, 4) in who.get(f"{home}hand-in/?page=2").content.decode()


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
