"""May this person do this to this organisation now? The reasons in words."""

from __future__ import annotations

from django.utils.functional import Promise

from shuniu.foundation.access import YES, Verdict, Who, refuse, register_refusals
from shuniu.foundation.accounts.models import Person, same_natural_person
from shuniu.foundation.calendar import clock
from shuniu.registry import codes
from shuniu.registry.adverse_source import adverse_source
from shuniu.registry.models import (
    Claim,
    ClaimState,
    CorrectionRequest,
    CorrectionState,
    FactRow,
    Finding,
    Import,
    ImportState,
    Membership,
    Organisation,
)
from shuniu.registry.queries import current_memberships
from shuniu.unions.models import Union

register_refusals(
    {
        "registry.clerk": "这件事由管理该组织的工会（{union}）的经办人办理。请联系该工会，或切换到经办人身份。",
        "registry.any_clerk": "这件事由工会经办人办理。请切换到经办人身份，或联系本单位系统管理员授权。",
        "registry.own": "只有{organisation}的负责人或成员能办理。请切换到该单位的身份，或请负责人邀请您加入。",
        "registry.owner": "这件事由{organisation}的负责人办理。请联系负责人。",
        "registry.login": "请先登录，再认领或登记单位。",
        "registry.code": "{why}",
        "registry.exists": (
            "代码 {number} 已在社会组织库中，名称为“{name}”，由{union}管理，不再重复登记。"
            "本会管理的，请在列表里按代码打开；其他工会管理的，请与该工会联系。"
        ),
        "registry.claimed": "“{name}”已有负责人，不能再次认领。请联系贵单位负责人邀请您加入；负责人已离职的，请联系{union}。",
        "registry.claim_pending": "“{name}”已有一件认领申请在 {at} 提交，正等待{union}确认。如果不是贵单位提交的，请联系该工会。",
        "registry.claim_decided": "这件认领申请已经处理（{state}）。请刷新页面查看结果。",
        "registry.claim_own": "认领申请不能由申请人本人确认。请由另一位经办人办理。",
        "registry.claim_reason": "不予通过须写明理由，申请人会看到。请填写理由。",
        "registry.ended": "“{name}”的登记状态为{status}，不能办理。登记状态有误的，请先更正登记状态。",
        "registry.merged": "这条记录已并入“{into}”。请在并入后的组织上办理。",
        "registry.not_candidate": "“{name}”已有统一社会信用代码，不是未登记组织。代码变更请联系系统管理员核对。",
        "registry.merge_same": "不能把一条记录并入它自己。请另选保留的组织。",
        "registry.merge_codes": (
            "两条记录都有统一社会信用代码且都在正常状态，可能是两家不同的单位。"
            "请先核对，把停用的一条改为已注销后再合并。"
        ),
        "registry.field": "“{field}”不是可以填写的项目。请从列出的项目中选择。",
        "registry.official": "“{field}”以登记机关的记载为准，不能自行修改。请使用“申请更正”，并附上依据材料。",
        "registry.nothing": "没有任何变化。请修改后再保存。",
        "registry.basis": "没有写明依据。请填写核验所依据的材料或名单，例如“登记证书副本”。",
        "registry.future": "截至日期 {as_of} 晚于今天。请填写今天或以前的日期。",
        "registry.superseded": "这条记录已被 {at} 的更正取代。请打开最新的记录后再操作。",
        "registry.verified_already": "这条记录已经核验，来源为“{source}”。如内容有变化，请添加新的记录。",
        "registry.self_verified": "已核验的记录不能自行改动。请使用“申请更正”，由经办人处理。",
        "registry.correct_reason": "更正须写明理由。请填写为什么更正。",
        "registry.correction_pending": "“{field}”已有一件更正申请在处理中。请等待处理，或先撤回原申请。",
        "registry.correction_decided": "这件更正申请已经处理（{state}）。请刷新页面查看结果。",
        "registry.correction_reason": "不予更正须写明理由，申请单位会看到。请填写处理意见。",
        "registry.correction_same": "更正后的内容与现在的内容相同。请核对后重新填写。",
        "registry.last_owner": "{name}是{organisation}唯一的负责人，不能退出。请先把负责人移交给另一位成员。",
        "registry.member_gone": "{name}已不是{organisation}的成员。请刷新页面核对。",
        "registry.member_already": "{name}已是{organisation}的{role}，不用再次加入。",
        "registry.import_state": "这份名单{state}，不能再次操作。请刷新页面查看进度。",
        "registry.files": (
            "材料原件由管理该组织的工会（{union}）保管，供其经办人、复核人、领导和经审查阅。"
            "您可以看到每条事实及其来源；确需查看原件的，请联系该工会。"
        ),
        "registry.former_until": "使用至的日期 {until} 晚于今天。请填写改用新代码或新名称以前的最后一天。",
        "registry.former_code": "原代码或证号“{number}”太短。请填写 5 至 30 个字母、数字，不要只填后几位。",
        "registry.former_taken": "{number}已记在“{name}”名下，不能再记到另一家。请核对代码，或先合并两条记录。",
        "registry.former_same": "“{text}”就是现在的{what}，不是曾用的。请核对。",
        "registry.former_there": "“{text}”已经记过，使用至 {until}。不用再记一次。",
        "registry.no_code_yet": "“{name}”还没有统一社会信用代码。请使用“登记为正式组织”。",
        "registry.finding_clerk": "负面信息由{union}的经办人核实处理。请联系该工会，或切换到经办人身份。",
        "registry.finding_settled": "这条负面信息已在 {at} 处理（{opinion}）。请刷新页面查看。",
        "registry.finding_opinion": "没有写处理意见。请写明核实的情况和怎样处理。",
        "registry.register_large": "名册超过 {most} 家，一次取不完。请选择一个区，分几次下载。",
        "registry.inviter_gone": "邀请您的人已经不是“{organisation}”的负责人，邀请不再有效。请联系现任负责人重新邀请。",
        "registry.no_platform": "没有设置公布负面信息的平台。请用 Excel 导入，或请系统管理员设置平台地址。",
        "registry.import_empty": "这份名单里没有可以写入的行。请按提示改正后重新上传。",
    }
)  # fmt: skip


