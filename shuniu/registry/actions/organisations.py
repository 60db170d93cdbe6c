"""Entering organisations, their status, their code, and duplicates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from shuniu.foundation.access import Refused, Who, first_refusal, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui.versions import require_unchanged
from shuniu.registry import codes, names, rules
from shuniu.registry.actions.current import former_names_of, lock, refresh
from shuniu.registry.actions.facts import Evidence, keep_evidence, not_in_future, origin, write_statement
from shuniu.registry.fields import PROFILE, stored
from shuniu.registry.models import (
    Claim,
    ClaimState,
    CorrectionRequest,
    CorrectionState,
    LegalType,
    Membership,
    Organisation,
    Status,
)
from shuniu.registry.queries import current_memberships, organisation_by_code
from shuniu.unions.models import Union

_TYPE_OF_PREFIX = {
    "51": LegalType.ASSOCIATION, "52": LegalType.SERVICE, "53": LegalType.FOUNDATION, "81": LegalType.UNION,
    "91": LegalType.ENTERPRISE, "12": LegalType.INSTITUTION,
}  # fmt: skip


def legal_type_of(code: str) -> LegalType:
    """The type that the code tells; 其他 for beginnings outside the table."""
    return _TYPE_OF_PREFIX.get(code[:2], LegalType.OTHER)


@transaction.atomic
def register_organisation(
    *,
    by: Who,
    union: Union,
    code: str,
    name: str,
    values: Mapping[str, object] | None = None,
    basis: str,
    as_of: dt.date | None = None,
    evidence: Evidence = None,
) -> Organisation:
    """A1: a clerk enters an organisation under its code for the own union; the type is read from the code.

    `values`: further fields of `fields.PROFILE`. Refused with registry.code (which place is wrong) and
    registry.exists (never doubled, also by two at once).
    """
    require(first_refusal((rules.may_register(by), not_in_future(as_of or clock.today()))))
    if by.union_id != union.pk:
        raise Refused(rules.keeper_only(union))
    organisation = enter(union=union, code=codes.normalise(code), name=name)
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    first_statement(
        by=by, organisation=organisation, values=values or {}, as_of=as_of, **origin(by, basis, kept)
    )
    return organisation


def enter(*, union: Union, code: str, name: str) -> Organisation:
    """The bare row under a good code that nobody has yet; for actions that have asked who may."""
    require(rules.code_is_good(code))
    present = organisation_by_code(code)
    if present is None:
        row = Organisation(
            code=code, name=name.strip(), legal_type=legal_type_of(code), owning_union=union,
            status=Status.NORMAL,
        )  # fmt: skip
        row.full_clean(exclude=["owning_union"], validate_unique=False, validate_constraints=False)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as problem:
            present = organisation_by_code(code)
            if present is None:
                raise problem
        else:
            return row
    raise Refused(refuse("registry.exists", number=code, name=present.name, union=present.owning_union.name))


def first_statement(
    *,
    by: Who,
    organisation: Organisation,
    values: Mapping[str, object],
    as_of: dt.date | None = None,
    **source: object,
) -> None:
    """What is said at the entry: the given fields, and name, type and status."""
    said = {name: stored(value) for name, value in values.items() if name in PROFILE and stored(value)}
    said |= {
        "name": organisation.name, "legal_type": organisation.legal_type, "status": said.get("status", "normal"),
    }  # fmt: skip
    if organisation.is_candidate:
        said["status"] = Status.CANDIDATE
    day = as_of or clock.today()
    write_statement(by=by, organisation=organisation, values=said, as_of=day, **source)
    journal.record(
        by=by, verb="register", subject=organisation,
        text=f"登记入库（代码 {organisation.code or '无'}）", facts={"fields": sorted(said)},
    )  # fmt: skip


@transaction.atomic
def register_candidate(
    *, by: Who, union: Union, name: str, values: Mapping[str, object] | None = None, basis: str
) -> Organisation:
    """A9: a group of workers that is not registered yet is kept as a candidate, without a code."""
    require(rules.may_register(by))
    if by.union_id != union.pk:
        raise Refused(rules.keeper_only(union))
    row = Organisation(
        name=name.strip(), legal_type=LegalType.CANDIDATE, owning_union=union, status=Status.CANDIDATE
    )
    row.full_clean(exclude=["owning_union"], validate_constraints=False)
    row.save(force_insert=True)
    first_statement(by=by, organisation=row, values=values or {}, **origin(by, basis, None))
    return row


@transaction.atomic
def give_code(
    *,
    by: Who,
    organisation: Organisation,
    code: str,
    registered_on: dt.date,
    basis: str,
    evidence: Evidence = None,
) -> Organisation:
    """A9: a candidate has been registered: the record keeps its history and gets its code and type.

    registry.exists when the code is in the registry already: then merge the candidate into that record.
    """
    organisation, code = lock(organisation), codes.normalise(code)
    require(first_refusal((rules.may_manage(by, organisation), rules.code_is_good(code))))
    if not organisation.is_candidate:
        raise Refused(refuse("registry.not_candidate", name=organisation.name))
    present = organisation_by_code(code)
    if present is not None:
        words = {"number": code, "name": present.name, "union": present.owning_union.name}
        raise Refused(refuse("registry.exists", **words))
    organisation.code, organisation.status = code, Status.NORMAL
    organisation.save(update_fields=["code", "status"])
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    values = {
        "legal_type": str(legal_type_of(code)), "status": str(Status.NORMAL),
        "registered_on": registered_on.isoformat(),
    }  # fmt: skip
    write_statement(
        by=by, organisation=organisation, values=values, as_of=clock.today(), **origin(by, basis, kept)
    )
    journal.record(by=by, verb="give_code", subject=organisation, text=f"完成登记，代码 {code}")
    return organisation


@transaction.atomic
def change_status(
    *,
    by: Who,
    organisation: Organisation,
    status: Status,
    since: dt.date,
    basis: str,
    evidence: Evidence = None,
    seen: str | None = None,
) -> Organisation:
    """A5: 注销, 撤销 or back to 正常, from the day `since`; what follows for others is theirs to read.

    `seen`: what the form was read with; Refused("version.changed") when somebody changed the status since.
    """
    organisation = lock(organisation)
    require_unchanged(seen, {"status": organisation.status})
    require(first_refusal((rules.may_manage(by, organisation), not_in_future(since))))
    if organisation.is_candidate or status == Status.CANDIDATE:
        raise Refused(refuse("registry.field", field=Status(status).label))
    if organisation.status == status:
        raise Refused(refuse("registry.nothing"))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    write_statement(
        by=by, organisation=organisation, values={"status": str(status)}, as_of=since,
        **origin(by, basis, kept),
    )  # fmt: skip
    journal.record(
        by=by, verb="change_status", subject=organisation,
        text=f"登记状态改为{Status(status).label}（自 {since}，依据：{basis.strip()}）",
    )  # fmt: skip
    return organisation


@transaction.atomic
def set_pinyin(*, by: Who, organisation: Organisation, pinyin: str, seen: str | None = None) -> Organisation:
    """Q1: put right how the name is read, since dictionaries misread some names.

    `seen`: what the form was read with; Refused("version.changed") when somebody changed the reading since.
    """
    organisation = lock(organisation)
    require(rules.may_manage(by, organisation))
    require_unchanged(seen, {"pinyin": organisation.pinyin})
    organisation.pinyin = " ".join(pinyin.lower().split())[:600]
    organisation.initials = names.initials_of(organisation.pinyin)
    organisation.save(update_fields=["pinyin", "initials"])
    refresh(organisation)
    journal.record(by=by, verb="set_pinyin", subject=organisation, text=f"拼音改为 {organisation.pinyin}")
    return organisation


@transaction.atomic
def merge_duplicates(*, by: Who, keep: Organisation, duplicate: Organisation, reason: str) -> Organisation:
    """A11: one record for one organisation: `duplicate` is merged into `keep`, which then speaks for both.

    Facts stay where they are and are read together; people and open requests move or are closed. Two living
    records with codes are refused (registry.merge_codes).
    """
    if keep.pk == duplicate.pk:
        raise Refused(refuse("registry.merge_same"))
    locked = {o.pk: o for o in (lock(o) for o in sorted((keep, duplicate), key=lambda o: o.pk))}
    keep, duplicate = locked[keep.pk], locked[duplicate.pk]
    require(first_refusal((rules.may_manage(by, keep), rules.may_manage(by, duplicate))))
    if not reason.strip():
        raise Refused(refuse("registry.correct_reason"))
    if duplicate.code and keep.code and duplicate.status == keep.status == Status.NORMAL:
        raise Refused(refuse("registry.merge_codes"))
    if duplicate.code and not keep.code:
        keep, duplicate = duplicate, keep
    Organisation.objects.filter(merged_into=duplicate).update(merged_into=keep)
    duplicate.merged_into = keep
    duplicate.save(update_fields=["merged_into"])
    _move_people(by, duplicate, keep)
    _close_requests(by, duplicate, keep)
    refresh(keep)
    journal.record(
        by=by, verb="merge", subject=keep, also=[duplicate], text=f"并入“{duplicate.name}”：{reason.strip()}",
        facts={"merged": duplicate.pk, "names": former_names_of(keep)},
    )  # fmt: skip
    return keep


def _move_people(by: Who, duplicate: Organisation, keep: Organisation) -> None:
    from shuniu.registry.actions.people import end_membership

    there = set(current_memberships(keep.pk).values_list("person", flat=True))
    for membership in current_memberships(duplicate.pk):
        end_membership(membership)
        if membership.person_id not in there:
            Membership.objects.create(
                organisation=keep, person_id=membership.person_id, role=membership.role, given_by=by.person,
                note=f"由并入的“{duplicate.name}”转来"[:200],
            )  # fmt: skip


def _close_requests(by: Who, duplicate: Organisation, keep: Organisation) -> None:
    closing = {
        "decided_at": clock.now(), "decided_by": by.person, "decision_reason": f"已并入“{keep.name}”"[:200],
    }  # fmt: skip
    Claim.objects.filter(organisation=duplicate, state=ClaimState.PENDING).update(
        state=ClaimState.REFUSED, **closing
    )
    CorrectionRequest.objects.filter(organisation=duplicate, state=CorrectionState.PENDING).update(
        state=CorrectionState.REFUSED, **closing
    )


__all__ = [
    "change_status", "enter", "first_statement", "give_code", "legal_type_of", "merge_duplicates",
    "register_candidate", "register_organisation", "set_pinyin",
]  # fmt: skip
