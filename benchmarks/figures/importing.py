"""A list of 20,000 rows from upload to the last row written, in a process of its own as the worker does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Line
from benchmarks.processes import MIB, ROOT, Watch
from benchmarks.stage import Stage

MOST_SECONDS = 20.0
MOST_MEMORY = 300 * MIB


def importing(stage: Stage) -> Iterator[Line]:
    """Time of reading, preview and writing; the most memory of the worker and its reading child together."""
    command = [sys.executable, "-m", "benchmarks.import_once", str(stage.size.imported)]
    surroundings = dict(os.environ, SHUNIU_DATABASE_URL=stage.app_url)
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        made = json.loads(process.stdout.readline())  # the workbook is made; from here on it counts
        watch = Watch(process.pid)
        watch.start()
        process.stdin.write("go\n")
        process.stdin.flush()
        told = json.loads(process.stdout.readline() or "{}")
        most = watch.end()
    assert process.returncode == 0 and told["written"] == made["rows"], told
    seconds = sum(told["seconds"].values())
    parts = "，".join(f"{name} {value:.1f}" for name, value in told["seconds"].items())
    parts += f"；其中处理器 {told['processor']:.1f}，不含数据库"
    at = f"{told['written']:,} 行"
    yield Line(
        "名册导入",
        at,
        f"{seconds:.1f} s（{parts}）",
        f"< {MOST_SECONDS:.0f} s",
        seconds < MOST_SECONDS,
        False,
    )
    yield Line("  内存峰值", at, f"{most / MIB:.0f} MB", f"< {MOST_MEMORY // MIB} MB", most < MOST_MEMORY)
