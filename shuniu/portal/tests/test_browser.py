"""Public pages and the pages of lists and certificates in a real browser: axe, no sideways scrolling, no script."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from shuniu.calls.actions import listing, objection
from shuniu.calls.models import Objection
from shuniu.calls.tests import cast, cast_listing
from shuniu.foundation.access import Who
from shuniu.recognition import actions as recognition
from shuniu.recognition.models import Recognition
from shuniu.registry.tests import factories
from shuniu.unions.tests.cast import log_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.real_transactions]
PICTURES = os.environ.get("SHUNIU_PICTURES", "")  # a folder for whoever wants to look


def cookie_of(who: Who, settings: Any) -> Any:
    return log_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME]


def wrong(page: Page, address: str, axe: Callable[[Page], list[dict[str, Any]]], width: int) -> list[str]:
    """What axe finds, and sideways scrolling."""
    found = [f"{address} {width}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in axe(page)]
    if not page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        found.append(f"{address} {width}: scrolls sideways")
    if PICTURES:
        name = address.strip("/").replace("/", "-").replace("?", "-") or "home"
        page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    return found


@pytest.mark.feature("L1")
def test_U38_U39_U40_pages_are_for_everybody(
    live_url: str, new_page: Callable[..., Page], axe: Callable[[Page], list[dict[str, Any]]], settings: Any,
    travel: Any,
) -> None:  # fmt: skip
    of = cast.office()
    running = cast.published_call(of)
    call, applications, publicity = cast_listing.on_view(of)
    _, _, other = cast_listing.on_view(of)
    row, _ = cast_listing.send(publicity, cast_listing.entry_of(applications[0]))
    shown = {
        "": ["/", "/notices/", f"/notices/{running.pk}/", f"/notices/lists/{publicity.list_id}/",
             f"/objections/{publicity.pk}/new/", "/objections/", "/verify/"],
    }  # fmt: skip
    found = visit(live_url, new_page, axe, settings, shown, {})
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    objection.propose(
        by=of.clerk2, objection_id=row.pk, verdict="dismissed", effect="keep", findings="调档", reply="合格。"
    )
    people = {"clerk": of.clerk, "clerk2": of.clerk2, "leader": of.leader}
    shown = {
        "clerk2": ["/calls/objections/", f"/calls/objections/{row.pk}/"],
        "leader": [f"/calls/objections/{row.pk}/"],
        "clerk": [f"/calls/{call.pk}/lists/", f"/calls/lists/{publicity.list_id}/",
                  f"/calls/lists/{publicity.list_id}/correct/"],
    }  # fmt: skip
    found += visit(live_url, new_page, axe, settings, shown, people)
    objection.decide(by=of.leader, objection_id=row.pk)
    cast_listing.after_publicity(publicity, travel)
    frozen = listing.freeze_formal(by=of.clerk, call_id=call.pk)
    people["leader"] = of.leader
    found += visit(live_url, new_page, axe, settings, {"leader": [f"/calls/lists/{frozen.pk}/"]}, people)
    listing.publish_formal(by=of.checker, list_id=frozen.pk)
    granted = Recognition.objects.order_by("pk")[0]
    recognition.issue_certificate(recognition_id=granted.pk)
    if PICTURES:
        granted.refresh_from_db()
        assert granted.paper is not None
        for name, paper in (
            ("certificate", granted.paper),
            ("formal", frozen.paper),
            ("publicity", publicity.paper),
        ):
            frozen.refresh_from_db()
            chosen = paper or frozen.paper
            assert chosen is not None
            (Path(PICTURES) / f"{name}.pdf").write_bytes(chosen.pdf.path.read_bytes())
    people["holder"] = factories.member(granted.organisation)
    shown = {
        "": ["/", "/lists/", "/recognised/", f"/notices/lists/{frozen.pk}/", f"/verify/{granted.verify_code}/",
             "/verify/?q=HZDW-0", f"/objections/{other.pk}/new/"],
        "clerk": ["/recognitions/"],
        "leader": [f"/recognitions/{granted.pk}/"],
        "holder": ["/certificates/", f"/certificates/{granted.pk}/"],
    }  # fmt: skip
    found += visit(live_url, new_page, axe, settings, shown, people)
    assert not found, "\n".join(found)


def visit(
    live_url: str, new_page: Callable[..., Page], axe: Callable[[Page], list[dict[str, Any]]], settings: Any,
    shown: dict[str, list[str]], people: dict[str, Who],
) -> list[str]:  # fmt: skip
    found = []
    for who, addresses in shown.items():
        for width in (1366, 390, 320):
            page = new_page(viewport={"width": width, "height": 900})
            if who:
                cookie = cookie_of(people[who], settings)
                page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])
            for address in addresses:
                page.goto(live_url + address)
                found += wrong(page, address, axe, width)
            page.context.close()
    return found


@pytest.mark.feature("C12")
def test_U39_one_objects_without_script(live_url: str, new_page: Callable[..., Page]) -> None:
    of = cast.office()
    _, applications, publicity = cast_listing.on_view(of)
    page = new_page(java_script_enabled=False)
    page.goto(f"{live_url}/notices/lists/{publicity.list_id}/")
    page.click("text=提出异议")
    page.check("input[name=kind][value=named]")
    page.select_option("select[name=entry]", label=f"1. {applications[0].organisation.name}")
    page.fill("input[name=name]", "秦举报")
    page.fill("textarea[name=text]", "该单位去年没有通过年检。")
    page.click("button:has-text('提交')")
    assert "请填写联系电话" in page.content(), "what was typed stays, the sentence says what is missing"
    page.fill("input[name=phone]", "13900007777")
    page.click("button:has-text('提交')")
    page.wait_for_url("**/objections/received/")
    number = Objection.objects.get().number
    code = page.inner_text("b.code")
    page.click("text=查询办理结果")
    page.fill("input[name=number]", number)
    page.fill("input[name=code]", code)
    page.click("button:has-text('查询')")
    assert "已收到，待受理" in page.content()
