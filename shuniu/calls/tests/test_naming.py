"""命名 before 公示: the list names, the honour is in force, an upheld objection takes it back, 推广 ends the call (F1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.calls import demo_listing as acts
from shuniu.calls.actions import listing, procedure, promotion, stages
from shuniu.calls.models import Application, Call, Objection, Promotion, Publicity, PublicList, Stage
from shuniu.calls.naming import Way, way_of
from shuniu.calls.queries.apply import progress
from shuniu.calls.queries.outcome import list_word
from shuniu.calls.tests import award, cast, cast_listing
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.slots import todos_for
from shuniu.recognition.models import Honour, Recognition
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F1")]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        (["review", "shortlist", "publicity", "publish"], Way.SHOWN_FIRST),
        (["review", "name", "publicity", "publish"], Way.SHOWN_FIRST),
        (["review", "publicity", "name"], Way.SHOWN_FIRST),
        (["review", "name", "publicity", "promote"], Way.NAMED_FIRST),
        (["review", "publish", "publicity"], Way.NAMED_FIRST),
        (["review", "name", "publish", "upward"], Way.NOT_SHOWN),
        (["review", "publicity"], Way.SHOWN_FIRST),
        (["apply", "review"], Way.SHOWN_FIRST),
    ],
)
def test_the_order_of_the_stages_says_what_comes_first(kinds: list[str], found: Way) -> None:
    assert way_of(kinds) == found


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> Iterator[cast.Office]:
    award.document(tmp_path, monkeypatch, settings, naming=True)
    yield cast.office()


def reviewed(of: cast.Office, n: int = 2) -> tuple[Call, list[Application], list[Who]]:
    """A call at its naming: `n` let in by the review and one that was not."""
    lower = award.below(of)
    call = cast.published_call(of)
    people = [cast.applicant(of) for _ in range(n + 1)]
    made = [award.through(call, each, lower) for each in people]
    ends = [Stage.SHORTLISTED] * n + [Stage.NOT_SHORTLISTED]
    for rank, (application, end) in enumerate(zip(made, ends, strict=True), 1):
        for by, to in ((of.clerk, Stage.CHECKING), (of.checker, Stage.QUALIFIED), (system("集中评审"), end)):
            with transaction.atomic():
                locked = stages.lock(application.pk)
                locked.rank = rank
                stages.decide(locked, by=by, verb="decide", to=to, text=f"测试：{to}")
    return cast.move_to(call, "name", of.clerk), made, people


def named(of: cast.Office, call: Call) -> PublicList:
    return acts.publish_formal(call, clerk=of.clerk, approver=of.checker)


@pytest.mark.refusal("calls.list_no_shortlist")
def test_the_named_are_honoured_at_once_and_shown_afterwards(of: cast.Office, travel: Any) -> None:
    call, made, people = reviewed(of)
    assert [t.sub for t in todos_for(of.clerk) if t.tag == "名单"] == ["可以冻结命名名单"]
    with refused("calls.list_no_shortlist"):
        listing.freeze_shortlist(by=of.clerk, call_id=call.pk)
    with refused("calls.stage_unfinished"):
        procedure.advance(by=of.clerk, call_id=call.pk)
    assert "未" not in progress(Application.objects.get(pk=made[2].pk)), "nobody learns it before the list"
    row = named(of, call)
    call.refresh_from_db()
    assert list_word(row) == "命名名单" and row.title.startswith("关于命名")
    assert not Recognition.objects.exists()
    honours = {h.organisation_id: h for h in Honour.objects.all()}
    assert set(honours) == {made[0].organisation_id, made[1].organisation_id}
    assert {h.state for h in honours.values()} == {Honour.State.IN_FORCE}
    publicity = Publicity.objects.get(list=row)
    assert publicity.paper_id != row.paper_id and call.stages.get(key=call.stage).kind == "publicity"
    assert progress(Application.objects.get(pk=made[2].pk)) == "未入选"
    listing.tell_outcomes(list_id=row.pk)
    titles = [str(m.title) for p in people if p.person for m in p.person.messages.all()]
    assert sum("已命名" in t for t in titles) == 2 and sum("未进入命名名单" in t for t in titles) == 1
    cast_listing.after_publicity(publicity, travel)
    call.refresh_from_db()
    assert call.state == Call.State.PUBLISHED and call.stages.get(key=call.stage).kind == "promote"


@pytest.mark.feature("C12")
@pytest.mark.refusal("calls.objection_hold")
def test_an_upheld_objection_takes_the_honour_back_in_the_same_act(of: cast.Office) -> None:
    call, made, _ = reviewed(of)
    row = named(of, call)
    row, entry = PublicList.objects.get(pk=row.pk), row.entries.get(application=made[0])
    received, _code = cast_listing.send(row.publicity, entry)
    with refused("calls.objection_hold"):
        acts.handle_objection(received, handler=of.clerk2, hold=True)
    acts.handle_objection(received, handler=of.clerk2)
    acts.decide_objection(
        received,
        handler=of.clerk2,
        approver=of.leader,
        upheld=True,
        findings="材料不实",
        reply="经核查属实。",
    )
    assert Objection.objects.get().state == Objection.State.UPHELD
    assert Honour.objects.get(organisation=made[0].organisation).state == Honour.State.REVOKED
    assert Honour.objects.get(organisation=made[1].organisation).state == Honour.State.IN_FORCE
    assert Application.objects.get(pk=made[0].pk).stage == Stage.REMOVED


def test_a_correction_takes_an_honour_back_too(of: cast.Office) -> None:
    call, made, _ = reviewed(of)
    row = named(of, call)
    acts.correct_list(
        row, clerk=of.clerk, approver=of.checker, reason="重复命名", label="是否在列", before="", after="",
        entries=[row.entries.get(application=made[1])],
    )  # fmt: skip
    assert Honour.objects.get(organisation=made[1].organisation).state == Honour.State.REVOKED


def test_the_pages_say_what_happens(of: cast.Office) -> None:
    call, made, _ = reviewed(of)
    clerk, checker = log_in(Client(), of.clerk), log_in(Client(), of.checker)
    page = clerk.get(f"/calls/{call.pk}/lists/").content.decode()
    assert "冻结命名名单，提交审签" in page and "初步入围名单" not in page
    clerk.post(f"/calls/{call.pk}/lists/formal/freeze/")
    row = PublicList.objects.get()
    assert "同意命名并公示" in checker.get(f"/calls/lists/{row.pk}/").content.decode()
    listing.publish_formal(by=of.checker, list_id=row.pk)
    public = clerk.get(f"/notices/lists/{row.pk}/").content.decode()
    assert "提出异议" in public and "有效期" not in public and made[0].organisation.name in public
    assert "公示" in clerk.get("/notices/?kind=publicity").content.decode()


@pytest.mark.refusal("calls.promotion_early")
@pytest.mark.refusal("calls.promotion_future")
@pytest.mark.refusal("calls.promotion_other")
@pytest.mark.refusal("calls.promotion_struck")
@pytest.mark.refusal("calls.promotion_stays")
def test_what_makes_them_known_is_recorded_and_ends_the_call(of: cast.Office, travel: Any) -> None:
    call, made, _ = reviewed(of)
    about: dict[str, Any] = {
        "call_id": call.pk,
        "form": "press",
        "outlet": "望海工人报",
        "title": "一线的贴心人",
    }
    with refused("calls.promotion_early"):
        promotion.record(by=of.clerk, on=clock.today(), **about)
    row = PublicList.objects.get(pk=named(of, call).pk)
    cast_listing.after_publicity(row.publicity, travel)
    with refused("calls.stage_unfinished"):
        procedure.advance(by=of.clerk, call_id=call.pk)
    with refused("calls.promotion_future"):
        promotion.record(by=of.clerk, on=clock.today() + dt.timedelta(days=1), **about)
    with refused("calls.promotion_other"):
        promotion.record(by=of.clerk, on=clock.today(), application_id=made[2].pk, **about)
    kept = promotion.record(by=of.clerk, on=clock.today(), application_id=made[0].pk, **about)
    assert "望海工人报" in Client().get(f"/notices/lists/{row.pk}/").content.decode()
    with pytest.raises(DatabaseError, match=r"calls\.promotion_stays"), transaction.atomic():
        Promotion.objects.filter(pk=kept.pk).update(title="改过")
    clerk = log_in(Client(), of.clerk)
    assert (
        clerk.post(f"/calls/{call.pk}/promotion/{kept.pk}/strike/", {"reason": "标题写错"}).status_code == 303
    )
    with refused("calls.promotion_struck"):
        promotion.strike(by=of.clerk, promotion_id=kept.pk, reason="再来一次")
    assert "一线的贴心人" not in Client().get(f"/notices/lists/{row.pk}/").content.decode()
    sent = {
        "form": "web",
        "outlet": "望海工会网",
        "title": "一线的贴心人",
        "on": f"{clock.today()}",
        "url": "example.test/1",
    }
    assert clerk.post(f"/calls/{call.pk}/promotion/", sent).status_code == 303
    assert Promotion.objects.order_by("-pk")[0].url == "https://example.test/1"
    procedure.advance(by=of.clerk, call_id=call.pk)
    call.refresh_from_db()
    assert call.state == Call.State.FINISHED
