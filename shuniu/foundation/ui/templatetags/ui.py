"""The tag library `ui`: a builtin of every template. Components by group, and the formats as filters."""

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shuniu.foundation.ui import formats
from shuniu.foundation.ui.components import fields, figures, flow, lists, signs
from shuniu.foundation.ui.phrases import phrases

register = template.Library()

SHEETS = (
    "tokens",
    "base",
    "layout",
    "masthead",
    "controls",
    "forms",
    "signs",
    "table",
    "flow",
    "surfaces",
    "document",
    "review",
    "utilities",
    "print",
)

for group in (signs, fields, lists, flow, figures):
    register.tags.update(group.register.tags)

for convert in (
    formats.money,
    formats.yuan,
    formats.wan,
    formats.money_words,
    formats.when,
    formats.until,
    formats.clock,
    formats.day,
    formats.day_cn,
    formats.weekday,
    formats.phone_mask,
    formats.name_mask,
    formats.filesize_cn,
):
    register.filter(convert.__name__, convert)


@register.filter
def dash(value: object) -> object:
    """``--`` where there is nothing; nought and False are something."""
    return formats.NONE if value is None or value == "" or value == [] else value


@register.filter
def by_sense(title: object) -> SafeString:
    """A title that breaks between its words only; the sheet keeps the rest together (`.doc h1`)."""
    return format_html_join("", "{}<wbr>", ((piece,) for piece in phrases(str(title))))


@register.simple_tag
def stylesheets() -> SafeString:
    """All sheets of the product, in the order of the layers."""
    sheets = ((static(f"ui/css/{name}.css"),) for name in SHEETS)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', sheets)


@register.simple_tag
def use_htmx() -> SafeString:
    """htmx, for the block `scripts` of a page that uses `hx-*`."""
    return format_html('<script src="{}" defer></script>', static("django_htmx/htmx-2.min.js"))


@register.simple_tag
def use_script(name: str) -> SafeString:
    """One more module of `ui/js`, for the block `scripts`: {% use_script "charts" %}."""
    return format_html('<script type="module" src="{}"></script>', static(f"ui/js/{name}.js"))


@register.simple_tag(takes_context=True)
def use_density(context: Context, density: str) -> str:
    """Fixes the density of a page, for its body and for every component on it."""
    holders = [layer for layer in context.dicts if "density" in layer] or [context.dicts[0]]
    for layer in holders:
        layer["density"] = density
    return ""
