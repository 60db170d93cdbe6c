"""An organisation's application: begin, save, hand in, withdraw."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction

from shuniu import policy
from shuniu.calls import drafts, quotas, self_assessment
from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.refused import database_refusals, refused_at_commit
from shuniu.calls.models import Application, Call, CallCategory, Material, Stage, Submission
from shuniu.calls.queries import prefill
from shuniu.calls.queries.apply import left_of, snapshot_of
from shuniu.calls.queries.recommend import recommenders_of
from shuniu.calls.rules import apply as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library.queries import policy_of
from shuniu.registry.models import Organisation
from shuniu.registry.queries import people_of
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with


@transaction.atomic
def start(
    *,
    by: Who,
    call_id: int,
    category_id: int,
    arrived_at: dt.datetime,
    override_reason: str = "",
    recommender_id: int | None = None,
) -> Application:
    """第五条（二）、第八条: begin an application for one category.

    `recommender_id`: the union through which it goes, where the document lets other unions recommend.

    Past the soft limit a written reason is needed and leaves a trace (原则上); past a limit that binds nothing helps.
    The organisation's row is locked, so that two members who begin at once get different places.
    """
    call = Call.objects.select_related("union", "document").get(pk=call_id)
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=by.organisation_id or 0)
    require_under(call, rules.may_start(by, call, organisation, arrived_at), "apply")
    category = CallCategory.objects.get(pk=category_id, call=call)
    live = Application.objects.filter(call=call, organisation=organisation).exclude(
        stage__in=(Stage.WITHDRAWN, Stage.ENDED)
    )
    if live.filter(category=category).exists():
        raise Refused(refuse("calls.category_twice", category=category.label))
    taken = set(live.values_list("ordinal", flat=True))
    ordinal = next(n for n in range(1, len(taken) + 2) if n not in taken)
    limit = call.soft_limit
    law, on = policy_of(call.document), clock.today()
    require(rules.within_places(law, len(taken), on))
    most = quotas.per_applicant(law, on, quotas.MUST)
    usual = quotas.per_applicant(law, on, quotas.IN_PRINCIPLE)
    clause = usual.clause if usual else ""
    beyond = limit is not None and ordinal > limit
    reason = override_reason.strip() if beyond else ""
    if beyond and not reason:
        raise Refused(refuse("calls.over_limit", clause=clause, limit=limit, ordinal=ordinal))
    recommender = _recommender(call, law, recommender_id)
    assert by.person is not None
    with database_refusals("calls.category_twice_race"):
        application = Application.objects.create(
            call=call,
            organisation=organisation,
            category=category,
            ordinal=ordinal,
            soft_limit=limit,
            at_most=most.at_most if most else None,
            override_reason=reason,
            recommender=recommender,
            desk=recommender if quotas.checked_by_recommender(law) else None,
            created_by=by.person,
            draft=prefill.draft(organisation, reason),
        )
    why = f"，第 {ordinal} 个类别，理由：{reason}" if reason else ""
    journal.record(
        by=by, verb="calls.start", text=f"开始申报“{category.label}”{why}", subject=application, also=(organisation,),
        clause=clause if reason else "", facts={"ordinal": ordinal}, union_id=call.union_id,
    )  # fmt: skip
    return application


def _recommender(call: Call, law: policy.Document, union_id: int | None) -> Union | None:
    """The chosen union, one of those that may recommend in this call; None where the document knows none."""
    if not quotas.recommends(law):
        return None
    union = recommenders_of(call).filter(pk=union_id or 0).first()
    if union is None:
        chosen = Union.objects.filter(pk=union_id or 0).first()
        raise Refused(
            refuse("calls.wrong_recommender", union=chosen.name) if chosen else refuse("calls.no_recommender")
        )
    return union


def _editable(by: Who, application_id: int, section: str) -> Application:
    application = stages.lock(application_id)
    require_under(application.call, rules.may_edit(by, application, section), "apply")
    return application


@transaction.atomic
def save_section(
    *,
    by: Who,
    application_id: int,
    section: str,
    values: dict[str, Any],
    page: drafts.Page | None = None,
    wrong: Collection[str] = (),
) -> Application:
    """第五条（二）: keep one part of the form (autosave and 保存并继续).

    `wrong`: fields among the values that are kept as typed though they cannot be handed in.

    `page`: the open page that saves. Refused("calls.draft_version") when another page changed a field since it
    was read, and this one too; what only the other one changed stays.
    """
    application = _editable(by, application_id, section)
    saved: dict[str, Any] = application.draft.get(section, {})
    writers: dict[str, dict[str, str]] = application.draft.get(drafts.WRITERS, {})
    settled = drafts.settle(page, saved, values, writers.get(section, {}))
    if settled.clashing:
        raise Refused(refuse("calls.draft_version"))
    values = settled.values
    mine = dict.fromkeys((name for name in values if name not in settled.theirs), page.tab if page else "")
    if section == "directions":
        allowed = {d["key"] for d in application.category.directions}
        application.directions = [d for d in values.get("directions", []) if d in allowed]
    if section == "limit" and values.get("reason", "").strip():
        application.override_reason = values["reason"].strip()
    before: dict[str, list[str]] = application.draft.get("_wrong", {})
    application.draft = application.draft | {
        section: saved | values,
        drafts.WRITERS: writers | {section: writers.get(section, {}) | mine},
        "_wrong": before | {section: sorted(set(before.get(section, [])) - set(values) | set(wrong))},
    }
    application.version += 1
    application.save()
    return application


@transaction.atomic
def add_material(*, by: Who, application_id: int, item_id: int, attachment: Attachment) -> Material:
    """第五条（二）: put a stored file under one of the call's materials."""
    application = stages.lock(application_id)
    item = application.call.materials.get(pk=item_id)
    may = rules.may_edit(by, application, _material_section(application, item.key))
    require_under(application.call, may, "apply")
    return Material.objects.create(application=application, item=item, attachment=attachment)


