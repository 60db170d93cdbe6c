"""表样: a union puts its own version of a form in the place of the document's, or gives that one back."""

from __future__ import annotations

from django.db import transaction

from shuniu import policy
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.library import queries, rules
from shuniu.library.models import OwnTemplate
from shuniu.unions.queries import union_of


def _template(key: str, template: str) -> tuple[policy.Document, policy.Template]:
    law = queries.law_of_key(key)
    found = next((each for each in law.templates if each.key == template), None) if law is not None else None
    if law is None or found is None:
        raise Refused(refuse("library.no_template"))
    return law, found


@transaction.atomic
def revise_template(*, by: Who, key: str, template: str, received: Received) -> OwnTemplate:
    """F1, C4: from now on this version is offered for download where the union works under the document."""
    law, found = _template(key, template)
    require(rules.may_revise(by, law))
    union = union_of(by.union_id or 0)
    assert by.person is not None
    file = files.attach(by=by, received=received, owner=f"library.template:{key}")
    row = OwnTemplate.objects.create(key=key, template=template, union=union, file=file, added_by=by.person)
    journal.record(
        by=by, verb="library.revise_template", subject=row, union_id=union.pk, clause=found.clause,
        text=f"上传本单位修订的表样“{found.label}”：{received.name}", facts={"sha256": received.sha256},
    )  # fmt: skip
    return row


@transaction.atomic
def restore_template(*, by: Who, key: str, template: str) -> OwnTemplate:
    """F1, C4: the document's own form is offered again; what was uploaded stays in the record."""
    law, found = _template(key, template)
    require(rules.may_restore(by, law, found))
    assert by.person is not None
    row = OwnTemplate.objects.create(
        key=key, template=template, union_id=by.union_id or 0, added_by=by.person
    )
    journal.record(
        by=by, verb="library.restore_template", subject=row, union_id=row.union_id, clause=found.clause,
        text=f"表样“{found.label}”恢复为制度所带的文本",
    )  # fmt: skip
    return row
