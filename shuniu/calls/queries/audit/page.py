"""What the desk and the page of the second person show of an application."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from shuniu import policy
from shuniu.calls import auditing, self_assessment
from shuniu.calls.models import Application, Evidence, Finding, JudgeRun, Material, Stage
from shuniu.calls.queries import casefile
from shuniu.calls.queries.about import parts_about
from shuniu.calls.queries.applicant import all_answers
from shuniu.calls.queries.audit import desk
from shuniu.calls.queries.audit.look import Look
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.correction import mended
from shuniu.calls.queries.feedback import earlier_of
from shuniu.calls.queries.selfcheck import STATUS_KINDS
from shuniu.calls.queries.sources import told
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import serving
from shuniu.foundation.files.queries import lies_elsewhere
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.formats import when

_DONE = (Stage.QUALIFIED, Stage.UNQUALIFIED, Stage.SHORTLISTED, Stage.NOT_SHORTLISTED, Stage.RECOGNISED,
         Stage.REMOVED)  # fmt: skip
_AFTER = ("site_visit", "recommend", "review", "name", "publicity", "publish")


def stages_of(application: Application) -> list[dict[str, Any]]:
    """The application's way as a stage bar: handed in, audit, second person, what the call does then."""
    stage = application.stage
    over = stage in (Stage.WITHDRAWN, Stage.ENDED)
    due = f"，应于 {application.due_on:%m-%d} 前办结" if application.due_on else ""
    clerk = f"{application.clerk or '尚未指派'}"
    auditing_now = stage in (Stage.SUBMITTED, Stage.CORRECTING)
    rows: list[dict[str, Any]] = [
        {"label": "提交申报", "state": "done", "lines": [when(application.submitted_at)]},
        {
            "label": "补正中" if stage == Stage.CORRECTING else "资格审核",
            "state": "bad" if over else "now" if auditing_now else "done",
            "lines": [application.get_stage_display() if over else clerk + (due if auditing_now else "")],
        },
        {
            "label": "复核",
            "state": "now" if stage == Stage.CHECKING else "done" if stage in _DONE else "next",
            "lines": ["等待另一人复核"] if stage == Stage.CHECKING else [],
        },
    ]
    failed = over or stage == Stage.UNQUALIFIED
    if stage in (Stage.QUALIFIED, Stage.UNQUALIFIED) and application.released_at is None:
        rows[2]["lines"] = ["待生效"]
    seen = False
    for row in application.call.stages.all():
        if row.kind in _AFTER:
            here = not failed and row.key == application.call.stage and stage in _DONE
            seen = seen or here
            past = stage in _DONE and row.closed_at is not None and not failed
            rows.append(
                {
                    "label": row.label,
                    "state": "skipped" if failed else "now" if here else "done" if past else "next",
                    "lines": [f"{row.starts_on:%m-%d} 起"] if row.starts_on else [],
                }
            )
    return rows


def facts_row(application: Application) -> list[tuple[str, str]]:
    """The strip under the stage bar."""
    labels = {d["key"]: d["label"] for d in application.category.directions}
    organisation = application.organisation
    rows = [
        ("信用代码", organisation.code or "--"),
        ("类型", organisation.get_legal_type_display()),
        ("申报类别", application.category.label),
        ("方向", "、".join(labels.get(d, d) for d in application.directions) or "--"),
        ("申报编号", application.number or "--"),
    ]
    if application.override_reason:
        rows.append((f"第 {application.ordinal} 个类别，理由", application.override_reason))
    return rows


def checklist(look: Look, at: str, ask: str, may_judge: bool, clause: str = "") -> list[dict[str, Any]]:
    """The findings in order with tick, answers and, for one of them, the question that is open.

    `at`: the condition that somebody looks at, else those of `clause`, to which the open material belongs;
    `ask`: the fact that somebody wants to answer again.
    """
    application, rows, answers, accepted = look.application, look.findings, look.answers, look.accepted
    ticks = {t.condition: t for t in look.ticks}
    base = f"/library/{application.call.document.key}/"
    asked = _open_question(rows, answers, accepted, ask, at) if may_judge else None
    beside = _rows_beside(application) | {
        name: f"item{m.pk}" for m in application.call.materials.all() for name in (m.clause, m.key) if name
    }
    lines = [
        _line(row, base, answers, accepted)
        | {
            "tick": ticks.get(row.condition),
            "current": row.condition == at or (not at and row.clause == clause),
            "beside": beside.get(row.condition) or beside.get(row.clause) or "",
            "open": asked if asked and asked["condition"] == row.condition else None,
            "item": f"material:{row.condition}",
        }
        for row in rows
    ]
    return _once(lines)