def _material_section(application: Application, key: str) -> str:
    return f"material:{key}" if application.stage == Stage.CORRECTING else "materials"


@refused_at_commit
@transaction.atomic
def submit(
    *,
    by: Who,
    application_id: int,
    key: uuid.UUID,
    arrived_at: dt.datetime,
    signatory: str,
    undertaken: bool,
) -> Submission:
    """第五条（二）: hand in. Decided by the arrival stamp; a double click or retry gives the same submission.

    `signatory`: the legal representative who undertakes that everything is true. Raises Refused with both
    times when the stamp is outside the window, and when parts are missing.
    """
    application = stages.lock(application_id)
    require_under(application.call, rules.is_member(by, application), "apply")
    earlier = application.submissions.filter(round=0).first()
    if earlier is not None:
        return earlier
    left = left_of(application)
    require_under(application.call, rules.may_submit(by, application, arrived_at, left), "apply")
    if not undertaken or not signatory.strip():
        raise Refused(refuse("calls.no_undertaking"))
    application.draft = application.draft | {"undertaking": {"signatory": signatory.strip(), "agreed": True}}
    self_assessment.freeze(application)
    application.number = f"SB{application.call.year}{application.call_id:03d}-{application.pk:06d}"
    application.submitted_at = arrived_at
    with database_refusals():
        submission = _hand_in(application, by=by, key=key, arrived_at=arrived_at, round=0)
        stages.decide(
            application,
            by=by,
            verb="submit",
            to=Stage.SUBMITTED,
            text=f"提交申报，回执 {application.number}，到达 {rules.stamp(arrived_at)}",
            facts={"digest": submission.digest, "arrived_at": arrived_at.isoformat()},
        )
    enqueue("calls.judge", application_id=application.pk, once=f"calls.judge:{application.pk}")
    tell(
        people_of(application.organisation_id),
        title=f"已收到申报：{application.category.label}",
        body=f"回执编号 {application.number}，到达时间 {rules.stamp(arrived_at)}。",
        kind="calls.receipt",
        url=f"/apply/{application.pk}/receipt/",
        effect_key=f"calls.receipt:{application.pk}",
    )
    return submission


def _hand_in(
    application: Application, *, by: Who, key: uuid.UUID, arrived_at: dt.datetime, round: int
) -> Submission:
    assert by.person is not None
    snapshot = snapshot_of(application)
    body = json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Submission.objects.create(
        application=application,
        round=round,
        key=key,
        arrived_at=arrived_at,
        snapshot=snapshot,
        digest=hashlib.sha256(body.encode()).hexdigest(),
        by=by.person,
    )


@refused_at_commit
@transaction.atomic
def answer_correction(*, by: Who, application_id: int, key: uuid.UUID, arrived_at: dt.datetime) -> Submission:
    """本办法未规定 (一次性补正): hand the mended parts back within the deadline."""
    application = stages.lock(application_id)
    require_under(application.call, rules.is_member(by, application), "apply")
    correction = (
        application.corrections.select_for_update()
        .filter(answered_at__isnull=True, expired_at__isnull=True)
        .first()
    )
    if correction is None:
        done = application.submissions.filter(key=key).first()
        if done is not None:
            return done
        raise Refused(refuse("calls.not_editable", stage=application.get_stage_display()))
    self_assessment.freeze(application)
    with database_refusals():
        submission = _hand_in(application, by=by, key=key, arrived_at=arrived_at, round=correction.round)
        correction.answered_at = arrived_at
        correction.save()
        stages.decide(
            application,
            by=by,
            verb="correct_back",
            to=Stage.SUBMITTED,
            text=f"补正第 {correction.round} 次已交回，到达 {rules.stamp(arrived_at)}",
            facts={"digest": submission.digest, "round": correction.round},
        )
    enqueue("calls.judge", application_id=application.pk, once=f"calls.judge:{application.pk}")
    if application.clerk:
        tell(
            [application.clerk],
            title=f"{application.organisation}已补正",
            kind="calls.corrected",
            url=f"/calls/applications/{application.pk}/audit/",
            effect_key=f"calls.corrected:{correction.pk}",
        )
    return submission


@transaction.atomic
def withdraw(*, by: Who, application_id: int, reason: str) -> Application:
    """自愿报名 (第五条（二）): take the application back; the category is free again."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_withdraw(by, application), "apply")
    stages.decide(
        application,
        by=by,
        verb="withdraw",
        to=Stage.WITHDRAWN,
        text="撤回申报" + (f"：{reason}" if reason.strip() else ""),
        note=reason,
    )
    if application.submitted_at is not None:
        tell(
            [application.clerk] if application.clerk else people_with(application.desk_union_id, "clerk"),
            title=f"{application.organisation}撤回申报",
            kind="calls.withdrawn",
            url=f"/calls/applications/{application.pk}/audit/",
        )
    return application
