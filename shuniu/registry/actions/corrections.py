"""申请更正: an organisation says that a field is wrong, a clerk decides; and the store of materials."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse

from shuniu.foundation.access import Refused, Who, first_refusal, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices import actions as notices
from shuniu.registry import rules
from shuniu.registry.actions.current import lock
from shuniu.registry.actions.facts import Evidence, keep_evidence, write_statement
from shuniu.registry.fields import PROFILE, stored
from shuniu.registry.models import CorrectionRequest, CorrectionState, Organisation, Source, Status
from shuniu.registry.queries import people_of, snapshot
from shuniu.unions.queries import people_with


@transaction.atomic
def request_correction(
    *, by: Who, organisation: Organisation, field: str, new: object, reason: str, evidence: Evidence = None
) -> CorrectionRequest:
    """U31: ask that a field of `fields.PROFILE` be put right. One open request per field."""
    organisation = lock(organisation)
    require(rules.may_act_for(by, organisation))
    assert by.person is not None
    if field not in PROFILE or field == "legal_type" or (field == "status" and new == Status.CANDIDATE):
        raise Refused(refuse("registry.field", field=PROFILE[field].label if field in PROFILE else field))
    label, value = PROFILE[field].label, stored(new)
    old = snapshot(organisation, clock.today(), kinds=()).value(field)
    if value == old:
        raise Refused(refuse("registry.correction_same"))
    if not reason.strip():
        raise Refused(refuse("registry.correct_reason"))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    try:
        with transaction.atomic():
            row = CorrectionRequest.objects.create(
                organisation=organisation, field=field, old=old, new=value, reason=reason.strip(),
                evidence=kept, requested_by=by.person,
            )  # fmt: skip
    except IntegrityError as problem:
        raise Refused(refuse("registry.correction_pending", field=label)) from problem
    journal.record(
        by=by, verb="request_correction", subject=organisation, also=[row], union_id=organisation.owning_union_id,
        text=f"申请更正{label}", facts={"request": row.pk},
    )  # fmt: skip
    notices.tell(
        people_with(organisation.owning_union_id, "clerk"), kind="registry.correction",
        title=f"待处理：{organisation.name}申请更正{label}", url=reverse("registry:correction", args=[row.pk]),
        effect_key=f"registry.correction:{row.pk}",
    )  # fmt: skip
    return row


def _locked(row: CorrectionRequest) -> CorrectionRequest:
    fresh = (
        CorrectionRequest.objects.select_for_update(of=("self",))
        .select_related("evidence", "requested_by")
        .get(pk=row.pk)
    )
    fresh.organisation = lock(fresh.organisation)
    return fresh


@transaction.atomic
def decide_correction(
    *, by: Who, request: CorrectionRequest, approve: bool, reason: str = "", basis: str = ""
) -> CorrectionRequest:
    """U31: approve (the new value becomes a verified statement) or refuse with a reason; once."""
    row = _locked(request)
    require(first_refusal((rules.may_decide_correction(by, row),)))
    if not approve and not reason.strip():
        raise Refused(refuse("registry.correction_reason"))
    organisation, spec = row.organisation, PROFILE[row.field]
    row.state = CorrectionState.APPROVED if approve else CorrectionState.REFUSED
    row.decided_by, row.decided_at, row.decision_reason = by.person, clock.now(), reason.strip()
    row.save()
    if approve:
        on = basis.strip() or (row.evidence.name if row.evidence else "") or "更正申请及所附材料"
        write_statement(
            by=by, organisation=organisation, values={row.field: row.new}, as_of=clock.today(),
            source=Source.VERIFIED, source_detail=on[:200], verified_by=by.person, verified_on=clock.today(),
            evidence=row.evidence, reason=f"申请更正：{row.reason}"[:200],
        )  # fmt: skip
    word = "已更正" if approve else "不予更正"
    journal.record(
        by=by, verb="decide_correction", subject=organisation, also=[row],
        text=f"{word}{spec.label}" + (f"：{reason.strip()}" if reason.strip() else ""),
        facts={"request": row.pk, "approved": approve},
    )  # fmt: skip
    notices.tell(
        people_of(organisation.pk), kind="registry.correction", title=f"您申请更正的{spec.label}：{word}",
        body=reason.strip(), url=reverse("registry:own_info"),
        effect_key=f"registry.correction_decided:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw_correction(*, by: Who, request: CorrectionRequest) -> CorrectionRequest:
    """U31: the organisation takes its request back."""
    row = _locked(request)
    require(rules.may_act_for(by, row.organisation))
    if row.state != CorrectionState.PENDING:
        raise Refused(refuse("registry.correction_decided", state=str(row.get_state_display())))
    row.state, row.decided_at = CorrectionState.WITHDRAWN, clock.now()
    row.save()
    label = PROFILE[row.field].label
    journal.record(
        by=by, verb="withdraw_correction", subject=row.organisation, also=[row], text=f"撤回更正{label}的申请",
        union_id=row.organisation.owning_union_id,
    )  # fmt: skip
    return row


@transaction.atomic
def keep_material(*, by: Who, organisation: Organisation, received: Received) -> Attachment:
    """U28: put a file into the organisation's 材料库, to be chosen again later."""
    require(rules.may_act_for(by, organisation))
    return files.attach(by=by, received=received, owner=organisation, organisation_id=organisation.pk)


@transaction.atomic
def remove_material(*, by: Who, organisation: Organisation, attachment: Attachment) -> None:
    """U28: take a file out of the 材料库; `restore_material` undoes it. Facts keep what they rest on."""
    require(rules.may_act_for(by, organisation))
    files.remove(by=by, attachment=attachment)


@transaction.atomic
def restore_material(*, by: Who, organisation: Organisation, attachment: Attachment) -> None:
    """U28: put a removed file back."""
    require(rules.may_act_for(by, organisation))
    files.restore(by=by, attachment=attachment)
