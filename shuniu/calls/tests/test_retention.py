"""R3: periods are settled after a preview; the night clears what is due, once, and nothing else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.calls import demo_listing as acts
from shuniu.calls import retention as data
from shuniu.calls.actions import call as calls
from shuniu.calls.actions.retention import clear_due, settle_retention
from shuniu.calls.models import (
    Application,
    Call,
    Decision,
    Objection,
    ObjectionDecision,
    RetentionPlan,
    RetentionRun,
    Stage,
)
from shuniu.calls.queries import retention as queries
from shuniu.calls.tests import cast, cast_listing
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.files.tests import samples
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests.cast import log_in, me, union, who

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R3")]


def settle(of: cast.Office, admin: Who | None = None, **months: int) -> RetentionPlan:
    """The union's periods as proposed, confirmed after their preview."""
    wanted = data.proposed() | months
    return settle_retention(
        by=admin or who("sec_admin", of.union), union_id=of.union.pk, months=wanted,
        seen=queries.due_counts(of.union.pk, wanted), reason="主任办公会决定",
    )  # fmt: skip


def evidence(note: str) -> Any:
    """A file as the public form hands it over."""
    upload = io.BytesIO(samples.pdf(note=note))
    upload.name = "秦举报的截图.pdf"
    return upload


def decided(of: cast.Office, publicity: Any, entry: Any, **values: Any) -> Objection:
    """An objection (or clue) that was looked into and dismissed."""
    row, _ = cast_listing.send(publicity, entry, evidence=[evidence(str(values))], **values)
    acts.handle_objection(row, handler=of.clerk2)
    acts.decide_objection(
        row,
        handler=of.clerk2,
        approver=of.leader,
        upheld=False,
        findings="核查无误",
        reply="经核查，情况不属实。",
    )
    return Objection.objects.get(pk=row.pk)


def test_nothing_is_cleared_before_somebody_settled_it(travel: Any) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    row = decided(of, publicity, cast_listing.entry_of(applications[0]))
    travel(days=900)
    assert clear_due() == 0
    row.refresh_from_db()
    assert row.name == "秦举报" and not RetentionRun.objects.exists()


def test_complainants_and_clues_are_cleared_once_and_decisions_stay(travel: Any) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    entry = cast_listing.entry_of(applications[0])
    named = decided(of, publicity, entry)
    clue = decided(of, publicity, entry, kind="anonymous", name="", phone="", text="负责人电话 13900008888")
    files = [e.attachment for row in (named, clue) for e in row.evidence.select_related("attachment__blob")]
    assert len(files) == 2 and all(f and f.blob.path.exists() for f in files)
    settle(of)
    assert clear_due() == 0, "the period is not over"
    before = list(ObjectionDecision.objects.values()), list(Decision.objects.values())
    entries = list(Entry.objects.order_by("id").values())
    travel(days=740)
    assert clear_due() == 2
    assert clear_due() == 0, "a second run finds nothing"
    named.refresh_from_db()
    clue.refresh_from_db()
    assert (named.name, named.contact, named.phone, named.sender) == (data.CLEARED, "", data.CLEARED, "")
    assert named.text == "该单位去年没有通过年检。" and clue.text == data.CLEARED
    assert not Attachment.objects.filter(pk__in=[f.pk for f in files if f]).exists()
    assert {e.name for row in (named, clue) for e in row.evidence.all()} == {data.CLEARED}
    assert (list(ObjectionDecision.objects.values()), list(Decision.objects.values())) == before
    assert list(Entry.objects.order_by("id").values())[: len(entries)] == entries
    told = Entry.objects.filter(verb="calls.clear")
    assert [(e.facts["rule"], e.facts["count"]) for e in told.order_by("id")] == [
        ("complainant", 1),
        ("clue", 1),
    ]
    assert all(len(e.facts["digest"]) == 64 for e in told)
    assert "秦举报" not in str(list(told.values())) and "13900007777" not in str(list(told.values()))


