"""`python -m benchmarks [names …] [--size full|middle|tiny] [--rounds 30]`: one table; exit 1 on a broken limit.

Names choose figures by their beginning: `list`, `list-applications`, `search`, `score`, `web`, `import` …
Query counts and ratios decide; absolute times are shown beside their limits and depend on the machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from benchmarks.kept import ROOT, surroundings_of, volume
from benchmarks.volume_size import SIZES
from shuniu.config.databases import OWNER
from shuniu.config.postgres import PostgresRefused


def main() -> int:
    """Prepare the volume, then measure in a process of its own, which sees the database as shuniu_app."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="只测这些项目（按名称开头），不写则全部")
    parser.add_argument("--size", choices=list(SIZES), default="full")
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    try:
        with volume(SIZES[asked.size], os.environ.get("SHUNIU_DATABASE_URL", "")) as (cluster, name):
            command = [
                sys.executable, "-m", "benchmarks.measuring", asked.size, str(asked.rounds), *asked.names
            ]  # fmt: skip
            surroundings = surroundings_of(cluster, name) | {
                "SHUNIU_BENCH_OWNER_URL": cluster.url(OWNER, name)
            }
            return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode
    except PostgresRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
