"""Whom an approval was handed on to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shuniu.foundation.access import Who
from shuniu.foundation.ui.slots import Todo
from shuniu.unions.approvals import APPROVERS
from shuniu.unions.models import Handover
from shuniu.unions.queries.roles import people_with


def holder_of(matter: str) -> Handover | None:
    """The last handing on of this approval."""
    return Handover.objects.filter(matter=matter).select_related("from_person", "to_person").first()


def handed_on(who: Who, todos: Sequence[Todo]) -> list[Todo]:
    """The asker's to-dos: what was handed on is its receiver's, and everybody else waits for it.

    Whoever no longer has the role holds nothing: then the approval is everybody's again.
    """
    if who.role not in APPROVERS or who.union_id is None or who.person is None:
        return list(todos)
    last = _last(who.union_id, (t.matter or t.key for t in todos))
    if not last:
        return list(todos)
    still = set(people_with(who.union_id, *APPROVERS).values_list("pk", flat=True))
    return [_shown(who.person.pk, t, last.get(t.matter or t.key), still) for t in todos]


def _last(union_id: int, matters: Iterable[str]) -> dict[str, Handover]:
    rows = Handover.objects.filter(union_id=union_id, matter__in={m for m in matters if m})
    found: dict[str, Handover] = {}
    for row in rows.select_related("from_person", "to_person").order_by("id"):
        found[row.matter] = row
    return found


def _shown(me: int, todo: Todo, row: Handover | None, still: set[int]) -> Todo:
    if row is None or row.to_person_id not in still:
        return todo
    if row.to_person_id == me:
        return replace(todo, sub=_joined(todo.sub, f"{row.from_person}转办"))
    return replace(todo, sub=_joined(todo.sub, f"已转办{row.to_person}"), waiting=True)


def _joined(*words: str) -> str:
    return "，".join(w for w in words if w)
