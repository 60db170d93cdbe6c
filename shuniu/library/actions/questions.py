"""解释: a question about a clause, the interpreting union's answer, published by a second person."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library import queries, rules
from shuniu.library.models import Question
from shuniu.unions.queries import people_with


def _person(by: Who) -> Person:
    assert by.person is not None  # every rule of this module asks for a role, which only people hold
    return by.person


@transaction.atomic
def ask(*, by: Who, key: str, clause: str, text: str) -> Question:
    """B3: ask the union that interprets the document about one clause."""
    require(rules.may_ask(by))
    law = queries.law_of_key(key)
    if law is None:
        raise Refused(refuse("library.no_law", key=key))
    found = law.clause(clause)
    if found is None:
        raise Refused(refuse("library.ask_clause", title=law.title, number=clause))
    if not text.strip():
        raise Refused(refuse("library.ask_words"))
    union = queries.interpreter(by, law)
    assert union is not None  # whoever may ask has a union or belongs to one
    row = Question.objects.create(
        key=key, clause=found.number, text=text.strip()[:500], union=union, asked_by=_person(by),
        asking_union_id=by.union_id, organisation_id=by.organisation_id,
    )  # fmt: skip
    journal.record(
        by=by, verb="library.ask", subject=row, union_id=union.pk, clause=found.number,
        text=f"就《{law.title}》{found.number}提问：{row.text}",
    )  # fmt: skip
    tell(
        people_with(union.pk, "clerk"), title=f"请答复：《{law.title}》{found.number}", body=row.text,
        kind="library.question", url=reverse("library:question", args=[row.pk]),
        effect_key=f"library.ask:{row.pk}",
    )  # fmt: skip
    return row


def _locked(pk: int) -> Question:
    return Question.objects.select_for_update(of=("self",)).select_related("union", "asked_by").get(pk=pk)


@transaction.atomic
def answer(*, by: Who, question_id: int, text: str) -> Question:
    """B3: the interpreting department writes its answer; it is not public before another person publishes it."""
    row = _locked(question_id)
    require(rules.may_answer(by, row))
    if not text.strip():
        raise Refused(refuse("library.answer_words"))
    person = _person(by)
    row.answer, row.state, row.returned = text.strip()[:1000], Question.State.ANSWERED, ""
    row.answered_by, row.answered_identity = person, person.identity
    row.save()
    journal.record(
        by=by, verb="library.answer", subject=row, union_id=row.union_id, clause=row.clause,
        text=f"拟定{row.clause}的解释：{row.answer}",
    )  # fmt: skip
    tell(
        people_with(row.union_id, *rules.papers.PUBLISHERS).exclude(pk=person.pk),
        title=f"请审签条款解释：{row.clause}", body=row.answer, kind="library.question",
        url=reverse("library:question", args=[row.pk]),
    )  # fmt: skip
    return row


@transaction.atomic
def publish_answer(*, by: Who, question_id: int) -> Question:
    """B3: question and answer stand beside the clause for everybody, for good."""
    row = _locked(question_id)
    require(rules.may_publish_answer(by, row))
    person = _person(by)
    row.state, row.published_at = Question.State.PUBLISHED, clock.now()
    row.published_by, row.published_identity = person, person.identity
    row.save()
    journal.record(
        by=by, verb="library.publish_answer", subject=row, union_id=row.union_id, clause=row.clause,
        text=f"公布{row.clause}的解释",
    )  # fmt: skip
    tell(
        [row.asked_by], title=f"您的提问已答复：{row.clause}", body=row.answer, kind="library.answered",
        url=reverse("library:questions_of", args=[row.key]), effect_key=f"library.answered:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def return_answer(*, by: Who, question_id: int, reason: str) -> Question:
    """B3: the second person sends the answer back with a reason."""
    row = _locked(question_id)
    require(rules.may_publish_answer(by, row))
    if not reason.strip():
        raise Refused(refuse("library.reason"))
    writer = row.answered_by
    row.state, row.returned = Question.State.ASKED, reason.strip()[:300]
    row.save()
    journal.record(
        by=by, verb="library.return_answer", subject=row, union_id=row.union_id, clause=row.clause,
        text=f"退回{row.clause}的解释：{row.returned}",
    )  # fmt: skip
    if writer is not None:
        tell(
            [writer], title=f"条款解释被退回：{row.clause}", body=row.returned, kind="library.question",
            url=reverse("library:question", args=[row.pk]),
        )  # fmt: skip
    return row
