"""May this organisation do this to its application now?"""

from __future__ import annotations

import datetime as dt

from shuniu import policy
from shuniu.calls import quotas, self_assessment
from shuniu.calls.models import Application, Call, LateGrant, Stage
from shuniu.calls.queries.apply import is_told
from shuniu.calls.queries.correction import open_correction
from shuniu.calls.sections import section_label
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.formats import until, when
from shuniu.library.queries import policy_of
from shuniu.registry.models import Organisation

register_refusals(
    {
        "calls.not_member": "这份申报属于{organisation}，只有该单位的成员可以办理。",
        "calls.before_window": "报名从 {at} 开始，现在可以查看通知，还不能填写申报。",
        "calls.after_window": "报名已于 {until} 截止，您的操作到达于 {arrived}，没有受理。",
        "calls.category_twice": "本单位在这次通知下已经申报了“{category}”，同一类别只能申报一次。",
        "calls.over_limit": "申报的类别原则上不超过 {limit} 个，这是第 {ordinal} 个。确需申报的，请写明理由。",
        "calls.places_full": "{label}不超过 {at_most} 个，本单位已经有 {n} 个，不能再增加。",
        "calls.not_editable": "这份申报现在是“{stage}”，不能再修改。",
        "calls.tasks_left": "还有没完成的项目：{left}。请逐项完成后再提交。",
        "calls.no_undertaking": "请先勾选真实性承诺，并填写法定代表人姓名。",
        "calls.cannot_withdraw": "这份申报现在是“{stage}”，不能再撤回。名单公布后需要退出的，请在“证书”里申请退出。",
        "calls.section_locked": "补正期间只能修改通知要求补正的项目，“{section}”不在其中。",
        "calls.self_gate": "{said}。自查自评达到要求后，才能填写申报表；请先完成“自查自评”。",
        "calls.nominated_only": "这次由工会推荐{what}，不接受自行申报。有合适项目的，请与委托工会联系。",
        "calls.deregistered": "社会组织库显示本单位已注销或撤销登记，不能申报。信息有误的，请申请更正。",
        "calls.draft_version": "这一页刚在别处保存过，您的修改没有保存。请对照最新内容后再保存。",
    }
)

EDITABLE = (Stage.DRAFT, Stage.CORRECTING)
GONE = ("cancelled", "revoked")


def stamp(moment: dt.datetime) -> str:
    """An instant in the words of a refusal, to the second."""
    return f"{moment.astimezone(clock.TZ):%Y-%m-%d %H:%M:%S}"


def is_member(who: Who, application: Application) -> Verdict:
    """A member of the organisation, acting for it."""
    if who.organisation_id == application.organisation_id:
        return YES
    return refuse("calls.not_member", organisation=application.organisation.name)


def window(call: Call, organisation: Organisation, at: dt.datetime) -> Verdict:
    """Inside the half-open window, or under a late grant; otherwise a refusal that names both times."""
    if call.state != Call.State.PUBLISHED or call.apply_from is None or call.apply_until is None:
        return refuse("calls.not_running", state=call.get_state_display())
    if at < call.apply_from:
        return refuse("calls.before_window", at=when(call.apply_from))
    if at < call.apply_until:
        return YES
    if LateGrant.objects.filter(call=call, organisation=organisation, until__gt=at).exists():
        return YES
    return refuse("calls.after_window", until=until(call.apply_until), arrived=stamp(at))


def may_start(who: Who, call: Call, organisation: Organisation, at: dt.datetime) -> Verdict:
    """Begin an application: a member, inside the window, registered."""
    if who.organisation_id != organisation.pk:
        return refuse("calls.not_member", organisation=organisation.name)
    law = policy_of(call.document)
    if quotas.nominates(law):
        return refuse("calls.nominated_only", what=law.outcome.label if law.outcome else "")
    if organisation.status in GONE:
        return refuse("calls.deregistered")
    return window(call, organisation, at)


def within_places(law: policy.Document, n: int, on: dt.date) -> Verdict:
    """One more than the `n` that an organisation has already, under what the document allows it at most."""
    most = quotas.per_applicant(law, on, quotas.MUST)
    if most is None or n < most.at_most:
        return YES
    return refuse("calls.places_full", clause=most.clause, label=most.label, at_most=most.at_most, n=n)


def may_edit(who: Who, application: Application, section: str = "") -> Verdict:
    """A draft in every part, a correction in the asked parts only."""
    member = is_member(who, application)
    if not member:
        return member
    if application.stage not in EDITABLE:
        return refuse("calls.not_editable", stage=application.get_stage_display())
    if application.stage == Stage.CORRECTING and section:
        correction = open_correction(application)
        asked = {item["key"] for item in correction.items} if correction else set()
        if section not in asked:
            return refuse("calls.section_locked", section=section_label(section))
    if application.stage == Stage.DRAFT and section in self_assessment.GATED:
        found = self_assessment.assess(application, clock.today())
        if found is not None and not found.reached:
            return refuse("calls.self_gate", clause=found.sheet.clause, said=found.said)
    return YES


def may_submit(who: Who, application: Application, at: dt.datetime, left: list[str]) -> Verdict:
    """A whole draft, by a member, arrived in time."""
    if application.stage != Stage.DRAFT:
        return refuse("calls.not_editable", stage=application.get_stage_display())
    return first_refusal(
        [
            is_member(who, application),
            window(application.call, application.organisation, at),
            YES if not left else refuse("calls.tasks_left", left="、".join(left)),
        ]
    )


def may_withdraw(who: Who, application: Application) -> Verdict:
    """Until the formal list is out, and never twice; what was not told yet does not show in this either."""
    over = (
        Stage.RECOGNISED,
        Stage.REMOVED,
        Stage.WITHDRAWN,
        Stage.ENDED,
        Stage.UNQUALIFIED,
        Stage.NOT_SHORTLISTED,
    )
    stage = (
        YES
        if application.stage not in over or not is_told(application)
        else refuse("calls.cannot_withdraw", stage=application.get_stage_display())
    )
    return first_refusal([is_member(who, application), stage])
