"""`make freeze`: from the first release on a migration that has left the house is never changed, only followed.

`released_migrations.txt` beside this file lists each with its digest; empty while nothing is released.
architecture/test_migrations.py compares; this command, run at a release, writes the list anew and refuses when one of
the listed has changed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django

LIST = Path(__file__).resolve().parent / "released_migrations.txt"


def released(listed: Path = LIST) -> dict[str, str]:
    """The migrations that have left the house, as the list has them: name and digest."""
    lines = (line.split() for line in listed.read_text("utf-8").splitlines())
    return {name: digest for digest, name in lines}


def main() -> int:
    """Write the list; 1 when a released migration has changed."""
    django.setup()
    from shuniu.config import schema

    now = schema.present()
    if changed := schema.changed(now, released()):
        print(f"已发布，不能改动，请在其后另加一步：{'、'.join(changed)}", file=sys.stderr)
        return 1
    LIST.write_text("".join(f"{digest}  {name}\n" for name, digest in now.items()), "utf-8")
    print(f"已记下 {len(now)} 步数据结构升级的校验值：{LIST.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