@pytest.mark.refusal("calls.cleared")
def test_the_papers_that_name_the_complainant_leave_the_desk_too(travel: Any, client: Client) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    row = decided(of, publicity, cast_listing.entry_of(applications[0]))
    url = f"/calls/objections/{row.pk}/"
    log_in(client, of.leader)
    assert client.get(f"{url}acceptance.pdf").status_code == 200
    settle(of)
    travel(days=740)
    clear_due()
    gone = client.get(f"{url}acceptance.pdf")
    assert gone.status_code == 409 and "按保存期限清除" in gone.content.decode()
    page = client.get(url).content.decode()
    assert "秦举报" not in page and data.CLEARED in page


def test_bytes_go_with_the_last_file_that_holds_them(
    travel: Any, django_capture_on_commit_callbacks: Any
) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    row = decided(of, publicity, cast_listing.entry_of(applications[0]))
    held = row.evidence.get().attachment
    assert held is not None
    blob = held.blob
    settle(of)
    travel(days=740)
    with django_capture_on_commit_callbacks(execute=True):
        assert clear_due() == 1
    blob.refresh_from_db()
    assert blob.erased_at is not None and not Path(blob.path).exists(), "the digest stays, the bytes do not"
    kept = Blob.objects.filter(erased_at__isnull=True)
    assert kept.exists() and all(b.path.exists() for b in kept)


def test_a_draft_that_was_never_sent_ends_and_is_emptied(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of)
    sent = cast.submitted_application(cast.applicant(of), call)
    draft = cast.filled_application(cast.applicant(of), call)
    assert draft.draft and draft.materials.exists()
    settle(of)
    travel(days=150)
    assert clear_due() == 0
    travel(days=60)
    assert clear_due() == 1
    draft.refresh_from_db()
    sent.refresh_from_db()
    assert draft.stage == Stage.ENDED and draft.draft == {} and not draft.materials.exists()
    assert not Attachment.objects.filter(owner=f"calls.application:{draft.pk}").exists()
    assert sent.stage == Stage.SUBMITTED and sent.draft and sent.materials.exists()


def test_quarantined_bytes_go_by_the_longest_period_and_stay_barred(travel: Any) -> None:
    of = cast.office()
    other = union("邻海市总工会")
    bad = Blob.objects.create(
        sha256="ab" * 32, size=3, kind="pdf", content_type="application/pdf", scan=Blob.Scan.INFECTED
    )
    settle(of)
    settle_retention(
        by=who("sec_admin", other), union_id=other.pk, months=data.proposed() | {"quarantine": 6},
        seen=queries.due_counts(other.pk, data.proposed()), reason="制度",
    )  # fmt: skip
    travel(days=100)
    assert clear_due() == 0
    travel(days=100)
    assert clear_due() == 1
    bad.refresh_from_db()
    assert bad.erased_at is not None and bad.scan == Blob.Scan.INFECTED


def test_the_contact_leaves_the_public_pages_and_stays_in_the_office(travel: Any, client: Client) -> None:
    of = cast.office()
    call = cast.published_call(of)
    calls.cancel(by=of.leader, call_id=call.pk, reason="测试取消")
    settle(of)
    assert "林经办" in client.get(f"/notices/{call.pk}/").content.decode()
    assert call.paper_id is not None and client.get(f"/papers/{call.paper_id}.pdf").status_code == 200
    travel(days=740)
    assert clear_due() == 1
    page = client.get(f"/notices/{call.pk}/").content.decode()
    assert "林经办" not in page and "社会联络部" in page
    assert client.get(f"/papers/{call.paper_id}.pdf").status_code == 404
    frozen = Call.objects.get(pk=call.pk)
    assert frozen.contact == "林经办", "the record of the office stays"


@pytest.mark.refusal("calls.retention_changed")
def test_whoever_confirms_has_seen_what_would_be_cleared(travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of)
    cast.filled_application(cast.applicant(of), call)
    travel(days=60)
    wanted = data.proposed() | {"draft": 1}
    with refused("calls.retention_changed"):
        settle_retention(
            by=who("sec_admin", of.union), union_id=of.union.pk, months=wanted, seen={}, reason="制度"
        )
    assert not RetentionPlan.objects.exists()
    assert settle(of, draft=1).preview["draft"] == 1


