"""我的意见: whoever decides on another person's work agrees, or sends it back with words; one form everywhere.

    opinion = Opinion(
        request, yes="同意并发布", agree=agree, no="退回", send_back=send_back,
        may=rules.may_approve(who, call), hand_on=reverse("unions:hand_on", args=["call", pk]), proof=True,
    )
    if opinion.response is not None:
        return opinion.response
    return page(request, template, {"call": call} | opinion.context, status=opinion.status)

`agree` and `send_back` take the words that were written, act, and answer the request. The template says
`{% include "ui/parts/opinion.html" %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from shuniu.foundation.access import Refused, Verdict
from shuniu.foundation.accounts.proof import proof as ask_again
from shuniu.foundation.accounts.proof import proved
from shuniu.foundation.ui.respond import refused_into

AGREE, SEND_BACK = "approve", "return"  # what the two buttons send as `do`


class Words(forms.Form):
    """The words beside an opinion; needed only by whoever does not agree."""

    def __init__(self, *args: Any, no: str, needed: bool, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.no, self.needed = no, needed
        self.fields["reason"] = forms.CharField(
            label=f"意见（{no}时必填）", required=False, max_length=most, widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"max_length": f"意见最多 {most} 字，请精简。"},
        )  # fmt: skip

    def clean_reason(self) -> str:
        """The words; refused when they are needed and missing."""
        said: str = self.cleaned_data["reason"]
        if self.needed and not said:
            raise forms.ValidationError(f"{self.no}请写明理由，对方会看到，办理记录里会保留。")
        return said


class Opinion:
    """The form of one opinion, and the answer to the request where one was given.

    `status` is 409 when the act was refused: its sentence then stands above the form, with what was typed.
    """

    def __init__(
        self,
        request: HttpRequest,
        *,
        yes: str,
        agree: Callable[[str], HttpResponse],
        no: str,
        send_back: Callable[[str], HttpResponse],
        may: Verdict,
        hand_on: str = "",
        proof: bool = False,
        explain: str = "",
        hidden: Mapping[str, object] | None = None,
        ready: bool = True,
        most: int = 300,
    ) -> None:
        """`hidden`: fields that go with the form; `ready`: False where only sending back is possible; `most`: signs."""
        self.yes, self.no, self.may, self.hand_on = yes, no, may, hand_on
        self.explain, self.hidden, self.ready = explain, dict(hidden or {}), ready
        self.response: HttpResponse | None = None
        self.status: int | None = None
        do = request.POST.get("do", "") if request.method == "POST" else ""
        acts = {AGREE: agree, SEND_BACK: send_back}
        self.form = Words(request.POST if do in acts else None, no=no, needed=do == SEND_BACK, most=most)
        self.again = ask_again(request, sent=do == AGREE, allowed=bool(may)) if proof else None
        if do not in acts or not self.form.is_valid():
            return
        if do == AGREE and self.again is not None and not proved(request, self.again):
            return
        try:
            self.response = acts[do](self.form.cleaned_data["reason"])
        except Refused as refused:
            refused_into(self.form, refused)
            self.status = 409

    @property
    def context(self) -> dict[str, Any]:
        """What the template needs."""
        return {"opinion": self, "form": self.form, "again": self.again}
