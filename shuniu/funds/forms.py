"""The shape of what comes in about money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from shuniu.foundation.files.fields import Paper
from shuniu.foundation.ui import typed
from shuniu.funds.models import Fund
from shuniu.recognition.models.honour import HonourLevel


def _needed(words: str) -> dict[str, str]:
    return {"required": words}


class FundForm(forms.Form):
    """A fund of one year."""

    year = typed.Whole(
        label="年度", min_value=2000, max_value=2200, error_messages=_needed("请填写年度，例如 2026。")
    )
    name = forms.CharField(label="名称", max_length=80, error_messages=_needed("请填写名称。"))
    source = forms.ChoiceField(
        label="经费来源", choices=Fund.Source.choices, widget=forms.RadioSelect, initial="union"
    )


class BudgetForm(forms.Form):
    """Set, raise or lower a budget."""

    way = forms.ChoiceField(
        label="变动", choices=[("up", "安排或追加"), ("down", "调减")], widget=forms.RadioSelect, initial="up"
    )
    amount_fen = typed.Yuan(label="金额（元）", error_messages=_needed("请填写金额。"))
    reason = forms.CharField(
        label="理由", max_length=300, error_messages=_needed("请写明理由，例如预算批复文号。")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.pop("way", "up") == "down" and data.get("amount_fen"):
            data["amount_fen"] = -data["amount_fen"]
        return data


class PayeeForm(forms.Form):
    """收款账户."""

    name = forms.CharField(
        label="户名", max_length=100, help_text="应与受补助单位的开户名称一致",
        error_messages=_needed("请填写户名。"),
    )  # fmt: skip
    bank = forms.CharField(label="开户银行", max_length=100, error_messages=_needed("请填写开户银行。"))
    account = typed.Pattern(
        regex=r"^[0-9 \-]{6,40}$", label="账号", max_length=40,
        error_messages={"required": "请填写账号。", "invalid": "账号只含数字。请核对。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="说明", max_length=300, required=False, help_text="户名与单位名称不同时写明原因"
    )

    def clean_account(self) -> str:
        """Without the blanks and dashes of its groups."""
        return str(self.cleaned_data["account"]).replace(" ", "").replace("-", "")


class PayForm(forms.Form):
    """What finance has paid."""

    paid_on = typed.Day(label="付款日期")
    voucher = forms.CharField(label="付款凭证号", max_length=60, error_messages=_needed("请填写付款凭证号。"))
    use_due_on = typed.Day(
        label="使用情况报送期限", required=False, help_text="本办法未规定的，由本会确定；不要求的留空"
    )


class RefundForm(forms.Form):
    """What came back."""

    amount_fen = typed.Yuan(label="退回金额（元）", error_messages=_needed("请填写金额。"))
    voucher = forms.CharField(label="凭证号", max_length=60, error_messages=_needed("请填写凭证号。"))


class StandardForm(forms.Form):
    """配套标准 of a union."""

    level = forms.ChoiceField(label="荣誉级别", choices=HonourLevel.choices, widget=forms.RadioSelect)
    amount_fen = typed.Yuan(label="每项金额（元）", required=False)
    share = typed.Number(
        label="或按补助的比例（%）",
        required=False,
        min_value=0,
        max_value=1000,
        max_digits=6,
        decimal_places=2,
    )
    first_day = typed.Day(label="执行日期")
    source = forms.CharField(
        label="依据文件", max_length=200, error_messages=_needed("请填写依据文件的名称和文号。")
    )


def settle_form(funds: Sequence[Fund], *, asks: bool) -> type[forms.Form]:
    """Which fund pays; nothing to choose where money only comes back."""

    class SettleForm(forms.Form):
        if asks:
            fund_id = forms.TypedChoiceField(
                label="列支经费", coerce=int, choices=[(fund.pk, str(fund)) for fund in funds],
                error_messages=_needed("请选择列支的经费。"),
            )  # fmt: skip

    return SettleForm


def use_form(uses: Sequence[str]) -> type[forms.Form]:
    """A use of paid money; the named ones are the document's."""

    class UseForm(forms.Form):
        amount_fen = typed.Yuan(label="金额（元）", error_messages=_needed("请填写金额。"))
        used_on = typed.Day(label="使用日期")
        named = forms.ChoiceField(
            label="用途", required=False, choices=[*((use, use) for use in uses), ("", "其他用途（写明理由，由另一个人确认）")],
            widget=forms.RadioSelect,
        )  # fmt: skip
        other = forms.CharField(label="其他用途", max_length=100, required=False)
        reason = forms.CharField(
            label="其他用途的理由", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        proof = Paper(label="凭据", required=False)

    return UseForm
