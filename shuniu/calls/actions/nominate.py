"""Nomination: a union puts a thing that its own slice has frozen up for the call; its organisation brings the papers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from shuniu.calls import quotas
from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Call, CallCategory, Nominee, Stage
from shuniu.calls.queries import prefill
from shuniu.calls.queries.call import law_of, stage_clause
from shuniu.calls.rules import nominate as rules
from shuniu.calls.rules.apply import within_places
from shuniu.calls.rules.call import has_reason
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.recognition.actions.honours import Subject
from shuniu.registry.models import Organisation
from shuniu.registry.queries import people_of
from shuniu.unions.models import Union

KIND = "recommend"
_OVER = (Stage.WITHDRAWN, Stage.ENDED)


@transaction.atomic
def nominate(
    *, by: Who, call_id: int, union: Union, organisation: Organisation, subject: Subject, category_id: int,
    directions: Sequence[str], shown: Mapping[str, str], reason: str, arrived_at: dt.datetime,
) -> Application:  # fmt: skip
    """推荐（办法的推荐环节）: an application for `subject`, which was frozen by its own slice, through `union`.

    `shown`: the frozen facts in words, for those who read the application. The organisation is asked for the papers
    and hands them in; then the union checks and recommends. Refused("calls.nominated_twice") when the same thing is
    nominated in the call already.
    """
    call = Call.objects.select_related("union", "document").get(pk=call_id)
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    require_under(call, rules.may_nominate(by, call, union, organisation, arrived_at), KIND)
    require(has_reason(reason))
    category = CallCategory.objects.get(pk=category_id, call=call)
    live = Application.objects.filter(call=call).exclude(stage__in=_OVER)
    if live.filter(subject_key=subject.key).exists():
        raise Refused(refuse("calls.nominated_twice", label=subject.label))
    taken = set(live.filter(organisation=organisation).values_list("ordinal", flat=True))
    law, on = law_of(call), clock.today()
    require(within_places(law, len(taken), on))
    most = quotas.per_applicant(law, on, quotas.MUST)
    listed = {d["key"] for d in category.directions}
    assert by.person is not None  # the rule asks for a clerk
    with database_refusals("calls.nominated_twice", label=subject.label):
        made = Application.objects.create(
            call=call, organisation=organisation, category=category, directions=[d for d in directions if d in listed],
            ordinal=next(n for n in range(1, len(taken) + 2) if n not in taken), recommender=union, desk=union,
            at_most=most.at_most if most else None,
            subject_key=subject.key, subject_label=subject.label[:200], created_by=by.person,
            draft={
                "contact": prefill.contact(organisation), "directions": {"directions": list(directions)},
                "subject": dict(shown),
            },
        )  # fmt: skip
        Nominee.objects.create(
            application=made, union=union, facts=dict(subject.facts), digest=subject.digest, reason=reason.strip(),
            by=by.person,
        )  # fmt: skip
    _note(made, by, "nominate", f"{union}推荐“{subject.label}”：{reason.strip()}", subject.digest)
    tell(
        people_of(organisation.pk),
        title=f"请填报材料：{subject.label}", body=f"{union.name}推荐这个项目参加{call.title}。",
        kind="calls.nominated", url=f"/apply/{made.pk}/", effect_key=f"calls.nominated:{made.pk}",
    )  # fmt: skip
    return made


@transaction.atomic
def drop(*, by: Who, application_id: int, reason: str) -> Application:
    """本办法未规定: the union takes a nomination back before its papers are in."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_drop(by, application), KIND)
    require(has_reason(reason))
    text = f"{application.recommender}收回推荐：{reason.strip()}"
    stages.decide(application, by=by, verb="drop", to=Stage.WITHDRAWN, text=text, note=reason.strip())
    tell(
        people_of(application.organisation_id), title=f"推荐已收回：{application.subject_label}", body=reason.strip(),
        kind="calls.nomination_dropped", url=f"/apply/{application.pk}/",
    )  # fmt: skip
    return application


def _note(row: Application, by: Who, verb: str, text: str, digest: str) -> None:
    journal.record(
        by=by, verb=f"calls.{verb}", text=text, subject=row, also=(row.call, row.organisation, row.subject_key),
        clause=stage_clause(row.call, KIND), facts={"subject": row.subject_key, "digest": digest},
        union_id=row.recommender_id,
    )  # fmt: skip
