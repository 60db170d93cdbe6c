"""Who may change the tree, give and take roles, stand in for somebody; who is a second person."""

from __future__ import annotations

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateRange

from shuniu.foundation.access import UNION_ROLES, YES, Verdict, Who, hats_of, refuse, register_refusals
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.accounts.models import same_natural_person as same_natural_person
from shuniu.foundation.accounts.queries import accounts_like
from shuniu.foundation.calendar import clock
from shuniu.unions.approvals import APPROVERS, Approval
from shuniu.unions.models import ADMIN_ROLES, Delegation, RoleChange, RoleGrant, Union
from shuniu.unions.queries import ancestor_ids, descendant_ids, holder_of, holders_of

register_refusals(
    {
        "unions.not_admin": "这件事由{union}或其上级工会的系统管理员办理。请联系本单位系统管理员。",
        "unions.not_sec_admin": "管理员身份的变更由{union}或其上级工会的安全管理员确认。",
        "unions.own_role": "不能给本人授予、收回或确认身份。请由另一位管理员办理。",
        "unions.second_person": "这一步须由另一个人办理：前一步就是您本人（或您的另一个账号）办的。",
        "unions.admins_apart": (
            "{name}在这段时间已是{other}。系统管理员、安全管理员、审计管理员须由三个人分别担任，不能兼任或代理。"
        ),
        "unions.granted_already": "{name}在这段时间已有“{role}”身份。请核对起止日期，或先收回原来的身份。",
        "unions.period": "最后一天早于开始日期。请核对起止日期。",
        "unions.past": "开始日期早于今天。身份不能倒填日期，请从今天起授予。",
        "unions.person_inactive": "{name}的账号已停用，不能授予身份。请先核对账号。",
        "unions.revoked_already": "这个身份已经结束。请刷新页面核对。",
        "unions.no_sec_admin": "{union}及其上级都没有其他安全管理员，没有人能确认。请先设安全管理员。",
        "unions.waiting_already": "同样的变更已在等待安全管理员确认，不必重复提出。",
        "unions.change_closed": "这项变更已经办结。请刷新页面核对。",
        "unions.no_reason": "没有写理由。请写明理由，便于对方和审计查看。",
        "unions.inviter_gone": "发出邀请的人已不再是{union}的系统管理员，邀请失效。请联系该工会重新邀请。",
        "unions.invitation_over": "邀请授予的身份已于 {day} 到期。请联系邀请人。",
        "unions.union_stopped": "{union}已停用，不能办理。请联系上级工会。",
        "unions.name_taken": "已有名为“{name}”的工会。请核对名称，或在原有工会上修改。",
        "unions.cycle": "不能把{union}的下级工会设为它的上级。请另选上级工会。",
        "unions.no_parent": "新设工会须有上级工会（地方或产业）。请选择上级。",
        "unions.delegate_not_yours": "只能把本人的身份交给他人代理，代理来的身份不能再转。",
        "unions.delegate_self": "代理人不能是本人（或本人的另一个账号）。请另选一人。",
        "unions.delegate_stranger": "{name}在{union}没有身份，不能代理。请从本单位同事中选择。",
        "unions.delegate_same_role": "{name}本人就有“{role}”身份，不需要代理。",
        "unions.delegate_expert": "评审专家须本人评审，不能由他人代理。确实不能参加的，请告知经办人。",
        "unions.delegate_outside": "代理期须在您的身份有效期内（{first} 至 {last}）。请核对起止日期。",
        "unions.delegate_twice": "这段时间已有{name}代理。请先结束原来的代理，或改日期。",
        "unions.delegation_over": "这项代理已经结束。请刷新页面核对。",
        "unions.account_elsewhere": "{name}在别处还有身份，账号不能由本单位处理。请由共同上级办理。",
        "unions.account_of_admin": "{name}是{role}，账号不能由系统管理员重设或停用。请先收回管理员身份。",
        "unions.not_auditor": "日志由审计管理员和经审核验。请切换身份后再办。",
        "unions.nothing_sealed": "还没有封存的日志，一分钟后再来核验。",
        "unions.hand_on_gone": "这件事已经办结，或不在您的审签范围内，不能转办。请刷新待办核对。",
        "unions.hand_on_self": "不能转办给本人（或本人的另一个账号）。请另选一人。",
        "unions.hand_on_target": "{name}不是{union}的复核人或领导，不能办理这件事。请从名单中选择。",
        "unions.hand_on_barred": "{name}不能办理这件事：{why}请另选一人。",
        "unions.hand_on_already": "这件事已经转办给{name}，不用再次转办。",
        "unions.clash": "刚才另有人同时修改了同一项内容，这次没有保存。请刷新页面后重试。",
    }
)


