"""Papers as Word: the published ones for everybody, drafts and 申报表 for those whose they are."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from docx import Document

from shuniu.calls.tests import cast
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C13")]


def said_in(answer: Any) -> str:
    made = Document(io.BytesIO(answer.content))
    cells = [c.text for t in made.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in made.paragraphs), *cells])


def test_a_notice_as_word_before_and_after_it_is_published(client: Client) -> None:
    of = cast.office()
    draft = cast.draft_call(of)
    staff = log_in(Client(), of.clerk)
    assert "一、申报条件" in said_in(staff.get(f"/calls/{draft.pk}/notice.docx"))
    stranger = log_in(Client(), cast.office("邻海市总工会").clerk)
    assert stranger.get(f"/calls/{draft.pk}/notice.docx").status_code == 404
    call = cast.published_call(of)
    assert call.paper is not None
    answer = client.get(f"/papers/{call.paper_id}.docx")
    said = said_in(answer)
    assert call.paper.number in said and call.title in said.replace("\n", "")
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(f"/papers/{call.paper.pk + 1000}.docx").status_code == 404


def test_the_application_form_of_its_own_organisation_and_of_the_office() -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    made = cast.submitted_application(who, call)
    own = log_in(Client(), who)
    said = said_in(own.get(f"/apply/{made.pk}/form.docx"))
    for words in (
        made.organisation.name,
        str(made.organisation.code),
        "何专员",
        "为一线职工提供心理健康讲座",
        "法定代表人：",
    ):
        assert words in said, words
    assert own.get(f"/apply/{made.pk}/form.pdf").content.startswith(b"%PDF")
    assert own.get(f"/apply/{made.pk}/form.exe").status_code == 404
    assert made.organisation.name in said_in(
        log_in(Client(), of.clerk).get(f"/calls/applications/{made.pk}/form.docx")
    )
    other = log_in(Client(), cast.applicant(of))
    assert other.get(f"/apply/{made.pk}/form.docx").status_code == 404
