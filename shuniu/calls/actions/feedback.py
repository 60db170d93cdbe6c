"""逐项反馈: written by a clerk, released by a second person, told to the organisation; nothing by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import REVIEW, require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Feedback
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.queries.feedback import content_of
from shuniu.calls.rules import feedback as rules
from shuniu.foundation.access import Refused, Who, refuse, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.foundation.papers import actions as papers
from shuniu.foundation.papers.models import Paper
from shuniu.foundation.papers.rendering import TABLE
from shuniu.foundation.papers.words import in_eights
from shuniu.foundation.ui.formats import day_cn, local
from shuniu.registry.queries import people_of
from shuniu.unions.queries import people_with

Comments = Mapping[str, str]
"""Row of the score sheet → the office's words about it."""


def _lock(application_id: int) -> tuple[Application, Feedback | None]:
    application = stages.lock(application_id)
    return application, Feedback.objects.select_for_update(of=("self",)).filter(
        application=application
    ).first()


@transaction.atomic
def save(*, by: Who, application_id: int, version: int, summary: str, comments: Comments) -> Feedback:
    """D10（办法的评审环节）: keep a draft. `version`: of the page that saves, 0 for the first."""
    application, row = _lock(application_id)
    require_under(application.call, rules.may_write(by, application, row), *REVIEW)
    if row is None:
        row = Feedback(application=application, version=0)
    if row.version != version:
        raise Refused(refuse("calls.feedback_version"))
    row.summary = summary.strip()
    row.comments = {key: text.strip() for key, text in comments.items() if text.strip()}
    row.version += 1
    row.save()
    return row


@transaction.atomic
def submit(*, by: Who, application_id: int, version: int, summary: str, comments: Comments) -> Feedback:
    """D10（办法的评审环节）: keep it and hand it to the second person; refused, nothing is kept."""
    row = save(by=by, application_id=application_id, version=version, summary=summary, comments=comments)
    application = row.application
    require_under(application.call, rules.is_fit(application, row.summary, row.comments), *REVIEW)
    assert by.person is not None
    row.state = Feedback.State.SUBMITTED
    row.submitted_by, row.submitted_identity = by.person, by.person.identity
    row.submitted_at, row.returned_reason = clock.now(), ""
    row.save()
    _note(row, by, "feedback_submit", f"{application.organisation}的反馈提交审签")
    tell(
        people_with(application.call.union_id, "checker"),
        title=f"请审签评审反馈：{application.organisation}", kind="calls.feedback",
        url=f"/calls/applications/{application.pk}/feedback/",
        effect_key=f"calls.feedback:{row.pk}:{row.version}",
    )  # fmt: skip
    return row


@transaction.atomic
def send_back(*, by: Who, application_id: int, reason: str) -> Feedback:
    """D10（办法的评审环节）: back to the clerk, with the reason."""
    application, row = _lock(application_id)
    if row is None:
        raise Refused(rules.feedback_in(None, Feedback.State.SUBMITTED))
    require_under(application.call, rules.may_release(by, row), *REVIEW)
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    row.state, row.returned_reason = Feedback.State.DRAFT, reason.strip()
    row.version += 1
    row.save()
    _note(row, by, "feedback_return", f"退回{application.organisation}的反馈：{row.returned_reason}")
    if row.submitted_by is not None:
        tell(
            [row.submitted_by], title=f"反馈被退回：{application.organisation}", body=row.returned_reason,
            kind="calls.feedback_returned", url=f"/calls/applications/{application.pk}/feedback/",
        )  # fmt: skip
    return row


