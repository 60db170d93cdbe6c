"""The union's own copy of the paper: read in a child process, split into its clauses by its own numbering."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.files import actions as files
from shuniu.foundation.files import limited
from shuniu.foundation.files.models import Blob
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.library import queries, rules
from shuniu.library.models import Paper
from shuniu.policy.paper import split
from shuniu.unions.queries import union_of

_SECONDS = 20
_MEMORY = 512 * limited.MIB


def attach_paper(*, by: Who, key: str, received: Received) -> Paper:
    """B2: attach txt, docx or pdf; what its numbering lacks is kept beside it, nothing is renumbered.

    Raises Refused("library.no_words") for a scan, "library.no_clauses" for what is not numbered as a paper is.
    """
    law = queries.law_of_key(key)
    if law is None:
        raise Refused(refuse("library.no_law", key=key))
    union = union_of(by.union_id or 0)
    require(rules.may_attach(by, union, law))
    paper = split(_text(received))
    numbered = [clause for clause in paper.clauses if any(c in "一二三四五六七八九十" for c in clause.number)]
    if not numbered:
        raise Refused(refuse("library.no_clauses", name=received.name))
    assert by.person is not None
    with transaction.atomic():
        file = files.attach(by=by, received=received, owner=f"library.paper:{key}")
        row = Paper.objects.create(
            key=key, union=union, file=file, added_by=by.person,
            clauses=[
                {"number": c.number, "text": c.text, "line": c.line, "title_only": c.title_only} for c in paper.clauses
            ],
            damages=[{"line": d.line, "words": d.words} for d in paper.damages],
        )  # fmt: skip
        journal.record(
            by=by, verb="library.attach_paper", subject=row, union_id=union.pk,
            text=f"上传《{law.title}》原文“{received.name}”，读出 {len(paper.clauses)} 条",
            facts={"sha256": received.sha256, "clauses": len(paper.clauses), "damages": len(paper.damages)},
        )  # fmt: skip
    return row


def _text(received: Received) -> str:
    try:
        found: dict[str, Any] = limited.call(
            "shuniu.policy.reading:text",
            {"path": str(Blob(sha256=received.sha256).path), "kind": received.kind},
            timeout=_SECONDS, memory=_MEMORY,
        )  # fmt: skip
    except limited.Limited as stopped:
        raise Refused(refuse("library.too_complex", name=received.name)) from stopped
    text: str = found["text"]
    if not text.strip():
        raise Refused(refuse("library.no_words", name=received.name))
    return text
