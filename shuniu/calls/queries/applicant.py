"""An application as the applicant's pages show it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from shuniu import policy
from shuniu.calls import judging, quotas, self_assessment
from shuniu.calls.models import Application, Call, Stage
from shuniu.calls.queries import apply as queries
from shuniu.calls.queries import casefile
from shuniu.calls.queries.correction import Item, open_correction, so_far
from shuniu.calls.sections import FIELDS, SECTION_LABELS
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.ui.formats import day_cn
from shuniu.library.queries import policy_of

_SHOWN = 3  # records of one fact that the registry page of the form shows
GROUPS = (
    ("自查自评", ("self",)),
    ("核对组织信息", ("registry", "contact")),
    ("填写申报内容", ("limit", "directions", "facts", "experience", "people", "plan")),
    ("提交材料", ("materials",)),
)


def _hint(application: Application, section: str) -> str:
    """What a complete part says about itself on the task list."""
    draft: dict[str, Any] = application.draft.get(section, {})
    match section:
        case "contact":
            return str(draft.get("name", ""))
        case "directions":
            labels = {d["key"]: d["label"] for d in application.category.directions}
            return "、".join(labels.get(d, d) for d in application.directions)
        case "experience":
            told = [f"已选 {len(draft['projects'])} 个库内项目"] if draft.get("projects") else []
            return "，".join([*told, f"已写 {len(str(draft['text']))} 字"] if draft.get("text") else told)
        case "people":
            return f"专职 {draft['full_time']} 人，持证 {draft.get('certified') or 0} 人"
        case "plan":
            return f"已写 {len(str(draft.get('text', '')))} 字"
        case "materials":
            return f"{queries.files_of(application)} 份"
    return ""


def countdown(call: Call) -> dict[str, Any]:
    """Days left and until when, for the start page."""
    until = call.apply_until
    return {
        "days": casefile.days_left(until),
        "until": clock.local_last_day(until) if until else None,
        "opens": call.apply_from,
        "open": bool(call.apply_from and until and call.apply_from <= clock.now() < until),
    }


def opened(call: Call) -> dict[str, Any]:
    """One line of what is open: until when, and whether unions nominate instead of organisations applying."""
    nominated = quotas.nominates(policy_of(call.document))
    return {"call": call, "left": countdown(call), "nominated": nominated}


def tasks(application: Application, asked: Sequence[Item] = ()) -> list[dict[str, Any]]:
    """The task list by groups; in a correction only what is `asked` (`correction.so_far`) is open."""
    present = queries.sections_of(application)
    correcting = application.stage == Stage.CORRECTING
    open_parts = {item.section for item in asked if not item.done}
    mended = {item.section for item in asked} - open_parts
    groups = []
    shown = [(title, keys) for title, keys in GROUPS if set(keys) & set(present)]
    gate = self_assessment.assess(application, clock.today())
    shut = gate is not None and not gate.reached and not correcting
    for number, (title, keys) in zip("一二三四", shown, strict=False):
        rows = []
        for key in keys:
            if key not in present:
                continue
            missing = queries.missing_in(application, key)
            hint = missing or _hint(application, key)
            started = bool(application.draft.get(key)) and key != "contact"
            if key == "materials":
                started = queries.files_of(application) > 0
            state = "done" if not missing else "now" if started else "todo"
            if shut and key in self_assessment.GATED:
                state, hint = "locked", "自查自评达到要求后填写"
            if correcting:
                state = "done" if key in mended else "now" if key in open_parts else "fixed"
                hint = {"done": "已改动，交回前可以再改", "now": "需要补正"}.get(state, "本次不需要补正")
            address = f"/apply/{application.pk}/{key}/"
            rows.append({"label": SECTION_LABELS[key], "url": address, "hint": hint, "state": state})
        groups.append({"title": f"{number}、{title}", "tasks": rows})
    if not correcting:
        left = queries.left_of(application)
        groups[-1]["tasks"].append(  # type: ignore[attr-defined]
            {
                "label": "核对并提交",
                "url": f"/apply/{application.pk}/check/",
                "hint": "前面各项完成后可以提交" if left else "最后一步",
                "state": "locked" if left else "todo",
            }
        )
    return groups


def side_stages(application: Application) -> list[dict[str, Any]]:
    """The call's stages as progress of this application."""
    rows = casefile.stage_bar(application.call)
    return [{"label": r["label"], "state": r["state"], "lines": r["lines"][:1]} for r in rows]


