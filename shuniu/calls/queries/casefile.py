"""A call as its pages show it: stage bar, tasks of a draft, the notice, the 时间线."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count
from django.urls import reverse

from shuniu.calls import terms
from shuniu.calls.entry import entry_of
from shuniu.calls.models import Application, Call, CallStage, CallTerm, Stage
from shuniu.calls.queries.call import Gap, days_of, law_of
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.ui.formats import day_cn

SECTION_TASKS = (
    ("basics", "写标题、正文和联系方式", "标题、正文和联系方式"),
    ("timetable", "定时间表", "每个环节的起止日期"),
    ("categories", "选类别，定名额", "按制度的类别和方向"),
    ("materials", "列材料清单", "申报单位要交什么"),
    ("terms", "规定办法未规定的事项", "公示天数、补正、评委人数等"),
    ("figures", "填推荐名额的计算依据", "各推荐工会的数、截至日期和来源"),
    ("rubric", "定评分表", "各项分值合计等于总分"),
)


# Papers that are public from the moment they are issued: the 时间线 leads to them.
PUBLIC_PAPERS = frozenset(
    {
        "calls.notice", "calls.amendment", "calls.publicity", "calls.publicity_change", "calls.formal",
        "calls.list_correction",
    }
)  # fmt: skip


def tasks(call: Call, gaps: list[Gap]) -> list[dict[str, Any]]:
    """The draft's task list: done where nothing is missing, begun where something is filled in."""
    begun = {"basics", "terms"} | {"timetable" for s in call.stages.all() if s.starts_on or s.ends_on}
    left: dict[str, list[str]] = {}
    for gap in gaps:
        left.setdefault(gap.section, []).append(gap.text)
    counted = "figures" in left or call.figures.exists()
    return [
        {
            "label": label,
            "url": f"/calls/{call.pk}/{key}/",
            "hint": "；".join(left[key][:2]) + ("……" if len(left[key]) > 2 else "") if key in left else hint,
            "state": "done" if key not in left else "now" if key in begun else "todo",
        }
        for key, label, hint in SECTION_TASKS
        if key != "figures" or counted
    ]


def _dates(stage: CallStage) -> str:
    if stage.kind == "notice" and stage.opened_at:
        opened = stage.opened_at.astimezone(clock.TZ)
        return f"{opened.month}月{opened.day}日"
    if stage.starts_on and stage.ends_on:
        if stage.starts_on == stage.ends_on:
            return f"{stage.starts_on.month}月{stage.starts_on.day}日"
        a, b = stage.starts_on, stage.ends_on
        return f"{a.month}月{a.day}日—{b.month}月{b.day}日"
    return "--"


def _counts(call: Call, stage: CallStage, by_stage: dict[str, int]) -> list[dict[str, Any]]:
    if stage.kind != "check" or not by_stage:
        return []
    base = f"/calls/{call.pk}/applications/"
    groups = (
        ("已有结论", "d1", (Stage.QUALIFIED, Stage.UNQUALIFIED, Stage.SHORTLISTED, Stage.NOT_SHORTLISTED,
                        Stage.RECOGNISED, Stage.REMOVED), "?tab=concluded"),
        ("补正中", "d2", (Stage.CORRECTING,), "?tab=correcting"),
        ("待审核", "d0", (Stage.SUBMITTED, Stage.CHECKING), "?tab=waiting"),
    )  # fmt: skip
    return [
        {
            "count": sum(by_stage.get(s, 0) for s in stages),
            "label": label,
            "shade": shade,
            "url": base + query,
        }
        for label, shade, stages, query in groups
    ]


def stage_bar(call: Call) -> list[dict[str, Any]]:
    """The stages in the document's order with their dates, where the case is, and the counts of the check."""
    by_stage = dict(
        Application.objects.filter(call=call)
        .values_list("stage")
        .annotate(n=Count("id"))
        .values_list("stage", "n")
    )
    submitted = sum(n for s, n in by_stage.items() if s not in (Stage.DRAFT, Stage.WITHDRAWN, Stage.ENDED))
    stages = list(call.stages.all())
    keys = [s.key for s in stages]
    place = keys.index(call.stage) if call.stage in keys else -1
    over, cancelled = call.state == Call.State.FINISHED, call.state == Call.State.CANCELLED
    rows = []
    entry = entry_of(stages)
    for n, stage in enumerate(stages):
        state = "done" if over or n < place else "next" if n > place else "bad" if cancelled else "now"
        lines: list[Any] = [_dates(stage)]
        if stage == entry and submitted:
            lines.append({"count": submitted, "text": "份申报", "url": f"/calls/{call.pk}/applications/"})
        rows.append(
            {
                "label": stage.label,
                "state": state,
                "word": "没有办完" if state == "bad" else "",
                "lines": lines,
                "counts": _counts(call, stage, by_stage) if state == "now" else [],
            }
        )
    return rows


