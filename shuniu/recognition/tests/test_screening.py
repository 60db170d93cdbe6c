"""A5: who holds a recognition is looked through every night."""

from __future__ import annotations

import pytest

from shuniu.foundation.jobs import SWEEPS
from shuniu.recognition.tests import cast
from shuniu.registry import actions as registry
from shuniu.registry.models import Finding, Screening

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A5")]


def test_the_sweep_watches_holders_for_the_union_that_granted_and_nobody_else() -> None:
    of = cast.office()
    held, past, none = (cast.holder(of)[1] for _ in range(3))
    cast.recognition(of, held)
    cast.recognition(of, past, first_day=cast.ago(900))
    for organisation in (held, past, none):
        registry.add_fact(
            by=of.clerk, organisation=organisation, kind="penalty", basis="公告",
            values={"penalty": "dishonest", "from_on": cast.ago(3)},
        )  # fmt: skip
    assert SWEEPS["recognition.screen"]() == 1
    assert SWEEPS["recognition.screen"]() == 0
    finding = Finding.objects.get()
    assert (finding.organisation, finding.union, finding.because) == (held, of.union, "有效资质")
    assert [s.organisation for s in Screening.objects.all()] == [held]
