"""The scanner's job, and the sweeps behind it."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from shuniu.foundation.files import actions
from shuniu.foundation.jobs import NIGHTLY, job, sweep


@job(actions.SCAN_JOB)
def scan(blob_id: int) -> None:
    """Judge one new file."""
    actions.scan(blob_id=blob_id)


@sweep("files.scan_waiting")
def scan_waiting() -> int:
    """Judge what the job left waiting, because the scanner was silent."""
    return actions.scan_waiting()


@sweep("files.tidy_incoming", NIGHTLY)
def tidy_incoming() -> int:
    """Delete half-received files of processes that were killed, after a day."""
    folder = Path(settings.FILES_ROOT) / "incoming"
    # The age of a file is told by the clock that stamped it, the file system's.
    old = [p for p in folder.glob("*") if time.time() - p.stat().st_mtime > 86_400] if folder.exists() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
