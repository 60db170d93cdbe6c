"""The forms that a document names, where somebody has to fill them in."""

from __future__ import annotations

from typing import Any

from django import template

from shuniu.library.models import Document
from shuniu.library.queries import policy_of, templates_for

register = template.Library()


@register.inclusion_tag("library/parts/forms_of.html")
def forms_of(document_id: int, union_id: int, kind: str = "mt-l") -> dict[str, Any]:
    """`{% forms_of call.document_id call.union_id %}`: each form as it counts for that union; `kind`: classes."""
    document = Document.objects.defer("files").get(pk=document_id)  # parsed once per process
    rows = templates_for(policy_of(document), union_id)
    return {"rows": rows, "document": document, "union_id": union_id, "kind": kind}
