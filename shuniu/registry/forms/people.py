"""Forms about people: claiming, registering, inviting, correcting, deciding; and uploads."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu.foundation.files import kinds
from shuniu.foundation.ui import typed
from shuniu.registry.fields import PROFILE
from shuniu.registry.forms.fields import Code, Day, Paper, say
from shuniu.registry.forms.organisations import Spoken, profile_field
from shuniu.registry.models import About
from shuniu.unions.models import Union


class FindForm(Spoken):
    """Which organisation."""

    code = Code(label="统一社会信用代码", help_text="18 位，印在登记证书上")


class ClaimForm(Spoken):
    """That somebody acts for an organisation of the registry; with an account when nobody is logged in."""

    position = forms.CharField(label="您在本单位的职务", max_length=40)
    proof = Paper(label="证明材料", help_text="登记证书副本和加盖公章的授权书，合并为一个文件")

    def __init__(self, *args: Any, account: bool, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.particulars: list[str] = []
        if new:
            self._add_organisation()
        if account:
            self._add_account()
        say(self)
        missing = {
            "password": "没有设置密码。请填写。",
            "again": "没有再次输入密码。请填写。",
            "union": "没有选择联系工会。请选择。",
        }
        for name in missing.keys() & self.fields.keys():
            self.fields[name].error_messages["required"] = missing[name]
        self.order_fields(["name", *self.particulars, "union", "position", "proof"])

    def _add_organisation(self) -> None:
        self.particulars = [
            "registrar", "registrar_level", "region", "registered_on", "legal_representative", "address",
            "contact_phone",
        ]  # fmt: skip
        self.fields["name"] = forms.CharField(label="单位名称", max_length=100, help_text="与登记证书一致")
        for name in self.particulars:
            self.fields[name] = profile_field(
                PROFILE[name], required=name in {"registrar", "region", "registered_on"}
            )
        unions = Union.objects.filter(is_active=True, level__in=("city", "district", "industry")).order_by(
            "id"
        )
        self.fields["union"] = forms.ModelChoiceField(
            unions, label="联系工会", empty_label="请选择", help_text="一般选所在区的总工会，由它确认"
        )

    def _add_account(self) -> None:
        self.fields["person_name"] = forms.CharField(label="您的姓名", max_length=40)
        self.fields["phone"] = typed.Signs(label="手机", max_length=20)
        self.fields["username"] = typed.Signs(
            label="登录名", max_length=64, help_text="3 至 64 个字母、数字或 . _ - @，今后用它登录"
        )
        self.fields["password"] = forms.CharField(
            label="设置密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            help_text="至少 10 个字符，不能全是数字",
        )  # fmt: skip
        self.fields["again"] = forms.CharField(
            label="再次输入密码",
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "两次输入的密码不一致。请重新输入。")
        return data

    @property
    def said(self) -> dict[str, Any]:
        """The particulars that were filled in."""
        return {name: self.cleaned_data[name] for name in self.particulars if self.cleaned_data[name]}


class InviteForm(Spoken):
    """Whom a 负责人 invites."""

    name = forms.CharField(label="姓名", max_length=40)
    role = forms.ChoiceField(
        label="身份", choices=[("org_member", "成员"), ("org_owner", "负责人")], widget=forms.RadioSelect,
        initial="org_member",
    )  # fmt: skip
    phone = typed.Signs(label="手机", max_length=20, required=False)
    email = forms.EmailField(
        label="邮箱", required=False,
        error_messages={"invalid": "邮箱格式不正确。请按 name@example.cn 的格式填写，或留空。"},
    )  # fmt: skip


class CorrectionForm(Spoken):
    """申请更正 of one field."""

    reason = forms.CharField(label="为什么更正", max_length=300)
    evidence = Paper(label="依据材料", required=False)

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"] = profile_field(PROFILE[field], required=True)
        self.fields["new"].label = "更正为"
        say(self)
        self.order_fields(["new", "reason", "evidence"])


class OpinionForm(Spoken):
    """What came of a finding."""

    opinion = forms.CharField(
        label="处理意见", max_length=300, help_text="核实的情况和怎样处理，会写入时间线",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class UploadForm(Spoken):
    """A file for the 材料库."""

    file = Paper(label="文件", help_text="登记证书、年检结论、制度文本等可反复使用的材料")


class ImportForm(Spoken):
    """A list of organisations, or of adverse information about them."""

    about = forms.ChoiceField(
        label="名单内容", choices=About.choices, widget=forms.RadioSelect, required=False
    )
    file = Paper(label="名单文件", allowed=kinds.SHEETS)
    source_detail = forms.CharField(
        label="名单来源",
        max_length=200,
        help_text="例如：望海市民政局 2026 年 10 月名单，会写在每条事实的来源里",
    )
    as_of = Day(label="名单截至日期")

    def clean_about(self) -> str:
        return self.cleaned_data["about"] or About.ORGANISATIONS
