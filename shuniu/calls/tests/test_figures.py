"""Places that are counted by a number of each recommending union, said in the call with its day and source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call, CallFigure
from shuniu.calls.queries.call import gaps
from shuniu.calls.queries.recommend import shares_of
from shuniu.calls.tests import award, cast
from shuniu.calls.tests.reviews import refused
from shuniu.unions.models import Union
from shuniu.unions.tests import cast as unions


@pytest.mark.django_db
@pytest.mark.feature("C9")
def test_places_may_be_counted_by_a_number_that_the_call_says_of_each_union(
    tmp_path: Path, monkeypatch: Any, settings: Any, client: Client
) -> None:
    award.document(tmp_path, monkeypatch, settings)
    award.by_members(tmp_path)
    of = cast.office()
    lower = award.below(of)
    west = award.below(of, "西港区总工会")
    draft = cast.draft_call(of)
    assert [(g.section, g.text) for g in gaps(draft)] == [("figures", "东港区、西港区的“会员人数”还没有填")]
    page = f"/calls/{draft.pk}/figures/"
    unions.log_in(client, of.clerk)
    assert "填推荐名额的计算依据" in client.get(f"/calls/{draft.pk}/").content.decode()
    typed = {
        "version": draft.version, "as_of_members": "2025-12-31", "source_members": "2025 年度工会统计年报",
        f"members_{lower.union.pk}": "１,９９９", f"members_{west.union.pk}": "",
    }  # fmt: skip
    answer = client.post(page, typed)
    assert answer.status_code == 422 and "请填写西港区的会员人数" in answer.content.decode()
    assert client.post(page, typed | {f"members_{west.union.pk}": "2500"}).status_code == 303
    assert not gaps(Call.objects.get())
    calls.submit(by=of.clerk, call_id=draft.pk)
    late = award.below(of, "南港区总工会").union
    with refused("calls.incomplete"):
        calls.publish(by=of.checker, call_id=draft.pk)
    Union.objects.filter(pk=late.pk).update(is_active=False)
    calls.publish(by=of.checker, call_id=draft.pk)
    call = Call.objects.get()
    assert call.frozen is not None
    assert {s.union.name: s.at_most for s in shares_of(call)} == {"东港区总工会": 1, "西港区总工会": 2}
    assert [(f["union"], f["value"], f["source"]) for f in call.frozen["figures"]] == [
        ("东港区总工会", "1999", "2025 年度工会统计年报"), ("西港区总工会", "2500", "2025 年度工会统计年报"),
    ]  # fmt: skip
    with pytest.raises(DatabaseError, match="published_stays"), transaction.atomic():
        CallFigure.objects.filter(call=call).update(value=9000)
    again = cast.draft_call(of)
    assert "1999" in client.get(f"/calls/{again.pk}/figures/").content.decode(), (
        "what was said last stands there"
    )
