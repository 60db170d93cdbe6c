"""What the library brings to shared pages: navigation, what waits for a second person, 转办."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from shuniu.foundation.access import STAFF_ROLES, Who
from shuniu.foundation.ui import slots
from shuniu.library.models import Ending, Question, Upload
from shuniu.library.queries import (
    endings_visible_to,
    endings_waiting,
    questions_at_desk,
    questions_waiting,
    uploads_visible_to,
    uploads_waiting,
)
from shuniu.library.rules import may_confirm, may_decide_end, may_publish_answer
from shuniu.unions import approvals


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("制度", "/library/", frozenset(STAFF_ROLES), 70)


def _todos(who: Who) -> Iterable[slots.Todo]:
    """A proposed document waits for whoever may confirm it; whoever proposed waits."""
    for row in uploads_waiting(who):
        yield slots.Todo(
            tag="制度", title=str(row), url=reverse("library:upload", args=[row.pk]),
            sub=f"{row.proposed_by.name if row.proposed_by else ''}提请发布", key=f"library.upload:{row.pk}",
            waiting=not may_confirm(who, row),
        )  # fmt: skip
    for ending in endings_waiting(who):
        yield slots.Todo(
            tag="制度", title=f"停用{ending}", url=reverse("library:ending", args=[ending.pk]),
            sub=f"{ending.proposed_by.name}提请停用", key=f"library.ending:{ending.pk}",
            waiting=not may_decide_end(who, ending),
        )  # fmt: skip
    for question in questions_waiting(who):
        yield slots.Todo(
            tag="条款解释", title=str(question), url=reverse("library:question", args=[question.pk]),
            sub=f"{question.asker}提问", key=f"library.question:{question.pk}",
            waiting=who.role != "clerk" and not may_publish_answer(who, question),
        )  # fmt: skip


def _answer(who: Who, pk: int) -> approvals.Approval | None:
    row = questions_at_desk(who).filter(pk=pk, state=Question.State.ANSWERED).first()
    if row is None:
        return None
    return approvals.Approval(
        f"library.question:{pk}", row, row.union_id, f"公布{row.clause}的解释", reverse("library:question", args=[pk]),
        lambda other: may_publish_answer(other, row),
    )  # fmt: skip


def _approval(who: Who, pk: int) -> approvals.Approval | None:
    row = uploads_visible_to(who).filter(pk=pk, state=Upload.State.PROPOSED).first()
    if row is None:
        return None
    return approvals.Approval(
        f"library.upload:{pk}", row, row.union_id, f"发布制度{row}", reverse("library:upload", args=[pk]),
        lambda other: may_confirm(other, row),
    )  # fmt: skip


def _ending(who: Who, pk: int) -> approvals.Approval | None:
    row = endings_visible_to(who).filter(pk=pk, state=Ending.State.PROPOSED).first()
    if row is None:
        return None
    return approvals.Approval(
        f"library.ending:{pk}", row, row.union_id, f"停用制度{row}", reverse("library:ending", args=[pk]),
        lambda other: may_decide_end(other, row),
    )  # fmt: skip


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    approvals.register("document", _approval)
    approvals.register("ending", _ending)
    approvals.register("interpretation", _answer)
