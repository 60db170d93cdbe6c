"""Periods are kept half-open; people read the last day."""

from __future__ import annotations

import datetime as dt

from django import template

register = template.Library()


@register.filter
def last_day(upper: dt.date) -> dt.date:
    """The last day of a period that ends before `upper`."""
    return upper - dt.timedelta(days=1)
