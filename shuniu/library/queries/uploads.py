"""Reads of folders on their way in, of what was published here, and of who adopted it."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.library.models import Release, Upload
from shuniu.library.queries.documents import WHOLE_FOLDERS, law_of_key, laws, newest_releases, policy_of
from shuniu.library.unpacking import make_zip
from shuniu.policy import skeleton
from shuniu.policy.explain import explain
from shuniu.unions.queries import descendant_ids

READERS = ("sec_admin", "checker", "leader")
"""Whoever prepares a document and whoever may confirm it."""


def uploads_visible_to(who: Who) -> QuerySet[Upload]:
    """The folders of the asker's own union."""
    rows = Upload.objects.select_related(
        "union", "made_by", "proposed_by", "decided_by", "base", "file__blob"
    )
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def uploads_waiting(who: Who) -> QuerySet[Upload]:
    """What waits for a second person of the asker's union, the oldest first."""
    rows = uploads_visible_to(who).filter(state=Upload.State.PROPOSED)
    return rows.order_by("proposed_at", "id").defer("files", "explained", "cases", "base__files")


def newest_release(key: str) -> Release | None:
    """What was last published here under a key."""
    rows = Release.objects.filter(key=key).select_related("document", "union", "base")
    return rows.defer(*WHOLE_FOLDERS).first()


def adoptions_below(who: Who, key: str) -> list[Release]:
    """Who adopted a document, among the asker's union and those below it; the newest version of each."""
    if who.union_id is None:
        return []
    rows = Release.objects.filter(base__key=key, union__in=descendant_ids(who.union_id))
    newest = rows.order_by("key", "-id").distinct("key").select_related("document", "union", "base")
    return sorted(newest.defer(*WHOLE_FOLDERS), key=lambda row: row.published_at)


@dataclass(frozen=True)
class Shelved:
    """One document of the list."""

    law: policy.Document
    release: Release | None
    adoptions: int


def shelf(who: Who) -> list[Shelved]:
    """Every document in its newest version, with how many unions below the asker's adopted it."""
    releases = newest_releases()
    below = set(descendant_ids(who.union_id)) if who.union_id is not None else set()
    adopted: dict[str, set[int]] = {}
    for release in releases.values():
        if release.base is not None and release.union_id in below:
            adopted.setdefault(release.base.key, set()).add(release.union_id)
    return [Shelved(law, releases.get(law.key), len(adopted.get(law.key, ()))) for law in laws()]


@dataclass
class Section:
    """A part of the plain explanation: its lines, each with what is said under it."""

    title: str
    lines: list[tuple[str, list[str]]]


def understood(explained: str) -> list[Section]:
    """The plain explanation as it is read on a page: its 【headings】, its lines, and what is indented under them."""
    found = [Section("", [])]
    for line in explained.splitlines():
        text = line.strip().removeprefix("- ")
        if text.startswith("【") and text.endswith("】"):
            found.append(Section(text[1:-1], []))
        elif line.startswith("    ") and found[-1].lines:
            found[-1].lines[-1][1].append(text)
        elif text:
            found[-1].lines.append((text, []))
    return [each for each in found if each.lines]


@dataclass(frozen=True)
class Difference:
    """Lines of the plain explanation that went and that came."""

    against: str
    lines: Sequence[tuple[bool, str]]  # whether it came, what it says; in the order of the document


def difference(upload: Upload) -> Difference | None:
    """Against the upper document that it adopts, else against the version in use; None for a first version."""
    if not upload.explained:
        return None
    law = policy_of(upload.base) if upload.base is not None else law_of_key(upload.key)
    if law is None or law.digest == upload.digest:
        return None
    # The first line names the document itself; that it is another version is said above.
    before, after = explain(law).splitlines()[1:], upload.explained.splitlines()[1:]
    lines = [
        line for line in difflib.ndiff(before, after)
        if line[:2] in ("- ", "+ ") and line[2:].strip() and not line[2:].startswith("校验值")
    ]  # fmt: skip
    said = [(line[0] == "+", line[2:].strip().removeprefix("- ")) for line in lines]
    return Difference(f"《{law.title}》{law.version} 版", said)


def authors_pack() -> bytes:
    """B6: what an author needs, as one zip: the guide, the format with the editors' schemas, a folder to begin with."""
    docs = Path(settings.ROOT) / "docs"
    names = [
        "policy-authoring.md",
        "policy-format.md",
        *(f"schema/{p.name}" for p in (docs / "schema").glob("*.json")),
    ]
    with tempfile.TemporaryDirectory() as scratch:
        sample = skeleton.write(Path(scratch) / "sample-2026")
        files = {f"sample-2026/{path.name}": path.read_bytes() for path in sample}
    return make_zip(files | {name: (docs / name).read_bytes() for name in names})
