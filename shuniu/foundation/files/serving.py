"""Handing out a file behind its owner's page. Each slice has its own URL and has decided who may read."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils.http import content_disposition_header

from shuniu.foundation.access import NOBODY, Refused, refuse, require
from shuniu.foundation.files import rules
from shuniu.foundation.files.kinds import SHOWN_IN_PAGE
from shuniu.foundation.files.models import Attachment, Blob

# Older browsers start no PDF viewer in a sandbox; the answer may load nothing and stands in our frames only.
_SHOWN = "default-src 'none'; frame-ancestors 'self'"
_SAVED = "default-src 'none'; sandbox; frame-ancestors 'none'"


def can_be_shown(attachment: Attachment) -> bool:
    """Whether the page offers a preview: PDF and pictures that have left quarantine."""
    return attachment.blob.content_type in SHOWN_IN_PAGE and bool(rules.may_hand_out(NOBODY, attachment))


def response(attachment: Attachment, *, inline: bool = False) -> FileResponse:
    """The bytes, streamed, with headers that let a browser do nothing else with them.

    `inline` shows PDF, PNG and JPEG in the page (also in a frame of our own); everything else is saved.
    Http404 for a removed file; Refused (409 through the middleware) while it is in quarantine, infected or
    lost.
    """
    if attachment.removed_at is not None:
        raise Http404
    require(rules.may_hand_out(NOBODY, attachment))
    return bytes_of(attachment.blob, attachment.name, inline=inline)


def bytes_of(blob: Blob, name: str, *, inline: bool = False) -> FileResponse:
    """The same for bytes that the product made itself (an issued paper); the caller has judged everything."""
    try:
        file = blob.path.open("rb")
    except FileNotFoundError as gone:
        raise Refused(refuse("files.lost", name=name)) from gone
    shown = inline and blob.content_type in SHOWN_IN_PAGE
    answer = FileResponse(file, content_type=blob.content_type)
    answer["Content-Length"] = str(blob.size)
    answer["Content-Disposition"] = content_disposition_header(not shown, name) or "attachment"
    answer["Content-Security-Policy"] = _SHOWN if shown else _SAVED
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Frame-Options"] = "SAMEORIGIN" if shown else "DENY"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer
