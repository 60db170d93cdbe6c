"""What a decision rests on, what changed since, what a correction asked for and what came back."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from shuniu import policy
from shuniu.calls import self_assessment
from shuniu.calls.given import digest, inputs_of
from shuniu.calls.models import Application, Correction, Decision, JudgeRun
from shuniu.calls.queries.audit.desk import answers_of, findings_of
from shuniu.calls.queries.call import law_of
from shuniu.calls.reading import LABELS
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


def mended(application: Application) -> dict[str, Any] | None:
    """The last correction with before and after of every item; None when there was none.

    {correction, rows: [{label, reason, changes: [{label, before, after}]}]}; rows are empty until it came back.
    """
    correction: Correction | None = max(application.corrections.all(), key=attrgetter("round"), default=None)
    if correction is None:
        return None
    by_round = dict(application.submissions.values_list("round", "snapshot"))
    after = by_round.get(correction.round)
    before = by_round.get(correction.before.get("round", correction.round - 1), {})
    rows = []
    for item in correction.items if after is not None else []:
        changes = _changes(application, item, before, after or {})
        rows.append({"label": item["label"], "reason": item["reason"], "changes": changes})
    return {"correction": correction, "rows": rows}


def _changes(
    application: Application, item: dict[str, str], before: dict[str, Any], after: dict[str, Any]
) -> list[dict[str, str]]:
    if item["kind"] == "material":
        key = item["key"].removeprefix("material:")
        old, new = _files(before, key), _files(after, key)
        return [{"label": "文件", "before": old, "after": new}] if old != new else []
    old_part, new_part = _part(before, item["key"]), _part(after, item["key"])
    law = law_of(application.call)
    found = _row_changes(application, before, after) if item["key"] == self_assessment.SECTION else []
    for name in dict.fromkeys([*old_part, *new_part]):
        was, now = old_part.get(name), new_part.get(name)
        if was != now:
            label = law.facts[name].label if name in law.facts else LABELS.get(name, _row_label(law, name))
            found.append({"label": label, "before": _show(was), "after": _show(now)})
    return found


def _row_label(law: policy.Document, name: str) -> str:
    """What the field of a row of the score sheet is called: its points, or the ground for them."""
    kind, _, row = name.partition("_")
    sheet = self_assessment.sheet_of(law)
    label = next((i.label for i in sheet.items if i.key == row), "") if sheet else ""
    return f"{label}{'自评分' if kind == 'points' else '的依据'}" if label else name


def _row_changes(
    application: Application, before: dict[str, Any], after: dict[str, Any]
) -> list[dict[str, str]]:
    """Rows of the score sheet under which other files lie than before."""
    sheet = self_assessment.sheet_of(law_of(application.call))
    found = []
    for item in sheet.items if sheet else ():
        old, new = (_files(taken, item.key, "evidence", "row") for taken in (before, after))
        if old != new:
            found.append({"label": f"{item.label}的佐证", "before": old, "after": new})
    return found


def _part(snapshot: dict[str, Any], key: str) -> dict[str, Any]:
    part = dict(snapshot.get("sections", {}).get(key, {}))
    if key == "directions":
        part["directions"] = snapshot.get("directions", [])
    return part


def _files(snapshot: dict[str, Any], key: str, part: str = "materials", under: str = "item") -> str:
    rows = [m for m in snapshot.get(part, []) if m[under] == key]
    return "；".join(f"{m['name']}（校验值 {m['sha256'][:8]}）" for m in rows)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "；".join(_show(v) for v in value)
    if isinstance(value, dict):
        return "，".join(f"{LABELS.get(k, k)} {_show(v)}" for k, v in value.items())
    return "" if value is None else str(value)
