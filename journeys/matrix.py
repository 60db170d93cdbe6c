"""The permission matrix's file (`matrix.toml`) and what a request came to, in the same words.

An outcome is one of: page (200, HTML), file (200, something else), done (204 or a redirect inside the product),
form (422, the form again), login (the way to the log-in page), or the status that refuses: 400, 403, 404, 405,
409, 410, 413.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from journeys.world import ACTORS, STAFF

FILE = Path(__file__).with_name("matrix.toml")
METHODS = ("GET", "POST")
INSIDE = frozenset({"page", "file", "done", "form"})
GROUPS: dict[str, tuple[str, ...]] = {
    "all": ACTORS,
    "members": tuple(a for a in ACTORS if a != "anonymous"),
    "staff": (*STAFF, "parent", "child", "sibling"),
    "office": STAFF,
    "unions": ("parent", "child", "sibling"),
    "organisations": ("owner", "member", "other"),
    "own": ("owner", "member"),
    "experts": ("expert", "other_expert"),
}
Row = dict[str, str]


def outcome(response: Any) -> str:
    """What an answer amounts to."""
    status = response.status_code
    if status in {301, 302, 303, 307}:
        return "login" if "/accounts/login/" in response["Location"] else "done"
    if status == 200:
        return "page" if response.get("Content-Type", "").startswith("text/html") else "file"
    if status == 401:
        return "login"
    return {204: "done", 422: "form"}.get(status, str(status))


def read() -> dict[str, dict[str, Row]]:
    """The file: label → method → actor → outcome."""
    told: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {label: {m: expand(row[m]) for m in METHODS} for label, row in told["address"].items()}


def strangers() -> dict[str, str]:
    """Addresses of an object that open for a stranger to it, with the reason."""
    told: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return dict(told["open"])


def expand(line: str) -> Row:
    """'page: clerk checker; 404: unions' → outcome of every actor; the rest: login for nobody, 403."""
    row = {actor: "login" if actor == "anonymous" else "403" for actor in ACTORS}
    for part in filter(None, (p.strip() for p in line.split(";"))):
        what, _, names = part.partition(":")
        for name in names.split():
            for actor in GROUPS.get(name, (name,)):
                if actor not in row:
                    raise ValueError(f"nobody is called {actor}: {line}")
                row[actor] = what
    return row


def line(row: Mapping[str, str]) -> str:
    """The shortest line of groups and names that says it, most general first."""
    best = _line(row, {})
    for what in sorted(set(row.values())):
        wide = _line(row, {"members": what}) if row["anonymous"] != what else _line(row, {"all": what})
        best = min(best, wide, key=len)
    return best


def _line(row: Mapping[str, str], first: Mapping[str, str]) -> str:
    parts = [f"{what}: {group}" for group, what in first.items()]
    base = expand("; ".join(parts))
    wanted: dict[str, list[str]] = {}
    for actor in ACTORS:
        if row[actor] != base[actor]:
            wanted.setdefault(row[actor], []).append(actor)
    for what, actors in wanted.items():
        parts.append(f"{what}: {' '.join(_grouped(actors))}")
    return "; ".join(parts)


def _grouped(actors: Iterable[str]) -> list[str]:
    left, words = list(actors), []
    for group in ("members", "staff", "office", "unions", "organisations", "own", "experts"):
        if all(a in left for a in GROUPS[group]):
            words.append(group)
            left = [a for a in left if a not in GROUPS[group]]
    return words + left


def entry(label: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    """The entry as it stands in the file."""
    body = ", ".join(f'{method} = "{line(rows[method])}"' for method in METHODS)
    return f'"{label}" = {{ {body} }}'
