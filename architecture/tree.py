"""The staircase of slices, and the files that stand on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Low to high; what stands on one step does not know its neighbours. The same as in .importlinter.
STAIRCASE = (
    ("policy",),
    ("foundation",),
    ("unions",),
    ("registry",),
    ("library",),
    ("surveys",),
    ("recognition",),
    ("calls", "needs", "network"),
    ("funds",),
    ("projects",),
    ("portal", "insight"),
    ("config",),
)
STEP = {name: height for height, names in enumerate(STAIRCASE) for name in names}
REASON = "Long because"  # a comment that begins so excuses one long file, function or template


def slice_of_path(path: Path) -> str:
    """The slice that a file below shuniu/ belongs to."""
    return path.relative_to(ROOT / "shuniu").parts[0]


def slice_of_module(module: str) -> str:
    """The slice of a dotted name; libraries' modules count as foundation."""
    parts = module.split(".")
    return parts[1] if parts[0] == "shuniu" and len(parts) > 1 else "foundation"


def may_know(higher: str, lower: str) -> bool:
    """Whether slice `higher` may know `lower`: itself, or what stands on a lower step."""
    return higher == lower or STEP[lower] < STEP[higher]


def python_files(*, tests: bool = True) -> Iterator[Path]:
    """Every Python file of the product, without migrations."""
    for path in sorted((ROOT / "shuniu").rglob("*.py")):
        if "migrations" not in path.parts and (tests or "tests" not in path.parts):
            yield path


def templates() -> list[Path]:
    """Every HTML template of the product."""
    return sorted(path for path in (ROOT / "shuniu").rglob("*.html") if "templates" in path.parts)


@cache
def text(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(text(path))


def shown(path: Path, line: int = 0) -> str:
    """A place in the words of a message."""
    return f"{path.relative_to(ROOT)}{f':{line}' if line else ''}"


def assert_none(found: list[str]) -> None:
    """Fail with every line of `found`."""
    assert not found, "\n" + "\n".join(found)
