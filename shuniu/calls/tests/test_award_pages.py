"""The pages of self-assessment, visit and recommendation: who sees them, what they do, what they refuse."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuniu.calls.models import Application, Call, Recommendation, RubricItem, Visit
from shuniu.calls.tests import award, cast
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.foundation.ui import slots
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> Iterator[cast.Office]:
    award.document(tmp_path, monkeypatch, settings)
    yield cast.office()


@pytest.fixture
def lower(of: cast.Office) -> cast.Office:
    return award.below(of)


@pytest.fixture
def call(of: cast.Office, lower: cast.Office) -> Call:
    return cast.published_call(of)


def said(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.feature("C5")
def test_an_organisation_assesses_itself_and_sees_what_is_locked(
    of: cast.Office, lower: cast.Office, call: Call, client: Client
) -> None:
    who = cast.applicant(of)
    log_in(client, who)
    start = f"/apply/call/{call.pk}/"
    sent = {"category": call.categories.all()[0].pk}
    refused = client.post(start, sent)
    assert refused.status_code == 422 and "请选择推荐工会" in said(refused)
    made = client.post(start, sent | {"recommender": lower.union.pk})["Location"]
    tasks = said(client.get(made))
    assert "自查自评达到要求后填写" in tasks and tasks.index("自查自评") < tasks.index("核对组织信息")
    locked = said(client.get(f"{made}contact/"))
    assert "自查自评达到要求后，才能填写申报表" in locked
    wrong = client.post(f"{made}self/", {"points_politics": "41", "points_organisation": "60"})
    assert wrong.status_code == 422 and "这一项最多 40 分" in said(wrong)
    low = {"points_politics": "20", "points_organisation": "50", "note_politics": "有学习记录"}
    assert client.post(f"{made}self/", low).status_code == 303
    assert "自评 70 分，未达到“80 分”" in said(client.get(made))
    assert client.post(f"{made}self/", low | {"points_politics": "30"}).status_code == 303
    assert "自查自评达到要求后填写" not in said(client.get(made))
    assert "30 / 40 分，有学习记录" in said(client.get(f"{made}check/"))


@pytest.mark.feature("C9")
@pytest.mark.feature("C10")
def test_from_the_check_to_the_recommendation_in_the_pages(
    of: cast.Office, lower: cast.Office, call: Call, client: Client
) -> None:
    who = cast.applicant(of)
    made = award.qualified(call, who, lower, of)
    home, visit = f"/calls/{call.pk}/recommend/", f"/calls/applications/{made.pk}/visit/"
    waits = said(log_in(client, who).get(f"/apply/{made.pk}/"))
    assert f"等待实地评估。由{lower.union}" in waits, "not the experts: the union that recommends has it"
    log_in(client, lower.clerk)
    assert "本级推荐" in said(client.get("/calls/"))
    assert {t.url for t in slots.todos_for(lower.clerk)} >= {home}
    first = said(client.get(home))
    assert "已推荐 0/2" in first and "安排评估" in first and "90" in first
    now = clock.now().astimezone(clock.TZ)
    plan = {"do": "plan", "day": f"{now:%Y-%m-%d}", "time": "00:00", "place": "学府路", "visitors": "林评估"}
    bad = client.post(visit, plan | {"time": "九点"})
    assert bad.status_code == 422 and "时间应写成 09:30 的样子" in said(bad) and "学府路" in said(bad)
    assert client.post(visit, plan).status_code == 303
    items = list(RubricItem.objects.filter(call=call).order_by("order"))
    marks = {f"p{items[0].pk}": "30", f"p{items[1].pk}": "61", "opinion": "属实"}
    over = client.post(visit, marks | {"do": "score"})
    assert over.status_code == 422 and "这一项最多 60 分" in said(over)
    marks[f"p{items[1].pk}"] = "50"
    unsigned = client.post(visit, marks | {"do": "sign"})
    assert unsigned.status_code == 422 and "请至少上传一张现场照片" in said(unsigned)
    photo = io.BytesIO(samples.png())
    photo.name = "现场.png"
    assert client.post(visit, {"do": "photo", "file": photo}).status_code == 303
    assert client.post(visit, marks | {"do": "sign"}).status_code == 303
    page = Client()
    log_in(page, who)
    row = Visit.objects.get()
    kept = row.pk, said(client.get(visit)).count("现场.png")
    assert kept[1] == 1
    record = said(page.get(f"/apply/{made.pk}/visit/"))
    assert "80" in record and "请核对下面的记录" in record
    assert page.post(f"/apply/{made.pk}/visit/", {"text": ""}).status_code == 422
    assert page.post(f"/apply/{made.pk}/visit/", {"text": "", "agreed": "on"}).status_code == 303
    one = f"/calls/applications/{made.pk}/recommend/"
    assert client.post(one, {"reason": ""}).status_code == 422
    assert client.post(one, {"reason": "成效突出"}).status_code == 303
    given = Recommendation.objects.get()
    own = client.post(home, {"do": "confirm", "row": given.pk})
    assert own.status_code == 409 and "只有该工会的复核人或领导可以办理" in said(own)
    leader = log_in(Client(), lower.leader)
    assert [t.title for t in slots.todos_for(lower.leader) if t.tag == "推荐"] == [
        f"审签推荐：{made.organisation}"
    ]
    assert leader.post(home, {"do": "confirm", "row": given.pk}).status_code == 303
    assert "已推荐 1/2" in said(client.get(home))
    above = log_in(Client(), of.clerk)
    assert "东港区总工会" in said(above.get(home)) and "已审签推荐 1 家" in said(
        above.get(f"/calls/{call.pk}/")
    )
    back = f"/calls/recommendations/{given.pk}/take-back/"
    assert leader.post(back, {"reason": "材料有误"}).status_code == 303
    assert Application.objects.get(pk=made.pk).recommendations.filter(ended_at__isnull=True).count() == 0


@pytest.mark.feature("C9")
def test_strangers_find_nothing(of: cast.Office, lower: cast.Office, call: Call, client: Client) -> None:
    who = cast.applicant(of)
    made = award.qualified(call, who, lower, of)
    row = award.planned(made, lower)
    award.scored(row, lower)
    other = award.below(of, "北屏区总工会")
    university = award.below(of, "望海大学工会", "university")
    addresses = [f"/calls/applications/{made.pk}/visit/", f"/calls/applications/{made.pk}/recommend/"]
    for stranger in (other.clerk, of.clerk):
        assert [log_in(Client(), stranger).get(a).status_code for a in addresses] == [404, 404]
    assert log_in(Client(), university.clerk).get(f"/calls/{call.pk}/recommend/").status_code == 404
    mine = said(log_in(client, who).get(f"/apply/{made.pk}/visit/"))
    assert "看了台账" not in mine and "情况属实" not in mine, "what is not signed is the office's draft"
    competitor = cast.applicant(of, "望海市另一家服务中心")
    assert log_in(Client(), competitor).get(f"/apply/{made.pk}/visit/").status_code == 404


def test_the_desk_of_a_recommending_union_works_with_its_own_people_and_list(
    of: cast.Office, lower: cast.Office, call: Call, client: Client
) -> None:
    made = award.through(call, cast.applicant(of), lower)
    cast.move_to(call, "check", of.clerk)
    assert lower.clerk2.person is not None and of.clerk.person is not None
    desk = f"/calls/applications/{made.pk}/audit/"
    page = said(log_in(client, lower.clerk).get(desk))
    assert (
        f'href="/calls/{call.pk}/recommend/"' in page and f'href="/calls/{call.pk}/applications/' not in page
    )
    assert f'<option value="{lower.clerk2.person.pk}"' in page and f'value="{of.clerk.person.pk}"' not in page
    sent = client.post(f"/calls/applications/{made.pk}/audit/assign/", {"clerk": lower.clerk2.person.pk})
    assert sent.status_code == 303 and Application.objects.get(pk=made.pk).clerk == lower.clerk2.person
