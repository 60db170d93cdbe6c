"""典型案例: written, agreed to by the organisation that it tells of, published by a second person, taken down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.network import rules
from shuniu.network.actions.common import person_of, refusals
from shuniu.network.models import Story
from shuniu.network.queries import APPROVERS
from shuniu.recognition.models import Honour
from shuniu.registry.models import Organisation
from shuniu.registry.queries import people_of
from shuniu.unions.models import Union
from shuniu.unions.queries import people_with

FIELDS = ("kind", "title", "summary", "body", "held_on", "place")


@transaction.atomic
def write(
    *, by: Who, union: Union, organisation: Organisation | None, values: Mapping[str, Any],
    honour: Honour | None = None,
) -> Story:  # fmt: skip
    """F9: begin a case, of an organisation or of the union's own work; `values` by `FIELDS`."""
    row = Story(union=union, organisation=organisation, written_by=person_of(by))
    require(rules.is_author(by, row))
    _fill(row, values, honour)
    row.save()
    _note(row, by, "write_story", f"起草案例“{row.title}”")
    return row


@transaction.atomic
def change(*, by: Who, story_id: int, values: Mapping[str, Any], honour: Honour | None = None) -> Story:
    """F9: other words while it is a draft; a consent was to the words before and is asked for again."""
    row = _lock(story_id)
    require(rules.may_write(by, row))
    _fill(row, values, honour)
    row.consented_by, row.consented_at = None, None
    row.save()
    _note(row, by, "change_story", f"修改案例“{row.title}”")
    return row


def _fill(row: Story, values: Mapping[str, Any], honour: Honour | None) -> None:
    if honour is not None and (
        honour.organisation_id != row.organisation_id or honour.state != Honour.State.IN_FORCE
    ):
        raise Refused(refuse("network.honour_other"))
    for name in FIELDS:
        setattr(row, name, values[name])
    row.honour = honour


@transaction.atomic
def submit(*, by: Who, story_id: int, consent: bool = False) -> Story:
    """F9: hand it in for review. A member of the organisation agrees in the same act; else the organisation is asked."""
    row = _lock(story_id)
    require(rules.may_write(by, row))
    person = person_of(by)
    row.state, row.submitted_by, row.submitted_identity = Story.State.SUBMITTED, person, person.identity
    row.said = ""
    if consent and by.organisation_id is not None:
        row.consented_by, row.consented_at = person, clock.now()
    row.save()
    agreed = "，同意公开" if row.consented_at else ""
    _note(row, by, "submit_story", f"提交案例“{row.title}”{agreed}")
    if row.organisation_id is not None and row.consented_at is None:
        tell(
            people_of(row.organisation_id), title=f"是否同意公开：{row.title}", kind="network.consent",
            body=f"{row.union.name}拟发布写到本单位的案例。", url=f"/cases/manage/{row.pk}/",
        )  # fmt: skip
    tell(
        people_with(row.union_id, *APPROVERS).exclude(pk=person.pk), title=f"案例待审核：{row.title}",
        kind="network.story", url=f"/cases/manage/{row.pk}/",
    )  # fmt: skip
    return row


@transaction.atomic
def consent(*, by: Who, story_id: int, agree: bool, reason: str = "") -> Story:
    """F9: the organisation agrees that the case is public as it stands; or not, and it goes back to its author."""
    row = _lock(story_id)
    require(rules.may_consent(by, row))
    if agree:
        row.consented_by, row.consented_at = person_of(by), clock.now()
    else:
        require(rules.has_reason(reason))
        row.state, row.said = Story.State.DRAFT, f"{row.organisation}不同意公开：{reason.strip()}"
        row.consented_by, row.consented_at = None, None
    row.save()
    _note(row, by, "consent_story", f"{'同意' if agree else '不同意'}公开案例“{row.title}”")
    return row


@transaction.atomic
def publish(*, by: Who, story_id: int) -> Story:
    """F9: a second person of the union puts it on the public site."""
    row = _lock(story_id)
    require(rules.may_publish(by, row))
    person = person_of(by)
    row.state, row.published_at = Story.State.PUBLISHED, clock.now()
    row.decided_by, row.decided_identity = person, person.identity
    with refusals():
        row.save()
    _note(row, by, "publish_story", f"发布案例“{row.title}”")
    if row.organisation_id is not None:
        tell(
            people_of(row.organisation_id), title=f"案例已发布：{row.title}", kind="network.published",
            url=f"/cases/{row.pk}/", effect_key=f"network.published:{row.pk}",
        )  # fmt: skip
    return row


@transaction.atomic
def send_back(*, by: Who, story_id: int, reason: str) -> Story:
    """F9: not yet: back to its author, with the reason."""
    row = _lock(story_id)
    require(rules.may_return(by, row))
    require(rules.has_reason(reason))
    row.state, row.said = Story.State.DRAFT, reason.strip()
    row.save()
    _note(row, by, "return_story", f"退回案例“{row.title}”：{reason.strip()}")
    if row.submitted_by is not None:
        tell([row.submitted_by], title=f"案例被退回：{row.title}", body=reason.strip(), kind="network.returned",
             url=f"/cases/manage/{row.pk}/")  # fmt: skip
    return row


@transaction.atomic
def take_down(*, by: Who, story_id: int, reason: str) -> Story:
    """F9: no longer public; the organisation may take its word back at any time."""
    row = _lock(story_id)
    require(rules.may_take_down(by, row))
    require(rules.has_reason(reason))
    row.state, row.said = Story.State.TAKEN_DOWN, reason.strip()
    with refusals():
        row.save()
    _note(row, by, "take_down_story", f"撤下案例“{row.title}”：{reason.strip()}")
    return row


def _lock(story_id: int) -> Story:
    rows = Story.objects.select_for_update(of=("self",)).select_related(
        "union", "organisation", "submitted_by"
    )
    return rows.get(pk=story_id)


def _note(row: Story, by: Who, verb: str, text: str) -> None:
    also = [x for x in (row.organisation, row.honour) if x is not None]
    journal.record(
        by=by, verb=f"network.{verb}", text=text, subject=row, also=also, union_id=row.union_id,
        facts={"story_state": row.state},
    )  # fmt: skip
