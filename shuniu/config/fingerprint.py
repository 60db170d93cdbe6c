"""One value that changes when any of some files changes: says whether work done before must be done again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

# What decides how the tables look and what the migrations put in.
SCHEMA = (
    "shuniu/**/migrations/**/*",
    "shuniu/**/truths.py",
    "shuniu/**/*.sql",
    "shuniu/**/apps.py",
    "shuniu/config/migrating.py",
    "shuniu/config/settings.py",
    "shuniu/config/environment.py",
    "requirements/run.txt",
)
# What decides who may do what to the tables.
GRANTS = ("shuniu/**/models.py", "shuniu/**/models/**/*.py", "shuniu/**/grants.py")


def fingerprint(root: Path, patterns: Iterable[str], *also: str) -> str:
    """Hex digest over names and contents of the files below `root` that match, and over `also`."""
    digest = hashlib.sha256("\0".join(also).encode())
    found = {path for pattern in patterns for path in root.glob(pattern)}
    for path in sorted(found):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def has_command(root: Path, name: str) -> bool:
    """Whether some slice brings `manage.py name`; asked without the cost of starting Django."""
    return any(root.glob(f"shuniu/**/management/commands/{name}.py"))
