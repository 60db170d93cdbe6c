"""创新示范基地（点）: applied for, reviewed, decided by a second person, looked at again, withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library.models import Document
from shuniu.network import rules
from shuniu.network.actions.common import person_of, refusals
from shuniu.network.models import Base, BaseStep
from shuniu.network.queries import APPROVERS
from shuniu.registry.models import Organisation
from shuniu.registry.queries import people_of
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

FIELDS = ("kind", "name", "address", "services", "features", "contact", "phone")


@transaction.atomic
def apply_for(
    *, by: Who, union: Union, organisation: Organisation | None, values: Mapping[str, Any],
    document: Document | None = None, clause: str = "",
) -> Base:  # fmt: skip
    """F8: apply for a base or point; `values` by `FIELDS`; the union's clerks are told."""
    require(rules.may_apply(by, union.pk, union.name, organisation.pk if organisation else None))
    with refusals(base_once=("network.base_twice", {"name": values["name"]})):
        row = Base.objects.create(
            union=union, organisation=organisation, document=document, clause=clause, applied_by=person_of(by),
            **{name: values[name] for name in FIELDS},
        )  # fmt: skip
    _note(row, by, "apply_base", f"申请{row.get_kind_display()}“{row.name}”")
    tell(
        people_with(union.pk, "clerk"), title=f"示范基地待评审：{row.name}", kind="network.base",
        url=f"/bases/{row.pk}/", effect_key=f"network.base:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def review(*, by: Who, base_id: int, kind: str, findings: str, review_on: dt.date | None = None) -> BaseStep:
    """F8: what the clerk found and proposes: name or not, keep or withdraw; the second person is asked.

    `review_on`: by when it is looked at again, where it is named or kept.
    """
    row = _lock(base_id)
    require(rules.may_review(by, row))
    if kind not in rules.kinds_for(row):
        raise Refused(refuse("network.base_state", name=row.name, state=row.get_state_display()))
    require(rules.has_reason(findings))
    goes_on = kind in (BaseStep.Kind.GRANT, BaseStep.Kind.KEEP)
    if goes_on:
        require(rules.is_ahead(review_on))
    person = person_of(by)
    with refusals(basestep_one_open=("network.step_open", {"name": row.name})):
        step = BaseStep.objects.create(
            base=row, kind=kind, findings=findings.strip(), review_on=review_on if goes_on else None,
            proposed_by=person, proposed_identity=person.identity,
        )  # fmt: skip
    _note(row, by, "review_base", f"评审“{row.name}”，建议{step.get_kind_display()}：{step.findings}")
    tell(
        people_with(row.union_id, *APPROVERS).exclude(pk=person.pk),
        title=f"请审签：{row.name}{step.get_kind_display()}", kind="network.step", url=f"/bases/{row.pk}/",
        effect_key=f"network.step:{step.pk}",
    )  # fmt: skip
    return step


@transaction.atomic
def decide(*, by: Who, step_id: int, approve: bool, answer: str = "") -> BaseStep:
    """F8: the second person agrees, and the base is named, declined, kept or withdrawn; or sends the review back."""
    found = BaseStep.objects.values_list("base_id", flat=True).get(pk=step_id)
    row = _lock(found)
    step = BaseStep.objects.select_for_update(of=("self",)).get(pk=step_id)
    step.base = row
    require(rules.may_decide(by, step))
    if not approve:
        require(rules.has_reason(answer))
    person = person_of(by)
    step.approved, step.answer, step.decided_at = approve, answer.strip(), clock.now()
    step.decided_by, step.decided_identity = person, person.identity
    with refusals(basestep_second_person=("network.same_person", {})):
        step.save()
    if approve:
        _take_effect(row, step)
    said = f"审签“{row.name}”：{'同意' if approve else '不同意'}{step.get_kind_display()}"
    _note(row, by, "decide_base", said + (f"，{step.answer}" if step.answer else ""), plaque=row.plaque_no)
    if approve and row.organisation_id is not None:
        tell(
            people_of(row.organisation_id), title=f"{row.name}：{step.get_kind_display()}",
            body=f"牌匾编号 {row.plaque_no}。" if step.kind == BaseStep.Kind.GRANT else step.findings,
            kind="network.base_decided", url=f"/bases/{row.pk}/", effect_key=f"network.decided:{step.pk}",
        )  # fmt: skip
    return step


def _take_effect(row: Base, step: BaseStep) -> None:
    match step.kind:
        case BaseStep.Kind.GRANT:
            row.state, row.granted_on, row.review_on = Base.State.IN_FORCE, clock.today(), step.review_on
            row.plaque_no = _number(row)
        case BaseStep.Kind.DECLINE:
            row.state = Base.State.DECLINED
        case BaseStep.Kind.KEEP:
            row.review_on = step.review_on
        case BaseStep.Kind.WITHDRAW:
            row.state, row.ended_on = Base.State.WITHDRAWN, clock.today()
    with refusals():
        row.save()


def _number(row: Base) -> str:
    """The next plaque of the union in this year; the union's row is locked, so that no number is given twice."""
    Union.objects.select_for_update().get(pk=row.union_id)
    year = clock.today().year
    given = Base.objects.filter(union=row.union_id, granted_on__year=year).count()
    return f"〔{year}〕第{given + 1:03d}号"


def _lock(base_id: int) -> Base:
    rows = Base.objects.select_for_update(of=("self",)).select_related("union", "organisation")
    return rows.get(pk=base_id)


def _note(row: Base, by: Who, verb: str, text: str, **facts: Any) -> None:
    journal.record(
        by=by, verb=f"network.{verb}", text=text, subject=row, also=(row.organisation,) if row.organisation else (),
        clause=row.clause, union_id=row.union_id, facts={"base_state": row.state} | facts,
    )  # fmt: skip
