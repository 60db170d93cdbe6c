"""Jobs and sweeps of the lists."""

from __future__ import annotations

from uuid import UUID

from shuniu.foundation.jobs import job, sweep
from shuniu.foundation.ui.lists import actions


@job("ui.export")
def make_export(export_id: str) -> None:
    """Write one large export."""
    actions.make_export(UUID(export_id))


@sweep("ui.clear_exports", cron="23 * * * *")
def clear_exports() -> int:
    """Delete exports that are older than a day."""
    return actions.clear_exports()
