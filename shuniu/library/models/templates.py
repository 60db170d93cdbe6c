"""表样: a union's own version of a form that a document names."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.unions.models import Union


class OwnTemplate(models.Model):
    """A form as a union revised it; the last one counts, and one without a file gives the document's own back."""

    append_only = True

    key = models.CharField("制度标识", max_length=60)
    template = models.CharField("表样标识", max_length=60)
    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(
        Attachment, verbose_name="文件", on_delete=models.PROTECT, null=True, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("上传时间", db_default=Now())

    class Meta:
        verbose_name = "表样"
        ordering = ["-id"]
        indexes = [models.Index(fields=["key", "template", "union", "-id"], name="own_template_newest")]

    def __str__(self) -> str:
        return self.file.name if self.file is not None else "恢复原表样"
