"""The library: documents, and one document clause by clause with what the system does with each."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shuniu import policy
from shuniu.foundation.access import STAFF_ROLES, Who, public, who_asks
from shuniu.foundation.ui.respond import page
from shuniu.library import queries, rules
from shuniu.library.models import Document, Question
from shuniu.unions.queries import union_of


def base_for(who: Who) -> str:
    """The frame in which the asker works."""
    if who.role in STAFF_ROLES:
        return "ui/staff.html"
    return "ui/org.html" if who.organisation_id is not None else "ui/public.html"


@require_GET
@public("制度是公开文件")
def library(request: HttpRequest) -> HttpResponse:
    """Every document in its newest version, who published it, from which upper one, and how many adopted it."""
    who = who_asks(request)
    rows = queries.shelf(who)
    may_see = who.role in queries.uploads.READERS
    waiting = len(queries.uploads_waiting(who)) + len(queries.endings_waiting(who))
    context = {
        "rows": rows,
        "base": base_for(who),
        "uploads": may_see,
        "waiting": waiting,
        "desk": who.role in queries.papers.DESK and who.union_id is not None,
    }
    return page(request, "library/list.html", context)


@require_GET
@public("制度是公开文件")
def document(request: HttpRequest, key: str) -> HttpResponse:
    """Each clause: number, our short words, the deciding quotation, what the system does, or text only.

    `?version=` shows an earlier version, by which running calls may still be judged.
    """
    who = who_asks(request)
    law, earlier = version_of(key, request.GET.get("version", ""))
    release = queries.newest_release(key)
    by_clause = _uses(law)
    paper, above = beside_of(who, law), queries.upper_words(who, law)
    said: dict[str, list[Question]] = {}
    for question in queries.published_questions(law):
        said.setdefault(question.clause, []).append(question)
    ending = None if earlier else queries.ended(release)
    own = union_of(who.union_id) if who.role == "sec_admin" and who.union_id is not None else None
    context = {
        "law": law,
        "earlier": earlier,
        "release": release,
        "clauses": [
            {
                "clause": c,
                "uses": by_clause.get(c.number, []),
                "said": said.get(c.number, []),
                "paper": (paper.words.get(c.number) if paper else None) or above.get(c.number, ""),
            }
            for c in law.clauses
        ],
        "beside": paper,
        "templates": queries.templates_for(law, who.union_id),
        "may_revise": who.union_id is not None and not earlier and rules.may_revise(who, law),
        "may_attach": own is not None and rules.may_attach(who, own, law),
        "text_only": sum(1 for c in law.clauses if c.text_only),
        "versions": queries.stored_versions(key),
        "adoptions": queries.adoptions_below(who, key),
        "may_adopt": own is not None and not earlier and rules.may_adopt(who, own, law),
        "ending": ending,
        "upper_ended": queries.ended(queries.newest_release(law.extends.key)) if law.extends else None,
        "may_end": not earlier and rules.may_end(who, release),
        "base": base_for(who),
    }
    return page(request, "library/document.html", context)


def version_of(key: str, version: str) -> tuple[policy.Document, bool]:
    """The newest version, or the one asked for and whether it is an earlier one; Http404 when there is none."""
    newest = queries.law_of_key(key)
    if version and (newest is None or version != newest.version):
        stored = Document.objects.filter(key=key, version=version).first()
        if stored is None:
            raise Http404
        return queries.policy_of(stored), True
    if newest is None:
        raise Http404
    return newest, False


def beside_of(who: Who, law: policy.Document) -> queries.Beside | None:
    """The paper that counts for the asker beside the document; None where nobody attached one."""
    paper = queries.paper_of(who, law.key)
    if paper is None:
        return None
    cited = {
        clause: [f"{use['kind']}：{use['label']}" for use in found] for clause, found in _uses(law).items()
    }
    return queries.beside(paper, law, cited)


def _unit(law: policy.Document, name: str) -> str:
    """The unit of what a limit counts, with the blank before it; categories and the like are pieces."""
    unit = law.facts[name].unit if name in law.facts else ""
    return f" {unit or '个'}"


def _uses(law: policy.Document) -> dict[str, list[dict[str, Any]]]:
    """By clause: every rule, stage, consequence, number and open point that cites it."""
    found: dict[str, list[dict[str, Any]]] = {}
    parts: list[tuple[str, str, str]] = [
        *(("条件", x.clause, x.label) for x in law.conditions),
        *(("环节", x.clause, f"{x.label}（{x.actor_label}）") for x in law.stages),
        *(("后果", x.clause, x.label) for x in law.consequences),
        *(("限额", x.clause, f"{x.label}不超过 {x.at_most}{_unit(law, x.counts)}") for x in law.limits),
        *(("期限", x.clause, x.label) for x in law.deadlines),
        *(("表决", x.clause, x.label) for x in law.votes),
        *(("名额", x.clause, x.label) for x in law.quotas),
        *(("评分", x.clause, x.label) for x in law.sheets),
        *(("评分", item.clause, item.label) for x in law.sheets for item in x.items),
        *(("等级", x.clause, x.label) for x in law.gradings),
        *(("经费", x.clause, x.label) for x in law.fundings),
        *(("义务", x.clause, x.label) for x in law.duties),
        *(("规定", x.clause, f"{x.label}：{x.value}{x.unit}") for x in law.stated),
        *(("未规定", x.near, x.label) for x in law.not_stated if x.near),
    ]
    for kind, clause, label in parts:
        found.setdefault(clause, []).append({"kind": kind, "label": label})
    return found
