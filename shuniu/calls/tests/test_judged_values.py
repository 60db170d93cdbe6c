"""Judged facts of other types than yes and no: asked with the right control, checked, judged by the engine.

The document of these tests is Beijing's with four more facts and conditions, as another city's could have them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from shuniu.calls.actions import audit
from shuniu.calls.models import Application, Judgement
from shuniu.calls.queries import audit as queries
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_audit import at_desk
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.journal.models import Entry
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C8")]

KEY = "wanghai-2026"
_FACTS = """
  - {name: service_years, type: integer, unit: 年, label: 实际服务年限, source: judgement,
     clause: 第七条（四）, question: 材料能证明连续服务多少年？}
  - {name: venue, type: choice, label: 服务场所, source: judgement,
     clause: 第七条（三）, question: 服务场所属于哪一种？, values: [自有, 租用, 没有]}
  - {name: visited_on, type: date, label: 到场核实日期, source: judgement,
     clause: 第七条（三）, question: 哪一天到场核实？}
  - {name: seal_words, type: text, label: 印章上的名称, source: judgement,
     clause: 第七条（一）, question: 申报表印章上的名称是什么？}
"""
_CONDITIONS = """
  - {key: years, clause: 第七条（四）, label: 连续服务满两年, asks: [eligibility], rule: {fact: service_years, at_least: 2}}
  - {key: place, clause: 第七条（三）, label: 有服务场所, asks: [eligibility], rule: {fact: venue, in: [自有, 租用]}}
  - {key: visit, clause: 第七条（三）, label: 到场在报名之前, asks: [eligibility], rule: {fact: visited_on, before: {date: on}}}
  - {key: seal, clause: 第七条（一）, label: 印章是全称, asks: [eligibility], rule: {fact: seal_words, is: 望海市暖心服务中心}}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: Any, settings: Any) -> tuple[cast.Office, Application]:
    """An application under the document of this file, at the desk of its clerk."""
    folder = tmp_path / "policies" / KEY
    shutil.copytree(Path(configured.ROOT) / "policies" / cast.LAW, folder)
    (folder / "cases.yaml").unlink()
    text = (folder / "document.yaml").read_text()
    text = text.replace(f"key: {cast.LAW}\n", f"key: {KEY}\n", 1)
    text = text.replace("  - name: scope_matches\n", _FACTS.lstrip("\n") + "  - name: scope_matches\n", 1)
    text = text.replace(
        "  - key: registered_here\n", _CONDITIONS.lstrip("\n") + "  - key: registered_here\n", 1
    )
    (folder / "document.yaml").write_text(text)
    monkeypatch.setattr(cast, "LAW", KEY)
    root = settings.ROOT
    settings.ROOT = tmp_path
    of = cast.office()
    call = cast.published_call(of)
    settings.ROOT = root
    return of, at_desk(of, call)


def answer(of: cast.Office, made: Application, fact: str, value: object) -> Judgement:
    """The clerk's word."""
    return audit.answer(by=of.clerk, application_id=made.pk, fact=fact, value=value)


def status(made: Application, condition: str) -> str:
    """What the latest run says."""
    return next(f.status for f in queries.latest_findings(made) if f.condition == condition)


def test_each_type_is_judged_by_its_value(desk: tuple[cast.Office, Application]) -> None:
    of, made = desk
    assert {status(made, key) for key in ("years", "place", "visit", "seal")} == {"judged"}
    for fact, key, bad, good in (
        ("service_years", "years", 1, 2),
        ("venue", "place", "没有", "租用"),
        ("visited_on", "visit", "2099-01-01", "2020-02-29"),
        ("seal_words", "seal", "暖心中心", "望海市暖心服务中心"),
    ):
        answer(of, made, fact, bad)
        assert status(made, key) == "not_met", fact
        kept = answer(of, made, fact, good)
        assert status(made, key) == "met", fact
        assert kept.value == good and kept.answer is None and kept.note == ""
    assert Entry.objects.filter(verb="calls.judge", text="判断“实际服务年限”：2").exists()


@pytest.mark.refusal("calls.answer_type")
def test_an_answer_of_another_type_is_refused(desk: tuple[cast.Office, Application]) -> None:
    of, made = desk
    for fact, value in (
        ("service_years", "两年"), ("service_years", True), ("venue", "借用"), ("venue", ""),
        ("visited_on", "2026-02-30"), ("seal_words", 3), ("has_management", 1),
    ):  # fmt: skip
        with refused("calls.answer_type"):
            answer(of, made, fact, value)
    assert not Judgement.objects.exists()


def test_the_desk_asks_with_the_right_control(desk: tuple[cast.Office, Application], client: Client) -> None:
    of, made = desk
    log_in(client, of.clerk)
    url = f"/calls/applications/{made.pk}/audit/"

    def asked(fact: str) -> str:
        return client.get(f"{url}?ask={fact}").content.decode()

    years, place, day = asked("service_years"), asked("venue"), asked("visited_on")
    assert "材料能证明连续服务多少年？" in years and 'name="a-value"' in years
    assert 'type="radio" name="a-value" value="租用"' in place and "需要补正" in place
    assert 'name="a-value"' in day
    sent = {"a-fact": "service_years", "a-seen": "0", "condition": "years"}
    wrong = client.post(f"{url}answer/", sent | {"a-value": "两年"})
    assert wrong.status_code == 422 and "两年" in wrong.content.decode()
    assert client.post(f"{url}answer/", sent | {"a-value": "3"}).status_code == 303
    page = client.get(url).content.decode()
    assert "实际服务年限：3年" in page.replace("\n", "")
    late = client.post(f"{url}answer/", sent | {"a-value": "4"})
    assert late.status_code == 409 and "这一条刚被同事判断过" in late.content.decode()
    mend = client.post(f"{url}answer/", sent | {"do": "fix", "a-value": ""})
    assert mend.status_code == 303 and "fix=years" in mend["Location"]
