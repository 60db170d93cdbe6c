"""What organisations write into their applications: invented, the same at every start."""

from __future__ import annotations

import random
from typing import Any

from shuniu.calls.models import Application
from shuniu.registry.models import BusinessScope, Organisation

INVENTED = "本件为演示材料，单位、人员和内容均为虚构。"

_PROJECTS = {
    "work": (
        ("一线班组安全微课堂", "港口作业班组"),
        ("职工创新工作室结对辅导", "装备制造企业"),
        ("高温岗位健康随访", "建筑工地项目部"),
        ("青年技工技能比武培训", "市技师学院联合工会"),
    ),
    "life": (
        ("职工心理驿站", "港口集团工会"),
        ("快递员关爱月", "南湾快递行业联合工会"),
        ("职工子女暑期托管班", "高新软件园联合工会"),
        ("困难职工家庭陪伴计划", "东港区总工会"),
        ("单身职工联谊与婚恋课堂", "望海大学工会"),
    ),
    "career": (
        ("转岗职工再就业训练营", "临溪建工集团工会"),
        ("职工生涯规划工作坊", "高新软件园联合工会"),
        ("职业道德大讲堂", "市城管局工会"),
    ),
    "culture": (
        ("职工合唱与戏剧工作坊", "市教科文卫体工会"),
        ("工间健身进车间", "集装箱码头工会"),
        ("职工摄影书画展", "北屏区总工会"),
        ("职工原创歌曲征集", "市总工会"),
    ),
    "support": (
        ("基层工会规范化建设辅导", "临溪区总工会"),
        ("新就业形态劳动者状况调研", "市总工会"),
        ("集体协商案例库建设", "市建设建材工会"),
    ),
}
_GOALS = {
    "work": "以班组为单位开展安全、健康和技能服务，让职工在岗位上学得会、用得上",
    "life": "面向一线职工和职工家庭，提供可及、保密、持续的生活和心理支持",
    "career": "帮助转岗和青年职工认识自己、更新技能、找到合适的岗位",
    "culture": "把文化和健身活动送到车间、工地和园区，让职工成为活动的主角",
    "support": "用调研、培训和案例帮助基层工会把服务做实",
}
_STEPS = (
    "第一个月走访需求、确定服务点和班次；第二至十个月按周提供服务并建立记录；最后两个月回访和评估。",
    "先在两家单位试点，三个月后按反馈调整，再推广到五家单位，每季度向工会书面报告。",
    "采取预约和上门相结合的方式，每月公布服务日历，节假日前后增加场次。",
)
_RISKS = (
    "个案信息由两人保管，紧急情况一小时内转介定点医院。",
    "户外活动购买意外保险，配备急救人员，恶劣天气顺延。",
    "经费单独核算，按季度公开收支，接受工会经审抽查。",
)


def _dice(*seed: object) -> random.Random:
    return random.Random(":".join(map(str, seed)))  # noqa: S311 - invented texts


def fitting(scope: str, directions: list[dict[str, Any]]) -> list[str]:
    """Keys of the one or two directions whose words stand most in the business scope."""
    pairs = {scope[n : n + 2] for n in range(len(scope) - 1)} - {"职工", "服务", "工作", "指导"}

    def hits(label: str) -> int:
        return sum(label[n : n + 2] in pairs for n in range(len(label) - 1))

    best = sorted(directions, key=lambda d: -hits(d["label"]))[:2]
    chosen = {d["key"] for n, d in enumerate(best) if n == 0 or hits(d["label"])}
    return [d["key"] for d in directions if d["key"] in chosen]


def sections(application: Application) -> dict[str, dict[str, Any]]:
    """The parts of the form in the order of the task list."""
    organisation, category = application.organisation, application.category
    dice = _dice(organisation.code, category.key, application.call_id)
    scope = BusinessScope.objects.current().filter(organisation=organisation).order_by("-as_of").first()
    chosen = fitting(scope.text if scope else organisation.name, category.directions)
    labels = {d["key"]: d["label"] for d in category.directions}
    full_time = dice.randint(5, 26)
    return {
        "registry": {"confirmed": True},
        "contact": {
            "name": organisation.contact_name or "联系人",
            "phone": organisation.contact_phone or "13900000000",
        },
        "directions": {
            "directions": chosen,
            "basis": f"章程载明的业务范围包括{'、'.join(labels[k] for k in chosen)}。",
        },
        "experience": {"text": experience(dice, category.key, application.call.year)},
        "people": {
            "full_time": full_time, "part_time": dice.randint(0, 12), "certified": dice.randint(3, full_time),
            "text": "项目负责人从业 8 年以上；专业人员持有社会工作师、心理治疗师或相应职业资格证书。",
        },
        "plan": {"text": plan(dice, category.key)},
    }  # fmt: skip


def experience(dice: random.Random, category: str, year: int) -> str:
    """One to three finished projects."""
    told = []
    known = _PROJECTS.get(category, _PROJECTS["life"])
    for n, (name, client) in enumerate(dice.sample(known, min(len(known), dice.randint(1, 3)))):
        told.append(
            f"{year - 1 - n} 年，受{client}委托实施“{name}”，服务 {dice.randint(4, 60) * 60:,} 人次，"
            f"满意度 {dice.randint(91, 99)}%，已通过验收。"
        )
    return "\n".join(told)


def plan(dice: random.Random, category: str) -> str:
    """Goal, steps, measure, risk."""
    return (
        f"目标：{_GOALS.get(category, _GOALS['life'])}，年度服务不少于 {dice.randint(8, 40) * 100:,} 人次。\n"
        f"步骤：{dice.choice(_STEPS)}\n"
        f"衡量：每场签到和评价，满意度不低于 {dice.randint(88, 95)}%，由工会随机回访。\n"
        f"风险：{dice.choice(_RISKS)}"
    )


def paper(organisation: Organisation, label: str, note: str = "") -> tuple[str, ...]:
    """The lines of an invented paper."""
    return (
        f"{organisation.name}（统一社会信用代码 {organisation.code}）{label}{note}。",
        f"登记机关：{organisation.registrar or '望海市民政局'}。法定代表人：{organisation.legal_representative or '--'}。",
        INVENTED,
    )
