"""The demonstration's organisations: valid, entered by actions, with the trouble that a selection must find."""

from __future__ import annotations

import pytest

from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.registry import codes, demo, queries
from shuniu.registry.actions import current
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.feature("A1")
def test_sixty_organisations_with_facts_and_trouble() -> None:
    union = make.union()
    clerk = make.staff(union)
    day = clock.today()
    rows = demo.build(clerk=clerk, union=union, day=day)
    assert len(rows) >= 60
    assert all(codes.is_valid(row.code or "") for row in rows)
    assert {row.region for row in rows} == {"东港区", "北屏区", "临溪区", "南湾区", "高新区"}
    assert {row.legal_type for row in rows} == {"association", "service", "foundation"}
    assert sum(row.status == "cancelled" for row in rows) == 1
    known = queries.snapshots(rows, day)
    assert sum(bool(s.rows["penalty"]) for s in known.values()) == 2
    assert sum(not s.rows["inspection"] for s in known.values()) == 1
    assert all(s.rows["scope"] and s.rows["staff"] for s in known.values())
    assert Entry.objects.filter(verb="register").count() == len(rows)
    # The columns say what the facts say.
    for row in Organisation.objects.all():
        stored = {name: getattr(row, name) for name in current.ALL_COLUMNS}
        again = current.apply(queries.snapshot(row, clock.today()), former_names=current.former_names_of(row))
        assert stored == {name: getattr(again, name) for name in current.ALL_COLUMNS}
