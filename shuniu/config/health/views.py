"""The health page (JSON for machines) and the place where browsers report broken content rules."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shuniu.foundation.access import public
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.models import Delivery, SweepRun

log = structlog.get_logger(__name__)


@public("运行状况，没有业务数据")
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; the age of the last sweep in seconds, the length of the mail queue, and
    how many of the last 24 hours' mails were given up."""
    try:
        clock.synchronise()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
            waiting = int((cursor.fetchone() or [0])[0])
        last = SweepRun.objects.order_by("-ran_at").first()
        age = round((clock.now() - last.ran_at).total_seconds()) if last else None
        queued = Delivery.objects.filter(state=Delivery.State.QUEUED).count()
        lately = clock.now() - dt.timedelta(days=1)
        failed = Delivery.objects.filter(state=Delivery.State.FAILED, created_at__gt=lately).count()
    except DatabaseError as problem:
        log.error("health", problem=str(problem))
        return JsonResponse({"ok": False, "database": "unreachable"}, status=503)
    return JsonResponse(
        {
            "ok": True,
            "database": "ok",
            "last_sweep_age_seconds": age,
            "jobs_waiting": waiting,
            "mail_queued": queued,
            "mail_failed_today": failed,
        }
    )


@csrf_exempt
@require_POST
@public("浏览器的内容安全报告，只进日志")
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a browser refused to load; at most 4 KiB of it."""
    log.warning("csp", report=request.body[:4096].decode("utf-8", "replace"))
    return HttpResponse(status=204)
