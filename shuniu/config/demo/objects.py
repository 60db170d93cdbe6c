"""Where the demonstration's objects stand: names for the numbers in addresses, as `make shots` needs them."""

from __future__ import annotations

from django.db import models

from shuniu.calls.models import (
    Application,
    Call,
    Committee,
    Draw,
    Improvement,
    Objection,
    Publicity,
    PublicList,
    ScoreSheet,
    Seat,
)
from shuniu.config.demo.accounts import with_password
from shuniu.config.demo.cast import CITY, PROVINCE
from shuniu.foundation.journal.models import Entry
from shuniu.recognition.models import Honour, Recognition
from shuniu.registry.models import Membership, Organisation
from shuniu.surveys.models import Survey
from shuniu.unions.models import Union

Names = dict[str, int | str]


def named_objects() -> Names:
    """Name → number (or log-in name, verification code); what the story did not bring is left out."""
    found: dict[str, int | str | None] = {}
    found |= _calls()
    found |= _applications()
    found |= _review()
    found |= _lists()
    found |= _others()
    found |= _surveys()
    found |= _awards()
    return {name: value for name, value in found.items() if value is not None}


def _pk(rows: models.QuerySet[models.Model]) -> int | None:
    row = rows.first()
    return None if row is None else row.pk


def _calls() -> dict[str, int | str | None]:
    calls = Call.objects.filter(union__name=CITY).order_by("pk")
    running = calls.filter(state=Call.State.PUBLISHED)
    return {
        "call_draft": _pk(calls.filter(state=Call.State.DRAFT)),
        "call_pending": _pk(calls.filter(state=Call.State.PENDING)),
        "call_open": _pk(running.filter(stage="apply")),
        "call_audit": _pk(running.filter(stage="check")),
        "call_review": _pk(running.filter(stage="review")),
        "call_view": _pk(running.filter(stage="publicity")),
        "call_finished": _pk(calls.filter(state=Call.State.FINISHED).reverse()),
        "call_cancelled": _pk(calls.filter(state=Call.State.CANCELLED)),
    }


def _owner(application: Application | None) -> str | None:
    if application is None:
        return None
    people = Membership.objects.filter(
        organisation_id=application.organisation_id, person__in=with_password(), role="org_owner"
    )
    return people.values_list("person__username", flat=True).first()


def _applications() -> dict[str, int | str | None]:
    found: dict[str, int | str | None] = {}
    of_running = Application.objects.filter(call__state=Call.State.PUBLISHED).order_by("pk")
    for stage in ("draft", "submitted", "correcting", "checking", "qualified", "unqualified", "shortlisted"):
        rows = of_running.filter(stage=stage)
        if stage == "draft":
            rows = rows.filter(call__stage="apply")  # one that can still be filled in
        able = rows.filter(
            organisation__memberships__person__in=with_password(),
            organisation__memberships__role="org_owner",
        )
        row = able.first() or rows.first()
        found[f"application_{stage}"] = row.pk if row else None
        found[f"owner_{stage}"] = _owner(row)
    waiting = of_running.filter(stage="submitted", call__stage="check")
    found["application_waiting"] = _pk(waiting)
    return found


def _review() -> dict[str, int | str | None]:
    open_ones = Committee.objects.filter(opened_at__isnull=False, closed_at__isnull=True).order_by("pk")
    seat = (
        Seat.objects.filter(committee__in=open_ones, state="active", expert__person__in=with_password())
        .order_by("pk")
        .select_related("expert__person")
        .first()
    )
    over = Committee.objects.filter(closed_at__isnull=False).order_by("-pk")
    found: dict[str, int | str | None] = {"committee_over": _pk(over)}
    if seat is None or seat.expert.person is None:
        return found
    sheets = ScoreSheet.objects.filter(seat=seat).order_by("pk")
    left = sheets.filter(state="draft").first()
    done = sheets.filter(state="submitted").first()
    return found | {
        "committee": seat.committee_id,
        "expert": seat.expert.person.username,
        "expert_pk": seat.expert_id,
        "seat": seat.pk,
        "draw": _pk(Draw.objects.filter(committee_id=seat.committee_id)),
        "sheet": left.application_id if left else None,
        "sheet_done": done.application_id if done else None,
    }


def _lists() -> dict[str, int | str | None]:
    lists = PublicList.objects.filter(published_at__isnull=False).order_by("-pk")
    on_view = Publicity.objects.filter(closed_at__isnull=True).order_by("-pk")
    looking = Objection.objects.filter(state=Objection.State.LOOKING).order_by("pk")
    return {
        "shortlist": _pk(lists.filter(publicity__closed_at__isnull=True, kind="shortlist")),
        "formal": _pk(lists.filter(kind="formal")),
        "publicity": _pk(on_view),
        "objection": _pk(looking),
        "objection_new": _pk(Objection.objects.filter(state=Objection.State.RECEIVED)),
    }


def _others() -> dict[str, int | str | None]:
    held = Recognition.objects.filter(state="valid").order_by("last_day", "pk")
    own = Membership.objects.filter(organisation__recognitions__in=held, person__in=with_password()).first()
    certificate = held.filter(organisation=own.organisation_id).first() if own else None
    city = _pk(Union.objects.filter(name=CITY))
    return {
        "union": city,
        "organisation": _pk(Organisation.objects.filter(name__contains="晨曦")),
        "recognition": _pk(held),
        "verify_code": held.values_list("verify_code", flat=True).first(),
        "certificate": certificate.pk if certificate else None,
        "holder": own.person.username if own else None,
        "journal_entry": _pk(Entry.objects.filter(union_id=city).order_by("-pk")),
    }


def _awards() -> dict[str, int | str | None]:
    """The province's two awards: the one that runs, and last year's with everything that came of it."""
    of_province = Call.objects.filter(union__name=PROVINCE).order_by("pk")
    running = of_province.filter(state=Call.State.PUBLISHED).first()
    over = of_province.filter(state=Call.State.FINISHED).first()
    told = Improvement.objects.filter(application__call=over).order_by("pk")
    own = told.filter(application__organisation__memberships__person__in=with_password())
    return {
        "call_award": running.pk if running else None,
        "call_awarded": over.pk if over else None,
        "application_award": _pk(Application.objects.filter(call=running, stage="qualified").order_by("pk")),
        "application_awarded": own.values_list("application_id", flat=True).first(),
        "committee_awarded": _pk(Committee.objects.filter(call=over)),
        "list_named": _pk(PublicList.objects.filter(call=over)),
        "improvement": _pk(told.filter(state=Improvement.State.REPORTED)),
        "improvement_own": _pk(own.filter(state=Improvement.State.OPEN)),
        "honour_named": _pk(Honour.objects.filter(union__name=PROVINCE).order_by("pk")),
    }


def _surveys() -> dict[str, int | str | None]:
    rows = Survey.objects.order_by("pk")
    counted = rows.filter(state=Survey.State.CLOSED, items__isnull=False).first()
    item = counted.items.order_by("pk").first() if counted else None
    return {
        "survey_draft": _pk(rows.filter(state=Survey.State.DRAFT)),
        "survey_open": _pk(rows.filter(state=Survey.State.OPEN)),
        "survey_counted": counted.pk if counted else None,
        "survey_item": item.pk if item else None,
    }