KEEPING = "系统规则：一家组织由一个工会管理，上级工会只读"
"""Not a paper's clause: the house's own rule (who sees what), named where it refuses."""


def keeper_only(union: Union) -> Verdict:
    """The refusal for everybody who is no clerk of the union that keeps the record."""
    return refuse("registry.clerk", clause=KEEPING, union=union.name)


def may_manage(who: Who, organisation: Organisation) -> Verdict:
    """A clerk of the union that keeps the record (§5: a parent union reads, it does not write)."""
    if organisation.merged_into_id is not None:
        return refuse("registry.merged", into=str(organisation.merged_into))
    if who.acts_for(organisation.owning_union_id, "clerk") or who.system:
        return YES
    return keeper_only(organisation.owning_union)


def may_register(who: Who) -> Verdict:
    """A clerk enters organisations for the own union."""
    return YES if who.role == "clerk" and who.union_id is not None else refuse("registry.any_clerk")


def platform_is_set() -> Verdict:
    """A platform that publishes adverse information is known to this copy."""
    return YES if adverse_source() is not None else refuse("registry.no_platform")


def code_is_good(code: str) -> Verdict:
    """A valid code; the sentence says which character or digit is wrong."""
    why = codes.problem(code)
    return refuse("registry.code", why=why) if why else YES


def may_act_for(who: Who, organisation: Organisation) -> Verdict:
    """Under the hat of this very organisation."""
    if who.organisation_id == organisation.pk:
        return YES
    return refuse("registry.own", organisation=organisation.name)


FILE_READERS = ("clerk", "checker", "leader", "auditor")
"""Who of the keeping union reads the papers themselves: whoever verifies, decides or audits; see docs/decisions."""


def may_read_files(who: Who, organisation: Organisation) -> Verdict:
    """The organisation's own people, and those of the keeping union who work on its facts (§5)."""
    if who.organisation_id == organisation.pk or who.acts_for(organisation.owning_union_id, *FILE_READERS):
        return YES
    return refuse("registry.files", clause=KEEPING, union=organisation.owning_union.name)


def may_lead(who: Who, organisation: Organisation) -> Verdict:
    """As 负责人 of this organisation."""
    if who.organisation_id == organisation.pk and who.role == "org_owner":
        return YES
    return refuse("registry.owner", organisation=organisation.name)


