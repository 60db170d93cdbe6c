"""Questions during the window, answered to all."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls.actions import steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.models import Question
from shuniu.calls.rules import call as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.unions.queries import people_with


@transaction.atomic
def ask(*, by: Who, call_id: int, text: str) -> Question:
    """第五条（一）: ask about a published notice while its window is open; the same once more changes nothing."""
    call = steps.lock(call_id)
    require(rules.may_ask(call))
    assert by.person is not None
    if same := call.questions.filter(asked_by=by.person, text=text, answered_at__isnull=True).first():
        return same
    question = Question.objects.create(
        call=call, organisation_id=by.organisation_id, asked_by=by.person, text=text
    )
    journal.record(
        by=by, verb="calls.ask", text="提出问题", subject=question, also=(call,), union_id=call.union_id
    )
    tell(
        people_with(call.union_id, "clerk"),
        title=f"有人就通知提问：{text[:40]}",
        kind="calls.question",
        url=f"/calls/{call.pk}/questions/",
    )
    return question


@transaction.atomic
def answer(*, by: Who, question_id: int, text: str) -> Question:
    """第五条（一）: the clerk's answer, published to everybody without naming who asked."""
    question = (
        Question.objects.select_for_update(of=("self",)).select_related("call__union").get(pk=question_id)
    )
    call = question.call
    require_under(call, rules.is_clerk(by, call.union), "notice")
    if question.answered_at is not None:
        raise Refused(refuse("calls.answered"))
    question.answer, question.answered_by, question.answered_at = text, by.person, clock.now()
    question.save()
    journal.record(
        by=by,
        verb="calls.answer",
        text="答复问题并公布",
        subject=question,
        also=(call,),
        union_id=call.union_id,
    )
    tell(
        [question.asked_by],
        title=f"您的提问已答复：{question.text[:40]}",
        kind="calls.answered",
        url=f"/notices/{call.pk}/",
        effect_key=f"calls.answered:{question.pk}",
    )
    return question
