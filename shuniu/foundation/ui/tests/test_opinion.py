"""One form for every second person: words are needed to send back, a refusal stays on the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shuniu.foundation.access import YES, Refused, Verdict
from shuniu.foundation.ui.opinion import Opinion


def opinion(**sent: str) -> tuple[Opinion, list[str]]:
    """What comes of a POST with these fields, and the acts that were taken."""
    taken: list[str] = []

    def agree(words: str) -> HttpResponse:
        if words == "太迟":
            raise Refused(Verdict(False, "已经办结。", "第五条", "x"))
        taken.append(f"同意：{words}")
        return HttpResponse()

    def send_back(words: str) -> HttpResponse:
        taken.append(f"退回：{words}")
        return HttpResponse()

    request = RequestFactory().post("/", sent)
    return Opinion(request, yes="同意", agree=agree, no="退回", send_back=send_back, may=YES, most=5), taken


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({"do": "approve"}, ["同意："]),
        ({"do": "approve", "reason": " 好 "}, ["同意：好"]),
        ({"do": "return", "reason": "不全"}, ["退回：不全"]),
        ({"do": "return", "reason": "  "}, []),
        ({"do": "return", "reason": "六个字太多了"}, []),
        ({"do": "approve", "reason": "六个字太多了"}, []),
        ({"do": "else", "reason": "好"}, []),
        ({"reason": "好"}, []),
    ],
)  # fmt: skip
def test_an_opinion_is_taken_once_it_is_whole(sent: dict[str, Any], taken: list[str]) -> None:
    found, done = opinion(**sent)
    assert done == taken and (found.response is not None) == bool(taken) and found.status is None
    assert bool(found.form.errors) == (not taken and sent.get("do") in ("approve", "return"))


def test_a_refused_act_keeps_what_was_typed_and_says_why() -> None:
    found, done = opinion(do="approve", reason="太迟")
    assert (done, found.response, found.status) == ([], None, 409)
    assert found.form.non_field_errors() == ["已经办结。（依据第五条）"]
    assert found.form["reason"].value() == "太迟"
