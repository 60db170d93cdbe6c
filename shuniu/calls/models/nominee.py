"""What a union nominates: a thing of a higher slice, as it was frozen that day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuniu.calls.models.application import Application
from shuniu.foundation.calendar.clock import Now
from shuniu.unions.models import Union

PERSON = settings.AUTH_USER_MODEL


class Nominee(models.Model):
    """The frozen fact sheet of an application's subject; key and label stand in the application."""

    append_only = True

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="nominee")
    union = models.ForeignKey(Union, verbose_name="推荐工会", on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField("对象情况")
    digest = models.CharField("校验值", max_length=64)
    reason = models.TextField("推荐理由")
    by = models.ForeignKey(PERSON, verbose_name="推荐人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("推荐时间", db_default=Now())

    class Meta:
        verbose_name = "推荐对象"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="nominee_reason")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.digest[:12]}"
