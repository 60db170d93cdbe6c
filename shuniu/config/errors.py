"""Error pages: a sentence, what to do, the request's number; never a trace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render

from shuniu.foundation.access import NOBODY
from shuniu.foundation.accounts.views.entrance import log_in_again


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, template, {"request_id": getattr(request, "request_id", "")}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token. Where the cookies went with the session, the words come back after log-in."""
    view = request.resolver_match.func if request.resolver_match else None
    members = getattr(view, "access_guard", ("", ()))[0] == "members"
    nobody = getattr(request, "who", NOBODY).person is None
    # Django has compared the Origin with ours before it missed the cookie.
    if reason == REASON_NO_CSRF_COOKIE and request.headers.get("Origin") and members and nobody:
        return log_in_again(request)
    return _page(request, "403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500.html", 500)
