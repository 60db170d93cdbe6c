"""Codes and names that an organisation carried before: told with their day and what they rest on."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from shuniu.foundation.access import YES, Refused, Verdict, Who, first_refusal, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.journal import actions as journal
from shuniu.registry import codes, rules
from shuniu.registry.actions.current import lock, refresh
from shuniu.registry.actions.facts import Evidence, keep_evidence, origin, write_statement
from shuniu.registry.actions.organisations import legal_type_of
from shuniu.registry.models import FormerCode, FormerName, Organisation
from shuniu.registry.queries import organisation_by_code

_SHORTEST, _LONGEST = 5, 30


@transaction.atomic
def change_code(
    *, by: Who, organisation: Organisation, code: str, until: dt.date, basis: str, evidence: Evidence = None
) -> Organisation:
    """A1: the registrar gave the organisation another code; the record stays, the old code finds it too.

    `until`: the last day of the old code. registry.exists when somebody carries the new code or carried it.
    """
    organisation, code = lock(organisation), codes.normalise(code)
    require(
        first_refusal((rules.may_manage(by, organisation), rules.code_is_good(code), _not_to_come(until)))
    )
    before = organisation.code
    if before is None:
        raise Refused(refuse("registry.no_code_yet", name=organisation.name))
    if before == code:
        raise Refused(refuse("registry.former_same", text=code, what="统一社会信用代码"))
    own = organisation.former_codes.filter(code=code).exists()
    present = organisation_by_code(code)
    if present is not None and not own:
        words = {"number": code, "name": present.name, "union": present.owning_union.name}
        raise Refused(refuse("registry.exists", **words))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    source = origin(by, basis, kept)
    organisation.code = code
    organisation.save(update_fields=["code"])
    if not organisation.former_codes.filter(code=before).exists():
        _keep_code(by, organisation, before, until, source["source_detail"], kept)
    kind = str(legal_type_of(code))
    if kind != organisation.legal_type:
        write_statement(
            by=by, organisation=organisation, values={"legal_type": kind}, as_of=clock.today(), **source
        )
    refresh(organisation)
    journal.record(
        by=by, verb="change_code", subject=organisation, facts={"before": before, "after": code},
        text=f"统一社会信用代码由 {before} 改为 {code}（原代码使用至 {until}，依据：{source['source_detail']}）",
    )  # fmt: skip
    return organisation


@transaction.atomic
def record_former_code(
    *, by: Who, organisation: Organisation, code: str, until: dt.date, basis: str, evidence: Evidence = None
) -> FormerCode:
    """A1: a code, or the number of an old certificate, that the organisation carried until a day."""
    organisation, code = lock(organisation), codes.normalise(code)
    require(first_refusal((rules.may_manage(by, organisation), _not_to_come(until))))
    if not _SHORTEST <= len(code) <= _LONGEST:
        raise Refused(refuse("registry.former_code", number=code))
    if organisation.code == code:
        raise Refused(refuse("registry.former_same", text=code, what="统一社会信用代码"))
    there = organisation.former_codes.filter(code=code).first()
    if there is not None:
        raise Refused(refuse("registry.former_there", text=code, until=there.until))
    present = organisation_by_code(code)
    if present is not None and present.pk != organisation.pk:
        raise Refused(refuse("registry.former_taken", number=code, name=present.name))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    detail = origin(by, basis, kept)["source_detail"]
    row = _keep_code(by, organisation, code, until, detail, kept)
    journal.record(
        by=by, verb="former_code", subject=organisation, facts={"code": code},
        text=f"补记曾用代码 {code}（使用至 {until}，依据：{detail}）",
    )  # fmt: skip
    return row


@transaction.atomic
def record_former_name(
    *, by: Who, organisation: Organisation, name: str, until: dt.date, basis: str, evidence: Evidence = None
) -> FormerName:
    """A1: a name that the organisation carried until a day, before the registry knew it."""
    organisation, name = lock(organisation), name.strip()[:100]
    require(first_refusal((rules.may_manage(by, organisation), _not_to_come(until))))
    if name == organisation.name:
        raise Refused(refuse("registry.former_same", text=name, what="名称"))
    there = organisation.former_names.filter(name=name).first()
    if there is not None:
        raise Refused(refuse("registry.former_there", text=name, until=there.until))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    detail = origin(by, basis, kept)["source_detail"]
    row = FormerName.objects.create(
        organisation=organisation, name=name, until=until, recorded_by=by.person, basis=detail, evidence=kept
    )
    refresh(organisation)
    journal.record(
        by=by, verb="former_name", subject=organisation,
        text=f"补记曾用名“{name}”（使用至 {until}，依据：{detail}）",
    )  # fmt: skip
    return row


def _not_to_come(until: dt.date) -> Verdict:
    return YES if until <= clock.today() else refuse("registry.former_until", until=until)


def _keep_code(
    by: Who, organisation: Organisation, code: str, until: dt.date, basis: str, evidence: Attachment | None
) -> FormerCode:
    try:
        with transaction.atomic():
            return FormerCode.objects.create(
                organisation=organisation, code=code, until=until, recorded_by=by.person, basis=basis,
                evidence=evidence,
            )  # fmt: skip
    except IntegrityError as problem:  # another record was given it at this moment
        other = FormerCode.objects.filter(code=code).select_related("organisation").first()
        if other is None:
            raise
        raise Refused(refuse("registry.former_taken", number=code, name=other.organisation.name)) from problem


__all__ = ["change_code", "record_former_code", "record_former_name"]
