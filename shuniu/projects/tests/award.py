"""A call under which unions nominate projects: an office, a call that is open, a project with its papers."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from shuniu.calls import demo_audit
from shuniu.calls.actions import apply, audit, evidence, material, recommend
from shuniu.calls.actions import call as calls
from shuniu.calls.models import Application, Call
from shuniu.calls.tests import cast
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.tests import samples
from shuniu.projects import actions
from shuniu.projects.models import Project
from shuniu.registry import actions as registered
from shuniu.registry.models import Organisation
from shuniu.registry.tests import factories as registry
from shuniu.surveys import actions as surveys
from shuniu.surveys.tests import cast as surveyed

LAW = "qingdao-2021"
DIRECTION = "counselling"


def open_call(of: cast.Office) -> Call:
    """Published, in the days of recommendation; composed from the folder as it stands."""
    law, cast.LAW = cast.LAW, LAW
    try:
        return cast.published_call(of, days=20)
    finally:
        cast.LAW = law


def project(by: Who, of: cast.Office, organisation: Organisation, **values: Any) -> Project:
    """Completed half a year ago, concluded and appraised."""
    ended = clock.today() - dt.timedelta(days=180)
    given: dict[str, Any] = {
        "name": "港区职工心理驿站", "leader": "何主任", "starts_on": ended - dt.timedelta(days=300),
        "completed_on": ended, "concluded_on": ended, "appraised_on": ended, "contract_no": "HT-7",
        "amount_fen": 5_000_000,
    } | values  # fmt: skip
    return actions.register(by=by, union=of.union, organisation=organisation, values=given)


def nominated(by: Who, row: Project, call: Call) -> Application:
    """For counselling, in the class of services for workers' lives."""
    category = call.categories.get(key="daily")
    return actions.nominate(
        by=by, project_id=row.pk, call_id=call.pk, category_id=category.pk, directions=[DIRECTION],
        reason="服务成效突出", arrived_at=clock.now(),
    )  # fmt: skip


KINDS = {
    "study": ("学习制度", "学习记录"), "activity": ("活动方案", "会议记录", "宣传报道"), "licence": ("登记证书",),
    "premises": ("场所照片",), "approval": ("批复文件",), "union_work": ("工作材料",), "union_activity": ("活动材料",),
    "papers": ("合同", "评估总结"),
}  # fmt: skip
"""Row of the score sheet → the kinds of a whole set of papers, in the words of the document."""


def papers(who: Who, made: Application) -> Application:
    """Every part, the papers of each row by kind, and a file for each material; then handed in."""
    parts: dict[str, dict[str, Any]] = {
        "registry": {"confirmed": True},
        "contact": {"name": "何专员", "phone": "13900001234"},
        "directions": {"directions": [DIRECTION], "basis": "职工心理健康服务"},
        "facts": {},
    }
    for section, values in parts.items():
        apply.save_section(by=who, application_id=made.pk, section=section, values=values)
    for row in KINDS:
        file_under(who, made, row)
    for item in made.call.materials.all():
        material.upload(by=who, application_id=made.pk, item_id=item.pk, upload=_file(item.key))
    return cast.hand_in(who, Application.objects.get(pk=made.pk))


def file_under(who: Who, made: Application, row: str) -> None:
    """A whole set of papers under one row of the sheet."""
    for kind in KINDS[row]:
        said = {"kind": kind, "title": f"{kind}（2026年）"}
        evidence.upload(by=who, application_id=made.pk, row=row, said=said, upload=_file(f"{row}-{kind}"))


def _file(name: str) -> io.BytesIO:
    upload = io.BytesIO(samples.pdf(note=name))
    upload.name = f"{name}.pdf"
    return upload


def merits(of: cast.Office, organisation: Organisation) -> None:
    """What the registry and a counted survey say of an organisation that has everything."""
    today = clock.today()
    clerk = registry.staff(of.union)
    rows: list[tuple[str, dict[str, Any]]] = [
        ("licence", {"title": "社会服务机构登记证书", "valid_from": dt.date(today.year - 2, 1, 1)}),
        ("union", {"status": "own", "approval": "海工组〔2020〕3号"}),
        ("report", {"title": "心理驿站进港区", "level": "nation", "medium": "工人日报", "on": today}),
        ("report", {"title": "把心理服务送到班组", "level": "city", "medium": "望海日报", "on": today}),
        ("exchange", {"title": "全省经验交流会", "level": "province", "host": "省总工会", "on": today}),
    ]
    for kind, values in rows:
        registered.add_fact(by=clerk, organisation=organisation, kind=kind, values=values, basis="原件核对")


def surveyed_by_a_third(of: cast.Office, row: Project) -> None:
    """A counted survey of the project in which everybody was very satisfied."""
    office = surveyed.Office(of.union, of.clerk, of.checker)
    survey = surveyed.opened(
        office, row.organisation, people=5, conductor="third", conductor_name="望海市社情民意调查中心",
        subject_key=row.key, subject_label=row.name,
    )  # fmt: skip
    for code in survey.codes:
        surveyed.rate(code, 5)
    surveys.close(by=of.clerk, survey_id=survey.row.pk)


def through_the_desk(made: Application, lower: cast.Office) -> Application:
    """Every question answered, concluded, confirmed, told; then recommended by two people."""
    demo_audit.conclude_one(Application.objects.get(pk=made.pk), lower.clerk)
    audit.confirm(by=lower.checker, application_id=made.pk)
    audit.release(by=lower.checker, application_id=made.pk)
    row = recommend.propose(by=lower.clerk, application_id=made.pk, reason="服务成效突出")
    recommend.confirm(by=lower.checker, recommendation_id=row.pk)
    return Application.objects.get(pk=made.pk)


__all__ = [
    "DIRECTION",
    "LAW",
    "calls",
    "file_under",
    "merits",
    "nominated",
    "open_call",
    "papers",
    "project",
    "surveyed_by_a_third",
    "through_the_desk",
]
