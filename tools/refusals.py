"""`make refusals`: every reason for which an act is refused, with the tests that show it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tools.collected import tests_by_mark

ROOT = Path(__file__).resolve().parent.parent


def registered() -> dict[str, str]:
    """Code → Chinese reason, after every slice's rules were loaded (the collection has set up Django)."""
    from shuniu.foundation.access import REFUSALS

    for file in sorted([*ROOT.glob("shuniu/**/rules.py"), *ROOT.glob("shuniu/**/rules/*.py")]):
        importlib.import_module(
            ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
    return dict(REFUSALS)


def main() -> int:
    """Print the register; 1 when a reason has no test, or a test names a reason that is not registered."""
    shown = tests_by_mark("refusal")
    known = registered()
    for code in sorted(known):
        print(f"{len(shown.get(code, [])):>3} 项测试  {code:<36} {known[code]}")
        for test in shown.get(code, []):
            print(f"            {test}")
    untested = sorted(set(known) - set(shown))
    unknown = sorted(set(shown) - set(known))
    print(f"\n{len(known)} 条拒绝理由，{len(known) - len(untested)} 条有测试。")
    for code in untested:
        print(f"没有测试：{code} {known[code]}", file=sys.stderr)
    for code in unknown:
        print(f"没有登记：{code}（{'、'.join(shown[code])}）", file=sys.stderr)
    return 1 if untested or unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
