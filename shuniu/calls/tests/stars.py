"""The invented document of journeys/documents, which is unlike the five: a thousand points, a vote, places by share."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings as configured

from shuniu.calls.actions import apply
from shuniu.calls.models import Application, Call
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.library.queries import documents
from shuniu.registry import actions as registry

KEY = "wanghai-stars-2026"
FACTS: dict[str, Any] = {
    "members": 0, "full_time": 6, "wanted": "三星", "held": "没有", "held_since": "2018-05-01", "funded": True,
    "other_sign": False, "served": 5200, "activities": 9, "commended": False, "complaints": 0, "accident": False,
}  # fmt: skip


def document(tmp_path: Path, monkeypatch: Any, settings: Any, *changes: tuple[str, str]) -> None:
    """Put the document where calls are composed from, with words of it changed."""
    folder = tmp_path / "policies" / KEY
    shutil.copytree(Path(configured.ROOT) / "journeys" / "documents" / KEY, folder)
    file = folder / "document.yaml"
    text = file.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text)
    monkeypatch.setattr(cast, "LAW", KEY)
    settings.ROOT = tmp_path
    documents.on_disk.cache_clear()  # read once per process, under the same key as in the test before


def applicant(of: cast.Office, name: str = "") -> Who:
    """A member of an organisation whose record of lists and penalties is known: one measure, long ago."""
    who = cast.applicant(of, name)
    registry.add_fact(
        by=of.clerk, organisation=cast.organisation_of(who), kind="penalty", basis="登记机关公告",
        values={
            "penalty": "rectify", "authority": "望海市民政局", "number": "望民改〔2020〕3号", "content": "补报年度报告",
            "from_on": dt.date(2020, 3, 1), "to_on": dt.date(2020, 4, 1),
        },
    )  # fmt: skip
    return who


def begun(who: Who, call: Call, category: str = "mind") -> Application:
    """A draft in one of the call's categories."""
    chosen = call.categories.get(key=category)
    return apply.start(by=who, call_id=call.pk, category_id=chosen.pk, arrived_at=clock.now())


def assessed(who: Who, made: Application, **facts: Any) -> Application:
    """The facts of the document, and 240 and 150 points for what a person gives: 890 in all."""
    for section, values in (
        ("facts", FACTS | facts),
        ("self", {"points_place": "240", "points_voice": "150"}),
    ):
        apply.save_section(by=who, application_id=made.pk, section=section, values=values)
    return Application.objects.get(pk=made.pk)


def handed_in(who: Who, call: Call, **facts: Any) -> Application:
    """A whole application in 心理驿站."""
    made = assessed(who, begun(who, call), **facts)
    return cast.hand_in(who, cast.fill(who, made))
