"""The answers of a view: a page (422 with a refused form), or 303 to the page that shows what was done."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from shuniu.foundation.access import Refused
from shuniu.foundation.accounts.kept import refill

Row = TypeVar("Row", bound=Model)


def done(request: HttpRequest, to: Any, text: str = "") -> HttpResponse:
    """303 to `to` (address, URL name or object), with a sentence that stays on that page."""
    if text:
        messages.success(request, text)
    response = HttpResponseRedirect(resolve_url(to))
    response.status_code = 303
    return response


def ours(request: HttpRequest, target: str) -> str:
    """`target`, if it is an address of this site; else "": nobody is led elsewhere by a link to us."""
    good = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if good else ""


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int | None = None
) -> HttpResponse:
    """The template; 422 when a form or formset in the context was refused, unless `status` says otherwise.

    Words that were typed when the session had ended come back into the forms (U09). A POST that names
    an act which the page does not know is a 400 with a sentence, never a page as if nothing had been asked.
    """
    refill(request, [f for f in context.values() if isinstance(f, BaseForm)])
    if status is None:
        bad = any(
            getattr(f, "is_bound", False) and not f.is_valid()
            for f in context.values()
            if isinstance(f, BaseForm) or hasattr(f, "non_form_errors")
        )
        status = 422 if bad else 200
        if status == 200 and _not_understood(request):
            status = 400
            messages.error(request, NOT_UNDERSTOOD)
    return render(request, template, context, status=status)


NOT_UNDERSTOOD = "这一页没有这项操作，系统没有作任何改动。请刷新页面，再点页面上的按钮办理。"
_ACT = ("do", "action")  # what a page with several buttons calls them


def _not_understood(request: HttpRequest) -> bool:
    """A POST that names an act and still has changed nothing."""
    return request.method == "POST" and any(name in request.POST for name in _ACT)


def chosen(rows: QuerySet[Row], key: str) -> Row:
    """The row that a form names by its key; 404 for any other, and for what is no key at all."""
    try:
        return get_object_or_404(rows, pk=key)
    except (ValueError, ValidationError) as wrong:
        raise Http404 from wrong


def refused_into(form: BaseForm, refused: Refused, field: str | None = None) -> None:
    """Put a refusal among the form's errors, so that what was typed stays; `field`: next to this field."""
    form.add_error(field, refused.verdict.said)