def may_administer(by: Who, union: Union) -> Verdict:
    """The system administrator of the union or of one above it; the system itself."""
    if by.system or (by.role == "sys_admin" and by.union_id in ancestor_ids(union.pk)):
        return YES
    return refuse("unions.not_admin", union=union.name)


def may_grant(by: Who, union: Union, person: Person) -> Verdict:
    """As above, to a live account in a live union, and never to oneself."""
    if not (verdict := may_administer(by, union)):
        return verdict
    if not union.is_active:
        return refuse("unions.union_stopped", union=union.name)
    if not person.is_active:
        return refuse("unions.person_inactive", name=person.name)
    return not_oneself(by, person)


def not_oneself(by: Who, person: Person) -> Verdict:
    """Nobody gives, takes or confirms a role of their own."""
    if by.person is not None and same_natural_person(by.person, person):
        return refuse("unions.own_role")
    return YES


def may_confirm(by: Who, change: RoleChange) -> Verdict:
    """The security administrator of the union or of one above, who neither proposed it nor gains by it."""
    if by.role != "sec_admin" or by.union_id not in ancestor_ids(change.union_id):
        return refuse("unions.not_sec_admin", union=change.union.name)
    if not (verdict := not_oneself(by, change.person)):
        return verdict
    return second_person(by, change.proposed_by_id)


def second_person(by: Who, first_person_id: int | None) -> Verdict:
    """R1: whether `by` is another natural person than the one who took the first step.

    `first_person_id` None: the first step was the system's. Two accounts of one human being are one person.
    """
    if by.person is None:
        return refuse("unions.second_person")
    if first_person_id is None:
        return YES
    first = Person.objects.get(pk=first_person_id)
    return refuse("unions.second_person") if same_natural_person(by.person, first) else YES


def may_manage_account(by: Who, union: Union, person: Person) -> Verdict:
    """A new password or the end of an account: of somebody who works only where `by` administers and is no
    administrator: else a system administrator could take over those who watch."""
    if not (verdict := may_administer(by, union)):
        return verdict
    if not (verdict := not_oneself(by, person)) or by.system:
        return verdict
    return _is_only_ours(person, by, ADMIN_ROLES)


def may_reset_second_factor(by: Who, union: Union, person: Person) -> Verdict:
    """The security administrator's: whoever resets the password cannot also reset the second factor."""
    if by.role != "sec_admin" or by.union_id not in ancestor_ids(union.pk):
        return refuse("unions.not_sec_admin", union=union.name)
    if not (verdict := not_oneself(by, person)):
        return verdict
    return _is_only_ours(person, by, ())


def _is_only_ours(person: Person, by: Who, not_these: tuple[str, ...]) -> Verdict:
    ours = set(descendant_ids(by.union_id or 0))
    for hat in hats_of(person):
        if hat.kind != "union" or hat.id not in ours:
            return refuse("unions.account_elsewhere", name=person.name)
        if hat.role in not_these:
            return refuse("unions.account_of_admin", name=person.name, role=UNION_ROLES[hat.role])
    return YES


def period_is_good(first_day: dt.date, last_day: dt.date | None) -> Verdict:
    """Not backwards, not before today."""
    if last_day is not None and last_day < first_day:
        return refuse("unions.period")
    return refuse("unions.past") if first_day < clock.today() else YES


def days(first_day: dt.date, last_day: dt.date | None) -> DateRange:
    """From the first to the last day, both included; without a last day open."""
    return DateRange(first_day, last_day + dt.timedelta(days=1) if last_day else None)


