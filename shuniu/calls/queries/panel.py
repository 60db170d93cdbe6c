"""The pool, committees, draws and seats, as those who ask may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from shuniu.calls.models import (
    Application,
    Call,
    Committee,
    Draw,
    Expert,
    Recusal,
    Seat,
    SheetRecord,
    Stage,
    YearlyUndertaking,
)
from shuniu.calls.models.application import LIVE
from shuniu.calls.queries.call import stage_clause
from shuniu.foundation.access import Who
from shuniu.foundation.accounts.models import clean_phone
from shuniu.foundation.calendar import clock
from shuniu.registry.models import FormerName, Membership, Organisation, PastProject
from shuniu.registry.names import plain
from shuniu.unions.models import RoleGrant

STAFF = ("clerk", "checker", "leader", "auditor", "audit_admin")
WORKING = ("clerk", "checker", "leader")
STANDING = (Stage.QUALIFIED, Stage.SHORTLISTED, Stage.NOT_SHORTLISTED, Stage.RECOGNISED, Stage.REMOVED)
"""What a committee reviews, or has reviewed: not what was withdrawn on the way."""


def experts_visible_to(who: Who) -> QuerySet[Expert]:
    """Staff see their own union's pool; nobody else sees a name of it."""
    if who.union_id is None or who.role not in STAFF:
        return Expert.objects.none()
    return Expert.objects.filter(union_id=who.union_id).select_related("union", "person")


def committees_visible_to(who: Who) -> QuerySet[Committee]:
    """Staff of the union that runs the call."""
    if who.union_id is None or who.role not in STAFF:
        return Committee.objects.none()
    rows = Committee.objects.filter(call__union_id=who.union_id)
    return rows.select_related("call__union", "call__document", "category").defer(
        "call__frozen", "call__document__files"
    )


def public_draws() -> QuerySet[Draw]:
    """Every draw, for everybody: numbers and digests, no name."""
    return Draw.objects.select_related("committee__call__union", "committee__category", "result")


def seats_of(who: Who) -> QuerySet[Seat]:
    """The asker's own seats under the expert's hat, those that still take part."""
    if who.person is None or who.role != "expert" or who.union_id is None:
        return Seat.objects.none()
    return (
        Seat.objects.filter(
            expert__person=who.person,
            committee__call__union_id=who.union_id,
            state__in=[Seat.State.INVITED, Seat.State.ACTIVE],
        )
        .exclude(committee__call__state__in=[Call.State.DRAFT, Call.State.PENDING])
        .select_related("expert", "committee__call__union", "committee__category")
    )


def seat_of(who: Who, committee_id: int) -> Seat:
    """The asker's own seat in this committee; Seat.DoesNotExist for strangers and for those who left."""
    return seats_of(who).get(committee_id=committee_id)


def signed_this_year(who: Who) -> bool:
    """Whether the asker signed this year's undertaking for the union they act for."""
    return (
        who.person is not None
        and who.union_id is not None
        and YearlyUndertaking.objects.filter(
            expert__person=who.person, expert__union_id=who.union_id, year=clock.today().year
        ).exists()
    )


def expert_of(who: Who) -> Expert | None:
    """The asker's own entry in the pool of the union they act for, while the term runs."""
    if who.person is None or who.role != "expert" or who.union_id is None:
        return None
    today = clock.today()
    return (
        Expert.objects.filter(
            person=who.person, union_id=who.union_id, retired_at__isnull=True,
            term_from__lte=today, term_to__gte=today,
        )
        .select_related("union")
        .first()
    )  # fmt: skip


def under_review(committee: Committee) -> QuerySet[Application]:
    """第五条（四）: what passed the audit of this category, and was told so."""
    return Application.objects.filter(
        call_id=committee.call_id, category_id=committee.category_id, stage=Stage.QUALIFIED,
        released_at__isnull=False,
    )  # fmt: skip