def case_context(application: Application) -> dict[str, Any]:
    """What the task list page shows."""
    correction = open_correction(application)
    asked = so_far(application, correction) if correction else []
    groups = tasks(application, asked) if application.stage in (Stage.DRAFT, Stage.CORRECTING) else []
    everything = [t for g in groups for t in g["tasks"]]
    upcoming = next((t for t in everything if t["state"] in {"now", "todo"}), None)
    hidden = {"calls.conclude", "calls.confirm", "calls.return_conclusion", "calls.assign", "calls.judge"}
    entries = [
        e
        for e in timeline(application, limit=60)
        if e.verb.startswith("calls.") and (application.released_at is not None or e.verb not in hidden)
    ]
    if not queries.shortlist_shown(application):
        entries = [e for e in entries if e.verb != "calls.shortlist"]
    for e in entries:
        if e.behalf != application.organisation.name:
            e.person_name = e.behalf or "责任部门"  # applicants see the office, not the officer
    held, said = holder(application), queries.progress(application)
    return {
        "application": application,
        "call": application.call,
        "groups": groups,
        "done_count": sum(1 for t in everything if t["state"] == "done"),
        "todo_count": sum(1 for t in everything if t["state"] in {"todo", "now", "locked"}),
        "upcoming": upcoming,
        "progress": said.partition("，由")[0] if held else said,
        "holder": held,
        "stages": side_stages(application),
        "left": countdown(application.call),
        "correction": correction,
        "asked": asked,
        "unmended": sum(1 for item in asked if not item.done),
        "correction_day": clock.local_last_day(correction.due_at) if correction else None,
        "key": uuid.uuid4(),
        "entries": casefile.entries(entries),
        "limit_clause": limit_clause(application.call),
        "answers": all_answers(application) if not groups else [],
        "materials": material_rows(application) if not groups else [],
        "decision": released_decision(application),
        "ending": ended_by(application),
    }


def holder(application: Application) -> str:
    """Who holds a submitted application and until when, as the applicant may know; empty when nobody does."""
    stage, told = application.stage, queries.is_told(application)
    union, call = application.desk_union, application.call
    office = (union.responsible_department if application.desk else call.department) or "责任部门"
    if stage in (Stage.SUBMITTED, Stage.CHECKING) or (
        stage in (Stage.QUALIFIED, Stage.UNQUALIFIED) and not told
    ):
        kind, who = "check", f"{union}{office}"
    elif stage == Stage.QUALIFIED or (stage in (Stage.SHORTLISTED, Stage.NOT_SHORTLISTED) and not told):
        kind, who = queries.goes_on_with(application, f"{union}{office}")
    elif stage == Stage.SHORTLISTED:
        kind, who = "publicity", f"{call.union}{call.department}"
    else:
        return ""
    row = application.call.stages.filter(kind=kind).first()
    if row is None or row.ends_on is None:
        return f"由{who}办理。"
    return f"由{who}办理，“{row.label}”计划 {day_cn(row.ends_on)} 前完成。"


def released_decision(application: Application) -> Any:
    """The audit's outcome, once it was told."""
    if application.released_at is None:
        return None
    return application.decisions.filter(verb="conclude").order_by("-id").first()


def ended_by(application: Application) -> Any:
    """The decision by which it was ended or taken off the list, whose reason the applicant reads."""
    if application.stage not in (Stage.ENDED, Stage.REMOVED):
        return None
    return application.decisions.filter(to_stage=application.stage).order_by("-id").first()


def limit_clause(call: Call) -> dict[str, str]:
    """The document's limit on an organisation's categories, as words and clause."""
    law, on = policy_of(call.document), clock.today()
    limit = quotas.per_applicant(law, on, quotas.MUST) or quotas.per_applicant(law, on, quotas.IN_PRINCIPLE)
    if limit is None:
        return {}
    clause = law.clause(limit.clause)
    return {"clause": limit.clause, "words": clause.words if clause else limit.label}


