"""A list beside a bare Django view over the same rows: `python -m pytest benchmarks/bench_list.py -s`.

The bare view fetches the same 50 rows and writes the same seven cells in its own template; the list adds its
query bar, counts, columns, views, ticks and pages. Target: at most four times the bare view, at 50 and at
50,000 rows, on the first page and on the last.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.test import RequestFactory

from shuniu.foundation.access import Hat, Who
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.ui.lists.tests import cast
from shuniu.foundation.ui.lists.tests.cast import People

ROUNDS = 40
BARE = """{% extends "ui/staff.html" %}{% block content %}<table>{% for p in rows %}<tr><th>{{ p.name }}</th>
<td>{{ p.username }}</td><td>{{ p.phone }}</td><td>{{ p.email }}</td>
<td>{{ p.created_at|date:"Y-m-d H:i" }}</td><td>{{ p.pk }}</td><td>{{ p.is_active }}</td></tr>
{% endfor %}</table>{% endblock %}"""


def _bare(request: HttpRequest) -> HttpResponse:
    rows = Person.objects.filter(is_active=True).order_by("username")
    context = {"rows": list(rows[:50]), "total": rows.count()}
    return HttpResponse(_template().render(context, request))


@cache
def _template() -> Any:
    return engines["django"].from_string(BARE)


def _milliseconds(view: Callable[[HttpRequest], HttpResponseBase], request: HttpRequest) -> float:
    took = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        view(request)
        took.append((time.perf_counter() - before) * 1000)
    return statistics.median(took)


@pytest.fixture
def _alone(settings: Any) -> None:
    settings.ROOT_URLCONF = cast.__name__
    settings.TEMPLATES = cast.templates()


@pytest.mark.django_db
@pytest.mark.usefixtures("_alone")
@pytest.mark.parametrize("size", [50, 50_000])
def test_list_against_bare_view(size: int) -> None:
    clerk = Person.objects.create(username="staff-bench", name="林经办")
    who = Who(person=clerk, hat=Hat("union", 1, "望海市总工会", "clerk"))
    Person.objects.bulk_create(
        [
            Person(username=f"p{i:06d}", name=f"人员{i}", phone=f"{13900000000 + i}", identity=f"{i}")
            for i in range(size)
        ],
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_person")

    def request(query: str = "") -> Any:
        made: Any = RequestFactory().get(f"/people/?size=50{query}")
        made.who, made.session, made.user = who, {}, clerk
        return made

    bare = _milliseconds(_bare, request())
    print(f"\n{size} rows: bare view {bare:.1f} ms")
    ratios = {}
    for name, query in (
        ("first page", ""),
        ("last page", f"&page={max(1, size // 50)}"),
        ("filtered, by name", "&q=%E4%BA%BA%E5%91%98&sort=-name"),
    ):
        asked = request(query)
        took = _milliseconds(lambda r: People(r).response(), asked)
        fragment = request(query)
        fragment.META["HTTP_HX_REQUEST"] = "true"
        part = _milliseconds(lambda r: People(r).response(), fragment)
        ratios[name] = took / bare
        print(f"  {name}: {took:.1f} ms ({took / bare:.1f}×), swapped {part:.1f} ms")
    assert ratios["first page"] <= 4, ratios