def left_review(committee: Committee) -> list[Application]:
    """Who passed the audit and has withdrawn, or was ended, before the review came to its result."""
    rows = Application.objects.filter(
        call_id=committee.call_id, category_id=committee.category_id, stage__in=(Stage.WITHDRAWN, Stage.ENDED),
        sheets__isnull=False,
    )  # fmt: skip
    return list(rows.select_related("organisation").order_by("pk").distinct())


def unfinished_audits(committee: Committee) -> int:
    """Applications of the category that are still being audited, or whose outcome nobody was told."""
    waiting = Q(stage__in=[Stage.SUBMITTED, Stage.CORRECTING, Stage.CHECKING])
    untold = Q(stage=Stage.QUALIFIED, released_at__isnull=True)
    return (
        Application.objects.filter(call_id=committee.call_id, category_id=committee.category_id)
        .filter(waiting | untold)
        .count()
    )


def applicant_ids(committee: Committee) -> set[int]:
    """The organisations with a submitted, living application in this category."""
    rows = Application.objects.filter(call_id=committee.call_id, category_id=committee.category_id)
    return set(
        rows.filter(stage__in=LIVE).exclude(stage=Stage.DRAFT).values_list("organisation_id", flat=True)
    )


def eligible(committee: Committee) -> list[Expert]:
    """Who may be drawn: of this field, in term, available, without a seat here yet, no applicant's member and
    no staff of the union that decides. In the order of their numbers."""
    today = clock.today()
    call = committee.call
    experts = list(
        Expert.objects.filter(
            union_id=call.union_id, fields__contains=[committee.category.key], available=True,
            retired_at__isnull=True, term_from__lte=today, term_to__gte=today,
        )
        .exclude(seats__committee=committee)
        .select_related("person")
        .order_by("number")
    )  # fmt: skip
    identities, phones = _barred(call, today)
    return [
        e
        for e in experts
        if clean_phone(e.phone) not in phones and (e.person is None or e.person.identity not in identities)
    ]


def _barred(call: Call, today: dt.date) -> tuple[set[str], set[str]]:
    """Identities and telephones of the applicants' people and of the union's own staff."""
    organisations = Application.objects.filter(call=call, stage__in=LIVE).values("organisation_id")
    members = Membership.objects.filter(
        organisation_id__in=organisations, period__contains=clock.now()
    ).values_list("person__identity", "person__phone")
    staff = RoleGrant.objects.filter(
        union_id=call.union_id, role__in=WORKING, period__contains=today
    ).values_list("person__identity", "person__phone")
    contacts = Organisation.objects.filter(pk__in=organisations).values_list("contact_phone", flat=True)
    rows = [*members, *staff]
    phones = {clean_phone(p) for _, p in rows} | {clean_phone(p) for p in contacts}
    return {i for i, _ in rows}, phones - {""}


