"""Documents as they were when the first call under them was published, addressed by digest."""

from __future__ import annotations

from django.db import models

from shuniu.foundation.calendar.clock import Now


class Document(models.Model):
    """One version of one document's folder. Stored by `library.actions.store`, never changed."""

    append_only = True

    key = models.CharField("标识", max_length=60)
    version = models.CharField("版本", max_length=20)
    title = models.CharField("名称", max_length=200)
    issuer = models.CharField("制定单位", max_length=100)
    digest = models.CharField("校验值", max_length=64, unique=True)
    files = models.JSONField()  # file name → text
    stored_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "制度"
        ordering = ["key", "version"]
        constraints = [
            # Under one key and version there is one wording: running calls are judged by it for ever.
            models.UniqueConstraint(fields=["key", "version"], name="document_version"),
        ]

    def __str__(self) -> str:
        return f"《{self.title}》"
