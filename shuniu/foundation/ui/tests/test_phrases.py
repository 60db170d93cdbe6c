"""Titles break between words: the pieces are the title again, and none cuts a word of office."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from shuniu.foundation.ui.phrases import phrases

NOTICE = "关于开展2026年度工会社会组织合作单位遴选和认定工作的通知"
CORRECTED = f"关于更正《{NOTICE}》的公告"


@pytest.mark.feature("L1")
def test_pieces_stay_whole_and_together_are_the_title() -> None:
    assert "|".join(phrases(NOTICE)) == "关于开展|2026年度|工会|社会组织|合作单位|遴选|和认定|工作的|通知"
    assert phrases(CORRECTED)[1] == "《关于开展" and phrases(CORRECTED)[-2:] == ["通知》的", "公告"]
    named = "关于2026年度望海市东港区新就业形态劳动者促进中心入围名单的公示"
    for title in (NOTICE, CORRECTED, named, "", "Annual list 2026", "异议受理单"):
        assert "".join(phrases(title)) == title
        assert max(map(len, phrases(title)), default=0) <= 10, "short enough for a narrow screen"


def test_a_page_may_break_a_title_there_and_never_trusts_it() -> None:
    made = Template("{{ title|by_sense }}").render(Context({"title": "关于<b>的通知"}))
    assert (
        "<b>" not in made and made.startswith("关于") and made.count("<wbr>") == len(phrases("关于<b>的通知"))
    )
