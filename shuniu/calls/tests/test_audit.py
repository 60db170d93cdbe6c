"""The check desk: runs of the engine, judgements, conclusion and second person, release."""

from __future__ import annotations

import datetime as dt

import pytest

from shuniu.calls import demo_audit
from shuniu.calls.actions import audit
from shuniu.calls.models import Application, Call, Finding, JudgeRun, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.tests import cast
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.notices.models import Message
from shuniu.registry import actions as registry

pytestmark = pytest.mark.django_db


def at_desk(of: cast.Office, call: Call | None = None, **values: object) -> Application:
    """An application in a call whose check is open, judged once."""
    call = call or cast.published_call(of)
    made = cast.submitted_application(cast.applicant(of, **values), call)
    cast.move_to(call, "check", of.clerk)
    audit.run_findings(by=demo_audit.RUN, application_id=made.pk)
    return Application.objects.get(pk=made.pk)


@pytest.mark.feature("C7")
def test_a_run_says_every_condition_with_clause_facts_source_and_day() -> None:
    of = cast.office()
    made = at_desk(of)
    run = queries.current_run(made)
    assert run is not None and run.number == 1
    rows = {f.condition: f for f in queries.findings_of(made, 1)}
    print({k: (f.status, f.reason) for k, f in rows.items()})
    assert rows["inspection"].status == "met"
    assert made.judged == "ask"
