"""When a list may be frozen, shown, published, corrected, and by whom."""

from __future__ import annotations

from shuniu.calls.models import Application, Call, ListCorrection, Objection, Publicity, PublicList, Stage
from shuniu.calls.naming import Way, way
from shuniu.calls.rules.call import APPROVERS, is_clerk, is_running
from shuniu.foundation.access import YES, Verdict, Who, first_refusal, refuse, register_refusals
from shuniu.foundation.calendar import clock

register_refusals(
    {
        "calls.list_stage": "现在是“{stage}”环节，不能{what}。请在“{due}”环节办理。",
        "calls.list_undecided": "还有 {n} 份申报没有评审结果，不能冻结名单。请先完成评审。",
        "calls.list_empty": "没有可以列入名单的单位，名单不能是空的。请先核对评审结果。",
        "calls.list_frozen_already": "这次的{kind}已经冻结，不用再次办理。",
        "calls.list_no_shortlist": "《{document}》规定先命名、后公示或者不公示，没有初步入围名单。请直接冻结正式名单。",
        "calls.list_over": "这份名单已经办结（公布或退回），不能再次审签。",
        "calls.list_changed": (
            "名单冻结以后情况有变（{what}），不能按原名单公布。请退回经办人，重新冻结后再审签。"
        ),
        "calls.publicity_running": "公示到 {until} 24:00 才结束，结束后才能公布正式名单。",
        "calls.publicity_open": "公示还没有结束，不能公布正式名单。请等公示期满自动结束后再办理。",
        "calls.objection_waiting": (
            "公示期间收到的异议和线索还有 {n} 件没有受理，不能公布正式名单。请先受理，需要核查的单位可以暂缓。"
        ),
        "calls.publicity_none": "初步入围名单还没有公示，不能公布正式名单。请先办理公示。",
        "calls.publicity_stays": "公示一经开始就不能缩短、提前结束或改动，期满后自动结束。",
        "calls.list_not_public": "这份名单还没有公布，不用更正。冻结有误的，请审签人退回。",
        "calls.list_correction_nothing": "更正没有改变任何内容。请填写原来和改为，或选择移出名单。",
        "calls.list_correction_gone": "这家单位已经不在名单上，不能再次移出。",
        "calls.list_correction_directions": "请选择本次通知的一个类别，并在这个类别里选一个或者几个方向。",
        "calls.list_correction_formal": "这家单位已经列入正式名单，请更正正式名单，证书随之更正。",
        "calls.list_correction_done": "这份更正已经办结，不能再审签。",
        "calls.list_correction_open": "这份名单有一份更正正在等待审签。请办结后再提出下一份。",
    }
)

OF_THE_REVIEW = ("review", "vote", "shortlist", "name")
BEFORE_PUBLICITY = (*OF_THE_REVIEW, "publicity")


def _stage(call: Call, kinds: tuple[str, ...], what: str, due: str) -> Verdict:
    current = call.stages.filter(key=call.stage).first()
    if current is not None and current.kind in kinds:
        return YES
    return refuse("calls.list_stage", stage=current.label if current else "未开始", what=what, due=due)


def _none_open(call: Call, kind: str, *, also_published: bool) -> Verdict:
    rows = call.lists.filter(kind=kind, returned_at__isnull=True)
    if not also_published:
        rows = rows.filter(published_at__isnull=True)
    if rows.exists():
        return refuse("calls.list_frozen_already", kind=PublicList.Kind(kind).label)
    return YES


def may_freeze_shortlist(who: Who, call: Call) -> Verdict:
    """第五条（四）: the clerk, after every qualified application has its outcome."""
    none = refuse("calls.list_no_shortlist", document=call.document.title)
    return first_refusal(
        [
            is_clerk(who, call.union),
            is_running(call),
            YES if way(call) == Way.SHOWN_FIRST else none,
            _stage(call, BEFORE_PUBLICITY, "冻结初步入围名单", "初步确定入围名单"),
            _all_decided(call),
            _none_open(call, PublicList.Kind.SHORTLIST, also_published=True),
        ]
    )


def _all_decided(call: Call) -> Verdict:
    left = Application.objects.filter(call=call, stage=Stage.QUALIFIED).count()
    return refuse("calls.list_undecided", n=left) if left else YES


def publicity_over(call: Call) -> Verdict:
    """第五条（五）: the shortlist was on public view to the end."""
    publicity = Publicity.objects.filter(list__call=call).first()
    if publicity is None:
        return refuse("calls.publicity_none")
    if clock.now() < publicity.closes_at or publicity.closed_at is None:
        return refuse("calls.publicity_running", until=f"{publicity.ends_on:%Y-%m-%d}")
    return YES


def none_waits(call: Call) -> Verdict:
    """第五条（五）: nothing that came in during the publicity is passed over."""
    n = Objection.objects.filter(publicity__list__call=call, state=Objection.State.RECEIVED).count()
    return refuse("calls.objection_waiting", n=n) if n else YES


def may_freeze_formal(who: Who, call: Call) -> Verdict:
    """第五条（六）: the clerk, after the publicity; a supplement likewise.

    Where the document names before 公示, or knows none: after every application has its outcome.
    """
    shown_first = way(call) == Way.SHOWN_FIRST
    stages = ("publicity", "publish") if shown_first else (*OF_THE_REVIEW, "publish")
    ready = [publicity_over(call), none_waits(call)] if shown_first else [_all_decided(call)]
    return first_refusal(
        [
            is_clerk(who, call.union),
            is_running(call),
            *ready,
            _stage(call, stages, "冻结正式名单", "公布正式名单" if shown_first else "命名"),
            _none_open(call, PublicList.Kind.FORMAL, also_published=False),
        ]
    )


def may_approve_list(who: Who, row: PublicList) -> Verdict:
    """A checker or leader, another natural person than who froze it."""
    call = row.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    if not row.is_open:
        return refuse("calls.list_over")
    person = who.person
    if person is None or person.pk == row.frozen_by_id or person.identity == row.frozen_identity:
        return refuse("calls.same_person")
    return is_running(call)


def may_publish_formal(who: Who, row: PublicList) -> Verdict:
    """第五条（六）: as above, and the publicity is over where it comes first."""
    over = [publicity_over(row.call), none_waits(row.call)] if way(row.call) == Way.SHOWN_FIRST else []
    return first_refusal([may_approve_list(who, row), *over])


def may_correct(who: Who, row: PublicList) -> Verdict:
    """本办法未规定: the clerk proposes the correction of a published list, also after the call has ended."""
    waiting = row.corrections.filter(published_at__isnull=True, refused_reason="").exists()
    return first_refusal(
        [
            is_clerk(who, row.call.union),
            YES if row.published_at else refuse("calls.list_not_public"),
            refuse("calls.list_correction_open") if waiting else YES,
        ]
    )


def may_approve_correction(who: Who, row: ListCorrection) -> Verdict:
    """A checker or leader, another natural person than who proposed it."""
    call = row.list.call
    if not who.acts_for(call.union_id, *APPROVERS):
        return refuse("calls.approver_only", union=call.union.name)
    if row.published_at is not None or row.refused_reason:
        return refuse("calls.list_correction_done")
    person = who.person
    if person is None or person.pk == row.proposed_by_id or person.identity == row.proposed_identity:
        return refuse("calls.same_person")
    return YES
