"""Forms: the form element, error summary, one field with all its words, upload and file list."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.utils.safestring import SafeString

from .signs import part

register = template.Library()

DATE_HINT = "例如 2026-03-01"


def _forms(source: Any) -> Iterator[BaseForm]:
    if isinstance(source, BaseFormSet):
        yield from source.forms
    elif isinstance(source, BaseForm):
        yield source
    elif isinstance(source, (list, tuple)):
        for one in source:
            yield from _forms(one)


def _is_group(bound: BoundField) -> bool:
    return isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))


def _target(bound: BoundField) -> str:
    """The element that an error line leads to: of a group, its first choice."""
    return f"{bound.auto_id}_0" if _is_group(bound) else bound.auto_id


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """错误： before the title of a page that shows a refused form, so that it is heard first."""
    for layer in context.dicts:
        for value in layer.values():
            if isinstance(value, (BaseForm, BaseFormSet)) and value.is_bound and not value.is_valid():
                return "错误："
    return ""


@register.simple_tag
def form_errors(form: Any, title: str = "") -> SafeString:
    """Summary over the page title, of a form, a formset or a list; takes the focus, leads to the fields."""
    lines: list[tuple[str, str]] = []
    for one in _forms(form):
        if not one.is_bound:
            continue
        lines += [("", str(message)) for message in one.non_field_errors()]
        lines += [(_target(bound), str(message)) for bound in one for message in bound.errors]
    if isinstance(form, BaseFormSet) and form.is_bound:
        lines += [("", str(message)) for message in form.non_form_errors()]
    key = next((one.prefix for one in _forms(form) if one.prefix), None) or "form"
    return part("form_errors", lines=lines, key=key, title=title or f"有 {len(lines)} 处需要修改")


@register.simple_block_tag(end_name="endform", takes_context=True)
def form(
    context: Context,
    content: SafeString,
    action: str = "",
    method: str = "post",
    id: str = "",
    css: str = "",
    upload: bool = False,
    autosave: str = "",
    guard: bool = False,
    label: str = "",
) -> SafeString:
    """A form without browser bubbles, with its CSRF field.

    `autosave` is the address that gets changed fields, `guard` warns before leaving with unsaved words.
    """
    return part(
        "form",
        content=content,
        action=action,
        method=method,
        id=id,
        css=css,
        upload=upload,
        autosave=autosave,
        guard=guard,
        label=label,
        csrf_token=str(context.get("csrf_token") or ""),
    )


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    match widget:
        case forms.RadioSelect() | forms.CheckboxSelectMultiple():
            return "group"
        case forms.CheckboxInput():
            return "tick"
        case forms.FileInput():
            return "file"
        case forms.Textarea():
            return "textarea"
        case forms.Select():
            return "select"
        case forms.NumberInput():
            return "number"
        case forms.DateInput():
            return "date"
    return "text"


def _attrs(
    bound: BoundField, kind: str, hint: str, width: str, count: int | None, told_by: str = ""
) -> dict[str, Any]:
    """What the control itself must say: its look, its words, its keyboard."""
    own = str(bound.field.widget.attrs.get("class", ""))
    looks = {"tick": "", "date": "input input--short", "number": "input input--num", "file": "file"}
    css = f"{looks.get(kind, 'input')} {own}".strip()
    attrs: dict[str, Any] = {"class": f"{css} input--{width}" if width else css}
    told = [told_by] if told_by else []
    told += [f"{bound.auto_id}_helptext"] if hint else []
    told += [f"{bound.auto_id}_error"] if bound.errors else []
    if count:
        told.append(f"{bound.auto_id}_count")
        attrs["data-count"] = count
        attrs["maxlength"] = None  # too much is told in words, never cut off in silence
    if told:
        attrs["aria-describedby"] = " ".join(told)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if kind == "number":
        attrs["inputmode"] = "decimal" if isinstance(bound.field, forms.DecimalField) else "numeric"
    if kind == "date":
        attrs["inputmode"] = "numeric"
        attrs["autocomplete"] = "off"
    return {name: value for name, value in attrs.items() if value is not None and value != ""}


@register.simple_tag(takes_context=True)
def field(
    context: Context,
    bound: BoundField,
    label: str = "",
    hint: str = "",
    suffix: str = "",
    width: str = "",
    count: int | None = None,
    inline: bool = False,
    hide_label: bool = False,
    mark: bool = True,
    told: str = "",
) -> SafeString:
    """One field: label, hint, error, control, in this order, tied together for those who hear the page.

    `told`: key of an element of the page that says the hint once for several fields.

    `suffix` is a unit, `width` short|num|days|code, `count` the longest allowed text, `inline` puts
    choices in one line. Staff pages mark what must be filled with *, all others mark （选填）.
    """
    kind = _kind(bound)
    widget = bound.field.widget
    if kind == "number":
        # type=number swallows full-width digits and turns by the mouse wheel; words beside it say more
        widget.input_type = "text"
    hint = hint or str(bound.help_text or "") or (DATE_HINT if kind == "date" and not told else "")
    if kind == "textarea" and count is None:
        count = getattr(bound.field, "max_length", None)
    attrs = _attrs(bound, kind, hint, width, count if kind == "textarea" else None, told)
    if kind == "textarea":
        widget.attrs.pop("maxlength", None)
        if widget.attrs.get("rows") == "10":  # Django's own default; a form that wants more says so
            widget.attrs.update(rows="4")
    staff = context.get("density", "staff") == "staff"
    return part(
        "field",
        bound=bound,
        kind=kind,
        control=bound.as_widget(attrs=attrs) if kind != "group" else "",
        choices=list(bound.subwidgets) if kind == "group" else [],
        described=attrs.get("aria-describedby", ""),
        label=label or bound.label,
        hint=hint,
        suffix=suffix,
        inline=inline,
        hide_label=hide_label,
        starred=mark and staff and bound.field.required,
        optional=mark and not staff and not bound.field.required,
        count=count if kind == "textarea" else None,
        written=len(str(bound.value() or "")),
    )


@register.simple_tag(takes_context=True)
def upload(
    context: Context,
    bound: BoundField,
    files: Iterable[Any] = (),
    url: str = "",
    kinds: str = "PDF 或图片",
    max_mb: int = 20,
    library_url: str = "",
    label: str = "",
) -> SafeString:
    """Choosing files: the list of what is there, then the drop zone.

    With `url`, each file is sent at once (XHR, progress, retry); without script the same field goes with
    the form. files: {name, size, url, delete_url, error, state}. `library_url`: 从以往材料中选择.
    """
    staff = context.get("density", "staff") == "staff"
    told = f"{bound.auto_id}_helptext" + (f" {bound.auto_id}_error" if bound.errors else "")
    control = bound.as_widget(attrs={"class": "file", "aria-describedby": told, "data-upload-input": ""})
    return part(
        "upload",
        bound=bound,
        files=list(files),
        url=url,
        kinds=kinds,
        max_mb=max_mb,
        library_url=library_url,
        label=label or bound.label,
        control=control,
        starred=staff and bound.field.required,
        optional=not staff and not bound.field.required,
        csrf_token=str(context.get("csrf_token") or ""),
    )


@register.simple_tag
def file_list(files: Sequence[Any]) -> SafeString:
    """Files to open: {name, size, url, kind, remark}."""
    return part("file_list", files=files)
