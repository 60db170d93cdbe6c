"""公示: begins with the approval, counted in working days, closes by itself."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls import terms
from shuniu.calls.actions import procedure, steps
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.actions.listing import papers
from shuniu.calls.actions.listing.shortlist import lock_list, require_unchanged
from shuniu.calls.actions.refused import database_refusals
from shuniu.calls.models import Application, Call, Publicity, PublicityChange, PublicList
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries import outcome
from shuniu.calls.queries.call import stage_clause
from shuniu.calls.queries.people import people_of_many
from shuniu.calls.rules import listing as rules
from shuniu.calls.rules import procedure as procedure_rules
from shuniu.foundation.access import Who, system
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.jobs import enqueue
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import Letter, tell, tell_all
from shuniu.foundation.ui.formats import day_cn, period
from shuniu.unions.queries import people_with

CHUNK = 500  # applications told in one transaction


@transaction.atomic
def approve_shortlist(*, by: Who, list_id: int) -> Publicity:
    """第五条（五）: a second person approves, and the 公示 begins.

    It can be objected to at once and to the end (24:00) of the n-th working day after the day of
    publication; n is what the call settled (本办法未规定). MissingYear when a year is not confirmed.
    """
    row, call = lock_list(list_id)
    require_under(call, rules.may_approve_list(by, row), "publicity")
    require_unchanged(row, queries.shortlist_rows(call))
    assert by.person is not None
    row.approved_by, row.approved_identity = by.person, by.person.identity
    publicity = begin(row, by=by)
    go_to(call, "publicity")
    enqueue("calls.tell_shortlist", list_id=row.pk, once=f"calls.tell_shortlist:{row.pk}")
    return publicity


def begin(row: PublicList, *, by: Who) -> Publicity:
    """The 公示 of an approved list, from now on; its paper is the list's own unless that has one already."""
    call = row.call
    days, today = terms.number_of(call, terms.PUBLICITY_DAYS), clock.today()
    ends_on = working_days.add(today, days)
    opens_at = row.published_at or clock.now()
    paper = papers.issue_publicity(row, by=by, starts_on=today, ends_on=ends_on, days=days)
    with database_refusals():
        if row.published_at is None:
            row.published_at, row.paper = opens_at, paper
            row.save()
        publicity = Publicity.objects.create(
            list=row, working_days=days, starts_on=today, ends_on=ends_on, opens_at=opens_at,
            closes_at=clock.end_of_day(ends_on), paper=paper,
        )  # fmt: skip
    journal.record(
        by=by, verb="calls.begin_publicity", subject=row, also=(call,), clause=stage_clause(call, "publicity"),
        union_id=call.union_id,
        text=f"审签{outcome.list_word(row)}，公示 {period(today, ends_on, days)}",
        facts={"digest": row.digest, "closes_at": publicity.closes_at.isoformat()},
    )  # fmt: skip
    return publicity


def go_to(call: Call, kind: str) -> None:
    """Through the stages before, each of which must be done: the way of the document, by itself."""
    for _ in range(call.stages.count()):
        current = call.stages.filter(key=call.stage).first()
        if current is None or current.kind == kind or current.kind not in rules.BEFORE_PUBLICITY:
            return
        procedure.advance(by=system("名单已审签公示"), call_id=call.pk)
        call.refresh_from_db(fields=["state", "stage"])


def tell_outcomes(*, list_id: int) -> int:
    """第五条（四）（五）: every reviewed applicant learns whether it is on the list; the job behind the approval.

    Who is named learns it with the naming itself; then those who are not are told here.

    Chunk by chunk, each once by its effect key: a job that is run again goes on where it stopped.
    """
    row = PublicList.objects.select_related("publicity", "call").get(pk=list_id)
    ids = queries.outcome_ids(row)
    return sum(_tell_chunk(row, ids[n : n + CHUNK]) for n in range(0, len(ids), CHUNK))


@transaction.atomic
def _tell_chunk(row: PublicList, ids: list[int]) -> int:
    listed = {r["application"] for r in row.frozen}
    applications = list(Application.objects.filter(pk__in=ids).select_related("category"))
    people = people_of_many(a.organisation_id for a in applications)
    shown: Publicity | None = getattr(row, "publicity", None)
    until = f"公示到 {day_cn(shown.ends_on)} 24:00 结束。" if shown else ""
    name, shown_how = outcome.list_word(row), "公示" if shown else "公布"
    words = {
        True: (f"进入{name}公示", until),
        False: (f"未进入{name}", f"{name}已经{shown_how}，可以在公开页面查看。"),
    }
    return tell_all(
        Letter(
            person, kind="calls.publicity", url=f"/notices/lists/{row.pk}/", effect_key=queries.outcome_key(row, a.pk),
            title=f"{a.category.label}：{words[a.pk in listed][0]}", body=words[a.pk in listed][1],
        )
        for a in applications
        for person in people[a.organisation_id]
    )  # fmt: skip


