"""Reads of the forms that a document names: as it gives them, or as a union revised them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from shuniu import policy
from shuniu.library.models import Document, OwnTemplate
from shuniu.library.queries.documents import folder
from shuniu.library.unpacking import unpacked
from shuniu.unions.queries import ancestor_ids


@dataclass(frozen=True)
class Offered:
    """A form, and the version that counts for a union: its own or one of a union above it, else the document's."""

    law: policy.Document
    template: policy.Template
    own: OwnTemplate | None

    @property
    def whose(self) -> str:
        """Who wrote this version, in words."""
        if self.own is not None:
            return f"{self.own.union.name}修订"
        return "本系统拟定" if self.template.ours else "制度所附"


def templates_for(law: policy.Document, union_id: int | None) -> list[Offered]:
    """The forms of a document as they count for a union, in one query; no query where it names none."""
    if not law.templates:
        return []
    above = ancestor_ids(union_id) if union_id is not None else []
    newest: dict[tuple[str, int], OwnTemplate] = {}
    rows = OwnTemplate.objects.filter(key__in=_keys(law), union__in=above).select_related(
        "union", "file__blob"
    )
    for row in rows.order_by("template", "union_id", "-id").distinct("template", "union_id"):
        newest[row.template, row.union_id] = row
    return [Offered(law, each, _nearest(newest, each.key, above)) for each in law.templates]


def _keys(law: policy.Document) -> list[str]:
    """The document and, of one that adopts another, the upper one, whose revised forms hold below too."""
    return [law.key, *([law.extends.key] if law.extends else [])]


def _nearest(
    newest: dict[tuple[str, int], OwnTemplate], template: str, above: Sequence[int]
) -> OwnTemplate | None:
    for union_id in above:
        row = newest.get((template, union_id))
        if row is not None:
            return row if row.file_id is not None else None
    return None


def offered(law: policy.Document, key: str, union_id: int | None) -> Offered | None:
    """One of them by its key."""
    return next((each for each in templates_for(law, union_id) if each.template.key == key), None)


def versions_of(law: policy.Document, template: policy.Template, union_id: int) -> list[OwnTemplate]:
    """What a union uploaded for a form, newest first."""
    rows = OwnTemplate.objects.filter(key=law.key, template=template.key, union_id=union_id)
    return list(rows.select_related("union", "file__blob", "added_by"))


def content_of(law: policy.Document, template: policy.Template) -> bytes | None:
    """The bytes that the document's folder holds for a form; None where a score sheet is all there is."""
    if not template.file:
        return None
    stored = Document.objects.filter(digest=law.digest).first()
    if stored is not None:
        return unpacked(stored.files).get(template.file)
    return (folder() / law.key / PurePosixPath(template.file)).read_bytes()
