"""The working calendar: seen by the administrators, kept by the system administrator."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shuniu.foundation.access import Refused, Who, members_only, who_asks
from shuniu.foundation.accounts.kept import posted
from shuniu.foundation.calendar import actions, clock, rules
from shuniu.foundation.calendar.queries import exceptions_of, missing_years_for, years_for
from shuniu.foundation.journal.queries import lines, timeline
from shuniu.foundation.ui import versions
from shuniu.foundation.ui.respond import done, page, refused_into
from shuniu.unions.forms import DayForm, YearForm


@members_only("sys_admin", "sec_admin")
@require_safe
def years(request: HttpRequest) -> HttpResponse:
    """The confirmed years, and those that are missing."""
    who = who_asks(request)
    context = {
        "years": years_for(who),
        "missing": missing_years_for(who),
        "next_year": clock.today().year + 1,
        "may_edit": rules.may_edit(who),
    }
    return render(request, "unions/calendar.html", context)


@members_only("sys_admin", "sec_admin")
@require_http_methods(["GET", "POST"])
def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year: its exceptional days; one day changed, or the year entered."""
    who = who_asks(request)
    if not 2000 <= year <= 2100:
        raise Http404
    row = next((y for y in years_for(who) if y.year == year), None)
    whole = row is None or "days" in request.POST  # a colleague may have entered the year meanwhile
    form: DayForm | YearForm = (
        YearForm(posted(request, "days")) if whole else DayForm(posted(request, "working"))
    )
    now = actions.entered(row)
    version, status = versions.reading(request, now), None
    if request.method == "POST" and form.is_valid():
        try:
            text = _save(request, who, year, form)
        except Refused as refused:
            if refused.verdict.code == "version.changed":
                both = versions.clash(form, version["seen"], now)
                form, status = YearForm(both.data), 409
                version = versions.conflict(request, both, now, refused)
            else:
                refused_into(form, refused)
        else:
            return done(request, reverse("unions:calendar_year", args=[year]), text)
    today = clock.today()
    context = version | {
        "form": form,
        "whole": whole,
        "year": year,
        "row": row,
        "days": exceptions_of(who, year),
        "may_edit": rules.may_edit(who),
        "past": dt.date(year, 12, 31) < today,
        "timeline": lines(timeline(row)) if row else [],
    }
    return page(request, "unions/calendar_year.html", context, status=status)


def _save(request: HttpRequest, who: Who, year: int, form: DayForm | YearForm) -> str:
    """Enter the year or change a day; what was done, in words."""
    data = form.cleaned_data
    if isinstance(form, YearForm):
        seen = request.POST.get("seen")
        actions.confirm_year(by=who, year=year, source=data["source"], days=data["days"], seen=seen)
        return f"{year} 年工作日历已确认。"
    actions.set_day(by=who, date=data["date"], working=data["working"] == "yes", note=data["note"])
    return f"{data['date']:%Y-%m-%d} 的安排已更改，受影响的期限正在重新计算。"
