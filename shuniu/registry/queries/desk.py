"""What waits on a clerk's desk: claims, requests for correction, lists on their way in."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from shuniu.foundation.access import Who
from shuniu.registry.models import Claim, CorrectionRequest, Import, ImportRow, ImportState
from shuniu.registry.queries.organisations import VIEWERS


def claims_visible_to(who: Who) -> QuerySet[Claim]:
    """Claims sent to the asker's union; of everybody else only their own."""
    rows = Claim.objects.select_related("union", "person", "organisation", "proof__blob", "decided_by")
    if who.union_id is not None and who.role in VIEWERS:
        return rows.filter(union_id=who.union_id)
    return rows.filter(person=who.person) if who.person is not None else rows.none()


def own_claims(who: Who) -> QuerySet[Claim]:
    """The asker's own claims, newest first, whatever the hat."""
    if who.person is None:
        return Claim.objects.none()
    return (
        Claim.objects.filter(person=who.person).select_related("union", "organisation").order_by("-made_at")
    )


def corrections_visible_to(who: Who) -> QuerySet[CorrectionRequest]:
    """Requests of the organisations that the asker's union keeps, or of the asker's own organisation."""
    rows = CorrectionRequest.objects.select_related(
        "organisation__owning_union", "requested_by", "evidence__blob", "decided_by"
    )
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id)
    if who.union_id is not None and who.role in VIEWERS:
        return rows.filter(organisation__owning_union_id=who.union_id)
    return rows.none()


def imports_visible_to(who: Who) -> QuerySet[Import]:
    """Lists of the asker's union."""
    if who.union_id is None or who.role not in VIEWERS:
        return Import.objects.none()
    return Import.objects.filter(union_id=who.union_id).select_related("union", "uploaded_by", "file__blob")


def unfinished_imports(who: Who) -> QuerySet[Import]:
    """Lists that the asker uploaded and has not confirmed."""
    return imports_visible_to(who).filter(uploaded_by=who.person, state=ImportState.PREVIEW)


def import_rows(who: Who, batch: Import, state: str) -> QuerySet[ImportRow]:
    """The rows of a list that the asker may see, in one state."""
    if not imports_visible_to(who).filter(pk=batch.pk).exists():
        return ImportRow.objects.none()
    return batch.rows.filter(state=state).order_by("number")


def import_counts(who: Who, batch: Import) -> dict[str, int]:
    """state → how many rows."""
    if not imports_visible_to(who).filter(pk=batch.pk).exists():
        return {}
    counted = batch.rows.order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted)
