"""M3, U24: working days by the table, and a year that is missing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.signals import request_finished, request_started
from hypothesis import given
from hypothesis import strategies as st

from shuniu.foundation import access
from shuniu.foundation.access import Hat, Refused, Who
from shuniu.foundation.calendar import actions, queries, working_days
from shuniu.foundation.calendar.models import Day, Year
from shuniu.foundation.calendar.working_days import MissingYear, Table
from shuniu.foundation.journal import queries as journal
from shuniu.foundation.ui import slots

pytestmark = [pytest.mark.django_db, pytest.mark.feature("M3")]

SYSTEM = access.system("测试")
ADMIN = Who(hat=Hat("union", 1, "望海市总工会", "sys_admin"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture
def year_2026() -> None:
    actions.seed_known_years(by=SYSTEM, first_year=2026, last_year=2028)


def test_the_library_knows_2026_and_2027_stays_missing(year_2026: None) -> None:
    assert [y.year for y in queries.years_for(SYSTEM)] == [2026]
    assert not working_days.is_working(day("2026-10-01"))
    assert working_days.is_working(day("2026-10-10")), "a Saturday that is worked"
    assert not working_days.is_working(day("2026-10-17")), "an ordinary Saturday"
    assert all(d.working != working_days.usually_works(d.date) for d in Day.objects.all())


def test_five_working_days_of_a_public_notice(year_2026: None) -> None:
    assert working_days.add(day("2026-06-04"), 5) == day("2026-06-11")
    assert working_days.add(day("2026-06-04"), 5, first_day_counts=True) == day("2026-06-10")
    assert working_days.count(day("2026-06-04"), day("2026-06-11"), first_day_counts=False) == 5
    assert working_days.next_working_day(day("2026-06-06")) == day("2026-06-08")
    assert working_days.count(day("2026-06-11"), day("2026-06-04")) == 0


@pytest.mark.refusal("calendar.missing_year")
def test_a_missing_year_is_named_and_never_guessed(year_2026: None) -> None:
    with pytest.raises(MissingYear) as refused:
        working_days.add(day("2026-12-28"), 5)
    assert "2027 年的放假和调休安排还没有录入" in refused.value.verdict.reason
    actions.confirm_year(by=ADMIN, year=2027, source="通知", days=[(day("2027-01-01"), False, "元旦")])
    assert working_days.add(day("2026-12-28"), 5) == day("2027-01-05")
    with pytest.raises(MissingYear):
        actions.set_day(by=ADMIN, date=day("2028-01-03"), working=False, note="元旦")


def test_one_query_a_call_and_one_a_request(
    year_2026: None, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        working_days.add(day("2026-01-05"), 200)
    working_days.begin_request()  # the signal itself would also close the test's connection
    try:
        with django_assert_num_queries(1):  # type: ignore[operator]
            working_days.add(day("2026-01-05"), 2)
            working_days.is_working(day("2026-01-05"))
        actions.set_day(by=ADMIN, date=day("2026-01-06"), working=False, note="临时放假")
        assert not working_days.is_working(day("2026-01-06")), "the request sees its own change"
    finally:
        working_days.end_request()


def test_an_edited_day_is_journalled_and_told(
    year_2026: None, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    told: list[bool] = []
    slots.calendar_changed(lambda: told.append(True))
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            actions.set_day(by=ADMIN, date=day("2026-06-08"), working=False, note="台风停工")
            assert not told, "only after the commit"
    finally:
        slots._calendar.pop()
    assert told
    assert working_days.add(day("2026-06-04"), 5) == day("2026-06-12")
    entry = journal.timeline(Year.objects.get(year=2026))[0]
    assert entry.text == "2026-06-08 由上班改为放假：台风停工"
    actions.set_day(by=ADMIN, date=day("2026-06-08"), working=True, note="恢复上班")
    assert not Day.objects.filter(date=day("2026-06-08")).exists()


@pytest.mark.refusal("calendar.role")
@pytest.mark.parametrize("role", ["clerk", "auditor", "org_owner", "expert"])
def test_only_the_system_administrator_edits(year_2026: None, role: str) -> None:
    who = Who(hat=Hat("union", 1, "望海市总工会", role))
    for act in (
        lambda: actions.set_day(by=who, date=day("2026-06-08"), working=False, note="x"),
        lambda: actions.confirm_year(by=who, year=2027, source="x", days=[]),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.verdict.code == "calendar.role"
    assert working_days.is_working(day("2026-06-08"))


@pytest.mark.parametrize(
    ("code", "days"),
    [
        pytest.param(code, days, marks=pytest.mark.refusal(code))
        for code, days in {
            "calendar.other_year": [("2026-12-31", False, "元旦")],
            "calendar.twice": [("2027-01-01", False, "元旦"), ("2027-01-01", False, "元旦")],
            "calendar.same_as_week": [("2027-01-02", False, "元旦")],
            "calendar.no_note": [("2027-01-01", False, " ")],
        }.items()
    ],
)
def test_a_wrong_row_is_named(code: str, days: list[tuple[str, bool, str]]) -> None:
    with pytest.raises(Refused) as refused:
        actions.confirm_year(
            by=ADMIN, year=2027, source="通知", days=[(day(d), w, note) for d, w, note in days]
        )
    assert refused.value.verdict.code == code
    assert days[0][0] in refused.value.verdict.reason
    assert not Year.objects.exists()


@pytest.mark.refusal("calendar.no_source")
def test_a_year_needs_its_source() -> None:
    with pytest.raises(Refused, match="依据"):
        actions.confirm_year(by=ADMIN, year=2027, source=" ", days=[])


def test_confirming_again_replaces_the_days(year_2026: None) -> None:
    actions.confirm_year(by=ADMIN, year=2026, source="更正通知", days=[(day("2026-01-01"), False, "元旦")])
    assert working_days.is_working(day("2026-10-01"))
    assert queries.exceptions_of(ADMIN, 2026)[0].note == "元旦"


dates = st.dates(dt.date(2026, 1, 1), dt.date(2026, 8, 1))


@given(start=dates, n=st.integers(1, 60), first=st.booleans(), flips=st.sets(dates, max_size=20))
def test_add_and_count_agree(start: dt.date, n: int, first: bool, flips: set[dt.date]) -> None:
    table = Table(frozenset({2026}), {d: not working_days.usually_works(d) for d in flips})
    working_days.begin_request()
    working_days._box.set([table])
    try:
        end = working_days.add(start, n, first)
        assert table.works(end)
        assert working_days.count(start, end, first_day_counts=first) == n
        assert end >= start
        assert working_days.add(start, n + 1, first) > end
        assert working_days.next_working_day(end) == end
    finally:
        working_days.end_request()


def test_requests_begin_and_end_by_django_s_signals() -> None:
    for signal, listener in (
        (request_started, working_days.begin_request),
        (request_finished, working_days.end_request),
    ):
        assert any(entry[1]() is listener for entry in signal.receivers)
