"""The desk: evidence on the left, the checklist on the right."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from shuniu.calls import evidence, self_assessment, terms
from shuniu.calls.actions import audit as actions
from shuniu.calls.forms import audit as forms
from shuniu.calls.given import counted
from shuniu.calls.lists import Applications
from shuniu.calls.lists.audit import neighbours
from shuniu.calls.models import Application
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.reading import DESK
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Refused, Who, members_only, system, who_asks
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.ui.lists import mark_seen
from shuniu.foundation.ui.respond import page
from shuniu.policy import Document

JUDGING = system("系统逐条判断")


def mine(request: HttpRequest, pk: int) -> tuple[Who, queries.Look]:
    """The asker and an application of their union's calls, judged by the facts of today; 404 for others."""
    who = who_asks(request)
    rows = counted(queries.desk_applications(who))
    return who, actions.look_at(by=JUDGING, application=get_object_or_404(rows, pk=pk))


def kept(request: HttpRequest) -> str:
    """The list that the desk was opened from, as the rest of an address: "&from=…" or nothing."""
    query = request.GET.get("from", "") or request.POST.get("from", "")
    return "&" + urlencode({"from": query[:500]}) if query else ""


def back_to(who: Who, application: Application) -> str:
    """The list from which the asker works: of the whole call, or of what goes through the asker's own union."""
    own = who.union_id == application.call.union_id
    return f"/calls/{application.call_id}/{'applications' if own else 'recommend'}/"


def correction_due(application: Application) -> tuple[int, Any]:
    """Working days and last day of a correction told now; no day while the calendar is not confirmed."""
    days = terms.number_of(application.call, terms.CORRECTION_DAYS)
    try:
        return days, working_days.add(clock.today(), days)
    except working_days.MissingYear:
        return days, None


def conclude_form(look: queries.Look, data: Any = None) -> forms.ConcludeForm:
    """The form of the conclusion with the clauses that are not met first."""
    standing, run = look.standing, look.run
    failed = {f.clause: f"{f.clause} {f.label}" for f in (*standing.failed, *standing.left)}
    law = law_of(look.application.call)
    asked = {
        c.clause: f"{c.clause} {c.label}" for c in law.conditions if {"eligibility", "category"} & set(c.asks)
    }
    others = [(key, label) for key, label in asked.items() if key not in failed]
    initial = {"run": run.number if run else 0} | ground(look)
    return forms.ConcludeForm(list(failed.items()), others, data, initial=initial, prefix="c")


def ground(look: queries.Look) -> dict[str, str]:
    """What a conclusion 不符合 begins with: the first clause that is not met, and why each is not; {} where all are."""
    why = []
    for row in look.standing.failed:
        said = [look.answers[a["name"]].note for a in row.asks if a["name"] in look.answers]
        why.append(f"{row.label}：{'；'.join(filter(None, said)) or row.reason}")
    return {"clause": look.standing.failed[0].clause, "note": "。".join(why)} if why else {}


def picked_for(look: queries.Look, fix: str) -> list[str]:
    """Items that the correction begins with: those of the condition asked for, and of what is unknown."""
    by_name = dict.fromkeys(evidence.filed_clauses(law_of(look.application.call)), self_assessment.SECTION)
    for item in reversed(look.application.call.materials.all()):
        by_name[item.clause] = f"material:{item.key}"
        by_name[item.key] = f"material:{item.key}"
    rows = [f for f in look.findings if f.condition == fix or f.status == "unknown"]
    found = [by_name.get(f.condition) or by_name.get(f.clause) for f in rows]
    return [key for key in dict.fromkeys(found) if key]


def desk_page(
    request: HttpRequest, who: Who, look: queries.Look, *, status: int | None = None, **given: Any
) -> HttpResponse:
    """The desk with the forms as they are, or as they were refused (`answer_form`, `correction`, `conclude`, …)."""
    application, run = look.application, look.run
    may_judge = rules.may_judge(who, application)
    sight = queries.viewer(application, request.GET.get("file", "") or request.POST.get("file", ""))
    context = queries.page_of(look)
    ask = request.GET.get("ask", "") or request.POST.get("fact", "")
    rows = queries.checklist(look, request.GET.get("at", ""), ask, bool(may_judge), sight["clause"])
    question = next((r["open"] for r in rows if r["open"]), None)
    if question is not None:
        question["said"] = queries.said_about(
            law_of(application.call), question["condition"], context["answers"]
        )
    may_correct, may_conclude = rules.may_correct(who, application), rules.may_conclude(who, application)
    days, due = correction_due(application)
    known = rules.correctable(application)
    context |= {
        "who": who,
        "viewer": sight,
        "rows": rows,
        "standing": look.standing,
        "may_judge": may_judge,
        "may_correct": may_correct,
        "may_conclude": may_conclude,
        "may_check": rules.may_check(who, application, context["conclusion"]),
        "may_reopen": rules.may_reopen(who, application),
        "may_assign": rules.may_assign(who, application),
        "may_fix_reading": rules.may_fix_reading(who, application.call),
        "clerks": queries.clerks_of(application.desk_union_id),
        "answer_form": question_form(question, law_of(application.call)) if question else None,
        "correction": forms.CorrectionForm(
            known, picked=picked_for(look, request.GET.get("fix", "")), prefix="k",
            given=[f"material:{tab['item'].key}" for tab in sight["tabs"] if tab["file"] and tab["of"].startswith("item")],
            initial={"run": run.number if run else 0},
        )
        if may_correct
        else None,
        "fixing": next((f for f in look.findings if f.condition == request.GET.get("fix")), None),
        "correction_days": days,
        "correction_due": due,
        "rounds_left": rules.rounds_left(application),
        "conclude": conclude_form(look) if may_conclude else None,
        "near": neighbours(who, application.call, request.GET.get("from", "tab=waiting"), application),
        "keep": kept(request),
        "from": request.GET.get("from", "") or request.POST.get("from", ""),
    } | given  # fmt: skip
    context["form"] = next((f for f in given.values() if getattr(f, "is_bound", False)), None)
    return page(request, "calls/audit/desk.html", context, status=status)


def question_form(question: dict[str, Any], law: Document, data: Any = None) -> Any:
    """The form of the question that is open."""
    if question["kind"] == "reading":
        initial = {"condition": question["condition"]}
        return forms.ReadingForm(question["readings"], data, initial=initial, prefix="r")
    kind = forms.AcceptForm if question["kind"] == "accept" else forms.AnswerForm
    last = question["last"]
    initial = {"fact": question["fact"], "seen": last.pk if last else 0}
    if question["kind"] == "value":
        initial |= {"value": last.given, "note": last.note} if last else {}
        return forms.ValueForm(law.facts[question["fact"]], data, initial=initial, prefix="a")
    if last is not None:
        initial |= {"value": "yes" if last.answer else "no", "note": last.note}
    return kind(data, initial=initial, prefix="a")


@members_only(*DESK)
@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """One application at the desk; `?file=` opens a material, `?ask=` a question, `?fix=` an item to mend."""
    who, look = mine(request, pk)
    mark_seen(request, Applications.key, pk)
    return desk_page(request, who, look)


def refused_page(request: HttpRequest, who: Who, look: queries.Look, refused: Refused) -> HttpResponse:
    """The desk as it is now, with the reason of the refusal on top (409)."""
    return desk_page(request, who, look, status=409, refused=refused.verdict)


__all__ = [
    "back_to",
    "conclude_form",
    "correction_due",
    "desk",
    "desk_page",
    "mine",
    "question_form",
    "refused_page",
]
