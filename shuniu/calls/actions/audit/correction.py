"""一次性告知补正."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from shuniu.calls import terms
from shuniu.calls.actions import stages
from shuniu.calls.actions.audit.findings import person_of
from shuniu.calls.actions.audit.papers import issue_correction
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Correction, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of


def _chosen(application: Application, items: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The items as they are stored and shown, judged by the rule first."""
    known = rules.correctable(application)
    require(rules.items_are_good(list(items), known))
    return [
        {
            "kind": "material" if item["key"].startswith("material:") else "section",
            "key": item["key"],
            "label": known[item["key"]],
            "reason": item["reason"].strip(),
        }
        for item in items
    ]


@transaction.atomic
def send_correction(
    *,
    by: Who,
    application_id: int,
    items: Sequence[dict[str, str]],
    message: str = "",
    run: int | None = None,
) -> Correction:
    """本办法未规定 (一次性补正): tell everything that is to be mended at once, with a deadline.

    `items`: [{key, reason}] with keys of `rules.audit.correctable`. The deadline is today plus the call's
    working days, the end of that day. Refused beyond the call's rounds; MissingYear without a calendar.
    `run`: the run of the engine that the page showed.
    """
    application = stages.lock(application_id)
    require_under(application.call, rules.may_correct(by, application), "check")
    last = queries.current_run(application)
    if run is not None and last is not None and last.number != run:
        raise Refused(refuse("calls.audit_moved", run=last.number))
    chosen = _chosen(application, items)
    days = terms.number_of(application.call, terms.CORRECTION_DAYS)
    due = working_days.add(clock.today(), days)
    before = application.submissions.order_by("-round").first()
    number = application.corrections.count() + 1
    with database_refusals():
        correction = Correction.objects.create(
            application=application,
            round=number,
            items=chosen,
            message=message.strip(),
            days=days,
            sent_by=person_of(by),
            due_at=clock.end_of_day(due),
            before={"round": before.round, "digest": before.digest} if before else {},
        )
    if application.clerk_id is None:
        application.clerk = person_of(by)
    application.due_on = due
    correction.paper = issue_correction(correction, by=by, due=due)
    correction.save(update_fields=["paper"])
    facts: dict[str, Any] = {
        "round": number, "items": [i["key"] for i in chosen], "due": due.isoformat(),
        "paper": correction.paper.sha256,
    }  # fmt: skip
    stages.decide(
        application,
        by=by,
        verb="correct",
        to=Stage.CORRECTING,
        text=f"要求补正 {len(chosen)} 项，期限 {due}（{days} 个工作日）",
        note=message.strip(),
        facts=facts,
    )
    _tell_applicant(correction, due)
    return correction


def _tell_applicant(correction: Correction, due: dt.date) -> None:
    application = correction.application
    what = "；".join(f"{i['label']}：{i['reason']}" for i in correction.items)
    tell(
        people_of(application.organisation_id),
        title=f"需要补正：{application.category.label}",
        body=f"{what}。请在 {due} 24:00 前一次交回。",
        kind="calls.correction",
        url=f"/apply/{application.pk}/",
        due=due,
        effect_key=f"calls.correction:{correction.pk}",
    )
