"""R5, D6: numbers without a gap, one digest for ever, nothing of an issued paper changes."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from shuniu.foundation.access import Hat, Refused, Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import queries as journal
from shuniu.foundation.papers import actions, queries, rendering
from shuniu.foundation.papers.models import Paper, PaperNumber

pytestmark = [pytest.mark.django_db, pytest.mark.feature("R5")]
CLERK = Who(hat=Hat("union", 1, "望海市总工会", "clerk"))


@dataclass
class Office:
    """A union, as far as papers know it."""

    pk: int = 1
    name: str = "望海市总工会"
    paper_code: str = "望工办"


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def issue(
    title: str = "关于入围名单的公示", *, office: Office | None = None, number: bool = True, **more: Any
) -> Paper:
    return actions.issue(
        by=CLERK, union=office or Office(), kind="test.notice", title=title, template=rendering.OFFICIAL,
        data={"blocks": [{"kind": "p", "text": "特此公示。"}]}, with_number=number, **more,
    )  # fmt: skip


def test_numbers_run_per_union_code_and_year() -> None:
    year = clock.today().year
    assert [issue().number for _ in range(3)] == [f"望工办〔{year}〕{n}号" for n in (1, 2, 3)]
    assert issue(office=Office(pk=2)).sequence == 1
    assert issue(office=Office(paper_code="望工发")).sequence == 1
    unnumbered = issue(number=False)
    assert (unnumbered.number, unnumbered.sequence) == ("", None)
    assert issue().sequence == 4


def test_the_paper_its_bytes_and_its_entry() -> None:
    paper = issue("关于入围名单\n的公示", about=["calls.call:7"], clause="第五条")
    assert paper.title == "关于入围名单的公示"
    assert paper.pdf.path.read_bytes().startswith(b"%PDF-")
    assert paper.sha256 == paper.pdf.sha256
    assert queries.is_intact(paper)
    entry = journal.timeline(paper)[0]
    assert entry.text == f"签发{paper.number}《关于入围名单的公示》"
    assert entry.facts["sha256"] == paper.sha256
    assert "calls.call:7" in entry.about
    assert queries.papers_of(CLERK, 1, kind="test.notice") == [paper]
    assert queries.papers_of(CLERK, 2) == []
    assert queries.papers_of(Who(hat=Hat("union", 2, "北屏区总工会", "clerk")), 1) == []


def test_the_name_of_the_download() -> None:
    paper = issue()
    paper.issued_at = dt.datetime(2026, 6, 4, 10, tzinfo=clock.TZ)
    paper.number = "望工办〔2026〕12号"
    assert queries.download_name(paper) == "〔2026〕12号_关于入围名单的公示_20260604.pdf"
    answer = queries.response(paper)
    assert answer["Content-Disposition"].startswith("inline")
    assert b"".join(answer.streaming_content) == paper.pdf.path.read_bytes()  # type: ignore[arg-type]


def test_changed_bytes_are_found() -> None:
    paper = issue()
    paper.pdf.path.chmod(0o600)
    paper.pdf.path.write_bytes(paper.pdf.path.read_bytes() + b" ")
    assert not queries.is_intact(paper)


def test_a_correction_is_a_new_paper() -> None:
    wrong = issue()
    right = issue("关于入围名单的更正公告", replaces=wrong)
    assert list(wrong.replaced_by.all()) == [right]
    assert "更正《关于入围名单的公示》" in journal.timeline(right)[0].text


@pytest.mark.refusal("papers.no_code")
def test_a_union_without_code_gives_no_number() -> None:
    with pytest.raises(Refused, match="还没有机关代字"):
        issue(office=Office(paper_code=""))
    assert issue(office=Office(paper_code=""), number=False).number == ""


@pytest.mark.refusal("papers.no_title")
def test_a_paper_has_a_title() -> None:
    with pytest.raises(Refused, match="没有标题"):
        issue(" ")


def test_an_act_that_fails_gives_its_number_back() -> None:
    issue()
    with pytest.raises(Refused):
        issue("张\U000323af")
    with pytest.raises(RuntimeError), transaction.atomic():
        issue()
        raise RuntimeError
    assert issue().sequence == 2


def test_the_database_keeps_numbers_once_and_whole() -> None:
    paper = issue()
    for change in ({}, {"sequence": None}, {"number": "", "sequence": 9}):
        row = Paper.objects.get(pk=paper.pk)
        row.pk = None
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize("statement", ["UPDATE papers_paper SET title = 'x'", "DELETE FROM papers_paper"])
def test_the_application_cannot_change_an_issued_paper(statement: str) -> None:
    issue()
    with (
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.real_transactions
def test_the_owner_cannot_either(owner_connection: psycopg.Connection[Any]) -> None:
    issue()
    for statement in (
        "UPDATE papers_paper SET title = 'x'", "DELETE FROM papers_paper", "TRUNCATE papers_paper CASCADE",
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.IntegrityError, match="append-only"):
            owner_connection.execute(statement)


@pytest.mark.real_transactions
def test_twenty_at_once_have_twenty_numbers_without_a_gap() -> None:
    problems: list[Exception] = []

    def run(n: int) -> None:
        try:
            issue(f"公示{n}" if n % 4 else "张\U000323af")  # every fourth fails after it had a number
        except Refused:
            pass
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert list(Paper.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 16))
    assert PaperNumber.objects.get().last == 15
