"""Forms: label, hint, error and control tied together; values kept; a summary that leads to the fields."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from .test_tags import Tags


class Application(forms.Form):
    name = forms.CharField(label="组织名称", help_text="与登记证书一致")
    people = forms.IntegerField(label="服务人次")
    begun = forms.DateField(label="开始日期", widget=forms.DateInput, required=False)
    union = forms.ChoiceField(
        label="工会", choices=[("y", "已建立"), ("n", "未建立")], widget=forms.RadioSelect
    )
    effect = forms.CharField(label="成效", max_length=20, widget=forms.Textarea, required=False)
    proof = forms.FileField(label="证明", required=False)
    agree = forms.BooleanField(label="承诺")

    def clean(self) -> dict[str, Any]:
        if self.data.get("name") == "refuse":
            raise forms.ValidationError("两处内容互相矛盾")
        return self.cleaned_data


def show(source: str, form: forms.Form, density: str = "touch") -> str:
    return Template(source).render(Context({"form": form, "density": density, "csrf_token": "t0ken"}))


def test_label_hint_error_and_control_belong_together() -> None:
    html = show("{% field form.name %}", Application({"name": ""}))
    control = Tags(html).one("input")
    assert control["aria-describedby"] == "id_name_helptext id_name_error"
    assert control["aria-invalid"] == "true"
    assert Tags(html).one("label")["for"] == control["id"]
    order = [html.index(part) for part in ("<label", "id_name_helptext", "id_name_error", "<input")]
    assert order == sorted(order)


def test_a_field_without_words_describes_nothing() -> None:
    assert "aria-describedby" not in show("{% field form.people %}", Application())


def test_typed_words_are_kept() -> None:
    html = show("{% field form.people %}", Application({"people": "很多"}))
    assert Tags(html).one("input")["value"] == "很多"


def test_a_number_is_a_text_field_with_a_number_keyboard() -> None:
    control = Tags(show('{% field form.people suffix="人次" %}', Application())).one("input")
    assert control["type"] == "text"
    assert control["inputmode"] == "numeric"


def test_a_date_says_how_it_is_written() -> None:
    html = show("{% field form.begun %}", Application())
    assert "例如 2026-03-01" in html
    assert Tags(html).one("input")["type"] == "text"


def test_choices_are_a_fieldset_whose_rows_are_labels() -> None:
    html = show("{% field form.union %}", Application({"union": "y"}))
    tags = Tags(html)
    tags.one("fieldset")
    assert [a["for"] for t, a in tags.found if t == "label"] == ["id_union_0", "id_union_1"]
    assert "checked" in tags.one("input", value="y")


def test_too_much_text_is_counted_not_cut() -> None:
    html = show("{% field form.effect %}", Application({"effect": "字" * 30}))
    control = Tags(html).one("textarea")
    assert "maxlength" not in control
    assert control["data-count"] == "20"
    assert "已写 30 字，最多 20 字" in html


@pytest.mark.parametrize(
    ("density", "field", "expected", "absent"),
    [
        ("touch", "effect", "（选填）", "（必填）"),
        ("touch", "name", "组织名称", "（选填）"),
        ("staff", "name", "（必填）", "（选填）"),
        ("staff", "effect", "成效", "（选填）"),
    ],
)
def test_marks_follow_the_density(density: str, field: str, expected: str, absent: str) -> None:
    html = show("{% field form." + field + " %}", Application(), density)
    assert expected in html
    assert absent not in html


def test_summary_counts_says_the_same_words_and_leads_to_the_fields() -> None:
    form = Application({"name": "", "people": "0", "agree": ""})
    html = show("{% form_errors form %}", form)
    summary = Tags(html).one("div")
    assert (summary["role"], summary["tabindex"]) == ("alert", "-1")
    assert "有 3 处需要修改" in html
    assert [a["href"] for t, a in Tags(html).found if t == "a"] == ["#id_name", "#id_union_0", "#id_agree"]
    assert str(form.errors["name"][0]) in show("{% field form.name %}", form)


def test_summary_tells_errors_of_the_whole_form_first() -> None:
    html = show("{% form_errors form %}", Application({"name": "refuse", "people": "1", "union": "y"}))
    assert html.index("两处内容互相矛盾") < html.index("#id_agree")


@pytest.mark.parametrize(
    "form", [Application(), Application({"name": "a", "people": "1", "union": "y", "agree": "on"})]
)
def test_no_summary_without_errors(form: forms.Form) -> None:
    assert show("{% form_errors form %}{% error_prefix %}", form).strip() == ""


def test_title_of_a_refused_form_begins_with_the_word() -> None:
    assert show("{% error_prefix %}登记", Application({})) == "错误：登记"


def test_form_has_no_bubbles_and_its_token() -> None:
    html = show('{% form autosave="/save/" upload=True %}x{% endform %}', Application())
    element = Tags(html).one("form")
    assert "novalidate" in element
    assert element["enctype"] == "multipart/form-data"
    assert element["data-autosave"] == "/save/"
    assert Tags(html).one("input", name="csrfmiddlewaretoken")["value"] == "t0ken"


def test_a_form_that_only_asks_sends_no_token() -> None:
    assert "csrf" not in show('{% form method="get" %}x{% endform %}', Application())


def test_upload_works_without_script_and_says_each_file() -> None:
    files = [{"name": "a.pdf", "size": 2048, "url": "/f/"}, {"name": "b.pdf", "size": 1, "error": "打不开"}]
    html = Template("{% upload form.proof files url='/up/' %}").render(
        Context({"form": Application(), "files": files, "density": "touch"})
    )
    assert Tags(html).one("input", type="file")["name"] == "proof"
    assert "每份不超过 20 MB" in html
    assert "2 KB" in html
    assert 'class="is-bad">打不开' in html


def test_the_display_switch_only_returns_to_this_site() -> None:
    from shuniu.foundation.ui import views

    ask = RequestFactory()
    kept = views.display(ask.get("/display/", {"mode": "elder", "next": "/a/?b=1"}))
    assert (kept.status_code, kept["Location"]) == (303, "/a/?b=1")
    assert kept.cookies["mode"].value == "elder"
    assert "scale" not in kept.cookies
    away = views.display(ask.get("/display/", {"font_scale": "xxl", "next": "https://elsewhere.example/"}))
    assert away["Location"] == "/"
    assert not away.cookies