@transaction.atomic
def release(*, by: Who, application_id: int) -> Feedback:
    """D10（办法的评审环节）: a second natural person releases; from then on the organisation reads this and nothing else."""
    application, row = _lock(application_id)
    if row is None:
        raise Refused(rules.feedback_in(None, Feedback.State.SUBMITTED))
    require_under(application.call, rules.may_release(by, row), *REVIEW)
    require_under(application.call, rules.is_decided(application), *REVIEW)
    require_under(application.call, rules.is_fit(application, row.summary, row.comments), *REVIEW)
    assert by.person is not None
    row.content = content_of(application, row.summary, row.comments)
    body = json.dumps(row.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row.digest = hashlib.sha256(body.encode()).hexdigest()
    row.state, row.released_by, row.released_identity = Feedback.State.RELEASED, by.person, by.person.identity
    row.released_at = clock.now()
    with database_refusals():
        row.save()
    _note(row, by, "feedback_release", "发出评审反馈", {"digest": row.digest})
    tell(
        people_of(application.organisation_id),
        title=f"评审反馈：{application.category.label}",
        body="各项得分、意见和下一步可以改进的地方。", kind="calls.feedback_told",
        url=f"/apply/{application.pk}/feedback/", effect_key=f"calls.feedback_told:{row.pk}",
    )  # fmt: skip
    enqueue("calls.feedback_paper", feedback_id=row.pk, once=f"calls.feedback_paper:{row.pk}")
    return row


@transaction.atomic
def issue_paper(*, feedback_id: int) -> Paper:
    """R5: the feedback as PDF; made once, later calls return the same."""
    row = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback_id)
    if row.paper is not None:
        return row.paper
    application, told = row.application, row.content
    assert row.released_at is not None
    call = application.call
    paper = papers.issue(
        by=system("评审反馈存档"), union=call.union, kind="calls.feedback", title="评审反馈意见", template=TABLE,
        with_number=False, clause=told["clause"], about=(application,),
        data={
            "meta": f"{call.title}　{application.organisation.name}　{application.category.label}",
            "columns": [
                {"title": "项目"},
                {"title": "分值", "width": "15mm", "align": "right"},
                {"title": "自评", "width": "15mm", "align": "right"},
                {"title": "实地", "width": "15mm", "align": "right"},
                {"title": "专家平均", "width": "20mm", "align": "right"},
                {"title": "意见和再得分的办法", "width": "90mm"},
            ],
            "rows": _rows(told),
            "blocks": _blocks(row),
        },
    )  # fmt: skip
    Feedback.objects.filter(pk=row.pk).update(paper=paper)
    return paper


def _rows(told: dict[str, object]) -> list[list[str]]:
    rows: list[dict[str, str]] = told["rows"]  # type: ignore[assignment]
    lines = [
        [
            r["label"] + (f"（{r['clause']}）" if r["clause"] else ""), r["most"], r["own"] or "--",
            r["visit"] or "--", r["panel"] or "--",
            "。".join(x.rstrip("。") for x in (r["comment"], r["lacks"]) if x) or "--",
        ]
        for r in rows
    ]  # fmt: skip
    total = [str(told[key] or "--") for key in ("self_total", "visit_total", "panel_total")]
    return [*lines, ["合计", "", *total, ""]]


def _blocks(row: Feedback) -> list[dict[str, object]]:
    told = row.content
    assert row.released_at is not None
    blocks: list[dict[str, object]] = [{"kind": "p", "text": f"综合意见：{told['summary']}"}]
    for level in told["levels"]:
        gap = f"，还差 {level['gap']} 分" if level["gap"] else ""
        blocks.append({"kind": "p", "text": f"{level['label']}，{level['words']}{gap}（{level['clause']}）"})
    union = row.application.call.union.name
    blocks.append({"kind": "p", "text": f"{union}　{day_cn(local(row.released_at).date())}"})
    blocks.append({"kind": "p", "text": f"校验值：{in_eights(row.digest)}"})
    return blocks


def _note(row: Feedback, by: Who, verb: str, text: str, facts: dict[str, str] | None = None) -> None:
    application = row.application
    # The application's own timeline is the applicant's too: before the release it says nothing there.
    told = row.state == Feedback.State.RELEASED
    journal.record(
        by=by, verb=f"calls.{verb}", text=text, subject=row,
        also=(application, application.organisation) if told else (application.call,),
        clause=stage_clause(application.call, *REVIEW), facts=facts or {}, union_id=application.call.union_id,
    )  # fmt: skip


__all__ = ["Comments", "issue_paper", "release", "save", "send_back", "submit"]
