"""采用: a lower union takes an upper document with its own numbers; the folder is written for it."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from shuniu import policy
from shuniu.foundation.access import Who, require
from shuniu.foundation.files import kinds, receiving
from shuniu.library import rules
from shuniu.library.actions import uploads
from shuniu.library.actions.storing import store
from shuniu.library.models import Document, Release, Upload
from shuniu.library.queries import policy_of
from shuniu.library.unpacking import make_zip, unpacked
from shuniu.unions.models import Union
from shuniu.unions.queries import union_of

NOTICE = "采用通知"


@dataclass(frozen=True)
class Local:
    """What the lower union says itself: title, days, numbers by path, open points that it settles by key."""

    title: str
    issued: dt.date
    effective: dt.date
    numbers: Mapping[str, int | Decimal] = field(default_factory=dict)
    settled: Mapping[str, str | int] = field(default_factory=dict)


def adopt(*, by: Who, key: str, local: Local) -> Upload:
    """B6: an upload as `upload` would make it, from the upper document in use and the union's own words.

    Nothing is in force before it is proposed and confirmed like any other.
    """
    union = union_of(by.union_id or 0)
    with transaction.atomic():
        require(rules.may_upload(by))
        base = store(by=by, key=key)
        law = policy_of(base)
        require(rules.may_adopt(by, union, law))
    received = receiving.receive(
        io.BytesIO(make_zip(_files(union, base, law, local))), name=f"采用《{law.title}》.zip"[-120:],
        allowed=frozenset({"zip"}), max_bytes=kinds.DEFAULT_MAX_BYTES,
    )  # fmt: skip
    return uploads.upload(by=by, received=received)


def _files(union: Union, base: Document, law: policy.Document, local: Local) -> dict[str, bytes]:
    carried = {f"base/{name}": content for name, content in unpacked(base.files).items()}
    return {"document.yaml": _text(union, base, law, local).encode(), **carried}


def key_of(union: Union, law: policy.Document) -> str:
    """Under which key a union adopts a document: the same at every version."""
    return f"{law.key[:50]}-u{union.pk}"


def _text(union: Union, base: Document, law: policy.Document, local: Local) -> str:
    version = str(Release.objects.filter(key=key_of(union, law)).count() + 1)
    own = f"{union.name}采用《{law.title}》{law.version} 版，并确定由本会确定的数值。"
    lines = [
        "format: 1",
        f"extends: {{key: {_said(base.key)}, version: {_said(base.version)}, digest: {_said(base.digest)}}}",
        f"key: {key_of(union, law)}",
        f"version: {_said(version)}",
        f"title: {_said(local.title)}",
        f"short: {_said(_short(union, law))}",
        f"issued: {local.issued:%Y-%m-%d}",
        f"effective: {{from: {local.effective:%Y-%m-%d}, clause: {NOTICE}}}",
        f"issuer: {{name: {_said(union.name)}, level: {union.level}, clause: {NOTICE}, may_open: [{union.level}]}}",
        "clauses:",
        f"  - {{number: {NOTICE}, words: {_said(own)}, kind: definition, does: 其余按上级制度执行。}}",
    ]
    if local.settled:
        lines.append("stated:")
    for key, value in local.settled.items():
        point = law.open_point(key)
        label, unit = (point.label, point.unit) if point else (key, "")
        more = f", unit: {_said(unit)}" if unit else ""
        lines.append(
            f"  - {{key: {key}, clause: {NOTICE}, label: {_said(label)}, value: {_said(value)}{more}}}"
        )
    if local.numbers:
        lines.append("local:")
        lines += [f"  {path}: {number}" for path, number in local.numbers.items()]
    return "\n".join(lines) + "\n"


def _short(union: Union, law: policy.Document) -> str:
    """The upper document's short name with the union's, where twenty characters hold both."""
    said = f"{law.short}（{union.short_name or union.name}）"
    return said if len(said) <= 20 else law.short[:20]


def _said(value: str | int) -> str:
    """A JSON string is a YAML string, whatever stands in it."""
    return json.dumps(value, ensure_ascii=False)
