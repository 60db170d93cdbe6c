"""Reads of projects."""

from __future__ import annotations

from django.db import models

from shuniu.foundation.access import Who
from shuniu.projects.models import Project
from shuniu.unions.queries import subtree

READERS = frozenset({"clerk", "checker", "leader", "finance", "auditor", "audit_admin"})


def projects_visible_to(who: Who) -> models.QuerySet[Project]:
    """Its own to an organisation; to staff those of their union and of the unions below it."""
    rows = Project.objects.select_related("union", "organisation")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id)
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id__in=subtree(who.union_id))
