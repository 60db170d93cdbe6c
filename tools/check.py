"""`make check`: format, lint, types, import directions, tests about the code; all are run, then judged."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LINT_IMPORTS = (
    "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
)
STEPS = {
    "格式": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "规范": [sys.executable, "-m", "ruff", "check", "."],
    "类型": [sys.executable, "-m", "mypy", "."],
    "引用方向": [sys.executable, "-c", _LINT_IMPORTS],
    "房屋": [sys.executable, "-m", "pytest", "architecture", "-p", "no:xdist"],
}


def main(wanted: list[str]) -> int:
    """Run the steps (or those whose names are given); 1 when one fails."""
    results: dict[str, tuple[int, float]] = {}
    surroundings = dict(os.environ, SHUNIU_ENV="test")
    surroundings.pop("SHUNIU_DATABASE_URL", None)
    for name, command in STEPS.items():
        if wanted and name not in wanted:
            continue
        print(f"── {name}", flush=True)
        started = time.monotonic()
        status = subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
        results[name] = status, time.monotonic() - started
    print()
    for name, (status, seconds) in results.items():
        print(f"{'通过' if status == 0 else '未通过'}  {name}  {seconds:.0f} 秒")
    return 1 if any(status for status, _ in results.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
