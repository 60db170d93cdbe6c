"""Saying, verifying and correcting what is known of an organisation. Every act is a new row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from shuniu.foundation.access import YES, Refused, Verdict, Who, first_refusal, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.models import Attachment
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui.versions import require_unchanged
from shuniu.registry import rules
from shuniu.registry.actions.current import SHOWN_KINDS, lock, refresh
from shuniu.registry.fields import BY_ACTS, PROFILE, stored
from shuniu.registry.models import FACTS, FactRow, FormerName, Organisation, Source, Statement
from shuniu.registry.queries import snapshot

Evidence = Attachment | Received | None

# The day that a fact is about, where the fact itself has one.
_OWN_DAY = {
    "inspection": "concluded_on", "rating": "valid_from", "penalty": "from_on", "licence": "valid_from",
    "union": "approved_on", "party": "on", "report": "on", "exchange": "on", "governance": "in_force_from",
}  # fmt: skip


def keep_evidence(*, by: Who, organisation: Organisation, evidence: Evidence) -> Attachment | None:
    """Put a received file on the organisation; an attachment that is there already is returned."""
    if isinstance(evidence, Received):
        return files.attach(by=by, received=evidence, owner=organisation, organisation_id=organisation.pk)
    return evidence


def origin(by: Who, basis: str, evidence: Attachment | None) -> dict[str, Any]:
    """Who says so: the organisation about itself, or a clerk who verified it on a basis."""
    if by.organisation_id is not None:
        return {"source": Source.SELF_REPORTED, "source_detail": basis.strip(), "evidence": evidence}
    text = basis.strip() or (evidence.name if evidence else "")
    if not text:
        raise Refused(refuse("registry.basis"))
    return {
        "source": Source.VERIFIED, "source_detail": text[:200], "evidence": evidence,
        "verified_by": by.person, "verified_on": clock.today(),
    }  # fmt: skip


def not_in_future(as_of: dt.date) -> Verdict:
    """A fact is about today or a day before."""
    return YES if as_of <= clock.today() else refuse("registry.future", as_of=f"{as_of:%Y-%m-%d}")


@transaction.atomic
def state_profile(
    *,
    by: Who,
    organisation: Organisation,
    values: Mapping[str, object],
    as_of: dt.date | None = None,
    basis: str = "",
    evidence: Evidence = None,
    seen: str | None = None,
) -> Statement:
    """A2: say something of master and profile fields; only what differs from now is written.

    An organisation says it of itself and may not touch official fields (registry.official); a clerk's word
    counts as verified and needs a basis. ValidationError for a value that does not fit its field.
    `seen`: what the form was read with; Refused("version.changed") when somebody saved since.
    """
    organisation = lock(organisation)
    require_unchanged(seen, said_of(organisation, list(values)))
    as_of = as_of or clock.today()
    require(first_refusal((rules.may_state(by, organisation), not_in_future(as_of))))
    unknown = next((name for name in values if name not in PROFILE or name in BY_ACTS), None)
    if unknown is not None:
        raise Refused(
            refuse("registry.field", field=PROFILE[unknown].label if unknown in PROFILE else unknown)
        )
    now = snapshot(organisation, as_of, kinds=())
    changed = {name: stored(value) for name, value in values.items() if stored(value) != now.value(name)}
    if not changed:
        raise Refused(refuse("registry.nothing"))
    official = next((PROFILE[name].label for name in changed if PROFILE[name].official), None)
    if by.organisation_id is not None and official:
        raise Refused(refuse("registry.official", field=official))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    row = write_statement(
        by=by, organisation=organisation, values=changed, as_of=as_of, **origin(by, basis, kept)
    )
    labels = "、".join(PROFILE[name].label for name in changed)
    journal.record(
        by=by, verb="state", subject=organisation, text=f"更新{labels}（{row.source_text}，截至 {as_of}）",
        facts={"fields": sorted(changed), "statement": row.pk},
    )  # fmt: skip
    return row


def said_of(organisation: Organisation, names: Iterable[str]) -> dict[str, object]:
    """What is said today of these master and profile fields."""
    now = snapshot(organisation, clock.today(), kinds=())
    return {name: now.value(name) for name in names}


def write_statement(
    *, by: Who, organisation: Organisation, values: dict[str, str], as_of: dt.date, **source: Any
) -> Statement:
    """The row, a former name where the name changes, and the columns; for actions that have decided."""
    row = Statement(organisation=organisation, values=values, as_of=as_of, recorded_by=by.person, **source)
    row.full_clean(
        exclude=["organisation", "recorded_by", "verified_by", "evidence"], validate_constraints=False
    )
    row.save(force_insert=True)
    before = organisation.name
    refresh(organisation)
    if before != organisation.name and organisation.pk:
        FormerName.objects.create(
            organisation=organisation, name=before, until=as_of, recorded_by=by.person, basis=row.source_text[:200],
            evidence=row.evidence,
        )  # fmt: skip
        refresh(organisation)
    return row


@transaction.atomic
def add_fact(
    *,
    by: Who,
    organisation: Organisation,
    kind: str,
    values: Mapping[str, Any],
    as_of: dt.date | None = None,
    basis: str = "",
    evidence: Evidence = None,
) -> FactRow:
    """A2–A8: add a fact of a kind of `models.FACTS`; `values` are the fields that say it.

    `as_of`: the day it is about, by default its own day (of conclusion, of beginning), else today. The
    organisation's own word is 单位自报, a clerk's is verified on `basis` or evidence. ValidationError for
    values that do not fit.
    """
    organisation = lock(organisation)
    require(rules.may_state(by, organisation))
    kept = keep_evidence(by=by, organisation=organisation, evidence=evidence)
    row = FACTS[kind](organisation=organisation, recorded_by=by.person, **origin(by, basis, kept), **values)
    row.as_of = as_of or own_day(row) or clock.today()
    require(not_in_future(row.as_of))
    return _write(by, row, "add_fact", "登记")


def own_day(row: FactRow) -> dt.date | None:
    """The day that the fact itself names, when it is not to come."""
    day: dt.date | None = getattr(row, _OWN_DAY.get(row.kind, ""), None)
    return day if day is None or day <= clock.today() else None


def _write(by: Who, row: FactRow, verb: str, word: str) -> FactRow:
    row.full_clean(exclude=["organisation", "recorded_by", "verified_by", "evidence", "supersedes"])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:
        if "supersedes" in str(problem):
            raise Refused(refuse("registry.superseded", at=f"{clock.today()}")) from problem
        raise
    if row.kind in SHOWN_KINDS:
        refresh(row.organisation)
    label = str(row._meta.verbose_name)
    journal.record(
        by=by, verb=verb, subject=row.organisation, text=f"{word}{label}：{row}（{row.source_text}）",
        facts={"kind": row.kind, "row": row.pk, "supersedes": row.supersedes_id},
    )  # fmt: skip
    return row


def _latest(row: FactRow) -> FactRow:
    """The row again, under the lock of its organisation; refused when a newer one stands in its place."""
    rows = type(row).everything()
    newer = rows.filter(supersedes=row.pk).first()
    if newer is not None:
        at = newer.recorded_at.astimezone(clock.TZ)
        raise Refused(refuse("registry.superseded", at=f"{at:%Y-%m-%d %H:%M}"))
    fresh: FactRow = rows.get(pk=row.pk)
    fresh.organisation = lock(row.organisation)
    return fresh


def _successor(by: Who, old: FactRow, **changes: Any) -> FactRow:
    fields = old.said() | {"as_of": old.as_of, "evidence": old.evidence} | changes
    new = type(old)(organisation=old.organisation, recorded_by=by.person, **fields)
    new.supersedes_id = old.pk
    return new


@transaction.atomic
def verify_fact(*, by: Who, row: FactRow, basis: str = "", evidence: Evidence = None) -> FactRow:
    """A2: a clerk has checked a fact against a paper or a list; the verified row takes the place of the other."""
    lock(row.organisation)
    old = _latest(row)
    require(rules.may_manage(by, old.organisation))
    if old.is_verified:
        raise Refused(refuse("registry.verified_already", source=old.source_text))
    kept = keep_evidence(by=by, organisation=old.organisation, evidence=evidence) or old.evidence
    return _write(by, _successor(by, old, **origin(by, basis, kept)), "verify_fact", "核验")


@transaction.atomic
def correct_fact(
    *,
    by: Who,
    row: FactRow,
    values: Mapping[str, Any],
    reason: str,
    basis: str = "",
    evidence: Evidence = None,
) -> FactRow:
    """A2: other values in place of wrong ones, with the reason; the old row stays readable."""
    lock(row.organisation)
    old = _latest(row)
    require(rules.may_correct_fact(by, old))
    if not reason.strip():
        raise Refused(refuse("registry.correct_reason"))
    if all(getattr(old, name) == value for name, value in values.items()):
        raise Refused(refuse("registry.nothing"))
    kept = keep_evidence(by=by, organisation=old.organisation, evidence=evidence) or old.evidence
    new = _successor(
        by, old, **dict(values), reason=reason.strip(), **origin(by, basis or old.source_detail, kept)
    )
    new.as_of = own_day(new) or old.as_of
    return _write(by, new, "correct_fact", "更正")


@transaction.atomic
def retract_fact(*, by: Who, row: FactRow, reason: str) -> FactRow:
    """A2: a fact that should not stand there is withdrawn, with the reason; it stays in the history."""
    lock(row.organisation)
    old = _latest(row)
    require(rules.may_correct_fact(by, old))
    if not reason.strip():
        raise Refused(refuse("registry.correct_reason"))
    source = origin(by, old.source_detail or "撤回", old.evidence)
    return _write(
        by, _successor(by, old, retracted=True, reason=reason.strip(), **source), "retract_fact", "撤回"
    )


__all__ = [
    "Evidence", "ValidationError", "add_fact", "correct_fact", "keep_evidence", "origin", "own_day",
    "retract_fact", "state_profile", "verify_fact", "write_statement",
]  # fmt: skip
