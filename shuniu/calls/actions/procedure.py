"""Going from stage to stage as the document lists them."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.recommend import close_round
from shuniu.calls.models import Call
from shuniu.calls.queries import outcome
from shuniu.calls.queries.people import experts_seated
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import procedure as rules
from shuniu.foundation.access import Verdict, Who, refuse, require, system
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with


def _require_here(call: Call, verdict: Verdict) -> None:
    """`require`, under the clause of the stage in which the call stands."""
    kinds = call.stages.filter(key=call.stage).values_list("kind", flat=True)
    require_under(call, verdict, *kinds)


@transaction.atomic
def advance(*, by: Who, call_id: int) -> Call:
    """第五条: open the next stage of the document; Refused("calls.stage_unfinished") says what is left."""
    call = steps.lock(call_id)
    if not by.system:
        _require_here(call, call_rules.is_clerk(by, call.union))
    _require_here(call, rules.may_advance(call))
    current = call.stages.filter(key=call.stage).first()
    if current is not None and current.kind == "recommend":
        close_round(by=by, call=call)
    following = rules.following(call)
    if following is None:
        steps.step(
            call, by=by, verb="finish", text=f"本次{outcome.work(call)}办结", state=Call.State.FINISHED
        )
    else:
        steps.step(
            call,
            by=by,
            verb="open",
            text=f"进入“{following.label}”",
            stage=following.key,
            clause=following.clause,
        )
    return call


@transaction.atomic
def go_back(*, by: Who, call_id: int, reason: str) -> Call:
    """本办法未规定: a stage opened by mistake is closed again by an approver, with a reason."""
    call = steps.lock(call_id)
    if not by.acts_for(call.union_id, *call_rules.APPROVERS):
        _require_here(call, refuse("calls.approver_only", union=call.union.name))
    require(call_rules.has_reason(reason))
    _require_here(call, rules.may_go_back(call))
    keys = list(call.stages.values_list("key", "label"))
    place = [k for k, _ in keys].index(call.stage)
    key, label = keys[place - 1]
    steps.step(call, by=by, verb="reopen", text=f"退回“{label}”：{reason}", stage=key, reason=reason)
    tell(
        [*people_with(call.union_id, "clerk", *call_rules.APPROVERS), *experts_seated(call)],
        title=f"{call.title}已退回“{label}”环节",
        body=reason,
        kind="calls.reopened",
        url=f"/calls/{call.pk}/",
    )
    return call


def advance_by_clock() -> int:
    """Sweep: open and close the stages of the timetable by the clock; how many calls moved."""
    moved = 0
    waiting = Call.objects.filter(
        state=Call.State.PUBLISHED, stages__kind__in=rules.BY_CLOCK, stages__closed_at__isnull=True
    )
    for pk in set(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            moved += _as_far_as_the_clock(steps.lock(pk))
    return moved


def _as_far_as_the_clock(call: Call) -> bool:
    """One stage after the other, as long as the next one is due too; whether anything moved."""
    moved = False
    for _ in range(call.stages.count()):
        current = call.stages.filter(key=call.stage).first()
        if current is None or current.kind not in rules.BY_CLOCK or not rules.may_advance(call):
            break
        advance(by=system("到时间自动进入下一环节"), call_id=call.pk)
        call.refresh_from_db(fields=["state", "stage"])
        moved = True
    return moved
