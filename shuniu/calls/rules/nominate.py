"""May this union nominate this for the call now?"""

from __future__ import annotations

import datetime as dt

from shuniu.calls import quotas
from shuniu.calls.models import Application, Call, Stage
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.recommend import recommenders_of
from shuniu.calls.rules.apply import GONE, window
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union

register_refusals(
    {
        "calls.not_nominating": "“{title}”由社会组织自行申报，不由工会推荐项目。",
        "calls.not_nominator": "{union}不能在这次评选中推荐。请核对通知规定的推荐范围。",
        "calls.nominator_clerk": "推荐由{union}的经办人办理。",
        "calls.nominated_gone": "{organisation}已注销或撤销登记，它的项目不能推荐。",
        "calls.nominated_twice": "“{label}”已经在这次评选中推荐，不能重复推荐。",
        "calls.nomination_filled": "承接单位已经提交材料，不能收回提名。确需收回的，请在“推荐”里办理。",
        "calls.subject_stays": "推荐的对象不能更换。请收回后重新推荐。",
        "calls.subject_unfrozen": "推荐的项目没有固定事实清单。请从项目页面推荐。",
    }
)


def is_nominator(who: Who, call: Call, union: Union) -> Verdict:
    """The clerk of a union that may nominate in the call."""
    if not who.acts_for(union.pk, "clerk"):
        return refuse("calls.nominator_clerk", union=union.name)
    if not quotas.nominates(law_of(call)):
        return refuse("calls.not_nominating", title=call.title)
    if not recommenders_of(call).filter(pk=union.pk).exists():
        return refuse("calls.not_nominator", union=union.name)
    return YES


def may_nominate(who: Who, call: Call, union: Union, organisation: Organisation, at: dt.datetime) -> Verdict:
    """Within the days of nomination, for an organisation that still exists."""
    gone = organisation.status in GONE
    return first_refusal(
        [
            is_nominator(who, call, union),
            refuse("calls.nominated_gone", organisation=organisation.name) if gone else YES,
            window(call, organisation, at),
        ]
    )


def may_drop(who: Who, application: Application) -> Verdict:
    """The nominating union's clerk, before the organisation has handed in."""
    union = application.recommender
    if not application.subject_key or union is None or not who.acts_for(union.pk, "clerk"):
        return refuse("calls.nominator_clerk", union=union or "推荐工会")
    return YES if application.stage == Stage.DRAFT else refuse("calls.nomination_filled")
