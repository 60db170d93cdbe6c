"""When publicity work is recorded, and by whom."""

from __future__ import annotations

import datetime as dt

from shuniu.calls.models import Application, Call, Promotion, Stage
from shuniu.calls.rules.call import is_clerk
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock

register_refusals(
    {
        "calls.promotion_early": "名单还没有公布，不能登记宣传推广。请在名单公布以后登记。",
        "calls.promotion_future": "宣传推广的日期是 {on}，还没有到。请填写已经刊登、播出或者举办的日期。",
        "calls.promotion_other": "这家单位不在本次公布的名单上。请从名单上选一家，或者不选（表示全部）。",
        "calls.promotion_struck": "这条宣传推广已经作废。",
        "calls.promotion_stays": "宣传推广登记以后不能改动。有误的请作废，写明理由后重新登记。",
    }
)


def may_record(who: Who, call: Call) -> Verdict:
    """江苏 四3: the clerk, once a list of names is public; also after the call has ended."""
    public = call.lists.filter(kind="formal", published_at__isnull=False).exists()
    return first_refusal([is_clerk(who, call.union), YES if public else refuse("calls.promotion_early")])


def fits(call: Call, application: Application | None, on: dt.date) -> Verdict:
    """A day that has come, and one of those who were named, or all of them."""
    if on > clock.today():
        return refuse("calls.promotion_future", on=f"{on:%Y-%m-%d}")
    if application is not None and (application.call_id != call.pk or application.stage != Stage.RECOGNISED):
        return refuse("calls.promotion_other")
    return YES


def may_strike(who: Who, row: Promotion) -> Verdict:
    """The clerk, once."""
    struck = row.struck_at is not None
    return first_refusal([is_clerk(who, row.call.union), refuse("calls.promotion_struck") if struck else YES])
