"""Evidence under the rows of the score sheet: what cannot score without, what is counted, who may read it (U29)."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.calls import self_assessment
from shuniu.calls.actions import apply, audit, evidence
from shuniu.calls.models import Application, Call, Evidence, Submission
from shuniu.calls.tests import award, cast
from shuniu.calls.tests.reviews import refused
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.unions.tests.cast import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C5")]

_COUNTED = """\
  - name: held
    type: records
    label: 自办培训
    source: evidence
    time: on
    fields:
      - {name: item, type: choice, label: 项目, values: [组织建设]}
      - {name: on, type: date, label: 培训日期}
      - {name: kind, type: choice, label: 材料种类, values: [签到表, 照片]}
"""


@pytest.fixture
def of(tmp_path: Path, monkeypatch: Any, settings: Any) -> cast.Office:
    award.document(tmp_path, monkeypatch, settings)
    award.counted(tmp_path, _COUNTED, per=30)
    return cast.office()


@pytest.fixture
def lower(of: cast.Office) -> cast.Office:
    return award.below(of)


@pytest.fixture
def call(of: cast.Office, lower: cast.Office) -> Call:
    return cast.published_call(of)


def begun(call: Call, who: Who, lower: cast.Office) -> Application:
    made = apply.start(
        by=who, call_id=call.pk, category_id=call.categories.all()[0].pk, arrived_at=clock.now(),
        recommender_id=lower.union.pk,
    )  # fmt: skip
    apply.save_section(
        by=who,
        application_id=made.pk,
        section="self",
        values={"points_politics": "35", "note_politics": "有记录"},
    )
    return made


def paper(name: str = "签到表.pdf") -> io.BytesIO:
    file = io.BytesIO(samples.pdf())
    file.name = name
    return file


def file(who: Who, made: Application, row: str, **said: str) -> Evidence:
    return evidence.upload(by=who, application_id=made.pk, row=row, said=said, upload=paper())


def standing(made: Application) -> self_assessment.Assessment:
    found = self_assessment.assess(Application.objects.get(pk=made.pk), clock.today())
    assert found is not None
    return found


@pytest.mark.refusal("calls.evidence_row")
@pytest.mark.refusal("calls.evidence_said")
def test_a_row_that_demands_evidence_scores_with_a_file_only(
    of: cast.Office, lower: cast.Office, call: Call
) -> None:
    who = cast.applicant(of)
    made = begun(call, who, lower)
    found = standing(made)
    assert [line.points for line in found.lines] == [None, Decimal(0)] and found.total is None
    assert "缺佐证材料，不能得分的项目：政治建设" in found.said and not found.reached
    first = file(who, made, "politics")
    assert standing(made).total == Decimal(35)
    with refused("calls.evidence_row"):
        file(who, made, "nothing")
    for wrong in ({}, {"on": "2026-03-01"}, {"on": "2026-03-01", "kind": "录音"}):
        with refused("calls.evidence_said"):
            file(who, made, "organisation", **wrong)
    file(who, made, "organisation", on="2026-03-01", kind="签到表")
    file(who, made, "organisation", on="2026-03-01", kind="照片")
    assert standing(made).total == Decimal(65), "two papers of one day are one training"
    file(who, made, "organisation", on="2026-04-01", kind="签到表")
    assert standing(made).total == Decimal(95) and standing(made).reached
    evidence.remove(by=who, application_id=made.pk, evidence_id=first.pk)
    assert standing(made).unproved == {"politics"} and not standing(made).reached
    evidence.restore(by=who, application_id=made.pk, evidence_id=first.pk)
    assert standing(made).total == Decimal(95)
    apply.save_section(by=who, application_id=made.pk, section="self", values={"points_politics": "0"})
    evidence.remove(by=who, application_id=made.pk, evidence_id=first.pk)
    assert standing(made).total == Decimal(60), "no points need no paper"


@pytest.mark.refusal("calls.evidence_many")
def test_a_row_takes_so_many_files(of: cast.Office, lower: cast.Office, call: Call, monkeypatch: Any) -> None:
    who = cast.applicant(of)
    made = begun(call, who, lower)
    monkeypatch.setattr(evidence, "MOST", 1)
    first = file(who, made, "politics")
    with refused("calls.evidence_many"):
        evidence.reuse(by=who, application_id=made.pk, row="politics", said={}, earlier=first.attachment)


@pytest.mark.refusal("calls.evidence_stays")
def test_what_was_handed_in_stays_and_is_read_by_those_who_decide(
    of: cast.Office, lower: cast.Office, call: Call
) -> None:
    who = cast.applicant(of)
    made = begun(call, who, lower)
    row = file(who, made, "politics")
    for day in ("2026-03-01", "2026-04-01"):
        file(who, made, "organisation", on=day, kind="签到表")
    address = f"/calls/evidence/{row.pk}/"
    assert log_in(Client(), lower.clerk).get(address).status_code == 404, "a draft is its writer's"
    cast.hand_in(who, cast.fill(who, made))
    taken = Submission.objects.get(application=made).snapshot
    assert [e["row"] for e in taken["evidence"]] == ["politics", "organisation", "organisation"]
    assert taken["sections"]["_self_points"] == {"politics": "35", "organisation": "60"}
    with refused("calls.not_editable"):
        evidence.remove(by=who, application_id=made.pk, evidence_id=row.pk)
    with pytest.raises(DatabaseError, match="evidence_stays"), transaction.atomic():
        Evidence.objects.create(application=made, row="politics", attachment=row.attachment)
    with pytest.raises(DatabaseError, match="evidence_stays"), transaction.atomic():
        row.delete()
    with pytest.raises(DatabaseError, match="evidence_stays"), transaction.atomic():
        Evidence.objects.filter(pk=row.pk).update(row="organisation")
    for reader in (lower.clerk, of.checker, who):
        assert log_in(Client(), reader).get(address).status_code == 200
    other = award.below(of, "北屏区总工会")
    for stranger in (other.clerk, cast.applicant(of, "望海市另一家服务中心")):
        assert log_in(Client(), stranger).get(address).status_code == 404
    cast.move_to(call, "check", of.clerk)
    desk = log_in(Client(), lower.clerk).get(f"/calls/applications/{made.pk}/audit/?file=e{row.pk}")
    shown = desk.content.decode()
    assert "自查自评与佐证" in shown and address in shown and "35 / 40" in shown


def test_the_page_keeps_what_was_typed_and_takes_files_without_a_script(
    of: cast.Office, lower: cast.Office, call: Call, client: Client
) -> None:
    who = cast.applicant(of)
    made = begun(call, who, lower)
    log_in(client, who)
    page, up = f"/apply/{made.pk}/self/", f"/apply/{made.pk}/self/politics/upload/"
    assert "没有佐证材料，这一项不能得分" in client.get(page).content.decode()
    bare = client.post(up, {"points_politics": "33"})
    assert bare.status_code == 422 and "请先选择文件" in bare.content.decode()
    assert Application.objects.get().draft["self"]["points_politics"] == "33"
    sent = client.post(up, {"points_politics": "34", "file_politics": [paper("制度.pdf"), paper("记录.pdf")]})
    assert sent.status_code == 303 and sent["Location"].endswith("#row-politics")
    shown = client.get(page).content.decode()
    assert "记录.pdf" in shown and "34 / 40 分" in shown and "自评合计 34 分" in shown
    counted = f"/apply/{made.pk}/self/organisation/"
    wrong = client.post(f"{counted}upload/", {"file_organisation": paper(), "organisation-on": "三月"})
    assert wrong.status_code == 422 and "日期应写成" in wrong.content.decode()
    said = {"organisation-on": f"{dt.date(2026, 3, 1)}", "organisation-kind": "签到表"}
    assert client.post(f"{counted}upload/", said | {"file_organisation": paper()}).status_code == 303
    earlier = client.get(f"{counted}earlier/").content.decode()
    assert "签到表.pdf" in earlier and "材料种类" in earlier
    newest = Evidence.objects.get(row="organisation").attachment_id
    bare = client.post(f"{counted}earlier/", {"attachment": newest})
    assert bare.status_code == 422 and "请填写材料种类" in bare.content.decode()
    chosen = {"organisation-on": "2026-04-01", "organisation-kind": "照片", "attachment": newest}
    assert client.post(f"{counted}earlier/", chosen).status_code == 303
    assert standing(made).total == Decimal(94)
    known = Evidence.objects.filter(row="politics").order_by("id")[0]
    gone = f"/apply/{made.pk}/evidence/{known.pk}/"
    assert client.get(f"{gone}remove/").status_code == 200
    assert client.post(f"{gone}remove/").status_code == 303
    assert "已删除，可以恢复" in client.get(page).content.decode()
    assert client.post(f"{gone}restore/").status_code == 303
    competitor = log_in(Client(), cast.applicant(of, "望海市另一家服务中心"))
    for address in (up, f"{counted}earlier/", f"{gone}remove/"):
        assert competitor.post(address, {}).status_code == 404


def test_a_correction_shows_which_files_came_since(of: cast.Office, lower: cast.Office, call: Call) -> None:
    who = cast.applicant(of)
    made = begun(call, who, lower)
    file(who, made, "politics")
    for day in ("2026-03-01", "2026-04-01"):
        file(who, made, "organisation", on=day, kind="签到表")
    cast.hand_in(who, cast.fill(who, made))
    cast.move_to(call, "check", of.clerk)
    audit.send_correction(
        by=lower.clerk, application_id=made.pk, items=[{"key": "self", "reason": "请补学习制度"}]
    )
    evidence.upload(by=who, application_id=made.pk, row="politics", said={}, upload=paper("学习制度.pdf"))
    apply.answer_correction(by=who, application_id=made.pk, key=uuid.uuid4(), arrived_at=clock.now())
    shown = log_in(Client(), lower.clerk).get(f"/calls/applications/{made.pk}/audit/").content.decode()
    assert "政治建设的佐证" in shown and "学习制度.pdf" in shown