def close_due() -> int:
    """Sweep, 第五条（五）: what has reached 24:00 of its last day is over; how many were closed."""
    due = Publicity.objects.filter(closed_at__isnull=True, closes_at__lte=clock.now())
    closed = 0
    for pk, call_id in list(due.values_list("pk", "list__call_id")):
        with transaction.atomic():
            closed += _close(pk, call_id)
    return closed


def _close(publicity_id: int, call_id: int) -> int:
    call = steps.lock(call_id)
    publicity = Publicity.objects.select_for_update().select_related("list").get(pk=publicity_id)
    if publicity.closed_at is not None or clock.now() < publicity.closes_at:
        return 0
    by = system("公示期满自动结束")
    publicity.closed_at = clock.now()
    with database_refusals():
        publicity.save()
    number = publicity.objections.count()
    journal.record(
        by=by, verb="calls.close_publicity", subject=publicity.list, also=(call,), clause=stage_clause(call, "publicity"),
        text=f"公示期满，自动结束；收到异议和线索 {number} 件", facts={"objections": number},
        union_id=call.union_id,
    )  # fmt: skip
    tell(
        people_with(call.union_id, "clerk"), title=f"公示已结束：{publicity.list.title}",
        body=f"收到异议和线索 {number} 件。没有暂缓的单位可以列入正式名单。", kind="calls.publicity_over",
        url=f"/calls/{call.pk}/lists/", effect_key=f"calls.publicity_over:{publicity.pk}",
    )  # fmt: skip
    current = call.stages.filter(key=call.stage).first()
    if current is not None and current.kind == "publicity" and procedure_rules.may_advance(call):
        procedure.advance(by=by, call_id=call.pk)
    return 1


def recompute_open() -> int:
    """M3: after a change of the calendar, every 公示 that still runs is counted again; how many moved.

    Its end moves later only, so that nobody loses time, and by a paper of its own.
    """
    running = Publicity.objects.filter(closed_at__isnull=True, closes_at__gt=clock.now())
    moved = 0
    for pk, call_id in list(running.values_list("pk", "list__call_id")):
        with transaction.atomic():
            moved += _recompute(pk, call_id)
    return moved


def _recompute(publicity_id: int, call_id: int) -> int:
    call = steps.lock(call_id)
    publicity = (
        Publicity.objects.select_for_update(of=("self",))
        .select_related("list__paper", "paper")
        .get(pk=publicity_id)
    )
    ends_on = working_days.add(publicity.starts_on, publicity.working_days)
    over = publicity.closed_at is not None or clock.now() >= publicity.closes_at
    if over or ends_on <= publicity.ends_on or call.state != Call.State.PUBLISHED:
        return 0
    by = system("工作日历调整")
    before, publicity.list.call = publicity.ends_on, call
    publicity.ends_on, publicity.closes_at = ends_on, clock.end_of_day(ends_on)
    with database_refusals():
        publicity.save()
    change = PublicityChange.objects.create(
        publicity=publicity, before=before, after=ends_on, reason="节假日安排调整，公示期内的工作日减少",
        paper=papers.issue_publicity_change(publicity, by=by, before=before),
    )  # fmt: skip
    journal.record(
        by=by, verb="calls.move_publicity", subject=publicity.list, also=(call,), clause=stage_clause(call, "publicity"),
        text=f"工作日历调整，公示期末日由 {day_cn(before)} 改为 {day_cn(ends_on)}", union_id=call.union_id,
        facts={"before": f"{before}", "after": f"{ends_on}"},
    )  # fmt: skip
    people = people_of_many(r["organisation"] for r in publicity.list.frozen)
    concerned = {p for each in people.values() for p in each}
    concerned |= set(people_with(call.union_id, "clerk", "checker", "leader"))
    tell(
        concerned, title=f"公示期延至 {day_cn(ends_on)}：{publicity.list.title}", body=change.reason,
        kind="calls.publicity", url=f"/notices/lists/{publicity.list_id}/", due=ends_on,
        effect_key=f"calls.publicity_moved:{change.pk}",
    )  # fmt: skip
    return 1
