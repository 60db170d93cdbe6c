"""What a decision rests on, and whether it still does."""

from __future__ import annotations

from typing import Any

from shuniu.calls.given import digest, inputs_of
from shuniu.calls.models import Application, Decision, JudgeRun
from shuniu.calls.queries.audit.desk import answers_of, findings_of
from shuniu.foundation.calendar import clock


def snapshot_of_decision(application: Application, run: JudgeRun) -> dict[str, Any]:
    """R2: digests of law, facts and evidence, statuses, and who took part, by key. No personal data.

    The facts themselves stand in the findings of that run, which nothing changes.
    """
    evidence: dict[str, list[str]] = {}
    for item, sha in (
        application.materials.filter(attachment__removed_at__isnull=True)
        .order_by("item__order", "id")
        .values_list("item__key", "attachment__blob__sha256")
    ):
        evidence.setdefault(item, []).append(sha)
    for row, sha in application.evidence.filter(attachment__removed_at__isnull=True).values_list(
        "row", "attachment__blob__sha256"
    ):
        evidence.setdefault(f"row:{row}", []).append(sha)
    answers = answers_of(application)
    submission = application.submissions.order_by("-round").values_list("digest", flat=True).first()
    document = application.call.document
    snapshot: dict[str, Any] = {
        "law": {"key": document.key, "version": document.version, "digest": run.law},
        "run": run.number,
        "law_on": run.law_on.isoformat(),
        "facts_on": run.facts_on.isoformat(),
        "inputs": run.inputs,
        "findings": {f.condition: f.status for f in findings_of(application, run.number)},
        "answers": {name: row.given for name, row in answers.items()},
        "evidence": evidence,
        "submission": submission or "",
        "people": {
            "clerk": application.clerk_id,
            "judged_by": sorted({row.by_id for row in answers.values()}),
        },
    }
    return snapshot | {"digest": digest(snapshot)}


def facts_stand(applications: list[Application], decisions: dict[int, Decision]) -> dict[int, bool]:
    """application → whether everything that its conclusion rests on is still so today; constant queries."""
    now = inputs_of(applications, clock.today()) if applications else {}
    return {
        a.pk: a.pk in decisions and decisions[a.pk].facts.get("inputs") == now[a.pk] for a in applications
    }