def may_state(who: Who, organisation: Organisation) -> Verdict:
    """The organisation about itself, or a clerk of its union."""
    if who.organisation_id == organisation.pk:
        return YES
    return may_manage(who, organisation)


def may_correct_fact(who: Who, row: FactRow) -> Verdict:
    """A clerk corrects any row; an organisation only what it said itself and nobody has verified."""
    verdict = may_state(who, row.organisation)
    if verdict and who.organisation_id is not None and row.source != "self_reported":
        return refuse("registry.self_verified")
    return verdict


def may_claim(who: Who, organisation: Organisation) -> Verdict:
    """Somebody logged in, an organisation that exists and that nobody acts for yet."""
    if organisation.status in {"cancelled", "revoked"}:
        return ended(organisation)
    if current_memberships(organisation.pk).filter(role="org_owner").exists():
        return refuse("registry.claimed", name=organisation.name, union=organisation.owning_union.name)
    return YES if who.person is not None else refuse("registry.login")


def nobody_waits(code: str) -> Verdict:
    """One claim at a time for a code."""
    waiting = Claim.objects.filter(code=code, state=ClaimState.PENDING).select_related("union").first()
    if waiting is None:
        return YES
    at = waiting.made_at.astimezone(clock.TZ)
    words = {"name": waiting.name, "at": f"{at:%Y-%m-%d %H:%M}", "union": waiting.union.name}
    return refuse("registry.claim_pending", **words)


def ended(organisation: Organisation) -> Verdict:
    """The refusal for an organisation that is no longer."""
    return refuse("registry.ended", name=organisation.name, status=organisation.get_status_display())


def may_decide_claim(who: Who, claim: Claim) -> Verdict:
    """A clerk of the union that the claim was sent to, another person than the claimant, once."""
    if not who.acts_for(claim.union_id, "clerk"):
        return keeper_only(claim.union)
    if claim.state != ClaimState.PENDING:
        return refuse("registry.claim_decided", state=_label(claim.get_state_display()))
    if who.person is None or same_natural_person(who.person, claim.person):
        return refuse("registry.claim_own")
    return YES


def may_decide_correction(who: Who, request: CorrectionRequest) -> Verdict:
    """A clerk of the union that keeps the record, once."""
    if request.state != CorrectionState.PENDING:
        return refuse("registry.correction_decided", state=_label(request.get_state_display()))
    return may_manage(who, request.organisation)


def may_leave(membership: Membership) -> Verdict:
    """The last 负责人 stays until another has taken over. The organisation's row is locked by the caller."""
    if membership.role != "org_owner":
        return YES
    others = current_memberships(membership.organisation_id).filter(role="org_owner")
    if others.exclude(pk=membership.pk).exists():
        return YES
    names = {"name": membership.person.name, "organisation": membership.organisation.name}
    return refuse("registry.last_owner", **names)


def may_join(person: Person, organisation: Organisation) -> Verdict:
    """Nobody is a member twice."""
    present = current_memberships(organisation.pk).filter(person=person).first()
    if present is None:
        return YES
    return refuse(
        "registry.member_already", name=person.name, organisation=organisation.name,
        role=_label(present.get_role_display()),
    )  # fmt: skip


def may_handle_import(who: Who, batch: Import, *states: ImportState) -> Verdict:
    """A clerk of the union that uploaded it, in a state in which this can be done."""
    if not who.acts_for(batch.union_id, "clerk"):
        return keeper_only(batch.union)
    if batch.state not in states:
        return refuse("registry.import_state", state=_label(batch.get_state_display()))
    return YES


def may_settle(who: Who, finding: Finding) -> Verdict:
    """A clerk of the union that the finding was made for, once."""
    if not who.acts_for(finding.union_id, "clerk"):
        return refuse("registry.finding_clerk", union=finding.union.name)
    if finding.settled_at is not None:
        at = finding.settled_at.astimezone(clock.TZ)
        return refuse("registry.finding_settled", at=f"{at:%Y-%m-%d %H:%M}", opinion=finding.opinion)
    return YES


def _label(text: str | Promise) -> str:
    return str(text)
