"""Finding one's way in many rows: breadcrumbs, tabs, chips, sort headers, batch bar, pager, to-do rows."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils.safestring import SafeString

from .signs import part

register = template.Library()


def _query(context: Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)


def _url(query: QueryDict, **changes: str | int | None) -> str:
    """The present address with these parameters; the URL is the state of every list."""
    query = query.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def breadcrumbs(items: Sequence[Any]) -> SafeString:
    """Where I am: pairs (words, address); the last without address is this page."""
    return part("breadcrumbs", items=[(item, "") if isinstance(item, str) else item for item in items])


@register.simple_tag
def tabs(items: Sequence[Any], label: str = "状态") -> SafeString:
    """States of the same rows, with counts: {label, url, count, current}."""
    return part("tabs", items=items, label=label)


@register.simple_tag
def chips(items: Sequence[Any], clear_url: str = "") -> SafeString:
    """Active filters, each removable: {label, url}, where url is the list without it."""
    return part("chips", items=items, clear_url=clear_url)


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, key: str, numeric: bool = False, extra: bool = False
) -> SafeString:
    """A column head that sorts by `?sort=key`, and by `?sort=-key` at the second press."""
    query = _query(context)
    current = query.get("sort", "")
    state = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    url = _url(query, sort=f"-{key}" if current == key else key, page=None)
    return part("sort_header", label=label, url=url, state=state, numeric=numeric, extra=extra)


@register.simple_block_tag(end_name="endbatch", takes_context=True)
def batch(
    context: Context, content: SafeString, form: str, total: int, all_picked: bool = False
) -> SafeString:
    """The bar under a table: what may be done with the ticked rows of the form with this id.

    选择全部 leads to the same list with `?pick=all`; the view then passes `all_picked`, and the bar
    carries the hidden field `all=1` into the form.
    """
    query = _query(context)
    return part(
        "batch",
        content=content,
        form=form,
        total=total,
        all_picked=all_picked,
        all_url=_url(query, pick="all"),
        none_url=_url(query, pick=None),
    )


@register.simple_tag(takes_context=True)
def pager(
    context: Context,
    page: Page[Any],
    unit: str = "条",
    param: str = "page",
    sizes: str = "",
    flush: bool = False,
) -> SafeString:
    """共 N 条 and the pages; keeps every other parameter of the address. `sizes="20,50"` offers ?size=."""
    query = _query(context)
    paginator = page.paginator
    numbers = [
        (number, _url(query, **{param: number}) if isinstance(number, int) else "")
        for number in paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return part(
        "pager",
        page=page,
        unit=unit,
        numbers=numbers,
        flush=flush,
        previous=_url(query, **{param: page.number - 1}) if page.has_previous() else "",
        next=_url(query, **{param: page.number + 1}) if page.has_next() else "",
        sizes=[
            (size, _url(query, size=size, **{param: None}), size == paginator.per_page)
            for size in map(int, filter(None, sizes.split(",")))
        ],
    )


@register.simple_tag
def todo(items: Sequence[Any], variant: str = "") -> SafeString:
    """What waits: {tag, label, url, detail, due, due_kind, new}; variant `mail` for messages."""
    return part("todo", items=items, variant=variant)
