"""Two pages of its own: the component page and the switch of 字号 and 长辈版."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuniu.foundation.access import public

from .display import remember
from .respond import ours
from .specimens import specimens


@public("设计样张，没有业务数据")
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in three densities."""
    return render(request, "ui/components.html", specimens(request.GET.get("page", "1")))


@public("字号和长辈版，只写本人浏览器的 Cookie")
@require_safe
def display(request: HttpRequest) -> HttpResponse:
    """Remembers the chosen size and returns to the page it was chosen on."""
    response = HttpResponseRedirect(ours(request, request.GET.get("next", "")) or "/", status=303)
    remember(response, request)
    return response
