"""The shape of an objection from the public page, and of what the office writes about it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from shuniu.calls.models import Objection, PublicList
from shuniu.calls.queries.call import law_of
from shuniu.foundation.ui import typed

NAMED = (Objection.Kind.UNIT, Objection.Kind.NAMED)


class ObjectionForm(forms.Form):
    """Unit, named person, or anonymous clue: facts, evidence, a key against a second click."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="以什么名义提出",
        choices=[
            ("unit", "单位（应加盖公章，书面答复）"),
            ("named", "个人实名（书面答复）"),
            ("anonymous", "匿名线索（予以核查，不作答复）"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择以什么名义提出。"},
    )
    entry = forms.ChoiceField(label="针对哪一家", required=False)
    name = forms.CharField(
        label="单位名称或姓名", max_length=120, required=False, help_text="匿名线索不用填写"
    )
    contact = forms.CharField(
        label="联系人", max_length=40, required=False, help_text="单位提出的，填写联系人"
    )
    phone = typed.Signs(label="联系电话", max_length=30, required=False, help_text="匿名线索不用填写")
    text = forms.CharField(
        label="事实和理由",
        max_length=3000,
        widget=forms.Textarea,
        help_text="什么时间、什么事、依据是什么；请客观真实",
        error_messages={"required": "请写明事实和理由。", "max_length": "最多 3000 字，请精简后再提交。"},
    )
    evidence1 = forms.FileField(
        label="证明材料一", required=False, help_text="PDF、图片或 Office 文件，20 MB 以内"
    )
    evidence2 = forms.FileField(label="证明材料二", required=False)
    evidence3 = forms.FileField(label="证明材料三", required=False)

    def __init__(self, row: PublicList, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        entries = {e.application_id: e.pk for e in row.entries.all()}
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            ("", "名单整体"),
            *((str(entries[r["application"]]), f"{r['order']}. {r['name']}") for r in row.frozen),
        ]
        for name in ("evidence1", "evidence2", "evidence3"):
            self.fields[name].error_messages["empty"] = "这是空文件（0 字节），请重新选择。"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in NAMED:
            for name, words in (
                ("name", "请填写单位名称或姓名，以便核实和答复。"),
                ("phone", "请填写联系电话，以便核实和答复。"),
            ):
                if not str(data.get(name) or "").strip():
                    self.add_error(name, words)
        return data

    def uploads(self) -> list[Any]:
        """The files that came along."""
        names = ("evidence1", "evidence2", "evidence3")
        return [self.cleaned_data[n] for n in names if self.cleaned_data.get(n)]


class StatusForm(forms.Form):
    """Number and code of a receipt."""

    number = typed.Signs(
        label="受理编号",
        max_length=30,
        help_text="例如 YY2026001-0001",
        error_messages={"required": "请填写回执上的受理编号。"},
    )
    code = typed.Signs(label="查询码", max_length=20, error_messages={"required": "请填写回执上的查询码。"})


class AcceptForm(forms.Form):
    """受理, and whether the one name waits."""

    hold = forms.BooleanField(label="核查期间暂缓这一家，其他单位照常办理", required=False)
    reason = forms.CharField(
        label="暂缓的理由",
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text="只在本单位内部可见",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("hold") and not str(data.get("reason") or "").strip():
            self.add_error("reason", "请写明暂缓的理由。")
        return data


class ProposalForm(forms.Form):
    """核查意见."""

    verdict = forms.ChoiceField(
        label="结论",
        choices=[("dismissed", "异议不成立"), ("upheld", "异议成立")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结论。"},
    )
    effect = forms.ChoiceField(
        label="对名单的影响",
        choices=[("keep", "保留在名单上"), ("remove", "移出名单")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择对名单的影响。"},
    )
    findings = forms.CharField(
        label="核查情况",
        max_length=3000,
        widget=forms.Textarea,
        help_text="查了什么、查到什么；只在本单位内部可见",
        error_messages={"required": "请写明核查情况。"},
    )
    reply = forms.CharField(
        label="答复内容",
        max_length=3000,
        widget=forms.Textarea,
        required=False,
        help_text="印在答复书上；不要写涉及第三人的信息",
    )
    clause = forms.CharField(label="依据条款", max_length=80, required=False)

    def __init__(self, objection: Objection, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law = law_of(objection.publicity.list.call)
        example = next((c.clause for c in self.law.conditions), "")
        self.fields["clause"].help_text = f"《{self.law.title}》的条款，例如“{example}”；可以不写"
        if objection.kind == Objection.Kind.ANONYMOUS:
            del self.fields["reply"]
            self.fields["verdict"].choices = [  # type: ignore[attr-defined]
                ("noted", "线索已核，不影响名单"), ("upheld", "线索属实"),
            ]  # fmt: skip
        if objection.entry_id is None:
            self.fields["effect"].choices = [("keep", "保留在名单上")]  # type: ignore[attr-defined]
            self.fields["effect"].initial = "keep"

    def clean_clause(self) -> str:
        """As the document numbers it; a clause that it does not have cannot be the basis."""
        said = str(self.cleaned_data["clause"]).strip()
        found = self.law.clause(said) if said else None
        if said and found is None:
            raise forms.ValidationError(
                f"《{self.law.title}》没有“{said}”。请照原文写条款的编号，例如“第几条”。"
            )
        return found.number if found else ""
