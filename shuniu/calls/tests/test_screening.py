"""A5: who has an application on its way is looked through every night."""

from __future__ import annotations

import pytest

from shuniu.calls.tests import cast
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import SWEEPS
from shuniu.registry import actions as registry
from shuniu.registry.models import Finding
from shuniu.registry.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.feature("A5")]


def test_the_sweep_watches_whoever_has_handed_in_and_no_draft() -> None:
    of = cast.office()
    call = cast.published_call(of)
    handed_in, draft = cast.applicant(of), cast.applicant(of)
    sent = cast.submitted_application(handed_in, call)
    cast.filled_application(draft, call)
    clerk = make.staff(of.union)
    for who in (handed_in, draft):
        organisation = cast.organisation_of(who)
        registry.add_fact(
            by=clerk, organisation=organisation, kind="penalty", basis="公告",
            values={"penalty": "abnormal", "from_on": clock.today()},
        )  # fmt: skip
    assert SWEEPS["calls.screen"]() == 1
    assert SWEEPS["calls.screen"]() == 0
    finding = Finding.objects.get()
    assert (finding.organisation_id, finding.union_id) == (sent.organisation_id, of.union.pk)
    assert finding.because == "进行中的申报"