def _rows_beside(application: Application) -> dict[str, str]:
    """Clause → the first row of the score sheet under which its papers lie, where the sheet asks for them."""
    sheet = self_assessment.sheet_of(law_of(application.call))
    rows = [item for item in sheet.items if item.evidence] if sheet else []
    return {item.clause: f"row-{item.key}" for item in reversed(rows)}


def _once(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A source that the conditions below share is told once, over them."""
    first: dict[str, Any] | None = None
    for line in lines:
        if first is not None and line["source"] and line["source"] == first["source"]:
            first["alike"] += 1
            line["source"] = ""
        else:
            first = line
    return lines


def _line(row: Finding, base: str, answers: dict[str, Any], accepted: dict[str, bool]) -> dict[str, Any]:
    kind, word = STATUS_KINDS[row.status]
    if row.status == "soft_passed":
        taken = accepted.get(row.condition)
        kind, word = (
            ("ok", word) if taken else ("bad", "理由未认可") if taken is False else ("now", "理由待认可")
        )
    facts = [f for f in row.facts if f["known"] and not f["source"].startswith("人工判断")]
    given = [{"ask": a, "row": answers[a["name"]]} for a in row.asks if a["name"] in answers]
    return {
        "finding": row,
        "id": f"f-{row.condition}",
        "clause": row.clause,
        "clause_url": f"{base}#{row.clause}",
        "title": row.label,
        "kind": kind,
        "word": word,
        "facts": facts,
        "source": told(row.reason, facts, values=bool(given)),
        "alike": 0,
        "unknown": [f for f in row.facts if not f["known"]],
        "answers": given,
        "acceptance": answers.get(f"{auditing.ACCEPT}{row.condition}"),
    }


def _open_question(
    rows: list[Finding], answers: dict[str, Any], accepted: dict[str, bool], ask: str, at: str
) -> dict[str, Any] | None:
    """One question at a time: the one asked for, else the first without an answer."""
    questions: list[dict[str, Any]] = []
    for row in rows:
        for a in row.asks:
            last = answers.get(a["name"])
            questions.append(
                {"condition": row.condition, "kind": "value" if "type" in a else "judge", "fact": a["name"],
                 "question": a["question"], "unit": a.get("unit", ""), "last": last, "left": last is None}
            )  # fmt: skip
        if row.status == "ambiguous":
            questions.append(
                {"condition": row.condition, "kind": "reading", "fact": f"reading:{row.condition}", "last": None,
                 "question": row.label, "left": True, "readings": row.readings}
            )  # fmt: skip
        if row.status == "soft_passed":
            fact = f"{auditing.ACCEPT}{row.condition}"
            questions.append(
                {"condition": row.condition, "kind": "accept", "fact": fact, "question": row.label,
                 "last": answers.get(fact), "left": row.condition not in accepted}
            )  # fmt: skip
    wanted = next((q for q in questions if q["fact"] == ask), None)
    beside = next((q for q in questions if q["left"] and q["condition"] == at), None)
    return wanted or beside or next((q for q in questions if q["left"]), None)


def said_about(
    law: policy.Document, condition: str, answers: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Of what the applicant wrote (`answers` by part), the lines that a condition is judged by."""
    asked = next((c for c in law.conditions if c.key == condition), None)
    parts = parts_about(asked) if asked else []
    return [row for part in answers if part["key"] in parts for row in part["rows"]]


def viewer(application: Application, file_id: str) -> dict[str, Any]:
    """The materials as tabs with the file that is open: {tabs, file, condition, kind, previous, next}."""
    files: list[Any] = list(
        application.materials.filter(attachment__removed_at__isnull=True)
        .select_related("attachment__blob", "item")
        .annotate(borrowed=lies_elsewhere("attachment__"))
        .order_by("item__order", "id")
    )
    by_item: dict[int, list[Material]] = {}
    for each in files:
        by_item.setdefault(each.item_id, []).append(each)
    tabs: list[dict[str, Any]] = []
    for item in application.call.materials.all():
        given = by_item.get(item.pk, [])
        for n, each in enumerate(given, 1):
            label = item.label if len(given) == 1 else f"{item.label}（{n}）"
            tabs.append({"id": str(each.pk), "of": f"item{item.pk}", "label": label, "item": item, "file": each,
                         "address": reverse("calls:material", args=[each.pk])})  # fmt: skip
        if not given:
            tabs.append(
                {
                    "id": f"item{item.pk}",
                    "of": f"item{item.pk}",
                    "label": item.label,
                    "item": item,
                    "file": None,
                }
            )
    proofs = _proofs(application)
    files += [tab["file"] for tab in proofs]
    tabs += proofs
    place = next((n for n, t in enumerate(tabs) if file_id in (t["id"], t["of"])), 0)
    for n, tab in enumerate(tabs):
        tab["url"] = f"?file={tab['id']}"
        tab["current"] = n == place
        tab["borrowed"] = tab["file"] is not None and tab["file"].borrowed
    here = tabs[place] if tabs else None
    row: Material | Evidence | None = here["file"] if here else None
    return {
        "tabs": tabs,
        "here": here,
        "file": row,
        "shown": row is not None and serving.can_be_shown(row.attachment),
        "picture": row is not None and row.attachment.blob.content_type.startswith("image/"),
        "clause": here["item"].clause if here else "",
        "previous": tabs[place - 1] if place else None,
        "next": tabs[place + 1] if here and place + 1 < len(tabs) else None,
        "place": place + 1,
        "count": len(files),
        "borrowed": any(tab["borrowed"] for tab in tabs),
    }


def _proofs(application: Application) -> list[dict[str, Any]]:
    """The files under the rows of the score sheet as tabs, in the order of the sheet."""
    sheet = self_assessment.sheet_of(law_of(application.call))
    if sheet is None:
        return []
    rows: Any = (
        application.evidence.filter(attachment__removed_at__isnull=True)
        .select_related("attachment__blob")
        .annotate(borrowed=lies_elsewhere("attachment__"))
    )
    by_row: dict[str, list[Evidence]] = {}
    for each in rows:
        by_row.setdefault(each.row, []).append(each)
    tabs = []
    for item in sheet.items:
        given = by_row.get(item.key, [])
        for n, each in enumerate(given, 1):
            label = f"{item.label}{'' if len(given) == 1 else f'（{n}）'}"
            tabs.append({"id": f"e{each.pk}", "of": f"row-{item.key}", "label": label, "item": item, "file": each,
                         "address": reverse("calls:evidence", args=[each.pk])})  # fmt: skip
    return tabs


def summary_of(run: JudgeRun | None) -> str:
    """符合 4，待判断 1，不明 1."""
    if run is None:
        return ""
    order = ("met", "soft_passed", "not_met", "unknown", "ambiguous", "judged", "silent", "not_applicable")
    return "，".join(f"{STATUS_KINDS[s][1]} {run.counts[s]}" for s in order if run.counts.get(s))


def shown(entries: list[Entry]) -> list[dict[str, Any]]:
    """Journal entries for the timeline; what the system does, it does for nobody."""
    rows = casefile.entries(entries)
    return [row | {"behalf_of": ""} if row["by"] == "系统" else row for row in rows]


def page_of(look: Look) -> dict[str, Any]:
    """What both pages share."""
    application, run = look.application, look.run
    entries = timeline(application, limit=80)
    newest = look.decisions[-1] if look.decisions else None
    return {
        "application": application,
        "call": application.call,
        "stages": stages_of(application),
        "facts": facts_row(application),
        "run": run,
        "summary": summary_of(run),
        "shells": desk.shells_of(application),
        "mended": mended(application),
        "returned": newest if newest and newest.verb == "return_conclusion" else None,
        "conclusion": look.conclusion,
        "sheet": application.audit_sheets.order_by("-id").first() if application.stage in _DONE else None,
        "answers": all_answers(application),
        "self_rows": self_assessment.rows(application),
        "improved": list(earlier_of(application.organisation_id, but=application.pk)[:20]),
        "self_total": application.draft.get("self_total", ""),
        "entries": shown(entries),
        "today": clock.today(),
    }
