"""A survey of the satisfaction with one project: bound to it by its key, told on its page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from shuniu.foundation.calendar import clock
from shuniu.projects.tests.test_projects import cast, project
from shuniu.surveys import actions as surveys
from shuniu.surveys.models import Survey
from shuniu.surveys.tests.cast import office as surveying
from shuniu.surveys.tests.cast import rate
from shuniu.unions.tests.cast import log_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("J1")]


def test_a_project_is_surveyed_from_its_own_page(client: Client) -> None:
    of, a = cast()
    surveying()  # the working days of the 整改 items
    row = project(of, a)
    log_in(client, of.clerk)
    here, new = f"/projects/{row.pk}/", f"/surveys/new/?subject={row.key}"
    assert "还没有对这个项目的测评" in text(client.get(here))
    form = text(client.get(new))
    assert a.name in form and 'value="职工心理驿站"' in form and "被测评单位的" not in form
    ends = clock.today() + dt.timedelta(days=9)
    sent = {
        "title": "心理驿站满意度测评", "project": row.name, "conductor": "union", "population": "40", "sampling": "random",
        "formula": "satisfied", "reasons": "服务态度\n服务效果", "due_days": "15", "ends_on": f"{ends:%Y-%m-%d}",
    }  # fmt: skip
    assert client.post(new, sent | {"title": ""}).status_code == 422
    assert client.post(new, sent).status_code == 303
    made = Survey.objects.get()
    assert (made.subject_key, made.subject_label, made.organisation) == (row.key, row.name, a)
    surveys.add_people(by=of.clerk, survey_id=made.pk, people=[(f"职工{n}", "") for n in range(5)])
    surveys.open_survey(by=of.clerk, survey_id=made.pk)
    for code in surveys.issue_tickets(by=of.clerk, survey_id=made.pk):
        rate(code, 4)
    assert "测评中" in text(client.get(here)) and "5/5" not in text(client.get(here))
    surveys.close(by=of.clerk, survey_id=made.pk)
    assert "5/5，100.00%" in text(client.get(here))
    for wrong in ("projects.project:0", "projects.project:x", "calls.call:1"):
        assert client.get(f"/surveys/new/?subject={wrong}").status_code == 404
    log_in(client, of.leader)
    assert client.get(new).status_code == 404, "the clerk of the project's union has it surveyed"