def registry_rows(application: Application) -> list[dict[str, Any]]:
    """Registered facts with source and date, for checking."""
    on = clock.today()
    law = policy_of(application.call.document)
    facts = judging.registry_facts(law, application.organisation, on)
    organisation = application.organisation
    rows: list[dict[str, Any]] = [
        {"label": "名称", "value": organisation.name},
        {"label": "统一社会信用代码", "value": organisation.code or "--"},
    ]
    for name, spec in law.facts.items():
        if spec.source != "registry":
            continue
        given = facts.get(name)
        first = (given[0] if given else None) if isinstance(given, list) else given
        if not isinstance(first, policy.Fact):
            if spec.type != "boolean":  # nothing on record against an organisation needs no line
                rows.append({"label": spec.label, "value": "库里没有记录"})
            continue
        source = first.source
        if isinstance(first.value, list):
            source = "；".join(source.split("；")[:_SHOWN])
        told = {"source": source, "date": first.as_of}
        rows.append({"label": spec.label, "value": _in_words(first.value)} | told)
    return rows


def _in_words(value: object) -> str:
    if isinstance(value, list):
        return "；".join(_in_words(record) for record in value[:_SHOWN])  # the newest stand first
    if isinstance(value, dict):
        return "，".join(_in_words(v) for v in value.values() if v not in (None, ""))
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def false_papers(call: Call) -> dict[str, str]:
    """What the document says of false papers: its own clause, or 本办法未规定."""
    law = policy_of(call.document)
    if said := law.settled("false_papers"):
        return {"label": said.label, "said": f"{said.value}（{said.clause}）", "note": ""}
    point = law.open_point("false_papers")
    return {"label": point.label, "said": "本办法未规定", "note": point.note} if point else {}


def answers_of(application: Application, section: str) -> list[dict[str, Any]]:
    """The saved answers of one part."""
    saved: dict[str, Any] = dict(application.draft.get(section, {}))
    change = f"/apply/{application.pk}/{section}/?next=check" if application.stage == Stage.DRAFT else ""
    rows: list[dict[str, Any]] = []
    if section == "directions":
        labels = {d["key"]: d["label"] for d in application.category.directions}
        rows.append(
            {
                "name": "directions_0",
                "label": "工作方向",
                "value": "、".join(labels.get(d, d) for d in application.directions) or "--",
            }
        )
        saved.pop("directions", None)
    if section == "limit":
        saved = {"reason": application.override_reason}
    if section == "experience":
        names = dict(queries.project_choices(application))
        saved["projects"] = "、".join(names.get(p, p) for p in saved.get("projects", []))
    if section == "self":
        return self_assessment.told(application, change)
    asked = FIELDS.get(section) or {
        fact.name: fact.label for fact in judging.own_facts(policy_of(application.call.document))
    }
    for name, label in asked.items():
        value = saved.get(name)
        if value in (None, "", []):
            continue
        yes = "已核对" if section == "registry" else "是"
        shown = yes if value is True else "否" if value is False else value
        choices = "_0" if isinstance(saved[name], list) else ""
        rows.append({"name": f"{name}{choices}", "label": label, "value": shown})
    if not rows:
        rows.append({"name": "", "label": SECTION_LABELS[section], "value": "还没有填写"})
    if change:
        for row in rows:
            row["change_url"] = f"{change}#id_{row['name']}" if row["name"] else change
    return rows


def all_answers(application: Application) -> list[dict[str, Any]]:
    """Every part with its answers, for 核对并提交 and for the audit."""
    return [
        {"title": SECTION_LABELS[s], "key": s, "rows": answers_of(application, s)}
        for s in queries.sections_of(application)
        if s != "materials"
    ]


def material_rows(application: Application) -> list[dict[str, Any]]:
    """The call's materials with the files handed in."""
    given: dict[int, list[Any]] = {}
    standing = application.materials.filter(attachment__removed_at__isnull=True)
    for m in standing.select_related("attachment__blob"):
        given.setdefault(m.item_id, []).append(m)
    return [{"item": item, "files": given.get(item.pk, [])} for item in application.call.materials.all()]
