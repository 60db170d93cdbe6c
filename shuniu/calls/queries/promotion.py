"""Publicity work of a call."""

from __future__ import annotations

from django.db.models import QuerySet

from shuniu.calls.models import Application, Call, Promotion, Stage


def of_call(call: Call) -> QuerySet[Promotion]:
    """What was recorded, the struck ones included, newest first."""
    return Promotion.objects.filter(call=call).select_related("application__organisation", "recorded_by")


def shown(call: Call) -> QuerySet[Promotion]:
    """What everybody sees beside the list."""
    return of_call(call).filter(struck_at__isnull=True)


def named(call: Call) -> list[Application]:
    """Those who are on the published list, by pinyin."""
    rows = Application.objects.filter(call=call, stage=Stage.RECOGNISED).select_related("organisation")
    return list(rows.order_by("organisation__pinyin", "pk"))
