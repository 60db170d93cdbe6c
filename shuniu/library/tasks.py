"""Jobs of the library: ids in, one action out."""

from __future__ import annotations

from shuniu.foundation.jobs import job
from shuniu.library.actions import compute_impact


@job("library.impact")
def impact(impact_id: int) -> None:
    """An estimate; a second run finds it made."""
    compute_impact(impact_id=impact_id)
