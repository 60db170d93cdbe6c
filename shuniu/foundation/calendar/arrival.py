"""When a request arrived: stamped before its body is read, so that a slow upload is not a late one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from shuniu.foundation.calendar import clock


class ArrivalMiddleware:
    """The first middleware: `request.arrived_at` is the process clock when the head was there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            request.arrived_at = clock.stamp()  # type: ignore[attr-defined]
        return self.get_response(request)


def arrived_at(request: HttpRequest) -> dt.datetime:
    """The stamp of this request; a request without one (GET) arrived now."""
    stamp: dt.datetime | None = getattr(request, "arrived_at", None)
    return stamp if stamp is not None else clock.now()
