"""证书: the paper of a recognition, made after the act and printed anew on request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction

from shuniu.foundation.access import Who, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.papers.actions import issue
from shuniu.foundation.papers.codes import qr_svg
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.ui.formats import day_cn
from shuniu.library.queries import policy_of
from shuniu.recognition import rules
from shuniu.recognition.actions.common import lock, note
from shuniu.recognition.models import Recognition
from shuniu.registry.queries import people_of

TEMPLATE = "recognition/typst/certificate.typ"


def verify_url(row: Recognition) -> str:
    """The address in the QR code."""
    return f"{settings.PUBLIC_URL}/verify/{row.verify_code}/"


def _printed(row: Recognition) -> dict[str, Any]:
    law = policy_of(row.document)
    return {
        "name": row.organisation.name,
        "code": row.organisation.code or "--",
        "honour": law.outcome.label if law.outcome else row.category_label,
        "law": law.title,
        "way": "经遴选、公示" if any(stage.kind == "publicity" for stage in law.stages) else "经遴选",
        "category": row.category_label,
        "directions": "、".join(row.directions) or "--",
        "period": f"{day_cn(row.first_day)}至{day_cn(row.last_day)}",
        "certificate": row.certificate_no,
        "decision": row.decision,
        "signer": row.union.name,
        "date": day_cn(row.decided_on),
        "anew": day_cn(clock.today()) if row.paper_id else "",  # the one before is void
        "check": {"svg": qr_svg(verify_url(row)), "words": "扫码核验"},
    }


def _issue(row: Recognition, *, by: Who) -> Paper:
    return issue(
        by=by, union=row.union, kind="recognition.certificate",
        title=f"认定证书 {row.certificate_no} {row.organisation.name}", template=TEMPLATE,
        data=_printed(row), with_number=False, about=(row, row.organisation), replaces=row.paper,
    )  # fmt: skip


def print_anew(row: Recognition, *, by: Who) -> None:
    """The certificate of a locked recognition as it is now; the one before is replaced, not changed."""
    row.paper = _issue(row, by=by)
    row.save(update_fields=["paper"])


@transaction.atomic
def issue_certificate(*, recognition_id: int) -> Recognition:
    """第五条（六）: the certificate of a recognition, once; the job behind `grant` calls it."""
    row = lock(recognition_id)
    if row.paper_id is None:
        row.paper = _issue(row, by=system("认定后制作证书"))
        row.save(update_fields=["paper"])
    return row


@transaction.atomic
def reissue(*, by: Who, recognition_id: int, reason: str) -> Recognition:
    """本办法未规定: print the certificate anew (lost, renamed, misprinted); number and period stay."""
    row = lock(recognition_id)
    require(rules.may_reissue(by, row, reason))
    print_anew(row, by=by)
    note(row, by=by, verb="reissue", text=f"重新制发证书：{reason}", reason=reason)
    tell(
        people_of(row.organisation_id),
        title=f"证书已重新制发：{row.category_label}",
        body=f"编号 {row.certificate_no} 和有效期不变，以新制发的为准。理由：{reason}",
        kind="recognition.reissued",
        url=f"/certificates/{row.pk}/",
    )
    return row
