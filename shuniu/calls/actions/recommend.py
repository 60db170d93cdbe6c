"""Recommendation by the union through which an application goes: proposed, confirmed, taken back, closed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from shuniu import policy
from shuniu.calls import terms
from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Call, CallQuota, Recommendation, Stage, Visit
from shuniu.calls.queries import figures
from shuniu.calls.queries.call import law_of, stage_clause
from shuniu.calls.queries.recommend import quota_of
from shuniu.calls.quotas import Places, counted_by, nominates, places_of
from shuniu.calls.rules import recommend as rules
from shuniu.calls.rules.call import APPROVERS, has_reason
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.registry.queries import people_of
from shuniu.unions.models import Level, Union
from shuniu.unions.queries import people_with

KIND = "recommend"


def fix_quotas(call: Call) -> None:
    """推荐名额: what the document gives each level of union, kept with the call before it is published."""
    law, on = law_of(call), clock.today()
    if unsaid := figures.unsaid(call, on):  # a union that came after the draft was handed in
        raise Refused(refuse("calls.incomplete", missing="；".join(unsaid)))
    found = _places_by_size(call, law, on)
    of_levels = [level for level in Level.values if not counted_by(law, level, on)]
    found += [(p, None) for level in of_levels if (p := places_of(law, level, on))]
    if not found and nominates(law):
        most, clause = terms.number_of(call, terms.NOMINATIONS), stage_clause(call, KIND)
        levels = [level for level in Level.values if level in law.issuer.may_use]
        found = [(Places(level, most, "本次通知规定的推荐数", clause), None) for level in levels]
    CallQuota.objects.bulk_create(
        CallQuota(call=call, union=union, level=p.level, at_most=p.at_most, label=p.label, clause=p.clause)
        for p, union in found
    )


def _places_by_size(call: Call, law: policy.Document, on: dt.date) -> list[tuple[Places, Union | None]]:
    """Places of each union that are counted by what it has: organisations of the registry, numbers said in the call."""
    rows = figures.said(call)
    return [
        (places, union)
        for union, facts in figures.wanted(call, on).unions.items()
        if (places := places_of(law, union.level, on, figures.figures_of(union, facts, rows)))
    ]


def _free_place(application: Application, union: Union) -> tuple[int, CallQuota]:
    """The union's first free place; its row is locked, so that two proposals at once come one after the other."""
    Union.objects.select_for_update().get(pk=union.pk)
    quota = quota_of(application.call_id, union)
    if quota is None:
        raise Refused(refuse("calls.no_quota", union=union.name))
    given = Recommendation.objects.filter(call=application.call_id, union=union, ended_at__isnull=True)
    taken = set(given.values_list("slot", flat=True))
    free = next((n for n in range(1, quota.at_most + 1) if n not in taken), None)
    if free is None:
        raise Refused(
            refuse(
                "calls.quota_full",
                clause=quota.clause,
                union=union.name,
                used=len(taken),
                at_most=quota.at_most,
            )
        )
    return free, quota


@transaction.atomic
def propose(*, by: Who, application_id: int, reason: str) -> Recommendation:
    """推荐（办法的推荐环节）: give one of the union's places to an application; a second person confirms.

    Refused("calls.quota_full") names the places; the database keeps them against any number of callers at once.
    """
    application = stages.lock(application_id)
    visit = Visit.objects.filter(application=application).first()
    require_under(application.call, rules.may_propose(by, application, visit), KIND)
    require(has_reason(reason))
    union = application.recommender
    assert union is not None and by.person is not None
    if application.recommendations.filter(ended_at__isnull=True).exists():
        raise Refused(refuse("calls.recommended_already"))
    slot, quota = _free_place(application, union)
    with database_refusals():
        row = Recommendation.objects.create(
            application=application, call=application.call, union=union, slot=slot, at_most=quota.at_most,
            reason=reason.strip(), proposed_by=by.person, proposed_identity=by.person.identity,
        )  # fmt: skip
    _note(
        row,
        by,
        "recommend_propose",
        f"提请推荐，占用名额 {slot}/{quota.at_most}：{reason.strip()}",
        quota.clause,
    )
    tell(
        people_with(union.pk, *APPROVERS).exclude(pk=by.person.pk),
        title=f"请审签推荐：{application.organisation}",
        kind="calls.recommend", url=f"/calls/{application.call_id}/recommend/",
    )  # fmt: skip
    return row


