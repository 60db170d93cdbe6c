"""What every request gets: an id, who asks, and refusals as pages."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import threading
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from shuniu.foundation import access
from shuniu.foundation.accounts.adapter import must_carry_second
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.accounts.queries import has_second_factor

Handler = Callable[[HttpRequest], HttpResponse]


def client_address(get_response: Handler) -> Handler:
    """Let REMOTE_ADDR be the client's: the entry of X-Forwarded-For that our outermost proxy wrote.

    Entries further left are the client's own words and are not believed (SHUNIU_PROXIES counts from the right).
    """

    def handle(request: HttpRequest) -> HttpResponse:
        passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if 0 < settings.ENV.proxies <= len(passed):
            with contextlib.suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(passed[-settings.ENV.proxies]))
        return get_response(request)

    return handle


_AT_ONCE = 24  # fewer than the pool has connections: a turn never waits for one
_SMALL = 64 * 1024  # bytes of a body that is read before the turn
_turns = threading.BoundedSemaphore(_AT_ONCE)
_lines = threading.BoundedSemaphore(200)  # uploads: as long as the other end's line takes


def turns(get_response: Handler) -> Handler:
    """Let a few requests work at once, in the order they came; the others wait, stamped already.

    Hundreds of threads that all want the interpreter would keep the next click from its arrival stamp for
    seconds. A slow line holds nobody's turn: a small body is read first, files have turns of their own.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        small = length.isdigit() and int(length) <= _SMALL and "HTTP_TRANSFER_ENCODING" not in request.META
        if request.path == "/health/":
            return get_response(request)
        if not small:
            with _lines:
                return get_response(request)
        try:
            request.body  # noqa: B018 - kept by the request
        except OSError:  # the line broke
            return HttpResponseBadRequest()
        with _turns:
            return get_response(request)

    return handle


def request_id(get_response: Handler) -> Handler:
    """Give the request an id that stands in the log, in the journal and on error pages."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.request_id = rid = secrets.token_hex(6)  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=rid)
        response = get_response(request)
        response["X-Request-ID"] = rid
        return response

    return handle


def who(get_response: Handler) -> Handler:
    """Find out who asks, under the hat that the session names (re-read on every request)."""

    def handle(request: HttpRequest) -> HttpResponse:
        def find() -> access.Who:
            user = request.user
            if not isinstance(user, Person):
                return access.NOBODY
            structlog.contextvars.bind_contextvars(person=user.pk)
            return access.who_is(user, str(request.session.get("hat", "")))

        request.who = SimpleLazyObject(find)  # type: ignore[attr-defined]
        return get_response(request)

    return handle


_OPEN_WITHOUT_SECOND = ("/accounts/", "/display/", "/static/", "/health/", "/csp-report/")


def second_factor(get_response: Handler) -> Handler:
    """Where it is required, staff and experts first set up a second factor; the rest of the house waits."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not settings.MFA_REQUIRED or request.path.startswith(_OPEN_WITHOUT_SECOND):
            return get_response(request)
        person = request.who.person  # type: ignore[attr-defined]
        if person is None or not must_carry_second(person) or has_second_factor(person):
            return get_response(request)
        response = HttpResponseRedirect(reverse("mfa_index"))
        response.status_code = 303
        return response

    return handle


class _Refusals:
    """A refusal that no view has turned into a form error becomes a page of its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, access.Refused):
            return None
        status = 403 if exception.verdict.code == "access.role" else 409
        if request.headers.get("X-Requested-With") == "autosave":
            return JsonResponse({"error": f"未保存：{exception.verdict.said}"}, status=status)
        return render(request, "ui/refused.html", {"verdict": exception.verdict}, status=status)


def refusals(get_response: Handler) -> _Refusals:
    """Middleware factory, see `_Refusals`."""
    return _Refusals(get_response)
