"""Reads of the network."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from shuniu.foundation.access import Who
from shuniu.network.models import Base, BaseStep, Story
from shuniu.recognition.models import Honour
from shuniu.unions.queries import subtree

APPROVERS = ("checker", "leader")
READERS = frozenset({"clerk", "checker", "leader", "auditor", "audit_admin"})


def bases_visible_to(who: Who) -> models.QuerySet[Base]:
    """Its own to an organisation; to staff those of their union, and of the unions below what is no draft."""
    rows = Base.objects.select_related("union", "organisation", "document")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id)
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    below = Q(union_id__in=subtree(who.union_id), state__in=(Base.State.IN_FORCE, Base.State.WITHDRAWN))
    return rows.filter(Q(union_id=who.union_id) | below)


def bases_in_force() -> models.QuerySet[Base]:
    """What everybody sees."""
    rows = Base.objects.filter(state=Base.State.IN_FORCE).select_related("union", "organisation")
    return rows.order_by("-granted_on", "-id")


def open_step(row: Base) -> BaseStep | None:
    """The review that waits for its second person."""
    return row.steps.filter(approved__isnull=True).select_related("proposed_by").first()


def steps_waiting(who: Who) -> models.QuerySet[BaseStep]:
    """What the asker's office has to decide, without what the asker proposed."""
    if who.union_id is None or who.role not in APPROVERS or who.person is None:
        return BaseStep.objects.none()
    rows = BaseStep.objects.filter(base__union_id=who.union_id, approved__isnull=True)
    return rows.exclude(proposed_identity=who.person.identity).select_related("base__union")


def bases_to_review(union_id: int, by: dt.date) -> models.QuerySet[Base]:
    """Applied for, or due to be looked at again by that day, with no review that waits."""
    due = Q(state=Base.State.APPLIED) | Q(state=Base.State.IN_FORCE, review_on__lte=by)
    open_ones = BaseStep.objects.filter(approved__isnull=True).values("base")
    return Base.objects.filter(due, union_id=union_id).exclude(pk__in=open_ones).order_by("review_on", "id")


def stories_visible_to(who: Who) -> models.QuerySet[Story]:
    """For those who work on them: the organisation's own, the union's; what is public is read by everybody elsewhere."""
    rows = Story.objects.select_related("union", "organisation", "honour")
    if who.organisation_id is not None:
        own = Q(organisation_id=who.organisation_id)
        return rows.filter(own)
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id=who.union_id)


def public_stories(text: str = "", kind: str = "") -> models.QuerySet[Story]:
    """What is published, newest first; by words of title, summary, text or organisation."""
    rows = Story.objects.filter(state=Story.State.PUBLISHED).select_related("union", "organisation", "honour")
    if kind:
        rows = rows.filter(kind=kind)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(body__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return rows.order_by("-published_at", "-id")


def honours_to_tell_of(organisation_id: int) -> models.QuerySet[Honour]:
    """Honours in force of an organisation and of its projects."""
    return Honour.objects.filter(organisation_id=organisation_id, state=Honour.State.IN_FORCE)
