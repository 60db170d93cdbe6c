"""Several acts on one page, each with its own small form: offered by the verdict that the action obeys.

    acts = Acts(request, [Act("confirm", "确认", do, "已确认。", may=rules.may_confirm(who, row))], to=address)
    if acts.response is not None:
        return acts.response
    return page(request, template, {"acts": acts, "form": acts.form})

The template says `{% include "ui/parts/acts.html" %}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from shuniu.foundation.access import YES, Refused, Verdict, require
from shuniu.foundation.accounts.proof import proof, proved
from shuniu.foundation.ui.respond import done, refused_into


class Plain(forms.Form):
    """Nothing to fill in."""


class Reason(forms.Form):
    """A written reason."""

    reason = forms.CharField(
        label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明理由。"},
    )  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One thing that may be done here. `do` takes what the form holds; `said` tells what was done."""

    key: str
    label: str
    do: Callable[..., object]
    said: str
    may: Verdict = YES
    form: type[forms.Form] = Plain
    initial: Mapping[str, Any] = field(default_factory=dict)
    explain: str = ""
    style: str = ""  # "primary", "danger"
    proof: bool = False  # asks once more who sits there


@dataclass(frozen=True)
class Offered:
    """An act with its form as the page shows it."""

    act: Act
    form: forms.Form
    opened: bool
    again: forms.Form | None


class Acts:
    """The acts of one page; a POST names its act by `do`."""

    def __init__(self, request: HttpRequest, acts: Sequence[Act], *, to: str) -> None:
        asked = request.POST.get("do", "") if request.method == "POST" else ""
        self.form: forms.Form = Plain()
        self.response: HttpResponse | None = None
        self.offered: list[Offered] = []
        for act in acts:
            mine = bool(asked) and act.key == asked
            if mine:
                require(act.may)
            if not act.may:
                continue
            form = act.form(
                request.POST if mine else None, request.FILES if mine else None, auto_id=f"{act.key}-%s",
                initial=dict(act.initial),
            )  # fmt: skip
            again = proof(request, sent=mine) if act.proof else None
            if mine:
                self.form = form
                self._take(request, act, form, again, to)
            self.offered.append(Offered(act, form, mine, again))

    def _take(
        self, request: HttpRequest, act: Act, form: forms.Form, again: Any, to: str
    ) -> None:  # fmt: skip
        proven = again is None or proved(request, again)
        if not form.is_valid() or not proven:
            return
        try:
            act.do(**form.cleaned_data)
        except Refused as refused:
            refused_into(form, refused)
        else:
            self.response = done(request, to, act.said)
