"""What the library brings to shared pages: navigation, what waits for a second person, 转办."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from shuniu.foundation.access import STAFF_ROLES, Who
from shuniu.foundation.ui import slots
from shuniu.library.models import Upload
from shuniu.library.queries import uploads_visible_to, uploads_waiting
from shuniu.library.rules import may_confirm
from shuniu.unions import approvals


def _navigation(who: Who) -> Iterable[slots.NavItem]:
    yield slots.NavItem("制度", "/library/", frozenset(STAFF_ROLES), 70)


def _todos(who: Who) -> Iterable[slots.Todo]:
    """A proposed document waits for whoever may confirm it; whoever proposed waits."""
    for row in uploads_waiting(who).defer("files", "explained"):
        yield slots.Todo(
            tag="制度", title=str(row), url=reverse("library:upload", args=[row.pk]),
            sub=f"{row.proposed_by.name if row.proposed_by else ''}提请发布", key=f"library.upload:{row.pk}",
            waiting=not may_confirm(who, row),
        )  # fmt: skip


def _approval(who: Who, pk: int) -> approvals.Approval | None:
    row = uploads_visible_to(who).filter(pk=pk, state=Upload.State.PROPOSED).first()
    if row is None:
        return None
    return approvals.Approval(
        f"library.upload:{pk}", row, row.union_id, f"发布制度{row}", reverse("library:upload", args=[pk]),
        lambda other: may_confirm(other, row),
    )  # fmt: skip


def register() -> None:
    """Fill the slots."""
    slots.navigation(_navigation)
    slots.todo(_todos)
    approvals.register("document", _approval)
