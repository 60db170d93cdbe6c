"""`make test`: every test; those with real transactions also on the oldest PostgreSQL that is supported.

With arguments (paths, -k, -x …) only pytest is run, with them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_OLDEST = Path("/usr/lib/postgresql/15/bin")
_NO_TESTS = 5


def _pytest(arguments: list[str], **surroundings: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ, **surroundings), check=False).returncode


def main(arguments: list[str]) -> int:
    """Run; the last line printed is pytest's own."""
    # Handed out by twos, or one of them would get all that take long.
    workers, rest = [*arguments[:2], "--maxschedchunk=2"], arguments[2:]
    first = 0
    if not rest:
        if os.environ.get("SHUNIU_DATABASE_URL") or os.environ.get("SHUNIU_PG_BIN"):
            print("数据库由设置指定，不再用 PostgreSQL 15 重复数据库测试。", flush=True)
        elif (_OLDEST / "postgres").exists():
            print("数据库、并发和账目测试，PostgreSQL 15：", flush=True)
            chosen = ["-m", "real_transactions and not browser", "--ignore=journeys"]
            first = _pytest([*workers, *chosen], SHUNIU_PG_BIN=str(_OLDEST))
            first = 0 if first == _NO_TESTS else first
        else:
            print(f"没有安装 PostgreSQL 15（{_OLDEST}），数据库测试只在内置版本上运行。", flush=True)
        print("全部测试：", flush=True)
    return _pytest([*workers, *rest]) or first


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
