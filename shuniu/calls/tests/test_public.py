"""Public pages of notices, lists and objections: what they show, and what they never show."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuniu.calls.actions import listing, objection
from shuniu.calls.actions import question as questions
from shuniu.calls.models import Call, Objection
from shuniu.calls.tests import cast, cast_listing
from shuniu.foundation.access import Hat, Who
from shuniu.foundation.files.tests import samples
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.papers.models import Paper
from shuniu.unions.tests.cast import PASSWORD, log_in, person

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    return str(response.content.decode())


def member(organisation: Any) -> Who:
    from shuniu.registry.tests import factories

    return factories.member(organisation, somebody=person())


@pytest.mark.feature("C13")
@pytest.mark.feature("L1")
def test_the_notice_carries_the_guideline_tags_and_the_published_answers(client: Client) -> None:
    of = cast.office()
    call = cast.published_call(of)
    who = cast.applicant(of)
    asked = questions.ask(by=who, call_id=call.pk, text="一家单位可以报几个方向？")
    url = f"/notices/{call.pk}/"
    assert "可以报几个方向" not in text_of(client.get(url)), "not before it is answered"
    questions.answer(by=of.clerk, question_id=asked.pk, text="不限。")
    page = text_of(client.get(url))
    for name in ("SiteName", "ColumnName", "ArticleTitle", "PubDate", "ContentSource", "Keywords"):
        assert re.search(rf'<meta name="{name}" content="[^"]+"', page), name
    assert "可以报几个方向" in page and "不限。" in page
    assert cast.organisation_of(who).name not in page, "never who asked"
    assert f"/papers/{call.paper_id}.pdf" in page and re.search(r"PDF，\d+", page)
    assert call.phone in page and "四、时间安排" in page


def test_a_draft_is_nobodys_business(client: Client) -> None:
    of = cast.office()
    draft = cast.draft_call(of)
    assert client.get(f"/notices/{draft.pk}/").status_code == 404


@pytest.mark.feature("C13")
def test_a_paper_is_public_exactly_when_what_it_says_is(client: Client) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    assert call.paper_id and publicity.paper_id
    public = {call.paper_id, publicity.paper_id}
    private = set(Paper.objects.exclude(pk__in=public).values_list("pk", flat=True))
    assert private, "there is a paper that could leak: the acceptance with the name of who objected"
    for pk in public:
        answer = client.get(f"/papers/{pk}.pdf")
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    for pk in private:
        assert client.get(f"/papers/{pk}.pdf").status_code == 404


@pytest.mark.feature("L1")
def test_the_publicity_page_counts_down_and_says_when_it_is_over(client: Client, travel: Any) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    url = f"/notices/lists/{publicity.list_id}/"
    page = text_of(client.get(url))
    assert "公示中" in page and "5</b> 个工作日" in page and "提出异议" in page
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == ["/notices/?kind=publicity"] * 2
    assert applications[0].organisation.name in page and "评审名次" in page
    for private in ("何法人", "何专员", "13900001234", "林经办"):
        assert private not in page
    travel(publicity.closes_at)
    page = text_of(client.get(url))
    assert "公示已结束" in page and "提出异议" not in page


@pytest.mark.feature("L1")
def test_the_formal_list_leads_to_certificates_and_opens_in_excel(client: Client, travel: Any) -> None:
    of = cast.office()
    _, applications, formal = cast_listing.finished(of, travel)
    page = text_of(client.get(f"/notices/lists/{formal.pk}/"))
    assert "HZDW-" in page and "/verify/" in page
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == ["/lists/"] * 2, "wide and menu"
    answer = client.get(f"/notices/lists/{formal.pk}.xlsx")
    words = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/sharedStrings.xml").decode()
    assert applications[0].organisation.name in words and "HZDW-" in words


def form(publicity: Any, **values: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "kind": "named", "entry": "", "name": "秦举报", "contact": "",
        "phone": "13900007777", "text": "该单位去年没有通过年检。",
    } | values  # fmt: skip


@pytest.mark.feature("C12")
def test_an_objection_from_form_to_receipt_to_status(client: Client) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    url = f"/objections/{publicity.pk}/new/"
    assert client.get(url).status_code == 200
    entry = cast_listing.entry_of(applications[0])
    proof = SimpleUploadedFile("证明.pdf", samples.pdf(note="举证"), content_type="application/pdf")
    sent = client.post(url, form(publicity, entry=str(entry.pk), evidence1=proof))
    assert sent.status_code == 303 and sent["Location"] == "/objections/received/"
    receipt = text_of(client.get("/objections/received/"))
    row = Objection.objects.get()
    code = re.search(r'class="code">([A-Z0-9]{10})<', receipt)
    assert code and row.number in receipt
    assert code[1] not in text_of(client.get("/objections/received/")), "shown once"
    wrong = client.post("/objections/", {"number": row.number, "code": "AAAAAAAAAA"})
    assert wrong.status_code == 422 and "没有找到" in text_of(wrong)
    right = text_of(client.post("/objections/", {"number": row.number, "code": code[1]}))
    assert "待受理" in right and row.evidence.count() == 1
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    objection.propose(
        by=of.clerk2, objection_id=row.pk, verdict="dismissed", effect="keep", findings="调档",
        reply="年检合格。",
    )  # fmt: skip
    objection.decide(by=of.leader, objection_id=row.pk)
    done = text_of(client.post("/objections/", {"number": row.number, "code": code[1]}))
    link = re.search(r'href="(/objections/reply/[^"]+)"', done)
    assert "年检合格" in done and "调档" not in done and link
    assert client.get(link[1]).status_code == 200
    assert client.get(link[1].replace(":", ":x", 1)).status_code == 404


@pytest.mark.refusal("calls.objection_not_found")
def test_number_and_code_must_both_be_right(client: Client) -> None:
    answer = client.post("/objections/", {"number": "YY2026001-0001", "code": "AAAAAAAAAA"})
    assert answer.status_code == 422 and "没有找到" in text_of(answer)


def test_what_was_typed_stays_when_something_is_missing(client: Client) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    answer = client.post(f"/objections/{publicity.pk}/new/", form(publicity, phone=""))
    page = text_of(answer)
    assert answer.status_code == 422 and "请填写联系电话" in page and "去年没有通过年检" in page
    assert not Objection.objects.exists()


def test_a_file_that_is_no_document_is_refused_beside_its_field(client: Client) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    bad = SimpleUploadedFile("证明.pdf", b"MZ\x00\x00 program", content_type="application/pdf")
    answer = client.post(f"/objections/{publicity.pk}/new/", form(publicity, evidence1=bad))
    assert answer.status_code == 422 and "证明.pdf" in text_of(answer) and not Objection.objects.exists()


@pytest.mark.feature("C12")
def test_after_the_end_the_form_says_so_and_takes_nothing(client: Client, travel: Any) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    travel(publicity.closes_at + dt.timedelta(seconds=1))
    url = f"/objections/{publicity.pk}/new/"
    page = text_of(client.get(url))
    assert "公示已结束" in page and "<textarea" not in page
    answer = client.post(url, form(publicity))
    assert answer.status_code == 409 and "去年没有通过年检" in text_of(answer)
    assert not Objection.objects.exists()


def world(client: Client, pages: list[str]) -> list[str]:
    """The pages without what differs between any two requests."""
    return [
        re.sub(
            r'(csrfmiddlewaretoken" value="|nonce-|/reply/)[^"]+|\d{2}:\d{2}(:\d{2})?',
            "",
            text_of(client.get(p)),
        )
        for p in pages
    ]


@pytest.mark.feature("R3")
def test_the_organisation_sees_the_same_with_and_without_an_objection(client: Client) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    accused = applications[0]
    log_in(client, member(accused.organisation))
    pages = [
        "/org/", "/apply/", f"/apply/{accused.pk}/", f"/notices/lists/{publicity.list_id}/", "/certificates/",
        f"/notices/{publicity.list.call_id}/",
    ]  # fmt: skip
    without = world(client, pages)
    assert any(accused.organisation.name in page for page in without)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(accused))
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=True, reason="核查年检")
    assert world(client, pages) == without
    for address in (
        "/calls/objections/",
        f"/calls/objections/{row.pk}/",
        f"/calls/objections/{row.pk}/acceptance.pdf",
    ):
        assert client.get(address).status_code in (403, 404)


@pytest.mark.feature("R1")
def test_who_of_the_office_saw_who_objected_is_written_down_once_a_day(client: Client) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of, 1)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    seen = Entry.objects.filter(verb="calls.read_objector", is_reading=True)
    for who in (of.clerk2, of.clerk2, of.leader):
        assert row.name in log_in(client, who).get(f"/calls/objections/{row.pk}/").content.decode()
    assert [e.person_name for e in seen.order_by("id")] == [of.clerk2.name, of.leader.name]
    assert all(e.verb != "calls.read_objector" for e in timeline(row)), (
        "for the auditor, not for the time line"
    )


def test_the_desk_is_for_the_own_union_alone(client: Client) -> None:
    of = cast.office()
    other = cast.office("邻海市总工会")
    _, applications, publicity = cast_listing.on_view(of)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    frozen = publicity.list
    own = (
        f"/calls/{frozen.call_id}/lists/", f"/calls/lists/{frozen.pk}/", "/calls/objections/",
        f"/calls/objections/{row.pk}/", f"/calls/{frozen.call_id}/", f"/calls/lists/{frozen.pk}/correct/",
    )  # fmt: skip
    log_in(client, of.clerk2)
    for address in own:
        assert client.get(address).status_code == 200, address
    assert "秦举报" in text_of(client.get(f"/calls/objections/{row.pk}/"))
    log_in(client, other.clerk)
    for address in own:
        answer = client.get(address)
        assert answer.status_code == 404 or row.number not in text_of(answer), address
        if address != "/calls/objections/":
            assert answer.status_code == 404, address


@pytest.mark.feature("C11")
def test_the_office_goes_the_whole_way_by_its_pages(client: Client, travel: Any) -> None:
    of = cast.office()
    call, applications = cast_listing.reviewed_call(of)
    log_in(client, of.clerk)
    assert "冻结名单" in text_of(client.get(f"/calls/{call.pk}/lists/"))
    frozen = client.post(f"/calls/{call.pk}/lists/shortlist/freeze/")
    assert frozen.status_code == 303
    address = frozen["Location"]
    log_in(client, of.checker)
    assert "同意并公示" in text_of(client.get(address))
    assert client.post(address, {"do": "return", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "approve", "again-password": PASSWORD}).status_code == 303
    publicity = call.lists.get().publicity
    cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    row = Objection.objects.get()
    log_in(client, of.clerk2)
    desk = f"/calls/objections/{row.pk}/"
    assert client.post(desk, {"do": "accept", "hold": "on", "reason": ""}).status_code == 422
    assert client.post(desk, {"do": "accept", "hold": "on", "reason": "核查"}).status_code == 303
    assert client.post(desk, {"do": "propose", "verdict": "upheld"}).status_code == 422
    sent = {"verdict": "upheld", "effect": "remove", "findings": "属实", "reply": "属实，已移出。"}
    assert client.post(desk, {"do": "propose", **sent}).status_code == 303
    log_in(client, of.leader)
    assert client.post(desk, {"do": "approve"}).status_code == 303
    cast_listing.after_publicity(publicity, travel)
    log_in(client, of.clerk)
    formal = client.post(f"/calls/{call.pk}/lists/formal/freeze/")["Location"]
    log_in(client, of.checker)
    assert client.post(formal, {"do": "approve", "again-password": PASSWORD}).status_code == 303
    assert Call.objects.get(pk=call.pk).state == Call.State.FINISHED
    log_in(client, of.clerk)
    given = {"removes": "yes", "reason": "有误", "entry": ""}
    assert client.post(f"{formal}correct/", given).status_code == 422
    words = {"removes": "", "label": "方向", "before": "甲", "after": "乙", "reason": "录入有误", "entry": ""}
    fixed = client.post(f"{formal}correct/", words)
    assert fixed.status_code == 303
    log_in(client, of.checker)
    assert client.get(fixed["Location"]).status_code == 200
    assert client.post(fixed["Location"], {"do": "approve", "again-password": PASSWORD}).status_code == 303
    page = text_of(Client().get(formal.replace("/calls/lists/", "/notices/lists/")))
    assert "更正第 1 号" in page and "录入有误" in page


def test_hats_are_read_from_the_role(client: Client) -> None:
    of = cast.office()
    _, _, publicity = cast_listing.on_view(of, 1)
    expert = Who(person=person(), hat=Hat("union", of.union.pk, of.union.name, "expert"))
    log_in(client, expert)
    assert client.get(f"/calls/lists/{publicity.list_id}/").status_code == 403
    assert listing.close_due() == 0
