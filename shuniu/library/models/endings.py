"""停用: a published version that new calls no longer begin from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.library.models.uploads import Release
from shuniu.unions.models import Union


class Ending(models.Model):
    """A union takes a version that it published out of use, with a reason. Written by `library.actions.endings`.

    What runs keeps the document; a version published later is in use again.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待确认"
        ENDED = "ended", "已停用"
        DECLINED = "declined", "不同意"

    release = models.ForeignKey(
        Release, verbose_name="停用的版本", on_delete=models.PROTECT, related_name="endings"
    )
    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("停用理由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提请人", on_delete=models.PROTECT, related_name="+"
    )
    proposed_identity = models.CharField(max_length=64)
    proposed_at = models.DateTimeField("提请时间", db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="确认人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_identity = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField("确认时间", null=True)
    note = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "制度停用"
        ordering = ["-id"]
        constraints = [
            # A version is taken out of use once, and one proposal at a time waits for it.
            models.UniqueConstraint(
                fields=["release"], condition=~Q(state="declined"), name="ending_once_for_a_release"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ending_reason"),
            # Decided means: by another natural person.
            models.CheckConstraint(
                condition=Q(state="proposed")
                | (
                    Q(decided_by__isnull=False)
                    & Q(decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(decided_identity=F("proposed_identity"))
                ),
                name="ending_second_person",
            ),
        ]

    def __str__(self) -> str:
        document = self.release.document
        return f"《{document.title}》{document.version} 版"
