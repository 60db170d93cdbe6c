"""The unions of the demonstration and the people who work there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from shuniu.foundation.access import Who, system, who_is
from shuniu.foundation.accounts import actions as accounts
from shuniu.foundation.accounts.demo import PASSWORD
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.unions import actions as unions
from shuniu.unions.models import Union

CITY = "望海市总工会"
PROVINCE = "海东省总工会"
SETUP = system("首次安装")

# name, short name, level, parent, industry parent, facts
_TREE: tuple[tuple[str, str, str, str, str, dict[str, str]], ...] = (
    ("全国总工会", "全总", "national", "", "", {}),
    (
        PROVINCE, "海东省总", "province", "全国总工会", "",
        {
            "paper_code": "海东工办", "responsible_department": "权益保障部", "contact_phone": "0590-87001234",
            "contact_email": "quanyi@example.org", "address": "海东省望海市东港区海天路 1 号", "postcode": "390000",
        },
    ),
    (
        CITY, "望海市总", "city", PROVINCE, "",
        {
            "paper_code": "望工办", "responsible_department": "社会联络部", "contact_phone": "0599-88001234",
            "contact_email": "lianluo@example.org", "address": "望海市东港区观澜路 18 号", "postcode": "390010",
        },
    ),
    ("平澜市总工会", "平澜市总", "city", PROVINCE, "", {"paper_code": "平工办", "region": "平澜市"}),
    ("海东省教科文卫体工会", "省教科文卫体工会", "industry", PROVINCE, "", {"paper_code": "海东教工"}),
    *(
        (f"{name}总工会", f"{name}总", "district", CITY, "", {"paper_code": f"{name[0]}工发", "region": name})
        for name in ("东港区", "北屏区", "临溪区", "南湾区", "高新区")
    ),
    ("望海市教科文卫体工会", "市教科文卫体工会", "industry", CITY, "", {}),
    ("望海市建设建材工会", "市建设建材工会", "industry", CITY, "", {}),
    ("望海市港航物流工会", "市港航物流工会", "industry", CITY, "", {}),
    ("望海市城市管理局工会", "市城管局工会", "bureau", CITY, "", {}),
    ("望海港口集团工会", "港口集团工会", "group", CITY, "望海市港航物流工会", {}),
    ("望海大学工会", "望海大学工会", "university", CITY, "望海市教科文卫体工会", {}),
    ("望海港集装箱码头工会", "集装箱码头工会", "grassroots", "东港区总工会", "望海港口集团工会", {}),
    ("北屏区第一人民医院工会", "北屏一院工会", "grassroots", "北屏区总工会", "望海市教科文卫体工会", {}),
    ("临溪建工集团工会", "临溪建工工会", "grassroots", "临溪区总工会", "望海市建设建材工会", {}),
    ("南湾快递行业联合工会", "南湾快递工会", "grassroots", "南湾区总工会", "望海市港航物流工会", {}),
    ("高新软件园联合工会", "高新软件园工会", "grassroots", "高新区总工会", "", {}),
)  # fmt: skip

# log-in name, name, union, roles
STAFF: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("linjb", "林经办", CITY, ("clerk",)),
    ("wujb", "吴经办", CITY, ("clerk",)),
    ("zhoufh", "周复核", CITY, ("checker",)),
    ("zhengfh", "郑复核", CITY, ("checker",)),
    ("chenzr", "陈主任", CITY, ("leader",)),
    ("suncw", "孙财务", CITY, ("finance",)),
    ("zhaojs", "赵经审", CITY, ("auditor",)),
    ("qianxt", "钱系统", CITY, ("sys_admin",)),
    ("lianq", "李安全", CITY, ("sec_admin",)),
    ("fengsj", "冯审计", CITY, ("audit_admin",)),
    ("majb", "马经办", "东港区总工会", ("clerk",)),
    ("tangzx", "唐主席", "东港区总工会", ("leader",)),
    ("gaoaq", "高安全", "东港区总工会", ("sec_admin",)),
    ("baijb", "白经办", "望海市教科文卫体工会", ("clerk",)),
    ("xujb", "徐经办", PROVINCE, ("clerk",)),
    ("luofh", "罗复核", PROVINCE, ("checker",)),
    ("duanjs", "段经审", PROVINCE, ("auditor",)),
)

# the same of those who act in the story and do not log in: other unions that recommend to the province
ELSEWHERE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("yejb", "叶经办", "平澜市总工会", ("clerk",)),
    ("shaofh", "邵复核", "平澜市总工会", ("checker",)),
    ("lujb", "陆经办", "海东省教科文卫体工会", ("clerk",)),
    ("dongfh", "董复核", "海东省教科文卫体工会", ("checker",)),
)

_EMPLOYERS = (
    ("望海大学", "副教授"), ("望海师范学院", "教授"), ("海东省职工健康研究院", "研究员"),
    ("望海市第三人民医院", "主任医师"), ("望海财经职业学院", "副教授"), ("海东文化艺术研究会", "一级编剧"),
    ("望海市人力资源发展中心", "高级经济师"), ("望海港口集团", "高级工程师"), ("北屏区第一人民医院", "副主任医师"),
    ("望海市体育科学研究所", "高级教练"), ("海东社会工作学院", "讲师"), ("望海律师事务所", "一级律师"),
)  # fmt: skip
_SURNAMES = "顾沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘"
_GIVEN = [
    "文博",
    "雅琴",
    "志远",
    "晓岚",
    "建华",
    "慧敏",
    "伟民",
    "思齐",
    "国栋",
    "静怡",
    "立群",
    "明哲",
    "春梅",
    "海燕",
    "子涵",
]
_FIELDS = (
    ("life", "work"), ("life", "culture"), ("work", "career"), ("life", "career", "support"),
    ("culture", "support"), ("work", "life", "culture"),
)  # fmt: skip


@dataclass
class Cast:
    """Whom the story knows by name."""

    unions: dict[str, Union] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    experts: dict[str, Person] = field(default_factory=dict)  # by telephone

    @property
    def city(self) -> Union:
        """The union that runs the selections."""
        return self.unions[CITY]

    def who(self, username: str, role: str = "", union: str = CITY) -> Who:
        """Somebody under a hat that they really hold on the story's day; the only one unless named."""
        where = next(s for s in (*STAFF, *ELSEWHERE) if s[0] == username) if not role else None
        role, union = (where[3][0], where[2]) if where else (role, union)
        who = who_is(self.people[username], f"union:{self.unions[union].pk}:{role}")
        assert who.role == role, f"{username} is no {role}"
        return who

    def of(self, union: Union, role: str) -> Who:
        """The first of a union's people in this role."""
        return self.who(next(s[0] for s in (*STAFF, *ELSEWHERE) if s[2] == union.name and role in s[3]))


