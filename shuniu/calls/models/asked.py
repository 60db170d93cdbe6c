"""What one person asks for with a reason and another natural person grants or refuses."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now

PERSON = settings.AUTH_USER_MODEL


class Asked(models.Model):
    """The shape of such a request; `granted` is None until it is decided."""

    reason = models.TextField("理由")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_identity = models.CharField(max_length=64)
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_identity = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)
    answer = models.TextField("意见", blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_why"),
            # Another natural person than who asked.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_identity=F("asked_identity")),
                name="%(class)s_second_person",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="%(class)s_decided_whole",
            ),
        ]
