"""Who may read an application's files: one function for every door to them."""

from __future__ import annotations

from shuniu.calls.models import Application, Material, Stage
from shuniu.foundation.access import Who

DESK = ("clerk", "checker", "leader", "auditor")


def may_read_files(who: Who, application: Application) -> bool:
    """Its own organisation, the deciding desk once submitted, an expert who declared and is not recused."""
    if who.organisation_id is not None:
        return who.organisation_id == application.organisation_id
    if who.union_id != application.call.union_id:
        return False
    if who.role in DESK:
        return application.stage != Stage.DRAFT or application.submitted_at is not None
    if who.role == "expert":
        from shuniu.calls.queries.scoring import may_see_material

        return may_see_material(who, application)
    return False


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
