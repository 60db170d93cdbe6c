"""An application as the desk sees it: runs, findings, answers, hints."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuniu.calls import auditing
from shuniu.calls.models import Application, Decision, Finding, Judgement, JudgeRun, Stage
from shuniu.calls.queries.reading import DESK
from shuniu.calls.queries.recommend import recommended
from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import clean_phone


def _at_desk(union_id: int) -> models.Q:
    """Checked by the union; of what others check, the office that runs the call sees what they recommended."""
    through = models.Q(desk__isnull=True) | models.Q(pk__in=recommended().values("application"))
    return models.Q(desk_id=union_id) | models.Q(call__union_id=union_id) & through


def desk_applications(who: Who) -> models.QuerySet[Application]:
    """What was handed in to the asker's own union, for those who decide on it; nothing for anybody else."""
    if who.union_id is None or who.role not in DESK:
        return Application.objects.none()
    return (
        Application.objects.filter(_at_desk(who.union_id), submitted_at__isnull=False)
        .exclude(stage=Stage.DRAFT)
        .select_related("call__union", "call__document", "organisation", "category", "clerk")
        .defer("organisation__bigrams", "organisation__search_text", "call__frozen", "call__document__files")
    )


def current_run(application: Application) -> JudgeRun | None:
    """The last run of the engine."""
    return application.judge_runs.order_by("-number").first()


def findings_of(application: Application, run: int) -> list[Finding]:
    """The findings of one run, in the document's order."""
    return list(application.findings.filter(run=run).order_by("order"))


def latest_findings(application: Application) -> list[Finding]:
    """The findings of the last run."""
    run = current_run(application)
    return findings_of(application, run.number) if run else []


def standing(application: Application) -> auditing.Standing:
    """What the last run leaves to do."""
    return auditing.standing_of(latest_findings(application), auditing.accepted_in(application))


def answers_of(application: Application) -> dict[str, Judgement]:
    """fact → the latest answer with who gave it."""
    rows = application.judgements.select_related("by").order_by("id")
    return {row.fact: row for row in rows}


def conclusion_of(application: Application) -> Decision | None:
    """The conclusion that was last reached."""
    return application.decisions.filter(verb="conclude").select_related("by").order_by("-id").first()


def conclusions_of(rows: list[Application]) -> dict[int, Decision]:
    """application → its last conclusion, in one query."""
    found = Decision.objects.filter(application__in=rows, verb="conclude").order_by("id")
    return {d.application_id: d for d in found}


def shells_of(application: Application) -> list[tuple[str, str]]:
    """Other applicants of the call with the same legal representative or telephone: (name, what agrees).

    A hint to look closer, never a ground by itself.
    """
    own = application.organisation
    phone = clean_phone(own.contact_phone)
    alike = Q()
    if own.legal_representative:
        alike |= Q(organisation__legal_representative=own.legal_representative)
    if own.contact_phone:
        alike |= Q(organisation__contact_phone__in={own.contact_phone, phone})
    if not alike:
        return []
    rows = (
        Application.objects.filter(alike, call=application.call_id)
        .exclude(organisation=own)
        .exclude(stage__in=(Stage.DRAFT, Stage.WITHDRAWN))
        .order_by("organisation_id")
        .distinct("organisation_id")
        .values_list(
            "organisation__name", "organisation__legal_representative", "organisation__contact_phone"
        )
    )
    found = []
    for name, person, number in rows[:10]:
        same = "法定代表人" if person and person == own.legal_representative else ""
        if phone and clean_phone(number) == phone:
            same = f"{same}和联系电话" if same else "联系电话"
        found.append((name, same))
    return found
