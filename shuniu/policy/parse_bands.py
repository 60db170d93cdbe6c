"""Reads the rows of a table: ranges of a number, or words."""

from __future__ import annotations

from shuniu.policy import rules as r
from shuniu.policy.reader import Table


def parse_bands(table: Table, key: str) -> tuple[r.Band, ...]:
    """Rows ``{from, to, gives}`` over a number, or ``{is, gives}`` over words."""
    bands: list[r.Band] = []
    for row in table.tables(key, required=True):
        node = row.get("gives", required=True, what="这一档得到什么")
        gives = node.value if node is not None and node.kind == "scalar" else None
        exact = row.get("is")
        low, high = row.decimal("from", required=False), row.decimal("to", required=False)
        low_in, high_in = row.flag("from_included", default=True), row.flag("to_included", default=True)
        if exact is None and low is None and high is None:
            table.sink.add(row.line, row.path, "一档应写 is，或 from、to 中至少一个")
        if low is not None and high is not None and low > high:
            row.wrong("to", "上限不应小于下限", f"“{high}”")
        if gives is not None:
            bands.append(r.Band(gives, low, high, low_in, high_in, exact.value if exact else None))
    return tuple(bands)
