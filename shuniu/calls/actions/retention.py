"""R3: personal data are cleared when their period is over; decisions, papers and the journal are not touched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from shuniu.calls import retention
from shuniu.calls.actions import ending, stages, steps
from shuniu.calls.models import Objection, RetentionPlan, RetentionRun, Stage
from shuniu.calls.queries import retention as queries
from shuniu.calls.rules import call as call_rules
from shuniu.calls.rules import retention as rules
from shuniu.foundation.access import Who, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.models import Attachment, Blob
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.journal.chain import key
from shuniu.foundation.notices.actions import tell
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

CHUNK = 200
_BY = "保存期限届满自动清除"


@transaction.atomic
def settle_retention(
    *, by: Who, union_id: int, months: Mapping[str, int], seen: Mapping[str, int], reason: str
) -> RetentionPlan:
    """R3, 本办法未规定: fix how long a union keeps personal data; `seen` is the 试算 that was shown.

    Refused("calls.retention_changed") when something else would be cleared than was shown. It counts from the
    next night on.
    """
    union = Union.objects.select_for_update(of=("self",)).get(pk=union_id)
    require(rules.may_settle(by, union.pk))
    require(rules.are_whole(months))
    require(call_rules.has_reason(reason))
    counts = queries.due_counts(union.pk, months)
    require(rules.is_as_shown(seen, counts))
    assert by.person is not None
    last = queries.plan_of(union.pk)
    plan = RetentionPlan.objects.create(
        union=union, number=last.number + 1 if last else 1, preview=counts, reason=reason.strip(),
        months={rule.key: months[rule.key] for rule in retention.RULES}, by=by.person,
    )  # fmt: skip
    words = "，".join(f"{rule.label} {plan.months[rule.key]} 个月" for rule in retention.RULES)
    journal.record(
        by=by, verb="calls.settle_retention", subject=plan, text=f"确定保存期限：{words}。理由：{plan.reason}",
        facts={"months": plan.months, "due": counts}, union_id=union.pk,
    )  # fmt: skip
    tell(
        people_with(union.pk, "audit_admin").exclude(pk=by.person.pk), title=f"{union}的个人信息保存期限已确定",
        body=f"{words}。今晚起到期的自动清除。", kind="calls.retention", url="/calls/retention/",
        effect_key=f"calls.retention:{plan.pk}",
    )  # fmt: skip
    return plan


def clear_due() -> int:
    """R3, nightly: clear what is due under each union's plan; how many rows. A second run finds nothing."""
    plans = queries.plans_in_force()
    cleared = 0
    for plan in plans:
        for rule in retention.RULES:
            if rule.key != "quarantine" or plan.pk == _patient(plans).pk:
                cleared += _clear_rule(plan, rule)
    return cleared


def _patient(plans: list[RetentionPlan]) -> RetentionPlan:
    """Quarantined files belong to nobody's union: the longest period counts."""
    return max(plans, key=lambda plan: (plan.months["quarantine"], -plan.pk))


def _clear_rule(plan: RetentionPlan, rule: retention.Rule) -> int:
    cleared = 0
    while True:
        with transaction.atomic():
            due = queries.due(plan.union_id, rule.key, plan.months[rule.key])
            ids = list(due.order_by("pk").values_list("pk", flat=True)[:CHUNK])
            gone = [_CLEAR[rule.key](pk) for pk in ids]
            if gone:
                _note(plan, rule, gone)
        cleared += len(ids)
        if len(ids) < CHUNK:
            return cleared


def _note(plan: RetentionPlan, rule: retention.Rule, gone: list[Any]) -> None:
    # Keyed, so that a name or telephone cannot be guessed back from the digest.
    body = json.dumps(gone, ensure_ascii=False, sort_keys=True, default=str)
    digest = salted_hmac("calls.retention", body, algorithm="sha256").hexdigest()
    run = RetentionRun.objects.create(plan=plan, rule=rule.key, count=len(gone), digest=digest)
    journal.record(
        by=system(_BY), verb="calls.clear", subject=run, also=(plan,), union_id=plan.union_id,
        text=f"{rule.label}：保存满 {plan.months[rule.key]} 个月，清除 {len(gone)} 条",
        facts={"rule": rule.key, "count": len(gone), "digest": digest, "plan": plan.number},
    )  # fmt: skip


def _objection(pk: int) -> list[Any]:
    """Who sent it, and of a clue its words; the files go with them, since they tell who sent them."""
    row = Objection.objects.select_for_update(of=("self",)).get(pk=pk)
    evidence = list(row.evidence.select_related("attachment__blob"))
    sent = [(e.name, e.attachment.blob.sha256 if e.attachment else "") for e in evidence]
    gone = [row.number, row.name, row.contact, row.phone, sent]
    if row.kind == Objection.Kind.ANONYMOUS:
        gone.append(row.text)
        row.text = retention.CLEARED
    else:
        row.name, row.contact, row.phone = retention.CLEARED, "", retention.CLEARED
    row.sender, row.cleared_at = "", clock.now()
    row.save()
    attachments = [e.attachment for e in evidence if e.attachment]
    row.evidence.update(name=retention.CLEARED, attachment=None)
    files.discard(attachments=attachments)
    return gone


def _draft(pk: int) -> list[Any]:
    application = stages.lock(pk)
    gone = [application.pk, application.draft]
    if application.stage == Stage.DRAFT:
        application = ending.end_one(
            application_id=pk, by=system(_BY), reason="报名截止后一直没有提交，草稿已按保存期限清除"
        )
    application.draft = {}
    application.save(update_fields=["draft"])
    application.materials.all().delete()
    application.evidence.all().delete()
    files.discard(attachments=Attachment.objects.filter(owner=key(application)))
    return gone


def _infected(pk: int) -> list[Any]:
    files.discard_infected(blob_ids=[pk])
    return [Blob.objects.values_list("sha256", flat=True).get(pk=pk)]


def _contact(pk: int) -> list[Any]:
    call = steps.lock(pk)
    call.cleared_at = clock.now()
    call.save(update_fields=["cleared_at"])
    return [call.pk, call.contact, call.phone, call.email]


_CLEAR: dict[str, Callable[[int], list[Any]]] = {
    "complainant": _objection, "clue": _objection, "draft": _draft, "quarantine": _infected, "contact": _contact,
}  # fmt: skip