def build_unions(cast: Cast) -> None:
    """The tree, from the top."""
    for name, short, level, parent, industry, facts in _TREE:
        cast.unions[name] = unions.create_union(
            by=SETUP, name=name, short_name=short, level=level, parent=cast.unions.get(parent),
            industry_parent=cast.unions.get(industry), **facts,
        )  # fmt: skip


def build_staff(cast: Cast) -> None:
    """The first administrators are set up by the system, everybody else by the system administrator."""
    admins = [s for s in STAFF if s[3][0].endswith("_admin")]
    others = [s for s in STAFF if s not in admins] + [*ELSEWHERE]
    for n, (username, name, union, roles) in enumerate(admins + others):
        silent = (username, name, union, roles) in ELSEWHERE
        person = accounts.create_person(
            by=SETUP,
            username=username,
            name=name,
            password="" if silent else PASSWORD,
            phone=f"1390000{1001 + n}",
            verified=True,
        )
        cast.people[username] = person
        first = roles[0].endswith("_admin") or union == PROVINCE or silent
        by = SETUP if first else cast.who("qianxt")
        for role in roles:
            unions.grant_role(
                by=by, person=person, union=cast.unions[union], role=role, first_day=clock.today()
            )


def expert_entries(cast: Cast, *, count: int = 30) -> list[dict[str, object]]:
    """Particulars of the expert pool; every one has an account, so that whoever is drawn can act."""
    entries: list[dict[str, object]] = []
    for n in range(count):
        name = _SURNAMES[n] + _GIVEN[n % len(_GIVEN)]
        phone = f"1390002{1001 + n}"
        employer, position = _EMPLOYERS[n % len(_EMPLOYERS)]
        cast.experts[phone] = accounts.create_person(
            by=SETUP, username=f"expert{n + 1:02d}", name=name, phone=phone, verified=True
        )
        entries.append(
            {
                "name": name, "phone": phone, "employer": employer, "position": position,
                "fields": _FIELDS[n % len(_FIELDS)], "tier": "province" if n % 5 == 2 else "city",
                "past_posts": "望海市晨曦职工心理关爱中心" if n == 3 else "",
                "term_from": clock.today(), "term_to": clock.today() + dt.timedelta(days=4 * 365),
            }
        )  # fmt: skip
    return entries


_PROVINCIAL = (
    ("程思远", "海东大学", "教授"), ("蒋若兰", "海东省社会科学院", "研究员"), ("龚启明", "海东工会干部学院", "教授"),
    ("尹清华", "海东省社会组织发展中心", "高级社会工作师"), ("黎书航", "海东财经大学", "副教授"),
    ("阮可心", "海东省疾病预防控制中心", "主任医师"), ("武长河", "海东劳动法律研究会", "一级律师"),
)  # fmt: skip


def provincial_experts(cast: Cast, field_of: str) -> list[dict[str, object]]:
    """Particulars of the province's pool."""
    entries: list[dict[str, object]] = []
    for n, (name, employer, position) in enumerate(_PROVINCIAL):
        phone = f"1390002{2001 + n}"
        cast.experts[phone] = accounts.create_person(
            by=SETUP, username=f"expert{n + 31:02d}", name=name, phone=phone, verified=True
        )
        entries.append(
            {
                "name": name, "phone": phone, "employer": employer, "position": position, "fields": (field_of,),
                "tier": "province", "term_from": clock.today(), "term_to": clock.today() + dt.timedelta(days=4 * 365),
            }
        )  # fmt: skip
    return entries
