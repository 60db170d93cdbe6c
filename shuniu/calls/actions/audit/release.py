"""统一生效并通知: conclusions take effect together, and only then is anybody told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.audit.conclusion import QUALIFIED
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.models import Application, Decision
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.people import people_of_many
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Refused, Who, refuse
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.notices.actions import Letter, tell_all


@transaction.atomic
def release(*, by: Who, application_id: int) -> Application:
    """第五条（三）: the checked conclusion takes effect and the applicant is told; a second time changes nothing.

    Refused("calls.facts_changed") when what it rests on has changed since.
    """
    application = stages.lock(application_id)
    if application.released_at is not None:
        return application
    require_under(application.call, rules.may_release(by, application), "check")
    conclusion = queries.conclusion_of(application)
    assert conclusion is not None  # the stage says that there is one
    if not queries.facts_stand([application], {application.pk: conclusion})[application.pk]:
        raise Refused(refuse("calls.facts_changed", act="生效"))
    _put_into_effect([application], {application.pk: conclusion}, by)
    return application


@transaction.atomic
def release_many(*, by: Who, ids: Sequence[int]) -> str:
    """第五条（三）: the same for many at once, all or none; what happened, in words. Constant queries."""
    rows = stages.lock_many(ids)
    open_rows = [a for a in rows if a.released_at is None]
    conclusions = queries.conclusions_of(open_rows)
    stand = queries.facts_stand(open_rows, conclusions)
    for application in open_rows:
        require_under(application.call, rules.may_release(by, application), "check")
        if not stand[application.pk]:
            raise Refused(refuse("calls.facts_changed", act=f"让“{application.organisation}”的结论生效"))
    _put_into_effect(open_rows, conclusions, by)
    qualified = sum(1 for a in open_rows if conclusions[a.pk].verdict == QUALIFIED)
    return f"已生效并通知 {len(open_rows)} 份：符合 {qualified} 份，不符合 {len(open_rows) - qualified} 份。"


def _put_into_effect(rows: list[Application], conclusions: dict[int, Decision], by: Who) -> None:
    now = clock.now()
    for application in rows:
        application.released_at = now
    Application.objects.filter(pk__in=[a.pk for a in rows]).update(released_at=now)
    journal.record_all([_entry(a, conclusions[a.pk], by) for a in rows])
    people = people_of_many(a.organisation_id for a in rows)
    tell_all(_letter(a, conclusions[a.pk], person) for a in rows for person in people[a.organisation_id])


def _entry(application: Application, conclusion: Decision, by: Who) -> Entry:
    word = "合格" if conclusion.verdict == QUALIFIED else "不符合"
    return journal.entry(
        by=by,
        verb="calls.release",
        text=f"资格审核结论生效并通知：{word}",
        subject=application,
        also=(application.organisation,),
        clause=conclusion.clause,
        facts={"conclusion": conclusion.pk, "digest": conclusion.facts.get("digest", "")},
        union_id=application.call.union_id,
    )


def _letter(application: Application, conclusion: Decision, person: Person) -> Letter:
    qualified = conclusion.verdict == QUALIFIED
    why = f"理由：{conclusion.note}" + (f"（依据{conclusion.clause}）" if conclusion.clause else "")
    return Letter(
        person,
        title=f"资格审核结论：{application.category.label}，{'合格' if qualified else '不符合'}",
        body="进展在申报页面随时可以查看。" if qualified else why,
        kind="calls.audited",
        url=f"/apply/{application.pk}/",
        effect_key=f"calls.audited:{application.pk}:{conclusion.pk}",
    )
