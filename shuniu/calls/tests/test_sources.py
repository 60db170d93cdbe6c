"""One fact of several rows: only the row that the finding speaks of tells its source."""

from __future__ import annotations

from shuniu.calls.queries.sources import said

ROWS = "年度 2025，年检结论 合格；年度 2024，年检结论 合格"
SOURCES = "工会核验：2025 年公告；工会核验：2024 年公告"


def test_only_the_row_that_was_judged_tells_its_source() -> None:
    assert said("2024年度年检结论：“合格”", "年检结论", ROWS, SOURCES) == "年检结论（工会核验：2024 年公告）"
    assert said("没有说哪一年", "年检结论", ROWS, SOURCES) == "年检结论（工会核验：2025 年公告）"


def test_a_fact_of_one_row_tells_its_value_and_day() -> None:
    line = said("登记状态：“存续”", "登记状态", "存续", "登记证书副本", "2017-02-14")
    assert line == "登记状态：存续（登记证书副本，2017-02-14）"
