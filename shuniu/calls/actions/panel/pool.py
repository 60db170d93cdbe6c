"""The expert pool: who may be drawn, their accounts, their yearly undertaking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max

from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Expert, Seat, YearlyUndertaking
from shuniu.calls.queries.panel import expert_of, signed_this_year
from shuniu.calls.rules import panel as rules
from shuniu.foundation.access import Refused, Who, refuse, require, system
from shuniu.foundation.accounts.actions.invitations import invite, register_purpose
from shuniu.foundation.accounts.models import Invitation, Person, clean_phone
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.ui.versions import require_unchanged
from shuniu.registry import codes
from shuniu.unions import actions as unions
from shuniu.unions.models import Union
from shuniu.unions.queries import hats_from_grants

PURPOSE = "calls.expert"


class Particulars(TypedDict, total=False):
    """What is kept of an expert."""

    name: str
    phone: str
    employer: str
    employer_code: str
    past_posts: str
    position: str
    fields: Sequence[str]
    directions: Sequence[str]
    tier: str
    term_from: dt.date
    term_to: dt.date
    available: bool


def _tidy(values: Particulars) -> dict[str, Any]:
    tidy: dict[str, Any] = dict(values)
    if "phone" in tidy:
        tidy["phone"] = clean_phone(tidy["phone"])
    if "employer_code" in tidy:
        tidy["employer_code"] = codes.normalise(tidy["employer_code"])
    for name in {"fields", "directions"} & tidy.keys():
        tidy[name] = sorted(set(tidy[name]))
    return {k: v.strip() if isinstance(v, str) else v for k, v in tidy.items()}


def _phone_is_free(union_id: int, phone: str, *, except_pk: int | None = None) -> None:
    others = Expert.objects.filter(union_id=union_id, phone=phone)
    if (others if except_pk is None else others.exclude(pk=except_pk)).exists():
        raise Refused(refuse("calls.expert_known", phone=phone))


@transaction.atomic
def add_expert(
    *, by: Who, union: Union, person: Person | None = None, **values: Unpack[Particulars]
) -> Expert:
    """第五条（四）: take somebody into the union's pool under the next number, which is never given again."""
    require(rules.may_keep_pool(by, union.pk, union.name))
    tidy = _tidy(values)
    Union.objects.select_for_update().get(pk=union.pk)  # numbers follow one another
    _phone_is_free(union.pk, tidy["phone"])
    last = Expert.objects.filter(union=union).aggregate(n=Max("number"))["n"] or 0
    with database_refusals():
        expert = Expert.objects.create(union=union, number=last + 1, person=person, **tidy)
    journal.record(
        by=by,
        verb="calls.add_expert",
        text=f"评审专家入库，编号 {expert.number}",
        subject=expert,
        facts={"number": expert.number, "fields": expert.fields},
        union_id=union.pk,
    )
    return expert


def _locked(expert_id: int) -> Expert:
    return Expert.objects.select_for_update(of=("self",)).select_related("union", "person").get(pk=expert_id)


@transaction.atomic
def change_expert(
    *, by: Who, expert_id: int, seen: str | None = None, **values: Unpack[Particulars]
) -> Expert:
    """第五条（四）: correct an expert's particulars. New conflicts of running reviews are found at once.

    `seen`: what the form was read with; Refused("version.changed") when somebody saved since.
    """
    expert = _locked(expert_id)
    require(rules.may_change_expert(by, expert))
    require_unchanged(seen, particulars_of(expert))
    tidy = _tidy(values)
    _phone_is_free(expert.union_id, tidy.get("phone", expert.phone), except_pk=expert.pk)
    changed = [name for name, value in tidy.items() if getattr(expert, name) != value]
    for name, value in tidy.items():
        setattr(expert, name, value)
    with database_refusals():
        expert.save()
    journal.record(
        by=by,
        verb="calls.change_expert",
        text=f"修改评审专家资料，编号 {expert.number}",
        subject=expert,
        facts={"fields": changed},
        union_id=expert.union_id,
    )
    if {"employer", "employer_code", "past_posts", "phone"} & set(changed):
        from shuniu.calls.actions.panel.seats import find_conflicts_again

        find_conflicts_again(expert)
    return expert


def particulars_of(expert: Expert) -> dict[str, object]:
    """What `change_expert` can change, as it stands."""
    return {name: getattr(expert, name) for name in Particulars.__annotations__}


@transaction.atomic
def retire_expert(*, by: Who, expert_id: int, reason: str) -> Expert:
    """第五条（四）: end an expert's appointment with a reason; refused while a review of theirs runs."""
    expert = _locked(expert_id)
    require(rules.may_change_expert(by, expert))
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    running = Seat.objects.filter(
        expert=expert, state__in=rules.LIVE_SEATS, committee__closed_at__isnull=True
    ).exists()
    if running:
        raise Refused(refuse("calls.expert_seated", name=expert.name))
    expert.retired_at, expert.retired_reason, expert.available = clock.now(), reason.strip()[:200], False
    expert.save()
    journal.record(
        by=by,
        verb="calls.retire_expert",
        text=f"评审专家解聘，编号 {expert.number}：{reason.strip()}",
        subject=expert,
        union_id=expert.union_id,
    )
    return expert


@transaction.atomic
def invite_expert(*, by: Who, expert_id: int) -> str:
    """O1: a link by which the expert gets an account and the role; returns its token."""
    expert = _locked(expert_id)
    require(rules.may_change_expert(by, expert))
    if expert.person_id is not None:
        raise Refused(refuse("calls.expert_linked", name=expert.name))
    return invite(
        by=by,
        purpose=PURPOSE,
        payload={"expert_id": expert.pk, "union_id": expert.union_id},
        invited_name=expert.name,
        label=f"{expert.union.name} · 评审专家",
        phone=expert.phone,
    )


def _accepted(invitation: Invitation, person: Person) -> None:
    """The invited person becomes this expert, with the role for the term."""
    expert = _locked(int(invitation.payload["expert_id"]))
    if expert.person_id is not None:
        raise Refused(refuse("calls.expert_linked", name=expert.name))
    expert.person = person
    with database_refusals():
        expert.save()
    who = system("接受评审专家邀请")
    journal.record(
        by=who,
        verb="calls.link_expert",
        text=f"评审专家开通账号，编号 {expert.number}",
        subject=expert,
        also=(person,),
        union_id=expert.union_id,
    )
    held = any(h.id == expert.union_id and h.role == "expert" for h in hats_from_grants(person))
    if not held:
        unions.grant_role(
            by=who,
            person=person,
            union=expert.union,
            role="expert",
            first_day=clock.today(),
            last_day=expert.term_to,
            note=f"评审专家 {expert.number} 号",
        )


register_purpose(PURPOSE, _accepted)


@transaction.atomic
def sign_undertaking(*, by: Who) -> YearlyUndertaking:
    """D9: sign this year's 保密与廉洁承诺, before any material is served; its words stay by digest."""
    expert = expert_of(by)
    if expert is None:
        raise Refused(refuse("calls.not_expert", union=by.hat.name if by.hat else "工会"))
    if signed_this_year(by):
        raise Refused(refuse("calls.signed_this_year"))
    with database_refusals("calls.signed_this_year"):
        row = YearlyUndertaking.objects.create(
            expert=expert, year=clock.today().year, text_digest=rules.UNDERTAKING_DIGEST
        )
    journal.record(
        by=by,
        verb="calls.sign_undertaking",
        text=f"签署 {row.year} 年度保密与廉洁承诺",
        subject=expert,
        facts={"year": row.year, "digest": row.text_digest},
        union_id=expert.union_id,
    )
    return row