def automatic_conflicts(expert: Expert, applications: Iterable[Application]) -> dict[int, tuple[str, str]]:
    """D3: application → (kind, what was found) for every hit of the expert's own particulars in the registry.

    Same employer by name or code, a post there before, a telephone of its people, a project for the employer.
    """
    rows = list(applications)
    ids = {a.organisation_id for a in rows}
    names: dict[int, set[str]] = {a.organisation_id: {plain(a.organisation.name)} for a in rows}
    for organisation_id, name in FormerName.objects.filter(organisation_id__in=ids).values_list(
        "organisation_id", "name"
    ):
        names[organisation_id].add(plain(name))
    phones: dict[int, set[str]] = {
        a.organisation_id: {clean_phone(a.organisation.contact_phone)} for a in rows
    }
    identities: dict[int, set[str]] = {i: set() for i in ids}
    for organisation_id, identity, phone in Membership.objects.filter(organisation_id__in=ids).values_list(
        "organisation_id", "person__identity", "person__phone"
    ):
        phones[organisation_id].add(clean_phone(phone))
        identities[organisation_id].add(identity)
    clients: dict[int, set[str]] = {i: set() for i in ids}
    for organisation_id, client in (
        PastProject.objects.current().filter(organisation_id__in=ids).values_list("organisation_id", "client")
    ):
        clients[organisation_id].add(plain(client))
    employer, phone = plain(expert.employer), clean_phone(expert.phone)
    posts = {plain(line): line.strip() for line in expert.past_posts.splitlines() if line.strip()}
    identity = expert.person.identity if expert.person else ""
    found: dict[int, tuple[str, str]] = {}
    for a in rows:
        key = a.organisation_id
        code = a.organisation.code
        if employer in names[key] or (code and expert.employer_code == code):
            found[a.pk] = ("employer", f"专家的工作单位就是申报单位（{expert.employer}）")
        elif phone and phone in phones[key]:
            found[a.pk] = ("telephone", "专家的手机与申报单位联系人或成员的电话相同")
        elif identity and identity in identities[key]:
            found[a.pk] = ("telephone", "专家与申报单位的成员是同一人")
        elif hit := names[key] & posts.keys():
            found[a.pk] = ("past_post", f"专家曾在申报单位任职（{posts[hit.pop()]}）")
        elif employer in clients[key]:
            found[a.pk] = ("past_project", f"申报单位曾承接专家所在单位的项目（{expert.employer}）")
    return found


def draws_of(committee: Committee) -> list[Draw]:
    """The committee's draws, last first, with what the parties gave."""
    rows = Draw.objects.filter(committee=committee).select_related("result", "frozen_by")
    return list(rows.prefetch_related("commitments__by").order_by("-number"))


def seats_with_progress(committee: Committee) -> list[Seat]:
    """Every seat with how many sheets it has and how many are in: counts, never scores (D4)."""
    live = Q(sheets__application__stage__in=STANDING)
    recused = Exists(
        Recusal.objects.filter(seat=OuterRef("sheets__seat"), application=OuterRef("sheets__application"))
    )
    return list(
        committee.seats.select_related("expert__person", "draw")
        .annotate(
            all_sheets=Count("sheets", filter=Q(live & ~recused), distinct=True),
            done_sheets=Count("sheets", filter=Q(live & ~recused & ~Q(sheets__state="draft")), distinct=True),
            handed_in=Count("sheets", filter=Q(sheets__state="submitted"), distinct=True),
            missing_sheets=Count(
                "sheets", filter=Q(live & ~recused & Q(sheets__state="missing")), distinct=True
            ),
        )
        .prefetch_related(Prefetch("recusals", Recusal.objects.select_related("application__organisation")))
        .order_by("position")
    )


def submitted_by(seat: Seat) -> int:
    """How many of the seat's sheets were ever handed in."""
    return SheetRecord.objects.filter(sheet__seat=seat, kind="submit").values("sheet_id").distinct().count()


def next_in_order(committee: Committee) -> tuple[Expert, Draw, list[int]] | None:
    """Who stands by next: strictly in the published order of the draws, never seated here before.

    Only who was retired since is passed over; their numbers come third. What the clerk changes in the pool
    after the freezing (availability, fields) moves nobody, or a known order could be steered.
    """
    seated = set(committee.seats.values_list("expert_id", flat=True))
    passed: list[int] = []
    for draw in committee.draws.filter(result__isnull=False).select_related("result").order_by("number"):
        rows = Expert.objects.filter(union_id=committee.call.union_id, number__in=draw.result.order)
        pool = {e.number: e for e in rows.select_related("person", "union")}
        for number in draw.result.order:
            expert = pool[number]
            if expert.pk in seated:
                continue
            if expert.retired_at is None:
                return expert, draw, passed
            passed.append(number)
    return None


def review_clause(call: Call) -> str:
    """The clause of the document under which this call's review runs; "" when it has no such stage."""
    return stage_clause(call, "review", "vote")


def live_seats(committee: Committee) -> int:
    """How many seats still take part."""
    return committee.seats.filter(state__in=[Seat.State.INVITED, Seat.State.ACTIVE]).count()
