"""The conclusion of a clerk and the second person who checks it."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.audit.findings import person_of
from shuniu.calls.actions.audit.papers import issue_sheet
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Decision, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.rules import audit as rules
from shuniu.calls.rules.call import APPROVERS, has_reason
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with

QUALIFIED, UNQUALIFIED = "qualified", "unqualified"
WORDS = {QUALIFIED: "符合", UNQUALIFIED: "不符合"}


def desk_url(application: Application) -> str:
    """The desk of an application."""
    return f"/calls/applications/{application.pk}/audit/"


def check_url(application: Application) -> str:
    """The page of the second person."""
    return f"/calls/applications/{application.pk}/check/"


@transaction.atomic
def conclude(
    *,
    by: Who,
    application_id: int,
    verdict: str,
    note: str = "",
    clause: str = "",
    run: int | None = None,
) -> Decision:
    """第五条（三）: a clerk's conclusion; a second person checks it before it counts.

    `verdict`: "qualified" or "unqualified", the latter with reason and clause. `run`: the run of the engine
    that the page showed; Refused("calls.audit_moved") when the facts have changed since. The decision keeps
    the digests of law, facts and evidence, and who took part (R2).
    """
    application = stages.lock(application_id)
    require_under(application.call, rules.may_conclude(by, application), "check")
    last = queries.current_run(application)
    if last is None or (run is not None and last.number != run):
        raise Refused(refuse("calls.audit_moved", run=last.number if last else 1))
    qualified = verdict == QUALIFIED
    standing = queries.standing(application)
    require(rules.conclusion_fits(application, standing, qualified=qualified, note=note, clause=clause))
    if application.clerk_id is None:
        application.clerk = person_of(by)
    decision = stages.decide(
        application,
        by=by,
        verb="conclude",
        to=Stage.CHECKING,
        verdict=QUALIFIED if qualified else UNQUALIFIED,
        text=f"审核结论：{WORDS[QUALIFIED if qualified else UNQUALIFIED]}，提交复核"
        + (f"。{note}" if note.strip() else ""),
        note=note.strip(),
        clause="" if qualified else clause.strip(),
        facts=queries.snapshot_of_decision(application, last),
    )
    tell(
        people_with(application.desk_union_id, *APPROVERS).exclude(identity=person_of(by).identity),
        title=f"请复核：{application.organisation}",
        body=f"{application.category.label}，审核结论“{WORDS[decision.verdict]}”。",
        kind="calls.check",
        url=check_url(application),
        due=application.due_on,
        effect_key=f"calls.check:{decision.pk}",
    )
    return decision


def _under_check(by: Who, application_id: int, decision_id: int | None) -> tuple[Application, Decision]:
    application = stages.lock(application_id)
    conclusion = queries.conclusion_of(application)
    require_under(application.call, rules.may_check(by, application, conclusion), "check")
    assert conclusion is not None  # the stage says that there is one
    if decision_id is not None and decision_id != conclusion.pk:
        raise Refused(refuse("calls.other_conclusion"))
    return application, conclusion


@transaction.atomic
def confirm(*, by: Who, application_id: int, decision_id: int | None = None, note: str = "") -> Decision:
    """第五条（三） 复核: another natural person agrees; of two at once exactly one does.

    `decision_id`: the conclusion that the page showed. Refused("calls.facts_changed") when anything that the
    conclusion rests on has changed. The 资格审核表 is issued; the applicant is told by `release` only.
    """
    application, conclusion = _under_check(by, application_id, decision_id)
    if not queries.facts_stand([application], {application.pk: conclusion})[application.pk]:
        raise Refused(refuse("calls.facts_changed", act="同意"))
    to = Stage.QUALIFIED if conclusion.verdict == QUALIFIED else Stage.UNQUALIFIED
    application.due_on = None
    with database_refusals():
        decision = stages.decide(
            application,
            by=by,
            verb="confirm",
            to=to,
            verdict=conclusion.verdict,
            text=f"复核同意：{WORDS[conclusion.verdict]}，待生效" + (f"。{note}" if note.strip() else ""),
            note=note.strip(),
            clause=conclusion.clause,
            facts={"concluded": conclusion.pk, "digest": conclusion.facts.get("digest", "")},
            confirms=conclusion,
        )
    issue_sheet(application, conclusion, decision, by=by)
    return decision


@transaction.atomic
def return_conclusion(
    *, by: Who, application_id: int, reason: str, decision_id: int | None = None
) -> Decision:
    """第五条（三） 复核: the second person sends the conclusion back with a reason."""
    application, conclusion = _under_check(by, application_id, decision_id)
    require(has_reason(reason))
    return _send_back(application, by, reason, f"复核退回：{reason.strip()}", conclusion)


@transaction.atomic
def reopen(*, by: Who, application_id: int, reason: str) -> Decision:
    """本办法未规定: a checked conclusion that nobody was told of goes back to the desk, with a reason."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_reopen(by, application), "check")
    require(has_reason(reason))
    conclusion = queries.conclusion_of(application)
    return _send_back(application, by, reason, f"生效前退回重新审核：{reason.strip()}", conclusion)


def _send_back(
    application: Application, by: Who, reason: str, text: str, conclusion: Decision | None
) -> Decision:
    application.due_on = None
    decision = stages.decide(
        application,
        by=by,
        verb="return_conclusion",
        to=Stage.SUBMITTED,
        text=text,
        note=reason.strip(),
        facts={"concluded": conclusion.pk} if conclusion else {},
    )
    application.due_on = queries.due_day(application)
    application.save(update_fields=["due_on"])
    people = {p for p in (application.clerk, conclusion.by if conclusion else None) if p is not None}
    tell(
        people,
        title=f"审核结论被退回：{application.organisation}",
        body=reason.strip(),
        kind="calls.conclusion_returned",
        url=desk_url(application),
        due=application.due_on,
        effect_key=f"calls.conclusion_returned:{decision.pk}",
    )
    return decision
