"""The union's own copy of a paper, and questions to whoever interprets it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuniu.foundation.calendar.clock import Now
from shuniu.foundation.files.models import Attachment
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union


class Paper(models.Model):
    """A paper as a union attached it, split into its clauses; a better copy is another row, the last one counts."""

    append_only = True

    key = models.CharField("制度标识", max_length=60)
    union = models.ForeignKey(Union, verbose_name="工会", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(Attachment, verbose_name="文件", on_delete=models.PROTECT, related_name="+")
    clauses = models.JSONField("条文")  # [{number, text, line}]
    damages = models.JSONField("编号问题")  # [{line, words}]
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="上传人", on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("上传时间", db_default=Now())

    class Meta:
        verbose_name = "制度原文"
        ordering = ["-id"]
        indexes = [models.Index(fields=["key", "-id"], name="paper_newest")]

    def __str__(self) -> str:
        return self.file.name


class Question(models.Model):
    """A question about a clause to the union that interprets the document; published with its answer.

    Written by `library.actions.questions` only.
    """

    class State(models.TextChoices):
        ASKED = "asked", "待答复"
        ANSWERED = "answered", "待审签"
        PUBLISHED = "published", "已公布"

    key = models.CharField("制度标识", max_length=60)
    clause = models.CharField("条款", max_length=40)
    text = models.CharField("问题", max_length=500)
    union = models.ForeignKey(Union, verbose_name="答复工会", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提问人", on_delete=models.PROTECT, related_name="+"
    )
    asking_union = models.ForeignKey(
        Union, verbose_name="提问工会", on_delete=models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="提问组织", on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField("提问时间", db_default=Now())
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    answer = models.CharField("答复", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="答复人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_identity = models.CharField(max_length=64, blank=True)
    returned = models.CharField("退回理由", max_length=300, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审签人", on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_identity = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField("公布时间", null=True)

    class Meta:
        verbose_name = "条款解释"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["key", "clause"], name="question_of_clause"),
            models.Index(fields=["union"], name="question_open", condition=~Q(state="published")),
        ]
        constraints = [
            # An answer has words and a name; published means: by another natural person.
            models.CheckConstraint(
                condition=Q(state="asked") | (~Q(answer="") & Q(answered_by__isnull=False)),
                name="question_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(published_by__isnull=False)
                    & Q(published_at__isnull=False)
                    & ~Q(published_by=F("answered_by"))
                    & ~Q(published_identity=F("answered_identity"))
                ),
                name="question_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause}：{self.text[:30]}"

    @property
    def asker(self) -> str:
        """For whom it was asked."""
        who = self.organisation or self.asking_union
        return who.name if who is not None else ""
