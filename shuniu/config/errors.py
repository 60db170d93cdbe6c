"""Error pages: a sentence, what to do, the request's number; never a trace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, get_token
from django.shortcuts import render

from shuniu.foundation.access import NOBODY
from shuniu.foundation.accounts import kept
from shuniu.foundation.accounts.views.entrance import log_in_again

_FOREIGN = REASON_BAD_ORIGIN.partition("%")[0]
_OLD = "这一页是上次登录前打开的，没有收下。请重试"


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, template, {"request_id": getattr(request, "request_id", "")}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a good token. From a page of ours nothing is lost: the words come back, nothing is carried out.

    Somebody's cookies went with the session: after log-in. Somebody has logged in in another window since the
    page was opened, which makes its token old: at once. A script gets the new token and sends again.
    """
    view = request.resolver_match.func if request.resolver_match else None
    members = getattr(view, "access_guard", ("", ()))[0] == "members"
    # Django compares the Origin with ours before it looks for the token.
    ours = "Origin" in request.headers and not reason.startswith(_FOREIGN)
    if not (members and ours):
        return _page(request, "403_csrf.html", 403)
    if getattr(request, "who", NOBODY).person is None:
        return log_in_again(request)
    if "X-Requested-With" in request.headers:
        return JsonResponse({"error": _OLD}, status=403, headers={"X-CSRF-Fresh": get_token(request)})
    return HttpResponseRedirect(kept.release(request, kept.keep(request)) or "/", status=303)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500.html", 500)
