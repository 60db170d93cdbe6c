"""评分校准 in the product: chosen before scoring opens, seen by staff after it closes, beside the raw score."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuniu.calls import terms
from shuniu.calls.models import Application, CallTerm, Committee, Expert, RubricItem
from shuniu.calls.tests import cast, reviews
from shuniu.unions.tests import cast as unions

db = pytest.mark.django_db


def strict(of: reviews.Review) -> Any:
    """The first expert of the pool gives a fifth less than the others."""
    first = of.seats()[0].expert_id

    def marks(expert: Expert, application: Application, item: RubricItem) -> Decimal:
        worth = Decimal("0.9") - Decimal("0.1") * of.applications.index(application)
        return (item.weight * (worth - (Decimal("0.2") if expert.pk == first else 0))).quantize(
            Decimal("0.1")
        )

    return marks


@db
@pytest.mark.feature("D7")
def test_the_calls_method_goes_to_the_committee_and_stays_once_scoring_opened(travel: Any) -> None:
    of = reviews.review(travel)
    # As the call was published with it.
    CallTerm.objects.filter(call=of.call, key=terms.CALIBRATION).update(value=terms.BY_SEVERITY)
    reviews.run(of, "drawn")
    assert of.again().calibration == "severity"
    Committee.objects.filter(pk=of.pk).update(calibration="standard")
    reviews.run(of, "open")
    with pytest.raises(DatabaseError, match=r"calls\.committee_fixed"), transaction.atomic():
        Committee.objects.filter(pk=of.pk).update(calibration="none")


@db
@pytest.mark.feature("D7")
def test_staff_see_it_after_closing_and_the_raw_score_is_untouched(travel: Any, client: Client) -> None:
    of = reviews.review(travel, until="drawn")
    Committee.objects.filter(pk=of.pk).update(calibration="severity")
    page = f"/calls/panels/{of.pk}/calibration/"
    marks = strict(of)
    reviews.run(of, "scored", marks=marks)
    unions.log_in(client, of.office.checker)
    assert client.get(page).status_code == 404  # D4: not while scoring runs
    reviews.run(of, "closed", marks=marks)
    raw = dict(Application.objects.values_list("pk", "score"))
    shown = client.get(page).content.decode()
    number = of.seats()[0].expert.number
    assert f"{number} 号" in shown
    assert "偏严 16.00" in shown
    assert "需要留意" in shown
    assert "宽严修正得分" in shown
    assert dict(Application.objects.values_list("pk", "score")) == raw
    assert sorted((s for s in raw.values() if s is not None), reverse=True) == [
        Decimal("86.00"),
        Decimal("76.00"),
        Decimal("66.00"),
    ]
    unions.log_in(client, of.members()[0])
    assert client.get(page).status_code == 403
    unions.log_in(client, of.applicants[0])
    assert client.get(page).status_code == 403
    stranger = cast.office("邻海市总工会")
    unions.log_in(client, stranger.checker)
    assert client.get(page).status_code == 404


@db
@pytest.mark.feature("D7")
def test_the_page_asks_as_often_for_few_as_for_many(travel: Any, client: Client) -> None:
    counts = []
    for n, name in ((1, "望海市总工会"), (4, "邻海市总工会")):
        of = reviews.review(travel, applications=n, until="closed", name=name)
        unions.log_in(client, of.office.clerk)
        page = f"/calls/panels/{of.pk}/calibration/"
        assert client.get(page).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
