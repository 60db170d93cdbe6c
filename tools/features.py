"""`make features`: the catalogue of docs/features.md with the tests that show each number."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools.collected import tests_by_mark

CATALOGUE = Path(__file__).resolve().parent.parent / "docs" / "features.md"
_ROW = re.compile(r"^\| ([A-Z]\d+) \| (.+?) \| (.+?) \|$")


def catalogue() -> dict[str, tuple[str, str]]:
    """Number → title and clauses, as docs/features.md says."""
    rows = (_ROW.match(line) for line in CATALOGUE.read_text(encoding="utf-8").splitlines())
    return {row[1]: (row[2], row[3]) for row in rows if row}


def main() -> int:
    """Print the catalogue; 1 when a test names a number that is not in it."""
    known, shown = catalogue(), tests_by_mark("feature")
    for number, (title, clauses) in known.items():
        tests = shown.get(number, [])
        print(f"{number:>4}  {len(tests):>3} 项测试  {title}  [{clauses}]")
        for test in tests:
            print(f"                   {test}")
    unknown = sorted(set(shown) - set(known))
    print(f"\n{len(known)} 项功能，{sum(1 for number in known if shown.get(number))} 项有测试。")
    for number in unknown:
        print(f"不在 docs/features.md 里的编号 {number}：{'、'.join(shown[number])}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