@transaction.atomic
def confirm(*, by: Who, recommendation_id: int) -> Recommendation:
    """推荐（办法的推荐环节）: a second person of the recommending union confirms; the application goes up."""
    row = _lock(recommendation_id)
    require_under(row.call, rules.may_confirm(by, row), KIND)
    assert by.person is not None
    row.confirmed_by, row.confirmed_identity, row.confirmed_at = by.person, by.person.identity, clock.now()
    with database_refusals():
        row.save()
    _note(
        row,
        by,
        "recommend_confirm",
        f"{row.union}审签推荐（{row.slot}/{row.at_most}）",
        stage_clause(row.call, KIND),
    )
    tell(
        people_of(row.application.organisation_id),
        title=f"{row.union}已推荐本单位", body=row.call.title, kind="calls.recommended",
        url=f"/apply/{row.application_id}/", effect_key=f"calls.recommended:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def take_back(*, by: Who, recommendation_id: int, reason: str) -> Recommendation:
    """本办法未规定: a proposal or recommendation is taken back with a reason while the round lasts; its place is free."""
    row = _lock(recommendation_id)
    require_under(row.call, rules.may_take_back(by, row), KIND)
    require(has_reason(reason))
    confirmed = row.confirmed_at is not None
    row.ended_by, row.ended_at, row.ended_reason = by.person, clock.now(), reason.strip()
    with database_refusals():
        row.save()
    _note(row, by, "recommend_take_back", f"收回推荐（{row.slot}/{row.at_most}）：{reason.strip()}", "")
    if confirmed:
        tell(
            people_of(row.application.organisation_id),
            title=f"{row.union}收回了推荐", body=reason.strip(), kind="calls.recommendation_back",
            url=f"/apply/{row.application_id}/",
        )  # fmt: skip
    return row


def close_round(*, by: Who, call: Call) -> int:
    """推荐（办法的推荐环节）: whoever was not recommended when the round closes does not go on; how many."""
    rows = stages.lock_many(
        Application.objects.filter(call=call, stage=Stage.QUALIFIED)
        .exclude(
            recommendations__in=Recommendation.objects.filter(
                confirmed_at__isnull=False, ended_at__isnull=True
            )
        )
        .values_list("pk", flat=True)
    )
    clause = stage_clause(call, KIND)
    rulings = [
        stages.Ruling(row, Stage.NOT_SHORTLISTED, f"{row.recommender or '推荐工会'}未推荐", clause=clause)
        for row in rows
    ]
    stages.decide_all(rulings, by=by, verb="not_recommended")
    for row in rows:
        tell(
            people_of(row.organisation_id), title="本次未获推荐", body=call.title, kind="calls.not_recommended",
            url=f"/apply/{row.pk}/", effect_key=f"calls.not_recommended:{row.pk}",
        )  # fmt: skip
    return len(rows)


def _lock(recommendation_id: int) -> Recommendation:
    row = Recommendation.objects.select_related("application__call__union").get(pk=recommendation_id)
    stages.lock(row.application_id)
    return (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related(
            "application__call__union",
            "application__organisation",
            "application__recommender",
            "union",
            "call",
        )
        .get(pk=recommendation_id)
    )


def _note(row: Recommendation, by: Who, verb: str, text: str, clause: str) -> None:
    journal.record(
        by=by, verb=f"calls.{verb}", text=text, subject=row.application, also=(row.call, row.application.organisation),
        clause=clause, facts={"slot": row.slot, "at_most": row.at_most}, union_id=row.union_id,
    )  # fmt: skip
