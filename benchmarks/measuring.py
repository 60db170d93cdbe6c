"""`python -m benchmarks.measuring full 30 [names …]`: take the figures on the database that is set, print them."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Sequence

import django

from benchmarks.volume_size import SIZES


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0 when every limit on queries, ratios and memory is kept."""
    size, rounds, names = SIZES[arguments[0]], int(arguments[1]), list(arguments[2:])
    django.setup()
    import shuniu.config.wsgi  # noqa: F401  (the process stands as the web process does)
    from benchmarks.figures import ALL
    from benchmarks.measure import Line
    from benchmarks.stage import Stage

    chosen = [name for name in ALL if not names or any(name.startswith(wanted) for wanted in names)]
    if not chosen:
        print(f"没有这样的项目。可选：{'、'.join(ALL)}", file=sys.stderr)
        return 2
    stage = Stage(size, rounds, os.environ["SHUNIU_DATABASE_URL"])
    lines: list[Line] = []
    began = time.monotonic()
    for name in chosen:
        started = time.monotonic()
        lines += ALL[name](stage)
        print(f"  {name} {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    print(table([("项目", "规模", "结果", "限值", "结论"), *map(_cells, lines)]))
    load = "、".join(f"{one:.1f}" for one in os.getloadavg())
    print(
        f"测量用时 {time.monotonic() - began:.0f} s；{os.cpu_count()} 个处理器，负载（1、5、15 分钟）{load}。"
    )
    broken = [line for line in lines if line.broken]
    if broken:
        print(f"{len(broken)} 项超出限值。")
    return 1 if broken else 0


def _cells(line: object) -> tuple[str, ...]:
    return tuple(str(getattr(line, name)) for name in ("figure", "at", "value", "limit", "verdict"))


def wide(text: str) -> int:
    """Columns that the text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns as wide as their widest cell."""
    widths = [max(wide(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [
        "  ".join(cell + " " * (width - wide(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(wide, lines)), *lines[1:]])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
