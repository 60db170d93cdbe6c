"""R4: stored once, quarantined until the scanner has answered, removed and restored, taken again."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from shuniu.foundation.access import Hat, Refused, Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.files import actions, kinds, queries, rules, serving
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.files.rules import FileRefused
from shuniu.foundation.files.tests import samples
from shuniu.foundation.files.tests.clamd import Clamd
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R4")]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    settings.CLAMAV = ""
    return tmp_path / "files"


def member(organisation: int) -> Who:
    person = Person.objects.create(username=f"org{organisation}", name=f"经办{organisation}")
    return Who(person=person, hat=Hat("organisation", organisation, f"组织{organisation}", "org_owner"))


@pytest.fixture
def ours() -> Who:
    return member(1)


@pytest.fixture
def theirs() -> Who:
    return member(2)


def store(by: Who, data: bytes, name: str = "证书.pdf", owner: str = "calls.application:1") -> Attachment:
    return actions.store(by=by, upload=io.BytesIO(data), owner=owner, name=name, allowed=kinds.EVIDENCE)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_bytes_are_stored_once_and_the_act_is_journalled(ours: Who) -> None:
    first, second = store(ours, samples.pdf()), store(ours, samples.pdf(), "又一份.pdf")
    assert first.blob_id == second.blob_id
    assert Blob.objects.count() == 1
    assert first.organisation_id == 1
    entries = Entry.objects.filter(about__contains=["calls.application:1"])
    assert {e.facts["sha256"] for e in entries} == {first.blob.sha256}
    assert "上传“又一份.pdf”" in entries[0].text
    assert queries.is_intact(first.blob)


def test_a_failed_act_leaves_no_row(ours: Who) -> None:
    with pytest.raises(FileRefused):
        store(ours, samples.EXE)
    assert not Attachment.objects.exists()
    assert not Entry.objects.exists()


def test_an_anonymous_clue_may_carry_a_file() -> None:
    assert store(Who(), samples.pdf()).uploaded_by is None


def test_remove_and_undo(ours: Who) -> None:
    attachment = store(ours, samples.pdf())
    actions.remove(by=ours, attachment=attachment)
    actions.remove(by=ours, attachment=attachment)
    assert queries.attachments_of("calls.application:1") == []
    assert queries.attachments_of("calls.application:1", removed=True) == [attachment]
    with pytest.raises(Http404):
        serving.response(attachment)
    actions.restore(by=ours, attachment=attachment)
    assert queries.attachments_of("calls.application:1") == [attachment]
    assert Entry.objects.filter(verb__in=["remove", "restore"]).count() == 2


def test_an_earlier_file_on_another_record(ours: Who, theirs: Who) -> None:
    attachment = store(ours, samples.pdf())
    assert list(queries.reusable_for(ours)) == [attachment], "there is something that could leak"
    assert not queries.reusable_for(theirs)
    assert not queries.reusable_for(Who())
    again = actions.reuse(by=ours, attachment=attachment, owner="calls.application:2")
    assert (again.blob_id, again.name, again.organisation_id) == (attachment.blob_id, "证书.pdf", 1)
    assert len(queries.reusable_for(ours)) == 1, "each file once"
    assert not queries.duplicates_of(again), "one organisation may use its file twice"


@pytest.mark.refusal("files.removed")
def test_a_removed_file_is_not_taken_again(ours: Who) -> None:
    attachment = store(ours, samples.pdf())
    actions.remove(by=ours, attachment=attachment)
    with pytest.raises(Refused) as refused:
        actions.reuse(by=ours, attachment=attachment, owner="calls.application:2")
    assert refused.value.verdict.code == "files.removed"


def test_the_same_bytes_under_two_organisations_are_flagged(
    ours: Who, theirs: Who, django_assert_num_queries: Any
) -> None:
    mine, copied = store(ours, samples.pdf()), store(theirs, samples.pdf(), owner="calls.application:9")
    other = store(theirs, samples.pdf(2), owner="calls.application:9")
    assert list(queries.duplicates_of(mine)) == [copied]
    assert not queries.duplicates_of(other)
    with django_assert_num_queries(1):
        found = Attachment.objects.filter(queries.lies_elsewhere(), pk__in=[mine.pk, copied.pk, other.pk])
        assert set(found.values_list("pk", flat=True)) == {mine.pk, copied.pk}


def test_files_of_many_records_in_one_query(ours: Who, django_assert_num_queries: Any) -> None:
    for n in range(3):
        store(ours, samples.pdf(note=str(n)), owner=f"calls.application:{n}")
    with django_assert_num_queries(1):
        found = queries.attachments_by_owner([f"calls.application:{n}" for n in range(4)])
        assert [len(rows) for rows in found.values()] == [1, 1, 1, 0]
        assert found["calls.application:2"][0].blob.size


def test_another_record_s_file_is_not_found(ours: Who) -> None:
    attachment = store(ours, samples.pdf())
    assert queries.attachment_on("calls.application:1", attachment.pk) == attachment
    with pytest.raises(Attachment.DoesNotExist):
        queries.attachment_on("calls.application:2", attachment.pk)


# --- handing out --------------------------------------------------------------------------------------


def test_shown_in_the_page_or_saved(ours: Who) -> None:
    attachment = store(ours, samples.pdf(), "批复（正式）.pdf")
    shown, saved = serving.response(attachment, inline=True), serving.response(attachment)
    assert body(shown) == body(saved) == samples.pdf() == attachment.blob.path.read_bytes()
    assert shown["Content-Disposition"].startswith("inline; filename*=utf-8''%E6%89%B9")
    assert saved["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "sandbox" in saved["Content-Security-Policy"]
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Type"] == "application/pdf"
    word = store(ours, samples.office("docx"), "方案.docx")
    assert serving.response(word, inline=True)["Content-Disposition"].startswith("attachment")
    assert serving.can_be_shown(attachment)
    assert not serving.can_be_shown(word)


@pytest.mark.refusal("files.lost")
def test_lost_bytes_are_named(ours: Who) -> None:
    attachment = store(ours, samples.pdf())
    attachment.blob.path.unlink()
    assert not queries.is_intact(attachment.blob)
    with pytest.raises(Refused, match="从备份恢复"):
        serving.response(attachment)


# --- quarantine -----------------------------------------------------------------------------------------


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    server = Clamd()
    settings.CLAMAV = server.address
    yield server
    server.stop()


@pytest.mark.refusal("files.waiting")
def test_quarantined_until_the_scanner_has_answered(ours: Who, clamd: Clamd) -> None:
    attachment = store(ours, samples.pdf())
    assert attachment.blob.scan == Blob.Scan.WAITING
    assert not serving.can_be_shown(attachment)
    with pytest.raises(Refused, match="正在查毒"):
        serving.response(attachment)
    assert actions.scan_waiting() == 1
    attachment.refresh_from_db()
    assert attachment.blob.scanned_by == "ClamAV"
    assert body(serving.response(attachment)) == samples.pdf()
    assert actions.scan_waiting() == 0


@pytest.mark.refusal("files.infected")
def test_an_infected_file_is_barred_and_its_people_told_once(ours: Who, theirs: Who, clamd: Clamd) -> None:
    evil = samples.pdf(note="EVIL")
    attachment = store(ours, evil)
    actions.scan_waiting()
    attachment = Attachment.objects.select_related("blob").get(pk=attachment.pk)
    assert attachment.blob.scan == Blob.Scan.INFECTED
    assert "Eicar" in attachment.blob.scanned_by
    with pytest.raises(Refused, match="查出病毒"):
        serving.response(attachment)
    with pytest.raises(FileRefused, match="查出病毒"):
        store(theirs, evil)
    with pytest.raises(FileRefused, match="查出病毒"):
        actions.reuse(by=ours, attachment=attachment, owner="calls.application:2")
    assert [m.person for m in Message.objects.all()] == [ours.person]
    assert not rules.may_hand_out(ours, attachment)


def test_a_silent_scanner_keeps_the_file_waiting(ours: Who, settings: Any) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    attachment = store(ours, samples.pdf())
    assert actions.scan_waiting() == 0
    attachment.blob.refresh_from_db()
    assert attachment.blob.scan == Blob.Scan.WAITING


@pytest.mark.real_transactions
def test_the_same_bytes_at_the_same_moment_are_stored_once(ours: Who) -> None:
    """Threads of their own, each with its own connection."""
    problems: list[Exception] = []

    def upload(n: int) -> None:
        try:
            store(ours, samples.pdf(), owner=f"calls.application:{n}")
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert (Blob.objects.count(), Attachment.objects.count()) == (1, 8)
