"""Invented data of the component page: every component once, in a state worth looking at."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator

from shuniu.foundation.ui import typed

DENSITIES = (("staff", "办公密度"), ("touch", "触屏密度"), ("elder", "长辈版"))
TONES = (
    ("ok", "符合"),
    ("bad", "不符合"),
    ("unknown", "不明"),
    ("ask", "需人工判断"),
    ("now", "补正中"),
    ("wait", "未开始"),
    ("due", "即将到期"),
    ("lock", "还不能开始"),
)


class SpecimenForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="组织名称", help_text="与登记证书一致", max_length=60)
    code = typed.Signs(label="统一社会信用代码", min_length=18, max_length=18)
    area = forms.ChoiceField(
        label="所在区", required=False, choices=[("", "请选择"), ("dg", "东港区"), ("bp", "北屏区")]
    )
    begun = typed.Day(label="开始日期")
    people = typed.Whole(label="服务人次", help_text="同一人参加多次，按次数计", min_value=1)
    union = forms.ChoiceField(
        label="是否建立工会", choices=[("y", "已建立"), ("n", "未建立")], widget=forms.RadioSelect
    )
    themes = forms.MultipleChoiceField(
        label="工作方向",
        required=False,
        choices=[("a", "人文关怀和心理健康"), ("b", "困难职工帮扶")],
        widget=forms.CheckboxSelectMultiple,
    )
    effect = forms.CharField(
        label="主要成效", help_text="写清做了什么、谁受益、有什么证明", max_length=500, widget=forms.Textarea
    )
    proof = forms.FileField(label="验收证明", required=False)
    truthful = forms.BooleanField(label="所填内容真实、准确，愿意承担相应责任")

    def clean_code(self) -> str:
        """The sentence a person can act on: how long it is, how long it must be."""
        return str(self.cleaned_data["code"])


def _form(prefix: str) -> SpecimenForm:
    form = SpecimenForm(
        {
            f"{prefix}-name": "望海市晨曦职工心理关爱中心",
            f"{prefix}-code": "52379900MJE104277",
            f"{prefix}-begun": "2026-06-01",
            f"{prefix}-people": "3260",
            f"{prefix}-union": "y",
            f"{prefix}-themes": ["a"],
            f"{prefix}-effect": "为 12 家企业 420 名班组长开展心理素养培训 24 场，培训后测评合格率 96%。",
        },
        prefix=prefix,
    )
    form.fields["code"].error_messages["min_length"] = "信用代码应为 18 位，现在是 17 位"
    form.fields["code"].validators[0].message = "信用代码应为 18 位，现在是 17 位"  # type: ignore[attr-defined]
    form.fields["truthful"].error_messages["required"] = "请先勾选承诺"
    return form


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


def _flow() -> dict[str, Any]:
    # Long because it is data: one entry for each thing that the component page shows.
    return {
        "stages": [
            {
                "label": "报名",
                "state": "done",
                "lines": ["10月16日截止", {"count": 86, "text": "份申报", "url": "#x"}],
            },
            {
                "label": "资格审核",
                "state": "now",
                "lines": ["还剩 3 个工作日"],
                "counts": [
                    {"count": 61, "label": "已有结论", "url": "#x"},
                    {"count": 7, "label": "补正中", "url": "#x"},
                    {"count": 18, "label": "待审核", "url": "#x"},
                ],
            },
            {"label": "集中评审", "lines": ["11月23日起"]},
            {"label": "公示", "lines": ["12月7日起"]},
        ],
        "timeline": [
            {
                "when": _at(11, 18, 9, 42),
                "by": "林经办",
                "behalf_of": "社会联络部",
                "text": "要求补正 2 项",
                "clause": "第七条（四）",
                "clause_url": "#x",
                "detail": "期限 5 个工作日，至 11月25日",
            },
            {
                "when": _at(11, 9, 16, 20),
                "text": "系统更新判断",
                "changes": [{"label": "年检结论", "before": "不明", "after": "合格"}],
            },
            {
                "when": _at(10, 12, 9, 14),
                "by": "何专员",
                "text": "提交申报，",
                "document": "回执",
                "document_url": "#x",
            },
        ],
        "tasks": [
            {
                "label": "核对登记信息",
                "url": "#x",
                "hint": "来自市民政局，更新于 2026-09-30",
                "state": "done",
            },
            {"label": "填写项目经历", "url": "#x", "hint": "近三年，已填 2 个", "state": "now"},
            {"label": "上传证明材料", "url": "#x", "hint": "6 份，其中 3 份可用以往材料", "state": "todo"},
            {"label": "核对并提交", "hint": "前面各项完成后可以提交", "state": "locked"},
        ],
        "todo": [
            {
                "tag": "资格审核",
                "label": "望海市晨曦职工心理关爱中心",
                "url": "#x",
                "detail": "有 1 项需人工判断",
                "due": "逾期 2 个工作日",
                "due_kind": "bad",
            },
            {
                "tag": "补正复审",
                "label": "望海市匠心职工技术创新服务中心",
                "url": "#x",
                "detail": "已补交 2 项",
                "due": "今天",
            },
        ],
        "mail": [
            {"label": "周复核退回 1 份审核结论", "url": "#x", "due": "11:32", "new": True},
            {"label": "夜间导入完成：214 条，3 条有误", "url": "#x", "due": "昨天"},
        ],
        "finding": {
            "clause": "第七条（一）",
            "clause_url": "#x",
            "title": "上一年度年检合格",
            "kind": "ok",
            "word": "符合",
            "facts": "2025年度：合格",
            "source": "市民政局年检结果，2026-11-09 导入",
            "source_url": "#x",
        },
        "question": {
            "clause": "第七条（三）",
            "title": "具备专业管理能力和专业项目人才",
            "kind": "ask",
            "word": "需人工判断",
            "facts": "专职 11 人，持证 6 人；管理制度 9 项",
            "source": "人员名册第 1—2 页",
            "source_url": "#x",
        },
        "answers": [
            {
                "label": "组织名称",
                "value": "望海市晨曦职工心理关爱中心",
                "source": "市民政局",
                "date": date(2026, 9, 30),
                "change_url": "#x",
                "change": "申请更正",
            },
            {"label": "工作方向", "value": "职工人文关怀和心理健康", "change_url": "#x"},
            {"label": "合同金额", "value": "¥65,000.00", "change_url": "#x"},
        ],
        "strip": [("信用代码", "52379900MJE104277M"), ("类型", "社会服务机构"), ("申报编号", "WH-2026-0031")],
    }


def _figures() -> dict[str, Any]:
    return {
        "stats": [
            {"label": "已逾期", "number": 3, "url": "#x", "hint": "最久 2 个工作日", "kind": "over"},
            {"label": "3 个工作日内到期", "number": 7, "url": "#x", "hint": "11月20日前办结", "kind": "due"},
            {"label": "其他待办", "number": 14, "url": "#x", "hint": "最近到期 11月25日", "kind": "wait"},
        ],
        "targets": [
            {"label": "联系社会组织", "value": 118, "goal": 100, "url": "#x"},
            {"label": "购买服务项目", "value": 86, "goal": 100, "url": "#x"},
            {"label": "专题会议", "value": 1, "goal": 2, "url": "#x"},
        ],
        "budget": [
            {"label": "购买服务项目", "value": 412, "second": 96, "whole": 600, "url": "#x"},
            {"label": "荣誉项目补助", "value": 46, "second": 12, "whole": 80, "url": "#x"},
        ],
        "days": [
            {"date": date(2026, 12, 7), "state": "past"},
            {"date": date(2026, 12, 8), "state": "past"},
            {"date": date(2026, 12, 9), "state": "today"},
            {"date": date(2026, 12, 10)},
            {"date": date(2026, 12, 11)},
        ],
        "until": date(2026, 12, 11),
    }


def _lists(page: str) -> dict[str, Any]:
    return {
        "tabs": [
            {"label": "全部", "url": "#x", "count": 34, "current": True},
            {"label": "待审核", "url": "#x", "count": 8},
            {"label": "补正中", "url": "#x", "count": 3},
        ],
        "crumbs": [("遴选", "#x"), ("2026年度合作单位遴选", "#x"), "申报"],
        "chips": [{"label": "类别：职工生活服务类", "url": "#x"}, {"label": "所在区：东港区", "url": "#x"}],
        "page": Paginator(range(340), 20).get_page(page),
        "rows": [
            {
                "name": "望海市同心职工帮扶服务中心",
                "code": "52379901MJE183462M",
                "kind": "ok",
                "word": "通过，待生效",
                "fen": 1234000,
            },
            {
                "name": "望海市金桥婚姻家庭服务中心",
                "code": "52379904MJE421037H",
                "kind": "now",
                "word": "补正中",
                "fen": None,
            },
        ],
        "files": [
            {"name": "登记证书.pdf", "size": 1258291, "url": "#x", "delete_url": "#x"},
            {
                "name": "验收意见.pdf",
                "size": 96256,
                "error": "文件已加密，打不开。请去掉密码后重新上传",
                "delete_url": "#x",
            },
        ],
        "papers": [{"name": "初步入围名单", "kind": "PDF", "size": 190464, "url": "#x"}],
    }


def specimens(page: str = "1") -> dict[str, Any]:
    """Context of the component page; `page` shows the pager on another page."""
    return {
        "densities": [
            {"key": key, "title": title, "form": _form(key), "density": "touch" if key == "elder" else key}
            for key, title in DENSITIES
        ],
        "tones": TONES,
        **_flow(),
        **_figures(),
        **_lists(page),
    }