def role_is_free(person: Person, union: Union, role: str, period: DateRange) -> Verdict:
    """Not held already, and the three administrators stay three natural persons, delegations included."""
    if RoleGrant.objects.filter(person=person, union=union, role=role, period__overlap=period).exists():
        return refuse("unions.granted_already", name=person.name, role=UNION_ROLES[role])
    return admins_stay_apart(person, role, period)


def admins_stay_apart(person: Person, role: str, period: DateRange) -> Verdict:
    """三员分立: whoever is one of the three administrators is and stands in for none of the two others."""
    if role not in ADMIN_ROLES:
        return YES
    others = [other for other in ADMIN_ROLES if other != role]
    same = accounts_like(person).values("pk")
    held = (
        RoleGrant.objects.filter(person__in=same, role__in=others, period__overlap=period)
        .values_list("role", flat=True)
        .first()
        or Delegation.objects.filter(
            to_person__in=same, grant__role__in=others, period__overlap=period,
            grant__period__overlap=period,
        ).values_list("grant__role", flat=True).first()
    )  # fmt: skip
    if held:
        return refuse("unions.admins_apart", name=person.name, other=UNION_ROLES[held])
    return YES


def somebody_can_confirm(union: Union, *not_these: Person) -> Verdict:
    """A proposal needs a security administrator besides whoever proposes it and whom it concerns."""
    for holder in holders_of(ancestor_ids(union.pk), "sec_admin"):
        if not any(same_natural_person(holder, person) for person in not_these):
            return YES
    return refuse("unions.no_sec_admin", union=union.name)


def may_delegate(by: Who, grant: RoleGrant, to_person: Person, period: DateRange) -> Verdict:
    """One's own role, to a colleague of the same union who may hold it, within its days."""
    if by.person is None or grant.person_id != by.person.pk:
        return refuse("unions.delegate_not_yours")
    if grant.role == "expert":
        return refuse("unions.delegate_expert")
    if same_natural_person(by.person, to_person):
        return refuse("unions.delegate_self")
    if not _covers(grant.period, period):
        upper = grant.period.upper
        last = f"{upper - dt.timedelta(days=1):%Y-%m-%d}" if upper else "长期"
        return refuse("unions.delegate_outside", first=grant.period.lower or "--", last=last)
    theirs = RoleGrant.objects.filter(person=to_person, union=grant.union, period__overlap=period)
    if not to_person.is_active or not theirs.exists():
        return refuse("unions.delegate_stranger", name=to_person.name, union=grant.union.name)
    if theirs.filter(role=grant.role).exists():
        return refuse("unions.delegate_same_role", name=to_person.name, role=UNION_ROLES[grant.role])
    return admins_stay_apart(to_person, grant.role, period)


def _covers(outer: DateRange, inner: DateRange) -> bool:
    if outer.isempty or inner.lower < outer.lower:
        return False
    return outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper)


def may_receive(by: Who, approval: Approval, to: Person) -> Verdict:
    """转办: to another natural person who holds an approver's role there and may decide this very thing."""
    if by.person is not None and same_natural_person(by.person, to):
        return refuse("unions.hand_on_self")
    union = Union.objects.get(pk=approval.union_id)
    hats = [h for h in hats_of(to) if h.kind == "union" and h.id == union.pk and h.role in APPROVERS]
    if not to.is_active or not hats:
        return refuse("unions.hand_on_target", name=to.name, union=union.name)
    verdicts = [approval.may(Who(person=to, hat=hat, hats=tuple(hats))) for hat in hats]
    if not any(verdicts):
        return refuse("unions.hand_on_barred", name=to.name, why=verdicts[0].reason)
    last = holder_of(approval.matter)
    if last is not None and last.to_person_id == to.pk:
        return refuse("unions.hand_on_already", name=to.name)
    return YES


def has_note(note: str) -> Verdict:
    """A written reason."""
    return YES if note.strip() else refuse("unions.no_reason")


def parents_are_good(union: Union | None, *parents: Union | None) -> Verdict:
    """No union below itself."""
    if union is None:
        return YES
    below = set(descendant_ids(union.pk))
    if any(parent is not None and parent.pk in below for parent in parents):
        return refuse("unions.cycle", union=union.name)
    return YES
