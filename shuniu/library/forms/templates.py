"""A union's own version of a form."""

from __future__ import annotations

from django import forms

from shuniu.library.forms.uploads import Sent

EDITABLE = frozenset({"docx", "xlsx"})


class TemplateForm(forms.Form):
    """The revised file."""

    file = Sent(
        label="本单位修订的表样", allowed=EDITABLE, help_text="先下载现用的表样，改好后上传",
        error_messages={"required": "没有选择文件。请选择改好的表样。"},
    )  # fmt: skip
