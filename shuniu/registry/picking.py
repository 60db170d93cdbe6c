"""Naming an organisation in a form: by its code, or by its name as far as it means one."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu.foundation.access import Who
from shuniu.registry.models import Organisation
from shuniu.registry.queries import organisation_by_code, organisations_visible_to, search

_SHOWN = 5
HINT = "名称或统一社会信用代码；名称写几个字，只有一家时也行"


def organisation_field(label: str) -> forms.CharField:
    """A field for the words that `organisation_meant` understands; `label` says what the organisation is here."""
    return forms.CharField(
        label=label, max_length=100, help_text=HINT, error_messages={"required": f"请填写{label}。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def organisation_meant(who: Who, text: str) -> Organisation:
    """The one organisation of the asker's registry that is meant; ValidationError names those that could be."""
    visible = organisations_visible_to(who)
    known = organisation_by_code(text)
    if known is not None and (found := visible.filter(pk=known.pk).first()) is not None:
        return found
    hits = search(who, text, limit=_SHOWN + 1)
    hits = [hit for hit in hits if hit.name == text.strip()] or hits
    if len(hits) == 1:
        return visible.get(pk=hits[0].pk)
    if not hits:
        raise forms.ValidationError(
            "社会组织库里没有这个名称或代码。请核对，或先在社会组织库登记。", code="unknown"
        )
    named = "、".join(hit.name for hit in hits[:_SHOWN])
    more = "等" if len(hits) > _SHOWN else ""
    raise forms.ValidationError(f"不止一家：{named}{more}。请写全称或统一社会信用代码。", code="several")


def meant_into(form: forms.Form, who: Who, name: str, data: dict[str, Any]) -> Organisation | None:
    """Take the words of the field `name` out of `data`: the organisation, or None with the reason at the field."""
    try:
        return organisation_meant(who, str(data.pop(name)))
    except forms.ValidationError as problem:
        form.add_error(name, problem)
        return None
