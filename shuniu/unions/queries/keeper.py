"""Which union keeps what all unions of the installation share."""

from __future__ import annotations

from shuniu.foundation.calendar import clock
from shuniu.unions.models import RoleGrant, Union
from shuniu.unions.queries.tree import ancestor_ids


def calendar_keeper() -> tuple[int, str] | None:
    """The highest union that has a system administrator today: key and name; None while there is none.

    A union above that is only named in the tree has nobody who could keep anything. Of two that stand beside
    each other, the one that was entered first.
    """
    today = clock.today()
    served = set(
        RoleGrant.objects.filter(role="sys_admin", period__contains=today, union__is_active=True)
        .order_by()
        .values_list("union_id", flat=True)
        .distinct()
    )
    for pk in sorted(served):
        if served.isdisjoint(set(ancestor_ids(pk)) - {pk}):
            return pk, Union.objects.values_list("name", flat=True).get(pk=pk)
    return None
