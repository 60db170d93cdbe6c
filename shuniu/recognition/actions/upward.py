"""推荐参评上级: an honour of ours is put forward, a second person agrees, the outcome comes back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.recognition import rules
from shuniu.recognition.models import Honour, Upward
from shuniu.unions.queries import people_with


@transaction.atomic
def propose(*, by: Who, honour_id: int, level: str, title: str, to: str, reason: str) -> Upward:
    """F3: put an honour of ours forward to a higher level; a second person agrees before it goes."""
    honour = _honour(honour_id)
    require(rules.may_put_forward(by, honour, level))
    require(rules.has_reason(reason))
    if Upward.objects.filter(honour=honour, level=level, state__in=rules.FORWARD).exists():
        raise Refused(refuse("recognition.upward_twice", subject=honour.subject_label))
    assert by.person is not None  # the rule has seen to it
    row = Upward.objects.create(
        honour=honour, level=level, title=title.strip(), to=to.strip(), reason=reason.strip(), proposed_by=by.person,
        proposed_identity=by.person.identity,
    )  # fmt: skip
    _note(row, by, "propose_upward", f"提请推荐参评“{row.title}”（{row.get_level_display()}）：{row.reason}")
    tell(
        people_with(honour.union_id, *rules.APPROVERS).exclude(pk=by.person.pk),
        title=f"请审签推荐：{honour.subject_label}", body=row.title, kind="recognition.upward",
        url=f"/honours/{honour.pk}/", effect_key=f"recognition.upward:{row.pk}",
    )  # fmt: skip
    return row


@transaction.atomic
def decide(*, by: Who, upward_id: int, approve: bool, answer: str = "") -> Upward:
    """F3: the second person agrees that it goes, or not, with a reason."""
    row = _lock(upward_id)
    require(rules.may_decide_upward(by, row))
    if not approve:
        require(rules.has_reason(answer))
    assert by.person is not None
    row.state = Upward.State.SENT if approve else Upward.State.RETURNED
    row.decided_by, row.decided_identity, row.decided_at = by.person, by.person.identity, clock.now()
    row.answer = answer.strip()
    row.save()
    _note(row, by, "decide_upward", f"{'同意' if approve else '不同意'}推荐参评“{row.title}”")
    return row


@transaction.atomic
def not_granted(*, by: Who, upward_id: int, result_on: dt.date, note: str) -> Upward:
    """F3: the higher level answered with no; what it grants is recorded as an honour with its paper."""
    row = _lock(upward_id)
    require(rules.may_tell_outcome(by, row))
    require(rules.has_reason(note))
    row.state, row.result_on, row.result_note = Upward.State.NOT_GRANTED, result_on, note.strip()
    row.save()
    _note(row, by, "outcome_upward", f"“{row.title}”未获评：{row.result_note}")
    return row


def granted(*, by: Who, honour: Honour) -> int:
    """F3: an honour from above was confirmed: what was put forward for it has its outcome; how many."""
    rows = Upward.objects.select_for_update(of=("self",)).select_related(
        "honour__organisation", "honour__union"
    )
    found = rows.filter(
        honour__subject_key=honour.subject_key, honour__union=honour.union_id, level=honour.level,
        state=Upward.State.SENT,
    )  # fmt: skip
    done = 0
    for row in found:
        row.state, row.result, row.result_on = Upward.State.GRANTED, honour, honour.awarded_on
        row.save()
        _note(row, by, "outcome_upward", f"“{row.title}”已获评：{honour.decision}")
        done += 1
    return done


def _honour(honour_id: int) -> Honour:
    rows = Honour.objects.select_for_update(of=("self",)).select_related("union", "organisation")
    return rows.get(pk=honour_id)


def _lock(upward_id: int) -> Upward:
    rows = Upward.objects.select_for_update(of=("self",)).select_related(
        "honour__union", "honour__organisation"
    )
    return rows.get(pk=upward_id)


def _note(row: Upward, by: Who, verb: str, text: str) -> None:
    honour = row.honour
    facts: dict[str, Any] = {"level": row.level, "subject": honour.subject_key, "upward_state": row.state}
    itself = honour.subject_key == f"registry.organisation:{honour.organisation_id}"
    journal.record(
        by=by, verb=f"recognition.{verb}", text=f"{honour.subject_label}：{text}", subject=honour,
        also=(honour.organisation,) if itself else (honour.organisation, honour.subject_key),
        union_id=honour.union_id, facts=facts,
    )  # fmt: skip
