"""The self-assessment as its page shows it: each row with its fields, its files and what is asked about a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from shuniu.calls import evidence, self_assessment
from shuniu.calls.forms.evidence import SaidForm
from shuniu.calls.models import Application
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of


def rows_of(application: Application, form: Form, refused: Mapping[str, Any]) -> dict[str, Any]:
    """{assessment, rows, removed}; `refused`: row → the form about its file that was refused."""
    found = self_assessment.assess(application, clock.today())
    if found is None:
        return {}
    law = policy_of(application.call.document)
    rows = []
    for each in self_assessment.rows(application, found):
        key = each.item.key
        rows.append(
            {
                "row": each,
                "points": form[f"points_{key}"] if f"points_{key}" in form.fields else None,
                "note": form[f"note_{key}"] if f"note_{key}" in form.fields else None,
                "said": refused.get(key) or SaidForm(evidence.fields_of(law, each.item), prefix=key),
            }
        )
    removed = application.evidence.filter(attachment__removed_at__isnull=False).select_related("attachment")
    return {"assessment": found, "rows": rows, "removed": list(removed)}
