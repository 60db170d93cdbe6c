"""Issuing a paper: number, PDF, digest and journal entry in one act. What was issued is never changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import models, transaction

from shuniu.foundation.access import Who, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.papers import rendering, rules, words
from shuniu.foundation.papers.models import Paper, PaperNumber


class Issuer(Protocol):
    """A union, as far as a paper knows it."""

    pk: int
    name: str
    paper_code: str


@transaction.atomic
def issue(
    *,
    by: Who,
    union: Issuer,
    kind: str,
    title: str,
    template: str,
    data: dict[str, Any],
    with_number: bool,
    about: Iterable[models.Model | str] = (),
    clause: str = "",
    replaces: Paper | None = None,
) -> Paper:
    """R5, L1: issue a paper of `union`: `template` with `data`, stored as PDF/A under its digest.

    The template finds `title` and, with `with_number`, `number` (望工办〔2026〕12号) among its data. Numbers
    run per union, 机关代字 and year without a gap: the counter is locked until the act is committed, and an
    act that fails gives its number back. `about`: records whose 时间线 shows the paper; `replaces`: the paper
    that this one corrects. Refused `papers.*`; MissingFont, BadTemplate as `rendering.render`.
    """
    require(rules.is_titled(title))
    year, sequence, number = clock.today().year, None, ""
    if with_number:
        require(rules.may_be_numbered(union.name, union.paper_code))
        sequence = _next(union, year)
        number = words.document_number(union.paper_code, year, sequence)
    printed = data | {"title": title} | ({"number": number} if number else {})
    pdf = rendering.render(template, printed)
    plain_title = title.replace("\n", "")
    blob = files.keep(data=pdf, kind="pdf", name=plain_title)
    paper = Paper.objects.create(
        union_id=union.pk, kind=kind, code=union.paper_code if number else "", year=year, sequence=sequence,
        number=number, title=plain_title, template=template, data=printed, pdf=blob, sha256=blob.sha256,
        replaces=replaces, issued_by=by.person,
    )  # fmt: skip
    paper.refresh_from_db(fields=["issued_at"])
    journal.record(
        by=by, verb="issue_paper", subject=paper, also=about, clause=clause, union_id=union.pk,
        text=f"签发{number}《{plain_title}》" + (f"，更正《{replaces.title}》" if replaces else ""),
        facts={"sha256": blob.sha256, "kind": kind, "number": number},
    )  # fmt: skip
    return paper


def _next(union: Issuer, year: int) -> int:
    key: dict[str, Any] = {"union_id": union.pk, "code": union.paper_code, "year": year}
    PaperNumber.objects.get_or_create(**key)
    counter = PaperNumber.objects.select_for_update().get(**key)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last
