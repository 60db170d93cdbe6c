"""O2: a call is begun from a document that was published here; a newer version does not touch it."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client

from shuniu.calls.actions import apply
from shuniu.calls.actions import call as calls
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.judging import judge, self_check
from shuniu.calls.models import Call
from shuniu.calls.tests.cast import (
    applicant,
    draft_call,
    filled_application,
    hand_in,
    office,
    organisation_of,
    published_call,
)
from shuniu.foundation.calendar import clock
from shuniu.library import actions as library
from shuniu.library.queries import policy_of
from shuniu.library.tests import folders
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O2")]


@pytest.mark.refusal("calls.no_document")
def test_a_call_keeps_the_version_it_was_begun_from() -> None:
    city, neighbour = cast.union(), cast.union("邻海市总工会")
    admin, leader, clerk = (cast.who(role, city) for role in ("sec_admin", "leader", "clerk"))
    stranger = cast.who("clerk", neighbour)

    def publish(text: str) -> None:
        row = library.upload(by=admin, received=folders.received(folders.files(text)))
        library.propose(by=admin, upload_id=row.pk)
        library.confirm(by=leader, upload_id=row.pk)

    publish(folders.DOCUMENT)
    assert "望海市职工服务项目办法" in cast.text(cast.page(clerk, "/calls/new/"))
    assert "望海市职工服务项目办法" not in cast.text(cast.page(stranger, "/calls/new/"))
    with cast.refused("calls.no_document"):
        calls.compose(by=stranger, union=neighbour, document_key=folders.KEY, year=2026)
    call = calls.compose(by=clerk, union=city, document_key=folders.KEY, year=2026)
    publish(folders.DOCUMENT.replace('version: "1"', 'version: "2"'))
    call.refresh_from_db()
    assert policy_of(call.document).version == "1" and call.categories.get().key == "care"
    later = calls.compose(by=clerk, union=city, document_key=folders.KEY, year=2027)
    assert policy_of(later.document).version == "2"


@pytest.mark.feature("B2")
@pytest.mark.refusal("library.ended", "calls.law_ended")
def test_what_runs_keeps_an_ended_document_and_nothing_new_begins_under_it() -> None:
    of = office()
    admin, leader = cast.who("sec_admin", of.union), of.leader
    row = library.upload(by=admin, received=folders.received())
    library.propose(by=admin, upload_id=row.pk)
    library.confirm(by=leader, upload_id=row.pk)
    runs = published_call(of, law=folders.KEY)
    waits, raced = (draft_call(of, law=folders.KEY) for _ in "ab")
    calls.submit(by=of.clerk, call_id=waits.pk)
    ending = library.propose_end(by=admin, key=folders.KEY, reason="由新的办法代替")
    library.confirm_end(by=leader, ending_id=ending.pk)
    assert "望海市职工服务项目办法" not in cast.text(cast.page(of.clerk, "/calls/new/"))
    with cast.refused("library.ended"):
        calls.compose(by=of.clerk, union=of.union, document_key=folders.KEY, year=2027)
    with cast.refused("library.ended"):
        calls.submit(by=of.clerk, call_id=raced.pk)
    with cast.refused("library.ended"):
        calls.publish(by=of.checker, call_id=waits.pk)
    with cast.refused("calls.law_ended"), transaction.atomic(), database_refusals():
        Call.objects.filter(pk=raced.pk).update(state="published")
    owner = applicant(of)
    decision = self_check(runs, organisation_of(owner), clock.today())
    assert (decision.document, decision.version) == (folders.KEY, "1")
    assert apply.start(
        by=owner, call_id=runs.pk, category_id=runs.categories.get().pk, arrived_at=clock.now()
    )


@pytest.mark.feature("F1")
@pytest.mark.feature("C4")
def test_a_call_of_an_uploaded_document_is_applied_to_and_decided_and_offers_its_forms() -> None:
    of = office()
    admin = cast.who("sec_admin", of.union)
    more = (
        "score_sheets:\n  - {key: review, clause: 第二条, label: 评审, total: 100, items: "
        "[{key: plan, clause: 第二条, label: 方案, points: 100}]}\n"
        "templates:\n  - {key: sheet, kind: score_sheet, clause: 第二条, label: 评分表样, sheet: review}\n"
    )
    row = library.upload(by=admin, received=folders.received(folders.files(folders.DOCUMENT + more)))
    library.propose(by=admin, upload_id=row.pk)
    library.confirm(by=of.leader, upload_id=row.pk)
    call = published_call(of, law=folders.KEY)
    form = f"/library/{folders.KEY}/templates/sheet/?version=1&amp;union={of.union.pk}"
    owner = applicant(of)
    assert form in cast.text(Client().get(f"/notices/{call.pk}/"))
    assert form in cast.text(cast.page(owner, f"/apply/call/{call.pk}/"))
    made = filled_application(owner, call)
    assert form in cast.text(cast.page(owner, f"/apply/{made.pk}/materials/"))
    assert Client().get(form.replace("&amp;", "&")).status_code == 200
    apply.save_section(by=owner, application_id=made.pk, section="facts", values={"chosen_count": 3})
    handed = hand_in(owner, made)
    found = {f.key: f.status for d in judge(handed, clock.today()) for f in d.findings}
    assert found == {"two_years": "met", "most": "met"}
