"""Invented names: cities, districts, organisations, people. The same at every run."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

DISTRICTS = ("东港区", "北屏区", "临溪区", "南湾区", "高新区")
_PLACES = ("望海市", "望海", "东港", "北屏", "临溪", "南湾", "高新", "望海港城", "海东", "观澜")
_FIRST = "晨星海明春和安信同德博文启新远志康宁嘉禾瑞雪金木水云青蓝红白长天地山川江河林森松柏竹梅兰菊"
_SECOND = "曦光岸德晖谐澜诚行馨雅思航程途健泰乐穗祥原桥舟帆苗芽霞霖峰峦源流渡洲荫涛青节韵芳香音"
_FIELDS = (
    "职工心理关爱", "职工法律援助", "职工健康", "劳动技能", "就业指导", "职业安全", "职工文化", "职工体育健身",
    "家庭服务", "青年发展", "社会工作", "社区公益", "困难帮扶", "儿童托管", "劳动关系", "技术创新交流",
    "职工维权", "婚恋家庭", "志愿服务", "职业培训", "文化艺术", "社会组织发展", "新业态职工", "快递员服务",
)  # fmt: skip
_FORMS = (("52", "service", "服务中心"), ("52", "service", "促进中心"), ("51", "association", "协会"),
          ("51", "association", "促进会"), ("53", "foundation", "基金会"))  # fmt: skip
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "文博雅琴志远晓岚建华慧敏伟民思齐国栋静怡立群明哲春梅海燕"


@dataclass(frozen=True)
class Named:
    """An invented organisation: what a list would say of it."""

    name: str
    prefix: str  # first two characters of the code
    legal_type: str
    region: str
    field: str
    registered_on: dt.date
    representative: str
    rated: str  # "" or a grade
    inspection: str
    union_status: str


def organisation(n: int) -> Named:
    """The n-th organisation; two numbers never give the same name."""
    chance = random.Random(f"organisation {n}")
    prefix, legal_type, form = chance.choices(_FORMS, (45, 20, 20, 12, 3))[0]
    size = len(_FIRST) * len(_SECOND)
    brand = _FIRST[n % len(_FIRST)] + _SECOND[n // len(_FIRST) % len(_SECOND)]
    field = _FIELDS[n // size % len(_FIELDS)]
    place = _PLACES[n // (size * len(_FIELDS)) % len(_PLACES)]
    return Named(
        name=f"{place}{brand}{field}{form}",
        prefix=prefix,
        legal_type=legal_type,
        region=DISTRICTS[chance.randrange(len(DISTRICTS))],
        field=field,
        registered_on=dt.date(2005, 1, 1) + dt.timedelta(days=chance.randrange(5800)),
        representative=person(n),
        rated=chance.choices(("", "5A", "4A", "3A", "2A"), (60, 5, 15, 15, 5))[0],
        inspection=chance.choices(("passed", "basically", "failed", "absent"), (88, 7, 2, 3))[0],
        union_status=chance.choices(("own", "federation", "council", "not_ready"), (40, 30, 10, 20))[0],
    )


def person(n: int) -> str:
    """An invented person's name."""
    return _SURNAMES[n % len(_SURNAMES)] + _GIVEN[n * 7 % len(_GIVEN)] + _GIVEN[n * 13 % len(_GIVEN)]
