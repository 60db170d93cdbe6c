"""One fact of several rows: only the row that the finding speaks of tells its source."""

from __future__ import annotations

from shuniu.calls.queries.sources import told

ROWS = "年度 2025，年检结论 合格；年度 2024，年检结论 合格"
SOURCES = "工会核验：2025 年公告；工会核验：2024 年公告"


def fact(label: str, value: str, source: str, as_of: str = "2026-10-28") -> dict[str, str]:
    return {"label": label, "value": value, "source": source, "as_of": as_of}


def test_facts_of_one_source_and_day_name_it_once() -> None:
    both = [fact("申报类别", "职工生活服务", "申报表"), fact("工作方向", "困难职工帮扶", "申报表")]
    assert told("", both) == "申报表，2026-10-28"
    assert told("", [*both, fact("通知写明了该类别", "是", "遴选通知", "2026-10-22")]) == (
        "申报表，2026-10-28（申报类别，工作方向）；遴选通知，2026-10-22（通知写明了该类别）"
    )
    assert told("2024年度年检结论：“合格”", [fact("年检结论", ROWS, SOURCES)]) == "工会核验：2024 年公告"
    assert told("没有说哪一年", [fact("年检结论", ROWS, SOURCES)]) == "工会核验：2025 年公告"
    assert (
        told("", both[:1], values=True) == "申报表，2026-10-28（申报类别：职工生活服务）"
        and told("", []) == ""
    )
