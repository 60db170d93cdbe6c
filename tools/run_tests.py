"""`make test`: every test; those with real transactions also on the oldest PostgreSQL that is supported.

With arguments (paths, -k, -x …) only pytest is run, with them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run; the last line printed is pytest's own."""
    # Handed out by twos, or one of them would get all that take long.
    workers, rest = [*arguments[:2], "--maxschedchunk=2"], arguments[2:]
    beside: list[str] = []
    if not rest:
        if os.environ.get("SHUNIU_DATABASE_URL") or os.environ.get("SHUNIU_PG_BIN"):
            print("数据库由设置指定，不再用 PostgreSQL 15 重复数据库测试。", flush=True)
        else:
            beside = ["-p", "tools.pytest_oldest"]
    command = [sys.executable, "-m", "pytest", *workers, *beside, *rest]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
