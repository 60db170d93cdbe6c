"""Reading one's own messages."""

from __future__ import annotations

from django.db import models

from shuniu.foundation.access import Who
from shuniu.foundation.notices.models import Message


def inbox_of(who: Who) -> models.QuerySet[Message]:
    """The asker's own messages, newest first."""
    if who.person is None:
        return Message.objects.none()
    return Message.objects.filter(person=who.person)


def unread_count(who: Who) -> int:
    """How many of them are unread."""
    return inbox_of(who).filter(read_at__isnull=True).count()
