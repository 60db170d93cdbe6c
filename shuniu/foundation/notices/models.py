"""Messages to people: an inbox row each, and a delivery row per outside channel."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shuniu.foundation.calendar.clock import Now


class Message(models.Model):
    """A line in somebody's inbox. Written by `notices.actions.tell` only."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages")
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    url = models.CharField("去处", max_length=300, blank=True)
    kind = models.CharField("类别", max_length=60)
    due = models.DateField("期限", null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True, blank=True)
    # An effect key makes a repeated job send nothing twice.
    effect_key = models.CharField(max_length=200, unique=True, null=True)

    class Meta:
        verbose_name = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="message_inbox"),
            models.Index(fields=["person"], name="message_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One attempt to reach somebody outside the inbox, logged whatever came of it."""

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "发送失败"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField("渠道", max_length=20)
    address = models.CharField("地址", max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    try_after = models.DateTimeField(db_default=Now())  # a gateway that is down is given time
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "消息发送"
        constraints = [
            # A message goes out once per channel, however often the job is repeated.
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once"),
        ]
        indexes = [
            models.Index(fields=["try_after"], name="delivery_queue", condition=models.Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.channel}：{self.message}"


class SweepRun(models.Model):
    """When each sweep last came to its end; the health page shows the age."""

    name = models.CharField(max_length=80, primary_key=True)
    ran_at = models.DateTimeField()

    class Meta:
        verbose_name = "巡检"

    def __str__(self) -> str:
        return self.name