def entries(rows: list[Entry]) -> list[dict[str, Any]]:
    """Journal entries as the timeline component takes them."""
    return [
        {
            "when": e.at,
            "by": e.person_name,
            "behalf_of": "" if e.person_name in ("系统", e.behalf) else _for_whom(e),
            "text": e.text,
            "clause": e.clause,
            "detail": e.role.removeprefix("系统") if e.person_name == "系统" else "",
        }
        | _document(e)
        for e in rows
    ]


def entries_of_call(rows: list[Entry]) -> list[dict[str, Any]]:
    """The same on the page of a call, where each says which application it is about."""
    about = [e.subject_label if e.subject.startswith("calls.application:") else "" for e in rows]
    return [
        shown | {"text": f"{name}：{shown['text']}" if name else shown["text"]}
        for shown, name in zip(entries(rows), about, strict=True)
    ]


def _document(e: Entry) -> dict[str, str]:
    """The paper that an entry issued, where everybody may read it."""
    if e.verb != "issue_paper" or e.facts.get("kind") not in PUBLIC_PAPERS:
        return {}
    return {
        "document": "打开文件",
        "document_url": reverse("calls:public_paper", args=[e.subject.split(":")[1]]),
    }


def _for_whom(e: Entry) -> str:
    return f"{e.behalf}（{e.role}）" if e.behalf and e.role else e.behalf or e.role


def notice(call: Call) -> dict[str, Any]:
    """The notice as page and paper show it; only what binds, from the call's rows."""
    law = law_of(call)
    stages = list(call.stages.all())
    apply_stage = entry_of(stages)
    now = clock.now()
    return {
        "title": call.title,
        "paragraphs": [p.strip() for p in call.intro.splitlines() if p.strip()],
        "union": call.union.name,
        "law": law,
        "conditions": [
            {"clause": number, "words": _words(law, number)}
            for number in dict.fromkeys(c.clause for c in law.conditions if "eligibility" in c.asks)
        ],
        "categories": list(call.categories.all()),
        "categories_clause": next((c.clause.partition("（")[0] for c in law.categories), ""),
        "limits": [{"clause": limit.clause, "words": _words(law, limit.clause)} for limit in law.limits],
        "materials": list(call.materials.all()),
        "stages": [{"label": s.label, "dates": _dates(s), "clause": s.clause, "stage": s} for s in stages],
        "stated": law.stated,
        "figures": list(call.figures.select_related("union")),
        "terms": [
            {"label": t.label, "value": _value(t, apply_stage), "why": t.why, "unit": _unit(law, t.key)}
            for t in call.terms.all()
            if t.value not in ("", None)
        ],
        "apply_from": apply_stage.starts_on if apply_stage else None,
        "apply_to": apply_stage.ends_on if apply_stage else None,
        "open_now": bool(
            call.state == Call.State.PUBLISHED
            and call.apply_from
            and call.apply_until
            and call.apply_from <= now < call.apply_until
        ),
        "day": day_cn((call.published_at or now).astimezone(clock.TZ).date()),
        "contact": {
            "department": call.department, "contact": call.contact, "phone": call.phone, "email": call.email,
            "address": call.address, "postcode": call.postcode,
        },
        "number": call.paper.number if call.paper else "",
    }  # fmt: skip


def settled_terms(call: Call) -> list[dict[str, Any]]:
    """What the notice settles where the document is silent, with units, why and by whom."""
    law = law_of(call)
    window = entry_of(call.stages.all())
    return [
        {"label": t.label, "value": _value(t, window), "unit": _unit(law, t.key), "why": t.why, "by": t.by}
        for t in call.terms.select_related("by")
    ]


def _value(term: CallTerm, window: CallStage | None) -> Any:
    """As it is settled; the 申报期限 as long as the window is now, which an amendment may have moved."""
    if term.key == terms.APPLICATION_DAYS and window is not None:
        return days_of(window) or term.value
    return term.value


def _unit(law: Any, key: str) -> str:
    return next((p.unit for p in terms.points_of(law) if p.key == key), "")


def _words(law: Any, number: str) -> str:
    clause = law.clause(number)
    return str(clause.words) if clause else ""


def days_left(until: dt.datetime | None) -> int | None:
    """Whole days until a half-open end; None without one, 0 on the last day."""
    if until is None:
        return None
    return max((clock.local_last_day(until) - clock.today()).days, 0)
