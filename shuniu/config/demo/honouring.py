"""项目、荣誉和经费补助: a project honoured by city and province and paid for, another one that waits for its payee."""

from __future__ import annotations

import datetime as dt

from shuniu.config.demo.applying import NAMED, received
from shuniu.config.demo.clock import Line
from shuniu.config.demo.days import at, back, on_or_before
from shuniu.config.demo.scene import Scene
from shuniu.config.demo.words import INVENTED
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.receiving import Received
from shuniu.funds.actions import fund as funds
from shuniu.funds.actions import payment as paying
from shuniu.funds.actions import subsidy, use
from shuniu.funds.actions.matching import set_standard
from shuniu.funds.models import Fund, Subsidy
from shuniu.library import actions as library
from shuniu.projects import actions as projects
from shuniu.projects.models import Project
from shuniu.recognition.actions import honours
from shuniu.registry.models import Organisation

LAW = "qingdao-2021"
_LIST = system("演示：评优名单公布")
_WAN = 1_000_000  # fen


def line(scene: Scene) -> Line:
    """The clerk registers, the list honours, finance settles and pays."""
    clerk, finance = scene.who("linjb"), scene.who("suncw")
    checker, leader = scene.who("zhoufh"), scene.who("chenzr")
    last = on_or_before(scene.today)
    first = next(o for o in scene.everybody if o.name in NAMED)
    other = next(o for o in scene.everybody if o.name not in NAMED)
    yield at(back(last, 60), "09:10")
    fund = funds.open_fund(
        by=finance,
        union=scene.cast.city,
        year=clock.today().year,
        name="社会组织工作专项经费",
        source="union",
    )
    change = funds.propose_budget(by=finance, fund_id=fund.pk, amount_fen=30 * _WAN, reason="年初预算批复")
    yield at(back(last, 59), "15:00")
    funds.decide_budget(by=leader, change_id=change.pk, approve=True)
    yield at(back(last, 40), "10:00")
    done = _project(clerk, scene, first, "职工心理驿站进港区", "何敏", 500, 12)
    second = _project(clerk, scene, other, "一线班组安全微课堂", "", 420, 8)
    for row in (done, second):
        _honour(clerk, scene, row)
    yield at(back(last, 30), "09:30")
    paid = _opened(scene, done)
    payee = paying.propose_payee(
        by=clerk, subsidy_id=paid.pk, name=first.name, bank="望海银行港区支行", account="6222000012345678"
    )
    yield at(back(last, 29), "14:00")
    paying.decide_payee(by=checker, payee_id=payee.pk, confirm=True)
    _pay(finance, paid, fund, "PZ-0031")
    use.record_use(
        by=clerk, subsidy_id=paid.pk, amount_fen=_WAN // 2, used_on=clock.today(), named="购买服务"
    )
    yield at(back(last, 12), "11:00")
    paper = received("表彰文件", ("海工发〔2026〕21号", "全省工会联系引导社会组织服务职工优秀项目", INVENTED))
    _from_province(clerk, checker, done, paper)
    yield at(back(last, 10), "09:40")
    _pay(finance, paid, fund, "PZ-0047")
    yield at(back(last, 3), "10:20")
    waiting = _opened(scene, second)
    subsidy.settle(by=finance, subsidy_id=waiting.pk, fund_id=fund.pk)
    paying.propose_payee(
        by=clerk, subsidy_id=waiting.pk, name=other.name, bank="望海银行", account="6222000087654321"
    )
    set_standard(
        by=finance, union=scene.cast.city, document_key=LAW, level="city", first_day=clock.today(),
        source="演示用的配套标准", amount_fen=_WAN // 2,
    )  # fmt: skip


def _project(
    clerk: Who, scene: Scene, of: Organisation, name: str, leader: str, ago: int, wan: int
) -> Project:
    starts = clock.today() - dt.timedelta(days=ago)
    values = {
        "name": name, "leader": leader, "starts_on": starts, "completed_on": starts + dt.timedelta(days=300),
        "contract_no": f"HT-{starts.year}-{wan:02d}", "signed_on": starts, "amount_fen": wan * _WAN,
    }  # fmt: skip
    return projects.register(by=clerk, union=scene.cast.city, organisation=of, values=values)


def _honour(clerk: Who, scene: Scene, row: Project) -> None:
    sheet = projects.freeze(by=clerk, project_id=row.pk, purpose="推荐市级优秀项目")
    award = honours.Award(
        "city",
        "工会联系引导社会组织服务职工优秀项目",
        scene.cast.city.name,
        "望工发〔2026〕8号",
        clock.today(),
        row.leader,
    )
    honours.grant(
        by=_LIST, union=scene.cast.city, document=library.store(by=_LIST, key=LAW), organisation=row.organisation,
        subject=projects.subject_of(sheet), award=award, effect_key=f"demo:{row.key}",
    )  # fmt: skip


def _opened(scene: Scene, row: Project) -> Subsidy:
    document = library.store(by=_LIST, key=LAW)
    found = subsidy.open_subsidy(by=_LIST, union=scene.cast.city, document=document, subject_key=row.key)
    assert found is not None  # the honour is in force and the document pays for it
    return found


def _pay(finance: Who, row: Subsidy, fund: Fund, voucher: str) -> None:
    due = subsidy.settle(by=finance, subsidy_id=row.pk, fund_id=fund.pk)
    assert due is not None  # a higher honour has just come
    paying.pay(
        by=finance, payment_id=due.pk, paid_on=clock.today(), voucher=voucher,
        use_due_on=clock.today() + dt.timedelta(days=180),
    )  # fmt: skip


def _from_province(clerk: Who, checker: Who, row: Project, paper: Received) -> None:
    award = honours.Award(
        "province", "全省工会联系引导社会组织服务职工优秀项目", "海东省总工会", "海工发〔2026〕21号",
        clock.today() - dt.timedelta(days=5), row.leader,
    )  # fmt: skip
    made = projects.record_result(by=clerk, project_id=row.pk, award=award, proof=paper, document_key=LAW)
    honours.confirm(by=checker, honour_id=made.pk)
