"""The next city: the same procedure under a document with other articles, another outcome, its own days.

Nothing that the product says, writes into the journal or prints may speak of the first city's articles.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from shuniu.calls.actions import objection
from shuniu.calls.models import Decision
from shuniu.calls.queries.call import law_of
from shuniu.calls.tests import cast, cast_listing
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.papers.models import Paper
from shuniu.recognition import actions as recognition
from shuniu.recognition.models import Recognition
from shuniu.registry.tests import factories as registry

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B5"), pytest.mark.feature("O2")]
KEY = "linhai-2026"
_DIGITS = "零一二三四五六七八九"
_FIRST_CITYS = re.compile(r"第(?:十[一二三四五六七八九]?|[一二三四五六七八九])条")


def _moved(found: re.Match[str]) -> str:
    """第五条 → 第四十五条, 第十二条 → 第五十二条."""
    words = found[0][1:-1]
    tens, _, ones = words.rpartition("十")
    number = (10 if "十" in words else 0) + (_DIGITS.index(ones) if ones else 0) + 40
    assert tens == "" and number < 60
    return f"第{_DIGITS[number // 10]}十{_DIGITS[number % 10] if number % 10 else ''}条"


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> Iterator[cast.Office]:
    """The office of a city whose whole law is one folder."""
    folder = tmp_path / "policies" / KEY
    shutil.copytree(Path(configured.ROOT) / "policies" / cast.LAW, folder)
    (folder / "cases.yaml").unlink()
    text = (folder / "document.yaml").read_text()
    text = _FIRST_CITYS.sub(_moved, text)
    for old, new in (
        (f"key: {cast.LAW}\n", f"key: {KEY}\n"),
        ("北京市工会社会组织合作单位管理办法", "临海市工会爱心服务伙伴管理办法"),
        ("label: 工会社会组织合作单位\n", "label: 工会爱心服务伙伴\n"),
        ("code: HZDW", "code: AXHB"),
        ("    n: 2\n    unit: years", "    n: 3\n    unit: years"),
    ):
        assert old in text
        text = text.replace(old, new)
    text, n = re.subn(r"  - key: publicity_days\n(    .*\n)+", "", text)
    assert n == 1
    text += "\nstated:\n  - {key: publicity_days, clause: 第四十五条(五), label: 公示天数, value: 7, unit: 个工作日}\n"
    (folder / "document.yaml").write_text(text)
    monkeypatch.setattr(cast, "LAW", KEY)
    settings.ROOT = tmp_path
    yield cast.office()


def _cited(value: Any) -> set[str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return set(_FIRST_CITYS.findall(text))


def test_another_city_by_one_folder(of: cast.Office, travel: Any, client: Client) -> None:
    call, applications, publicity = cast_listing.on_view(of)
    law = law_of(call)
    assert publicity.working_days == 7, "the document's own days, though nobody filled them in"
    entry = cast_listing.entry_of(applications[0])
    row, _ = cast_listing.send(publicity, entry)
    objection.accept(by=of.clerk2, objection_id=row.pk, hold=False)
    objection.propose(
        by=of.clerk2, objection_id=row.pk, verdict="dismissed", effect="keep", findings="查阅了年检公告。",
        reply="经核查，年检合格。", clause="",
    )  # fmt: skip
    objection.decide(by=of.leader, objection_id=row.pk)
    shown = client.get(f"/notices/lists/{publicity.list_id}/").content.decode()
    assert "公示天数依据第四十五条（五）" in shown
    assert "本办法未规定" not in shown
    cast_listing.after_publicity(publicity, travel)
    from shuniu.calls import demo_listing as acts

    acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    granted = Recognition.objects.order_by("pk")[0]
    assert granted.certificate_no.startswith("AXHB-")
    assert granted.last_day.year - granted.first_day.year in (2, 3)
    owner = registry.member(granted.organisation, role="org_owner")
    asked = recognition.request_withdrawal(by=owner, recognition_id=granted.pk, reason="业务调整。")
    recognition.decide_withdrawal(by=of.leader, request_id=asked.pk, approve=True)

    clauses = set(Entry.objects.exclude(clause="").values_list("clause", flat=True))
    clauses |= set(Decision.objects.exclude(clause="").values_list("clause", flat=True))
    unknown = {c for c in clauses if law.clause(c) is None}
    assert unknown == set(), "a clause was cited that the document does not have"
    assert {"第四十五条（五）", "第四十五条（六）", "第五十七条"} <= clauses
    told = [*Entry.objects.values_list("text", flat=True), *Paper.objects.values_list("data", flat=True)]
    assert {c for text in told for c in _cited(text)} == set()
    printed = json.dumps(list(Paper.objects.values_list("data", flat=True)), ensure_ascii=False)
    assert "工会爱心服务伙伴" in printed and "合作单位" not in printed
    assert "公示天数：7个工作日（第四十五条（五））" in printed
