"""Who took part in last year's award, and what the platform knew of them: facts with their source, a counted survey."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from shuniu.config.demo.cast import CITY
from shuniu.config.demo.days import DAY
from shuniu.config.demo.scene import Scene
from shuniu.config.demo.yearly import enter_inspection
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.receiving import Received
from shuniu.recognition.actions import honours
from shuniu.registry import actions as registry
from shuniu.registry import codes
from shuniu.registry.models import Organisation
from shuniu.surveys import actions as surveys
from shuniu.surveys.models import Survey

_OTHER_CITY, _INDUSTRY = "平澜市总工会", "海东省教科文卫体工会"


@dataclass(frozen=True)
class Entrant:
    """An organisation of the story; `worth` is what the experts think of it, `less` what the visitors find wanting."""

    name: str
    through: str  # the union that recommends it
    worth: float
    less: int
    place: str
    reason: str
    levels: str  # of the survey, one digit a person
    place_code: str = ""  # of the code of one that is entered for the award; the others are in the registry
    head: str = ""  # its legal representative


ENTRANTS = (
    Entrant(
        "望海市晨曦职工心理关爱中心", CITY, 0.84, 0, "东港区学府路 18 号", "心理服务进港区，一线职工评价高。", "5545445354",
    ),
    Entrant(
        "望海市同心职工帮扶服务中心", CITY, 0.93, 0, "东港区海滨路 14 号", "帮扶困难职工家庭，做法规范。", "5554455545",
    ),
    Entrant(
        "平澜市暖流职工服务中心", _OTHER_CITY, 0.96, 0, "平澜市人民路 66 号", "服务覆盖全市 30 个园区。", "5555545555",
        "52370102", "乔远帆",
    ),
    Entrant(
        "平澜市工匠技能促进会", _OTHER_CITY, 0.9, 0, "平澜市工业大道 9 号", "技能培训成效突出。", "4554545445",
        "51370102", "盛建业",
    ),
    Entrant(
        "海东省职工阅读促进会", _INDUSTRY, 0.76, 1, "海天路 7 号教育大厦", "读书活动影响广泛。", "4453544354",
        "51370000", "闻书雅",
    ),
)  # fmt: skip


def enter(scene: Scene, each: Entrant) -> Organisation:
    """The organisation: of the registry, or entered now by the clerk of the union that will recommend it."""
    if not each.place_code:
        return next(o for o in scene.everybody if o.name == each.name)
    union = scene.cast.unions[each.through]
    clerk, founded = scene.cast.of(union, "clerk"), clock.today() - 6 * 365 * DAY
    registrar = "海东省民政厅" if each.place_code.endswith("0000") else "平澜市民政局"
    values = {
        "registrar": registrar, "registrar_level": "province" if registrar.endswith("厅") else "city",
        "region": each.name[:3], "registered_on": founded, "legal_representative": each.head, "address": each.place,
        "contact_name": "江晓", "contact_phone": f"13900008{ENTRANTS.index(each):03d}",
    }  # fmt: skip
    row = registry.register_organisation(
        by=clerk, union=union, code=codes.make_code(each.place_code, 300000 + 277 * ENTRANTS.index(each)), name=each.name,
        basis="登记证书副本", as_of=founded, values=values,
    )  # fmt: skip
    facts: list[tuple[str, dict[str, Any], str]] = [
        ("scope", {"text": "职工服务，技能培训，读书活动，志愿服务"}, "登记证书副本"),
        ("staff", {"full_time": 12, "part_time": 4, "specialists": 7}, "社保缴费名单"),
    ]
    for kind, said, basis in facts:
        registry.add_fact(by=clerk, organisation=row, kind=kind, values=said, basis=basis)
    return row


def known(scene: Scene, each: Entrant, of: Organisation, proof: Received) -> None:
    """What the clerks enter and a second person confirms before it assesses itself."""
    keeper = of.owning_union
    clerk, checker, today = scene.cast.of(keeper, "clerk"), scene.cast.of(keeper, "checker"), clock.today()
    year = today.year - 1
    facts: list[tuple[str, dict[str, Any], str]] = [
        ("penalty", {"penalty": "none", "from_on": today - 3 * DAY}, "信用中国查询结果"),
        ("union", {"status": "own", "approval": f"工组〔{year}〕11号", "members": 12}, "建会批复"),
        ("report", {"medium": "海东工人报", "level": "province", "title": "职工身边的服务站", "on": today - 80 * DAY}, "原件"),
        ("exchange", {"host": keeper.name, "level": "city", "title": "工作经验交流会", "on": today - 50 * DAY}, "手册"),
    ]  # fmt: skip
    if each.place_code:
        said = {
            "year": year,
            "result": "passed",
            "concluded_on": dt.date(today.year, 6, 20),
            "authority": of.registrar,
        }
        facts += [
            ("rating", {"grade": "4A", "valid_from": today - 300 * DAY, "valid_to": today + 1500 * DAY}, "评估等级公告"),
            ("inspection", said, "年检结果公告"),
        ]  # fmt: skip
    else:
        enter_inspection(clerk, of, scene.number(of.pk), year)
    for kind, values, basis in facts:
        registry.add_fact(by=clerk, organisation=of, kind=kind, values=values, basis=basis)
    award = honours.Award(
        "city",
        "服务职工先进集体",
        keeper.name,
        f"工发〔{year}〕9号",
        today - 200 * DAY,
        of.legal_representative,
    )
    made = honours.record(
        by=clerk, union=keeper, organisation=of, subject=honours.of_organisation(of), award=award, proof=proof
    )
    honours.confirm(by=checker, honour_id=made.pk)


@dataclass(frozen=True)
class Measured:
    """A survey whose tickets are out."""

    row: Survey
    codes: list[str]
    by: Who

    def finish(self, levels: str) -> None:
        """Everybody answers, now, and it is counted."""
        for code, level in zip(self.codes, levels, strict=False):
            surveys.answer(code=code, level=int(level), arrived_at=clock.now())
        surveys.close(by=self.by, survey_id=self.row.pk)


def measured(scene: Scene, each: Entrant, of: Organisation) -> Measured:
    """A satisfaction survey of the organisation by its own union, opened now."""
    by = scene.cast.of(of.owning_union, "clerk")
    row = surveys.make(
        by=by, union=of.owning_union, organisation=of, title=f"{of.name}职工满意度测评", ends_on=clock.today() + 20 * DAY,
        population=320, sampling="random",
    )  # fmt: skip
    people = [(f"职工{n:02d}", "服务对象名册") for n in range(1, len(each.levels) + 1)]
    surveys.add_people(by=by, survey_id=row.pk, people=people, source="导入")
    surveys.open_survey(by=by, survey_id=row.pk)
    tickets = surveys.issue_tickets(by=by, survey_id=row.pk)
    surveys.mark_given(by=by, survey_id=row.pk, entry_ids=list(row.entries.values_list("pk", flat=True)))
    return Measured(row, tickets, by)
