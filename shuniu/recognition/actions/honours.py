"""荣誉: granted by a list of ours, or recorded from above with its paper and confirmed by a second person."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.files import actions as files
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.library.models import Document
from shuniu.recognition import rules
from shuniu.recognition.actions import upward
from shuniu.recognition.models import Honour, HonourEvent
from shuniu.registry.models import Organisation
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with


@dataclass(frozen=True)
class Subject:
    """What is honoured, as its own slice froze it; `key` as the journal names records."""

    key: str
    label: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the facts."""
        text = json.dumps(self.facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Award:
    """What a paper says: level, name of the honour, who granted it, in which paper, on which day."""

    level: str
    title: str
    granted_by: str
    decision: str
    awarded_on: dt.date
    leader: str = ""


def of_organisation(row: Organisation) -> Subject:
    """The organisation itself as what is honoured."""
    return Subject(f"registry.organisation:{row.pk}", row.name, {"code": row.code or "", "name": row.name})


@transaction.atomic
def grant(
    *, by: Who, union: Union, document: Document, organisation: Organisation, subject: Subject, award: Award,
    effect_key: str, clause: str = "",
) -> Honour:  # fmt: skip
    """F3: an honour of our own list, in force at once; a higher slice calls it when the list is public.

    A second call with the same effect key gives the same row.
    """
    found = Honour.objects.filter(effect_key=effect_key).first()
    if found is not None:
        return found
    row = _create(
        union, organisation, subject, award, document=document, source=Honour.Source.OWN,
        state=Honour.State.IN_FORCE, effect_key=effect_key, recorded_by=by.person,
    )  # fmt: skip
    _note(row, by, "grant_honour", f"授予“{award.title}”（{row.get_level_display()}）", clause=clause)
    return row


@transaction.atomic
def record(
    *, by: Who, union: Union, organisation: Organisation, subject: Subject, award: Award,
    proof: Received | None, document: Document | None = None,
) -> Honour:  # fmt: skip
    """F3: what province or nation granted, with its paper; it counts once a second person has confirmed it."""
    require(rules.may_record_honour(by, union.pk))
    if proof is None:
        raise Refused(refuse("recognition.honour_proof"))
    if award.awarded_on > clock.today():
        raise Refused(refuse("recognition.honour_future"))
    row = _create(
        union,
        organisation,
        subject,
        award,
        document=document,
        source=Honour.Source.ABOVE,
        recorded_by=by.person,
    )
    row.proof = files.attach(by=by, received=proof, owner=row, organisation_id=organisation.pk)
    row.save(update_fields=["proof"])
    _note(row, by, "record_honour", f"登记荣誉“{award.title}”（{row.get_level_display()}），等待确认")
    tell(
        people_with(union.pk, *rules.APPROVERS), title=f"荣誉待确认：{row.subject_label}",
        body=f"{award.title}，{award.granted_by}。", kind="recognition.honour", url=f"/honours/{row.pk}/",
        effect_key=f"recognition.honour:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def confirm(*, by: Who, honour_id: int) -> Honour:
    """F3: a second person has compared it with the paper; from now on it counts."""
    row = _lock(honour_id)
    require(rules.may_decide_honour(by, row))
    row.state, row.confirmed_by, row.confirmed_at = Honour.State.IN_FORCE, by.person, clock.now()
    with _refusals():
        row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    upward.granted(by=by, honour=row)
    _note(row, by, "confirm_honour", f"确认荣誉“{row.title}”（{row.get_level_display()}）")
    return row


@transaction.atomic
def decline(*, by: Who, honour_id: int, reason: str) -> Honour:
    """F3: the paper does not bear out what was recorded."""
    row = _lock(honour_id)
    require(rules.may_decide_honour(by, row))
    require(rules.has_reason(reason))
    row.state = Honour.State.DECLINED
    row.save(update_fields=["state"])
    _note(row, by, "decline_honour", f"不采纳荣誉“{row.title}”：{reason}", reason=reason)
    return row


@transaction.atomic
def revoke(*, by: Who, honour_id: int, reason: str, clause: str = "") -> Honour:
    """本办法未规定: the honour was taken back; what was paid for it is settled in `funds`."""
    row = _lock(honour_id)
    require(rules.may_revoke_honour(by, row))
    require(rules.has_reason(reason))
    return _end(row, by, reason, clause)


@transaction.atomic
def annul(*, by: Who, effect_key: str, reason: str, clause: str = "") -> Honour | None:
    """本办法未规定: a corrected list or an upheld objection takes an honour of ours back; the caller has checked its rule.

    None when nothing was granted under the key or it is over already.
    """
    found = Honour.objects.filter(effect_key=effect_key).values_list("pk", flat=True).first()
    row = _lock(found) if found else None
    if row is None or row.state != Honour.State.IN_FORCE:
        return None
    return _end(row, by, reason, clause)


def _end(row: Honour, by: Who, reason: str, clause: str) -> Honour:
    row.state, row.revoked_on = Honour.State.REVOKED, clock.today()
    row.save(update_fields=["state", "revoked_on"])
    _note(row, by, "revoke_honour", f"撤销荣誉“{row.title}”：{reason}", reason=reason, clause=clause)
    return row


def _lock(honour_id: int) -> Honour:
    rows = Honour.objects.select_for_update(of=("self",)).select_related("union", "organisation")
    return rows.get(pk=honour_id)


def _create(union: Union, organisation: Organisation, subject: Subject, award: Award, **more: Any) -> Honour:
    with _refusals():
        return Honour.objects.create(
            union=union, organisation=organisation, leader=award.leader, subject_key=subject.key,
            subject_label=subject.label[:200], subject_facts=dict(subject.facts), subject_digest=subject.digest,
            level=award.level, title=award.title, granted_by=award.granted_by, decision=award.decision,
            awarded_on=award.awarded_on, **more,
        )  # fmt: skip


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except DatabaseError as problem:
        if "honour_once" in str(problem):
            raise Refused(refuse("recognition.honour_twice")) from problem
        if "honour_alone" in str(problem):
            raise Refused(refuse("unions.second_person")) from problem
        raise


def _note(row: Honour, by: Who, verb: str, text: str, *, reason: str = "", clause: str = "") -> None:
    behalf = by.hat.name if by.hat else by.system
    HonourEvent.objects.create(
        honour=row, verb=verb, reason=reason, clause=clause, by=by.person, behalf=behalf
    )
    journal.record(
        by=by, verb=f"recognition.{verb}", text=f"{row.subject_label}：{text}", subject=row,
        also=_about(row), clause=clause, union_id=row.union_id,
        facts={
            "level": row.level, "subject": row.subject_key, "digest": row.subject_digest,
            "decision": row.decision, "honour_state": row.state,
        },
    )  # fmt: skip


def _about(row: Honour) -> tuple[Organisation | str, ...]:
    """The organisation and, where it is something else, what was honoured."""
    itself = row.subject_key == f"registry.organisation:{row.organisation_id}"
    return (row.organisation,) if itself else (row.organisation, row.subject_key)
