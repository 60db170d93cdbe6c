"""The thread of the demonstration about honours and money, told at once."""

from __future__ import annotations

import pytest

from shuniu.calls.actions.procedure import advance_by_clock
from shuniu.calls.models import Application
from shuniu.config.demo import cast, honouring, nominating
from shuniu.config.demo.applying import NAMED, Applicants
from shuniu.config.demo.scene import Scene
from shuniu.foundation.calendar import actions as calendar
from shuniu.foundation.calendar import clock
from shuniu.funds.models import Account, Payment
from shuniu.network.models import Base, Story
from shuniu.registry.tests import factories

pytestmark = pytest.mark.django_db


def scene_of_two() -> Scene:
    """The office, and two organisations."""
    who = cast.Cast()
    cast.build_unions(who)
    cast.build_staff(who)
    today = clock.today()
    for year in (today.year - 1, today.year, today.year + 1):
        calendar.confirm_year(by=who.who("qianxt"), year=year, source="测试日历", days=[])
    names = (*NAMED, "望海市启航职业技能促进会")
    organisations = [factories.organisation(who.who("linjb"), name) for name in names]
    return Scene(who, Applicants(who), today, organisations, {})


def test_two_projects_are_honoured_and_one_is_paid_for_twice() -> None:
    scene = scene_of_two()
    instants = list(honouring.line(scene))
    assert instants == sorted(instants) and instants[-1] < clock.now()
    states = sorted(Payment.objects.values_list("state", "amount_fen"))
    assert states == [("due", 1_000_000), ("paid", 1_000_000), ("paid", 1_000_000)]
    assert Account.objects.get(kind="available").balance_fen == 27_000_000


def test_a_project_waits_for_its_papers_and_bases_and_cases_are_told() -> None:
    scene = scene_of_two()
    instants = list(nominating.line(scene))
    assert instants == sorted(instants) and instants[-1] < clock.now()
    advance_by_clock()
    made = Application.objects.get()
    assert made.subject_key and made.stage == "draft" and made.call.stage == "recommend"
    assert sorted(Base.objects.values_list("state", flat=True)) == ["applied", "in_force", "in_force"]
    assert sorted(Story.objects.values_list("state", flat=True)) == ["published", "published", "submitted"]