@pytest.mark.refusal("calls.retention_admin")
def test_only_the_own_security_administrator_settles() -> None:
    of = cast.office()
    for stranger in (of.leader, who("sys_admin", of.union), who("sec_admin", union("邻海市总工会"))):
        with refused("calls.retention_admin"):
            settle(of, stranger)


@pytest.mark.refusal("calls.retention_period")
def test_no_period_below_its_floor() -> None:
    of = cast.office()
    with refused("calls.retention_period"):
        settle(of, complainant=11)


def test_the_database_keeps_a_complainant_for_a_year(travel: Any) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    row = decided(of, publicity, cast_listing.entry_of(applications[0]))
    clear = {"name": "x", "phone": "x", "cleared_at": clock.now()}
    travel(days=360)
    with pytest.raises(DatabaseError, match=r"calls\.objection_stays"), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(**clear)
    travel(days=10)
    with pytest.raises(DatabaseError, match=r"calls\.objection_stays"), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(**clear, text="换成别的话")
    Objection.objects.filter(pk=row.pk).update(**clear)
    with pytest.raises(DatabaseError, match=r"calls\.objection_stays"), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(name="秦举报", cleared_at=None)
    with pytest.raises(DatabaseError, match=r"append-only|permission"), transaction.atomic():
        RetentionRun.objects.filter(pk=0).update(count=2)
        RetentionPlan.objects.create(
            union=of.union, number=1, months={}, preview={}, reason="x", by=me(of.clerk)
        )
        RetentionPlan.objects.update(reason="y")


def test_the_page_shows_tries_and_confirms(client: Client, travel: Any) -> None:
    of = cast.office()
    call = cast.published_call(of)
    cast.filled_application(cast.applicant(of), call)
    travel(days=60)
    admin = who("sec_admin", of.union)
    log_in(client, admin)
    page = client.get("/calls/retention/").content.decode()
    assert "异议提出人" in page and "还没有确定" in page and "确定保存期限</button>" not in page
    wanted = {key: str(n) for key, n in (data.proposed() | {"draft": 1}).items()}
    assert client.get("/calls/retention/", wanted | {"draft": "0"}).status_code == 422
    tried = client.get("/calls/retention/", wanted).content.decode()
    assert 'name="seen_draft" value="1"' in tried and Application.objects.exclude(draft={}).count() == 1
    seen = {f"seen_{key}": "0" for key in wanted} | {"seen_draft": "1"}
    again = client.post("/calls/retention/", wanted | seen)
    assert again.status_code == 422 and "1 个月" in again.content.decode(), "what was tried stays"
    stale = client.post("/calls/retention/", wanted | seen | {"seen_draft": "0", "reason": "主任办公会决定"})
    assert stale.status_code == 422 and "由 0 条变为 1 条" in stale.content.decode()
    assert 'name="seen_draft" value="1"' in stale.content.decode(), "this time it is right"
    sent = client.post("/calls/retention/", wanted | seen | {"reason": "主任办公会决定"})
    assert sent.status_code == 303
    assert clear_due() == 1
    page = client.get("/calls/retention/").content.decode()
    assert "执行中" in page and "主任办公会决定" in page and "第 1 版期限" in page


def test_who_reads_the_page(client: Client) -> None:
    of = cast.office()
    for role, status in (("audit_admin", 200), ("auditor", 200), ("clerk", 403), ("sys_admin", 403)):
        log_in(client, who(role, of.union))
        assert client.get("/calls/retention/").status_code == status, role
    log_in(client, who("audit_admin", of.union))
    given = dict.fromkeys(data.BY_KEY, "24") | {f"seen_{key}": "0" for key in data.BY_KEY}
    refused_ = client.post("/calls/retention/", given | {"reason": "越权"})
    assert refused_.status_code == 422 and "安全管理员" in refused_.content.decode()
    assert not RetentionPlan.objects.exists()
