"""A platform that publishes adverse information, behind one port beside the Excel import (A5).

What it says takes the way of an uploaded list: read into a preview, confirmed by a clerk, written with its source.
"""

from __future__ import annotations

import datetime as dt
import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Protocol

from django.conf import settings

MOST_BYTES = 20 << 20
SECONDS = 20.0


class Unreadable(Exception):
    """The platform answered, but not with a list; the message says what was wrong with it."""


@dataclass(frozen=True)
class Published:
    """A list as the platform has it: header of the template → text, line by line."""

    source: str  # whose list, as every fact will say
    as_of: dt.date
    lines: Sequence[Mapping[str, str]]


class AdverseSource(Protocol):
    """The port. `fetch` raises OSError where nothing could be had, Unreadable where it is no list."""

    def fetch(self) -> Published: ...


class JsonList:
    """An address that answers GET with {"source", "as_of", "records": [{column of the template: text}]}."""

    def __init__(self, endpoint: str, timeout: float = SECONDS) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise ValueError("the platform's address must be http or https")
        self.endpoint = endpoint
        self.timeout = timeout

    def fetch(self) -> Published:
        request = urllib.request.Request(self.endpoint, headers={"Accept": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:  # noqa: S310 - the scheme was checked
                body = answer.read(MOST_BYTES + 1)
        except HTTPException as problem:
            raise OSError(str(problem)) from problem
        if len(body) > MOST_BYTES:
            raise Unreadable(f"名录超过 {MOST_BYTES >> 20} MB")
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            raise Unreadable("答复不是 JSON") from None
        return _published(told)


def _published(told: object) -> Published:
    if not isinstance(told, dict) or not isinstance(told.get("records"), list):
        raise Unreadable("答复里没有 records")
    source = told.get("source")
    if not isinstance(source, str) or not source.strip():
        raise Unreadable("答复里没有 source（名录来源）")
    try:
        as_of = dt.date.fromisoformat(str(told.get("as_of")))
    except ValueError:
        raise Unreadable("答复里的 as_of（截至日期）不是 2026-03-05 的样子") from None
    lines = []
    for number, record in enumerate(told["records"], 1):
        if not isinstance(record, dict):
            raise Unreadable(f"records 第 {number} 条不是名称和内容的对照")
        lines.append({str(key): "" if value is None else str(value) for key, value in record.items()})
    return Published(source.strip()[:200], as_of, lines)


def adverse_source() -> AdverseSource | None:
    """The platform of this copy; None where none is set."""
    endpoint = settings.ENV.adverse_url
    return JsonList(endpoint) if endpoint else None


__all__ = ["AdverseSource", "JsonList", "Published", "Unreadable", "adverse_source"]
