"""统一生效并通知: conclusions take effect together, and only then is anybody told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from shuniu.calls.actions import stages
from shuniu.calls.actions.audit.conclusion import QUALIFIED
from shuniu.calls.models import Application, Decision
from shuniu.calls.queries import audit as queries
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of


@transaction.atomic
def release(*, by: Who, application_id: int) -> Application:
    """第五条（三）: the checked conclusion takes effect and the applicant is told; a second time changes nothing.

    Refused("calls.facts_changed") when what it rests on has changed since.
    """
    application = stages.lock(application_id)
    if application.released_at is not None:
        return application
    require(rules.may_release(by, application))
    conclusion = queries.conclusion_of(application)
    assert conclusion is not None  # the stage says that there is one
    if not queries.facts_stand([application], {application.pk: conclusion})[application.pk]:
        raise Refused(refuse("calls.facts_changed", act="生效"))
    _put_into_effect(application, conclusion, by)
    return application


@transaction.atomic
def release_many(*, by: Who, ids: Sequence[int]) -> str:
    """第五条（三）: the same for many at once, all or none; what happened, in words."""
    rows = [stages.lock(pk) for pk in sorted(ids)]
    open_rows = [a for a in rows if a.released_at is None]
    conclusions = queries.conclusions_of(open_rows)
    stand = queries.facts_stand(open_rows, conclusions)
    for application in open_rows:
        require(rules.may_release(by, application))
        if not stand[application.pk]:
            raise Refused(refuse("calls.facts_changed", act=f"让“{application.organisation}”的结论生效"))
        _put_into_effect(application, conclusions[application.pk], by)
    qualified = sum(1 for a in open_rows if conclusions[a.pk].verdict == QUALIFIED)
    return f"已生效并通知 {len(open_rows)} 份：符合 {qualified} 份，不符合 {len(open_rows) - qualified} 份。"


def _put_into_effect(application: Application, conclusion: Decision, by: Who) -> None:
    qualified = conclusion.verdict == QUALIFIED
    application.released_at = clock.now()
    application.save(update_fields=["released_at"])
    word = "合格" if qualified else "不符合"
    journal.record(
        by=by,
        verb="calls.release",
        text=f"资格审核结论生效并通知：{word}",
        subject=application,
        also=(application.organisation,),
        clause=conclusion.clause,
        facts={"conclusion": conclusion.pk, "digest": conclusion.facts.get("digest", "")},
        union_id=application.call.union_id,
    )
    why = f"理由：{conclusion.note}" + (f"（依据{conclusion.clause}）" if conclusion.clause else "")
    tell(
        people_of(application.organisation_id),
        title=f"资格审核结论：{application.category.label}，{word}",
        body="接下来由评审委员会集中评审。" if qualified else why,
        kind="calls.audited",
        url=f"/apply/{application.pk}/",
        effect_key=f"calls.audited:{application.pk}:{conclusion.pk}",
    )
