"""About sixty organisations of 望海市 for the demonstration, entered by the actions as the clerk would.

The caller has set the database's clock to `day` or later; dates are told from `day`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shuniu.foundation.access import Who
from shuniu.registry import actions, codes
from shuniu.registry.models import Organisation, Status
from shuniu.unions.models import Union

_AREA = {"望海市": "00", "东港区": "01", "北屏区": "02", "临溪区": "03", "南湾区": "04", "高新区": "05"}
_PREFIX = {"团体": "51", "服务": "52", "基金": "53"}
_SURNAMES = "陈林周吴郑孙何许沈韩杨朱秦尤施孔曹严金魏陶姜谢邹喻柏苏潘葛范彭鲁韦马方俞任袁柳鲍史唐"

# 名称 | 类型 | 登记在 | 所在区 | 服务 | 等级 | 专职 | 情形
_LIST = """
望海市晨曦职工心理关爱中心|服务|望海市|东港区|心理|4A|11|
望海市同心职工帮扶服务中心|服务|望海市|东港区|帮扶|4A|14|
望海市青禾家庭教育指导中心|服务|望海市|北屏区|家庭|3A|9|
望海市职工互助保障服务协会|团体|望海市|东港区|帮扶|5A|18|
望海市知行职工发展研究院|服务|望海市|高新区|研究|3A|8|
望海市安澜职业健康促进中心|服务|望海市|高新区|安全|4A|12|
望海市安心职工法律与心理援助中心|服务|望海市|临溪区|法律|4A|10|
望海市和风法律服务社|服务|望海市|东港区|法律|3A|7|
望海市启航职业技能促进会|团体|望海市|高新区|技能|4A|13|
望海市南湾区职工文化体育协会|团体|南湾区|南湾区|文体|3A|6|
望海市匠心职工技术创新服务中心|服务|望海市|高新区|创新|4A|15|
望海市劳模工匠服务协会|团体|望海市|东港区|劳模|5A|9|
望海市临溪区新市民融入促进会|团体|临溪区|临溪区|融入|3A|6|
望海市金桥婚姻家庭服务中心|服务|望海市|北屏区|婚恋|3A|8|
望海市蓝湾志愿服务联合会|团体|望海市|南湾区|志愿|4A|10|
望海市缘聚职工交友服务中心|服务|望海市|东港区|婚恋||6|
望海市童行职工亲子服务中心|服务|望海市|南湾区|托管|3A|9|
望海市温馨港湾社会工作服务社|服务|望海市|南湾区|社工|4A|16|
望海市暖阳职工子女托管服务中心|服务|望海市|临溪区|托管|3A|12|
望海市小海豚职工子女成长中心|服务|望海市|南湾区|托管||8|
望海市好邻居家庭服务中心|服务|望海市|北屏区|家庭||5|
望海市向阳花职工关怀协会|团体|望海市|北屏区|心理|3A|7|
望海市南湾区邻里社会工作服务中心|服务|南湾区|南湾区|社工|3A|11|
望海市东港区邻里社会工作服务中心|服务|东港区|东港区|社工|4A|13|
望海市北屏区职工服务志愿者协会|团体|北屏区|北屏区|志愿|3A|4|
望海市乐业人力资源协会|团体|望海市|高新区|就业|3A|8|
望海市伴你同行心理服务中心|服务|望海市|临溪区|心理|3A|9|
望海市海阔职工体育俱乐部|服务|望海市|南湾区|文体||7|
望海市潮声职工艺术团|服务|望海市|东港区|文体|3A|10|
望海市墨香职工书画院|服务|望海市|北屏区|文体||5|
望海市云帆创新方法推广中心|服务|望海市|高新区|创新|3A|8|
望海市护航劳动安全技术协会|团体|望海市|高新区|安全|4A|11|
望海市明灯职工学习服务中心|服务|望海市|临溪区|技能|3A|9|
望海市再出发就业援助中心|服务|望海市|东港区|就业|3A|10|
望海市新程职业规划服务中心|服务|望海市|高新区|就业||6|
望海市工友之家服务中心|服务|望海市|临溪区|融入|3A|8|
望海市城市新芽社会工作服务中心|服务|望海市|北屏区|融入|3A|12|
望海市木棉女职工服务中心|服务|望海市|东港区|家庭|4A|9|
望海市康宁职业病防治服务中心|服务|望海市|高新区|安全|3A|10|
望海市数智工会服务中心|服务|望海市|高新区|支持|3A|14|
望海市职工维权法律服务中心|服务|望海市|东港区|法律|4A|12|
望海市东港区职工技协|团体|东港区|东港区|创新|3A|5|
望海市北屏区职工文化协会|团体|北屏区|北屏区|文体||4|
望海市高新区青年人才服务中心|服务|高新区|高新区|婚恋|3A|9|
望海市阳光职工帮困服务社|服务|望海市|临溪区|帮扶|3A|7|
望海市海平面心理健康促进会|团体|望海市|东港区|心理|3A|8|
望海市职工满意度研究中心|服务|望海市|高新区|支持|3A|6|
望海市海星家政服务协会|团体|望海市|南湾区|就业||7|
望海市橙帆骑手关爱中心|服务|望海市|东港区|融入||6|
望海市工运史料研究会|团体|望海市|北屏区|研究||4|
望海市青松退休职工服务中心|服务|望海市|北屏区|帮扶|3A|6|基本合格
望海市扬帆职工培训学校|服务|望海市|高新区|技能|3A|11|基本合格
望海市春风职工公益服务中心|服务|望海市|临溪区|志愿||5|缺年检
望海市蓝领之友服务中心|服务|望海市|南湾区|融入||4|缺年检
望海市职工健身指导协会|团体|望海市|南湾区|文体||3|不合格
望海市众和劳动关系促进会|团体|望海市|东港区|法律|3A|5|异常名录
望海市恒爱职工救助中心|服务|望海市|北屏区|帮扶||4|处罚
望海市远航职工旅行服务社|服务|望海市|东港区|文体||6|注销
望海市工匠教育基金会|基金|望海市|东港区|技能|4A|6|
望海市职工关爱基金会|基金|望海市|高新区|帮扶|3A|5|
望海市新苗职工成长服务中心|服务|高新区|高新区|托管||5|新成立
""".strip()

_SERVICES: dict[str, tuple[str, str, str, str]] = {  # 业务范围 | 以往项目 | 证书 | 服务类别
    "心理": ("职工心理健康宣传与咨询，员工帮助计划，心理服务培训，课题研究", "职工心理健康进企业", "心理咨询师", "职工生活服务"),
    "帮扶": ("困难职工帮扶，互助保障宣传与服务，入户走访，公益活动", "困难职工家庭走访服务", "社会工作师", "职工生活服务"),
    "家庭": ("家庭教育指导，家庭关系辅导，女职工服务，公益讲座", "职工家庭教育公益课堂", "家庭教育指导师", "职工生活服务"),
    "研究": ("职工队伍和劳动关系研究，政策咨询，成果推广", "新业态职工状况调查", "副研究员", "工会工作支持"),
    "安全": ("劳动保护与职业健康宣传，安全隐患排查培训，职业卫生咨询", "一线班组安全体检", "注册安全工程师", "职工工作服务"),
    "法律": ("职工法律咨询与援助，劳动争议调解，法律知识普及", "劳动争议调解进园区", "法律职业资格", "工会工作支持"),
    "技能": ("职业技能培训，技能竞赛组织，学习交流", "职工技能提升夜校", "高级技师", "职工工作服务"),
    "文体": ("职工文化艺术体育培训，文化公益活动，健身指导", "职工文化艺术节承办", "社会体育指导员", "职工文体服务"),
    "创新": ("职工技术创新与交流，成果转化服务，创新方法推广", "职工创新成果对接会", "高级工程师", "职工工作服务"),
    "劳模": ("劳动模范和高技能人才服务，劳模精神宣传，疗休养服务", "劳模健康关爱行动", "社会工作师", "职工生活服务"),
    "融入": ("外来务工人员服务，社区融入，城市适应辅导", "新市民融入陪伴计划", "社会工作师", "职工生活服务"),
    "婚恋": ("职工婚恋交友，婚姻家庭辅导，联谊活动", "青年职工联谊活动", "婚姻家庭咨询师", "职工生活服务"),
    "志愿": ("职工志愿服务组织与培训，公益项目实施", "职工志愿服务日", "社会工作师", "职工文体服务"),
    "托管": ("职工子女教育与暑期托管，亲子活动，儿童安全教育", "职工子女暑期托管班", "教师资格", "职工生活服务"),
    "社工": ("社会工作专业服务，社区服务，职工关怀", "企业社工驻点服务", "社会工作师", "职工生活服务"),
    "就业": ("就业指导与再就业协助，岗前培训，职业规划", "转岗职工再就业训练营", "职业指导师", "职业发展服务"),
    "支持": ("工会工作专业咨询与技术支持，工会服务体系建设，满意度研究", "工会服务阵地运营评估", "项目管理师", "工会工作支持"),
}  # fmt: skip


@dataclass(frozen=True)
class _Line:
    number: int
    name: str
    kind: str
    at: str
    region: str
    service: str
    grade: str
    staff: int
    trouble: str

    @property
    def code(self) -> str:
        return codes.make_code(f"{_PREFIX[self.kind]}3799{_AREA[self.at]}", 104000 + self.number * 277)

    @property
    def registrar(self) -> str:
        return "望海市民政局" if self.at == "望海市" else f"望海市{self.at}民政局"


def _lines() -> list[_Line]:
    found = []
    for number, text in enumerate(_LIST.splitlines(), 1):
        name, kind, at, region, service, grade, staff, trouble = text.split("|")
        found.append(_Line(number, name, kind, at, region, service, grade, int(staff), trouble))
    return found


def build(*, clerk: Who, union: Union, day: dt.date) -> list[Organisation]:
    """The organisations with their facts as of `day`; a few have trouble that a selection must find."""
    return [_Maker(clerk, union, day, line).make() for line in _lines()]


class _Maker:
    """One organisation and its facts."""

    def __init__(self, clerk: Who, union: Union, day: dt.date, line: _Line) -> None:
        self.clerk, self.union, self.day, self.line = clerk, union, day, line

    def make(self) -> Organisation:
        line, day = self.line, self.day
        n = line.number
        founded = dt.date(day.year - 3 - n % 9, 1 + n % 12, 1 + n % 27)
        if line.trouble == "新成立":
            founded = dt.date(day.year, 1, 15)
        self.row = actions.register_organisation(
            by=self.clerk, union=self.union, code=line.code, name=line.name, basis="登记证书副本",
            as_of=founded, values=self._profile(founded),
        )  # fmt: skip
        self._official(founded)
        self._own()
        self._trouble()
        self.row.refresh_from_db()
        return self.row

    def _profile(self, founded: dt.date) -> dict[str, object]:
        line, n = self.line, self.line.number
        return {
            "registrar": line.registrar, "registrar_level": "city" if line.at == "望海市" else "district",
            "region": line.region, "registered_on": founded,
            "legal_representative": f"{_SURNAMES[n % len(_SURNAMES)]}{'志明慧敏文静建国海燕晓东'[n % 12]}",
            "address": f"望海市{line.region}{('工人路', '海滨路', '劳动街', '学府路', '创新大道')[n % 5]} {8 + n * 3} 号",
            "supervisor": "望海市总工会" if n % 3 == 0 else "",
            "contact_name": f"{_SURNAMES[(n * 7) % len(_SURNAMES)]}{'丽娜强磊洋芳'[n % 6]}",
            "contact_phone": f"1390000{4000 + n:04d}", "contact_email": f"office{n:02d}@example.cn",
        }  # fmt: skip

    def _add(self, kind: str, values: Mapping[str, Any], basis: str, as_of: dt.date | None = None) -> None:
        actions.add_fact(
            by=self.clerk, organisation=self.row, kind=kind, values=values, basis=basis, as_of=as_of
        )

    def _official(self, founded: dt.date) -> None:
        """What registrars say: certificate, scope, inspections, rating."""
        line, day = self.line, self.day
        first = max(founded, dt.date(day.year - 2, 3, 1))
        self._add(
            "licence",
            {
                "title": "法人登记证书", "number": line.code, "authority": line.registrar, "valid_from": first,
                "valid_to": dt.date(first.year + 4, 2, 28),
            },
            "登记证书副本",
        )  # fmt: skip
        self._add("scope", {"text": _SERVICES[line.service][0]}, "登记证书副本", as_of=founded)
        if line.trouble == "新成立":
            return
        for year in (day.year - 2, day.year - 1):
            concluded = dt.date(year + 1, 6, 10 + line.number % 15)
            if concluded > day or (line.trouble == "缺年检" and year == day.year - 1):
                continue
            last = year == day.year - 1
            result = (
                {"基本合格": "basically", "不合格": "failed"}.get(line.trouble, "passed")
                if last
                else "passed"
            )
            self._add(
                "inspection",
                {"year": year, "result": result, "concluded_on": concluded, "authority": line.registrar},
                f"{line.registrar}{year}年度年检结果",
            )
        if line.grade:
            start = dt.date(day.year - 1 - line.number % 4, 1, 1)
            values = {
                "grade": line.grade, "valid_from": start, "valid_to": dt.date(start.year + 4, 12, 31),
                "authority": line.registrar,
            }  # fmt: skip
            self._add("rating", values, f"{line.registrar}评估等级公告")

    def _own(self) -> None:
        """People, projects, governance, union building, party work."""
        line, day, n = self.line, self.day, self.line.number
        _, project, certificate, category = _SERVICES[line.service]
        as_of = day - dt.timedelta(days=20 + n)
        specialists = max(1, line.staff // 2)
        figures = {
            "full_time": line.staff, "part_time": n % 7, "specialists": specialists, "party_members": n % 5,
            "union_members": line.staff - n % 3, "volunteers": 20 + n * 4,
        }  # fmt: skip
        self._add("staff", figures, "社保缴费名单和人员名册", as_of=as_of)
        for i in range(min(3, specialists)):
            self._add(
                "specialist",
                {
                    "person_name": f"{_SURNAMES[(n * 3 + i * 5) % len(_SURNAMES)]}{'宁静远航一鸣'[(n + i) % 6]}",
                    "role": "manager" if i == 0 else "specialist", "certificate": certificate,
                    "field": line.service, "since_year": day.year - 5 - (n + i) % 10,
                },
                "证书复印件", as_of=as_of,
            )  # fmt: skip
        for back in range(1, 1 + (0 if line.trouble == "新成立" else 1 + n % 3)):
            self._add(
                "project",
                {
                    "name": project, "client_kind": "union" if (n + back) % 2 else "government",
                    "client": self.union.name if (n + back) % 2 else f"望海市{line.region}民政局",
                    "year": day.year - back, "amount_fen": (6 + (n * back) % 19) * 1_000_000,
                    "headcount": 300 + n * 17 * back, "result": "验收合格", "category_hint": category,
                },
                "项目合同和验收单", as_of=dt.date(day.year - back, 12, 20),
            )  # fmt: skip
        charter = {"item": "charter", "title": f"{line.name}章程", "in_force_from": as_of}
        self._add("governance", charter, "章程核准件")
        self._add("governance", {"item": "finance", "title": "财务管理制度"}, "制度文本", as_of=as_of)
        term = {"item": "term", "title": "理事会换届", "due_on": dt.date(day.year + 1 + n % 3, 6, 30)}
        self._add("governance", term, "理事会决议", as_of=as_of)
        status = ("own", "federation", "own", "council", "not_ready")[n % 5]
        building: dict[str, Any] = {"status": status}
        if status == "own":
            building |= {"approval": f"望工组〔{day.year - 2}〕{n}号", "members": line.staff}
        self._add("union", building, "工会建会批复" if status == "own" else "走访记录", as_of=as_of)
        if n % 2:
            study = {"record": "study", "title": "主题学习会", "on": as_of, "detail": "全体专职人员参加"}
            self._add("party", study, "学习记录")

    def _trouble(self) -> None:
        """What a check must find."""
        day = self.day
        match self.line.trouble:
            case "异常名录":
                self._penalty("abnormal", "未按规定报送年度报告", day - dt.timedelta(days=150))
            case "处罚":
                self._penalty("penalty", "未按章程规定的业务范围开展活动，警告", day - dt.timedelta(days=300))
            case "注销":
                actions.change_status(
                    by=self.clerk, organisation=self.row, status=Status.CANCELLED,
                    since=day - dt.timedelta(days=40), basis="望海市民政局注销登记公告",
                )  # fmt: skip

    def _penalty(self, kind: str, content: str, since: dt.date) -> None:
        values = {
            "penalty": kind, "authority": self.line.registrar, "number": f"望民罚〔{since.year}〕{self.line.number}号",
            "content": content, "from_on": since,
        }  # fmt: skip
        self._add("penalty", values, "登记机关公告")
