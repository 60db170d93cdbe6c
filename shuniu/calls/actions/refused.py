"""Refusals by the database in the same words as refusals by the rules."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import DatabaseError

from shuniu.calls.rules.apply import stamp
from shuniu.foundation.access import REFUSALS, Refused, Verdict, register_refusals

register_refusals(
    {
        "calls.conflict": "同一时刻有人办理了同一事项，您的操作没有生效。请刷新页面，看清最新情况后再办理。",
        "calls.category_twice_race": "本单位刚刚已经开始申报这一类别，请刷新“我的申报”查看。",
        "calls.stage_without_decision": "状态只能由有记录的决定改变，本次操作没有生效。请联系系统管理员。",
        "calls.state_without_event": "通知的状态只能由有记录的操作改变，本次操作没有生效。请联系系统管理员。",
        "calls.not_open": "这份通知没有在受理报名，不能提交。请在“我的申报”查看通知的当前状态。",
        "calls.too_early": "报名还没有开始，现在不能提交。请在通知写明的报名时间内提交，草稿已保存。",
        "calls.too_late": (
            "报名已经截止，您的提交晚于截止时间到达，没有受理。确有特殊原因的，请联系通知上的联系人申请补报。"
        ),
        "calls.too_slow": (
            "您的提交到达于 {arrived}，此后 60 秒内没有保存成功，没有受理。请在截止前重新提交，草稿已保存。"
        ),
        "calls.stamp_from_future": "服务器时间异常，本次提交没有受理。请稍后重试，仍不行请联系系统管理员。",
        "calls.correction_too_late": "补正期限已过，补正没有受理。请联系经办人。",
        "calls.publicity_closed": "公示已结束（或还没有开始），不能再通过网上提出异议。请按公示上的联系方式反映。",
        "calls.published_stays": "通知已经发布，这一项不能再改。确需修改的，请用“更正”并经第二人审签后公布。",
        "calls.window_without_amendment": "报名时间只能通过已公布的更正改变。请先办理更正。",
        "calls.rubric_total": "评分表各项分值合计应为 {total} 分。请调整分值后再提交审签。",
        "calls.sheet_of_law": "评分表依据{where}，指标和分值不能增减、改动；可以写细评分标准。",
        "calls.sheet_fractions": "办法的“{sheet}”（{where}）有不是整数的分值，评分表只能用整数分，不能据此起草通知。",
        "calls.law_ended": "通知依据的制度刚刚停用，不能发布。请改用其他制度重新起草。",
        "calls.scoring_closed": "本类别的评分已经结束，刚才的修改没有保存。如需重新打分，请联系经办人。",
        "calls.sheet_locked": "这份评分表已经提交，不能再改。如需修改，请联系经办人写明理由后重新开放。",
        "calls.points_out_of_bounds": "分数超出了这一项的范围。请填 0 到该项满分之间的数。",
        "calls.recused": "您与这家单位存在回避情形，不能评审它。",
        "calls.list_frozen": "名单已经冻结，不能改动。确有错误的，请办理更正公告。",
        "calls.objection_stays": "异议一经收到就不能修改或删除。",
    }
)

_CODE = re.compile(r"\b(calls\.[a-z_]+)\b")
_CONFLICTS = {"23505", "23P01", "40P01", "40001", "55P03"}  # unique, exclusion, deadlock, serialisation, lock


@contextmanager
def database_refusals(conflict: str = "calls.conflict", **words: str) -> Iterator[None]:
    """Turn what the database refuses into Refused; `conflict` is the code for "somebody was first".

    `words`: what the sentence of a refusal leaves open.

    An exclusion constraint's losers get deadlock_detected as often as exclusion_violation: both count.
    """
    try:
        yield
    except DatabaseError as problem:
        found = _CODE.search(str(problem))
        if found and found.group(1) in REFUSALS:
            code = found.group(1)
        elif getattr(problem.__cause__, "sqlstate", "") in _CONFLICTS:
            code = conflict
        else:
            raise
        reason = REFUSALS[code].format_map(defaultdict(str, words))
        raise Refused(Verdict(False, reason, "", code)) from problem


_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def refused_at_commit(act: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """For an act with an arrival stamp, above its transaction: what the commit refuses is Refused too, and dated."""

    @functools.wraps(act)
    def whole(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        arrived = kwargs.get("arrived_at")
        with database_refusals(arrived=stamp(arrived) if isinstance(arrived, dt.datetime) else ""):
            return act(*args, **kwargs)

    return whole
