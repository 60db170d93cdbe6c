"""U20, two people and one record: the second one to save gets a page with both versions, and loses nothing.

The form carries what it was read with in a signed hidden field `seen` (`seal`); the action compares under its
lock (`require_unchanged`); the view answers `Refused("version.changed")` with `clash`, 409 and the part
`ui/parts/both.html`. Where only the colleague changed a field, the page takes the colleague's words over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core import signing
from django.db.models import Model
from django.forms import BaseForm, BooleanField, ChoiceField
from django.http import HttpRequest, QueryDict

from shuniu.foundation.access import Refused, refuse, register_refusals

register_refusals(
    {
        "version.changed": (
            "您打开这一页以后，有人改过这条记录，您的修改还没有保存。请对照两个版本，核对后再次保存。"
        ),
    }
)

_SALT = "ui.versions"


@dataclass(frozen=True)
class Clash:
    """What the page of the second saver shows, and what its form is filled with."""

    rows: list[dict[str, str]]  # label, before, theirs, mine: of every field that somebody changed
    data: QueryDict


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, list | tuple):
        return "\n".join(sorted(_word(v) for v in value))
    return str(value).replace("\r\n", "\n").strip()


def seal(values: Mapping[str, object]) -> str:
    """The values that a form is read with, for its hidden field `seen`."""
    return signing.dumps({name: _word(value) for name, value in values.items()}, salt=_SALT, compress=True)


def _unsealed(seen: str) -> dict[str, str] | None:
    try:
        found: dict[str, str] = signing.loads(seen, salt=_SALT)
    except signing.BadSignature:
        return None
    return found


def require_unchanged(seen: str | None, now: Mapping[str, object]) -> None:
    """Refused("version.changed") unless the record still says what the form was read with.

    `seen` None: nothing was read before, as when one act calls another.
    """
    if seen is not None and _unsealed(seen) != {name: _word(value) for name, value in now.items()}:
        raise Refused(refuse("version.changed"))


def clash(form: BaseForm, seen: str, theirs: Mapping[str, object]) -> Clash:
    """Both versions of a bound form whose record was changed meanwhile to `theirs`.

    Without a readable `seen` nobody knows what it was before: then every difference is shown.
    """
    base = _unsealed(seen)
    data = QueryDict(mutable=True)
    for name, values in dict(form.data).items():
        data.setlist(name, values if isinstance(values, list) else [values])
    rows = []
    for name, value in theirs.items():
        named = next((n for n in (name, f"{name}_") if n in form.fields), None)  # `fields_`: Django's word
        if named is None:
            continue
        bound = form[named]
        sent = bound.html_name
        mine, now = _word(data.getlist(sent) if len(data.getlist(sent)) > 1 else data.get(sent)), _word(value)
        before = "" if base is None else base.get(name, now)
        if mine == now or (base is not None and before == now):
            continue
        if base is not None and mine == before:  # untouched here: the colleague's words stand
            data.pop(sent, None)
            if now:
                data.setlist(sent, now.split("\n") if isinstance(value, list | tuple) else [now])
        said = {"before": before, "theirs": now, "mine": mine if base is None or mine != before else ""}
        rows.append({"label": str(bound.label)} | {k: _shown(bound.field, v) for k, v in said.items()})
    return Clash(rows, data)


def reading(request: HttpRequest, now: Mapping[str, object]) -> dict[str, Any]:
    """For the context of a page whose form was read with `now`."""
    return {"seen": request.POST.get("seen") or seal(now), "fresh_url": request.path}


def conflict(
    request: HttpRequest, found: Clash, now: Mapping[str, object], refused: Refused
) -> dict[str, Any]:
    """For the context of the page with both versions; sent again, its form stands against `now`."""
    return {
        "both": found.rows, "refusal": refused.verdict.said, "seen": seal(now), "fresh_url": request.path,
    }  # fmt: skip


def _shown(field: Any, word: str) -> str:
    if isinstance(field, BooleanField):
        return "是" if word else "否"
    if isinstance(field, ChoiceField):
        labels = {
            str(k): str(v) for k, v in list(cast(Any, field.choices)) if not isinstance(v, list | tuple)
        }
        return "、".join(labels.get(part, part) for part in word.split("\n")) if word else ""
    return word


__all__ = ["Clash", "clash", "conflict", "reading", "require_unchanged", "seal"]
