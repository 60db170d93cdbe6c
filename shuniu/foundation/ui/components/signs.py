"""Signs and surfaces: icon, status, badge, clause, note, panel, empty, verdict, dialog."""

from functools import cache
from zlib import crc32

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# kind → (icon, tone). The shape tells the state when the colour is gone.
KINDS: dict[str, tuple[str, str]] = {
    "ok": ("check", "is-ok"),
    "bad": ("cross", "is-bad"),
    "warn": ("alert", "is-warn"),
    "unknown": ("ask", "is-warn"),
    "ask": ("ask", "is-now"),
    "now": ("half", "is-now"),
    "wait": ("ring", "is-wait"),
    "lock": ("lock", "is-wait"),
    "pause": ("pause", "is-warn"),
    "back": ("back", "is-warn"),
    "due": ("clock", "is-warn"),
    "over": ("alert", "is-bad"),
    "expired": ("clock", "is-wait"),
}
NOTES = {"info": "info", "ok": "check", "warn": "alert", "bad": "cross", "due": "clock"}


def kind_of(kind: str) -> tuple[str, str]:
    """Icon and tone of a kind; an unknown kind is a mistake of the page and is told so."""
    try:
        return KINDS[kind]
    except KeyError:
        raise template.TemplateSyntaxError(f"no such kind: {kind!r}; one of {', '.join(KINDS)}") from None


def part(name: str, **values: object) -> SafeString:
    """One component template, autoescaped, with these values alone."""
    return render_to_string(f"ui/parts/{name}.html", values)


def anchor(text: str, prefix: str = "h") -> str:
    """A stable id made of the words it names, the same at every rendering."""
    return f"{prefix}-{crc32(text.encode()):08x}"


@cache
def _sprite() -> str:
    return static("ui/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A line icon of the sprite; decoration unless it has a label."""
    href = f"{_sprite()}#i-{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


def _sign(css: str, kind: str, text: str, icon_name: str) -> SafeString:
    shape, tone = kind_of(kind)
    return format_html('<span class="{} {}">{}{}</span>', css, tone, icon(icon_name or shape), text)


@register.simple_tag
def status(kind: str, text: str, icon: str = "") -> SafeString:
    """State in tables and lists: icon and word, no fill."""
    return _sign("status", kind, text, icon)


@register.simple_tag
def badge(kind: str, text: str, icon: str = "") -> SafeString:
    """State beside a title, or of a task that is not done: the same, filled."""
    return _sign("badge", kind, text, icon)


@register.simple_tag
def clause(text: str, url: str = "") -> SafeString:
    """Where it is written; leads to the words when there is a page for them."""
    if url:
        return format_html('<a class="clause" href="{}"><span>{}</span></a>', url, text)
    return format_html('<span class="clause"><span>{}</span></span>', text)


@register.simple_block_tag(end_name="endnote")
def note(content: SafeString, kind: str = "info", live: bool = False) -> SafeString:
    """One sentence that must not be missed; `live` for the result of an act."""
    if kind not in NOTES:
        raise template.TemplateSyntaxError(f"no such note: {kind!r}; one of {', '.join(NOTES)}")
    return part("note", content=content, kind=kind, icon_name=NOTES[kind], live=live)


@register.simple_block_tag(end_name="endpanel")
def panel(
    content: SafeString,
    title: str = "",
    aside: str = "",
    id: str = "",
    url: str = "",
    link: str = "",
    flush: bool = False,
    level: int = 2,
) -> SafeString:
    """A block of a staff page: title, a quiet remark, one link; `flush` for tables and lists."""
    return part(
        "panel",
        content=content,
        title=title,
        aside=aside,
        id=id,
        heading_id=f"{id}-h" if id else anchor(title),
        url=url,
        link=link,
        flush=flush,
        level=level,
    )


@register.simple_tag
def empty(title: str, text: str = "", url: str = "", action: str = "", level: int = 3) -> SafeString:
    """Nothing here: why, and what to do."""
    return part("empty", title=title, text=text, url=url, action=action, level=level)


@register.simple_tag
def verdict(kind: str, word: str, text: str = "") -> SafeString:
    """Result of a verification: one big word first."""
    shape, tone = kind_of(kind)
    return part("verdict", icon_name=shape, tone=tone, word=word, text=text)


@register.simple_block_tag(end_name="enddialog")
def dialog(content: SafeString, id: str, title: str, wide: bool = False) -> SafeString:
    """A dialog, opened by a link with `data-dialog="id"`; the link itself leads to the same as a page."""
    return part("dialog", content=content, id=id, title=title, wide=wide)


@register.simple_tag
def save_state(text: str = "") -> SafeString:
    """Where autosave tells 已保存 / 保存中 / 未保存 in words."""
    return part("save_state", text=text)
