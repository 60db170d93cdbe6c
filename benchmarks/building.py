"""`python -m benchmarks.building full`: fill an empty, migrated database, as shuniu_owner."""

from __future__ import annotations

import sys

import django

from benchmarks.volume_size import SIZES


def main() -> None:
    """Build the volume of the size that the first argument names."""
    django.setup()
    from benchmarks.volume import build

    build(SIZES[sys.argv[1]], say=lambda text: print(text, flush=True))


if __name__ == "__main__":
    main()
