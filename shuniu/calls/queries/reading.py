"""Who may read an application's files: one function for every door to them."""

from __future__ import annotations

from shuniu.calls.models import Application, Evidence, Material
from shuniu.foundation.access import Who

DESK = ("clerk", "checker", "leader", "auditor")


def may_read_files(who: Who, application: Application) -> bool:
    """Its own organisation; the desk of the deciding union, and who recommends it, once it was submitted."""
    if who.organisation_id is not None:
        return who.organisation_id == application.organisation_id
    if who.union_id not in (application.call.union_id, application.desk_id, application.recommender_id):
        return False
    # Experts have a door of their own (calls.views.scoring), behind declaration and recusal.
    return who.role in DESK and application.submitted_at is not None


def material_for(who: Who, material_id: int) -> Material | None:
    """The file with its application, if the asker may read it now; None for everybody else."""
    row = (
        Material.objects.select_related("application__call", "attachment__blob", "item")
        .filter(pk=material_id)
        .first()
    )
    if row is None or not may_read_files(who, row.application):
        return None
    return row


def evidence_for(who: Who, evidence_id: int) -> Evidence | None:
    """The file under a row of the score sheet, if the asker may read it now; None for everybody else."""
    row = (
        Evidence.objects.select_related("application__call", "attachment__blob")
        .filter(pk=evidence_id)
        .first()
    )
    if row is None or not may_read_files(who, row.application):
        return None
    return row
