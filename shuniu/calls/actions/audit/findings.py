"""The engine's runs over an application, and what people say to them."""

from __future__ import annotations

from django.db import transaction

from shuniu.calls import auditing, counting
from shuniu.calls.actions import stages
from shuniu.calls.actions.clauses import require_under
from shuniu.calls.given import Given, given_to
from shuniu.calls.models import Application, Call, Finding, Judgement, JudgeRun, ReadingChoice, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.outcome import work
from shuniu.calls.queries.selfcheck import STATUS_KINDS
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Refused, Who, refuse, require
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal

AT_DESK = (Stage.SUBMITTED, Stage.CHECKING)


def person_of(by: Who) -> Person:
    """The person behind an act that only people can do."""
    assert by.person is not None  # the rules asked for a role, which only people hold
    return by.person


@transaction.atomic
def run_findings(*, by: Who, application_id: int) -> JudgeRun | None:
    """第七条、第八条: judge again when something that is judged has changed; the last run.

    The law is asked as of the day of submission, the facts are those of today. None for a draft. What is not
    at the desk (a correction is out, a decision was confirmed) keeps its last run.
    """
    application = stages.lock(application_id)
    if application.submitted_at is None:
        return None
    return look_at(by=by, application=application).run


def look_at(*, by: Who, application: Application) -> queries.Look:
    """第七条、第八条: the application with its run as of now, read once for the whole page.

    For a caller that fetched it through "who asks" and handed in. Judges as `run_findings` does; the same inputs
    are read without a lock, so that whoever only looks waits for nobody. `by`: the system.
    """
    look = queries.read(application)
    last = look.run
    if last is not None and application.stage not in AT_DESK:
        return look
    given = given_to(application, clock.today(), look.judgements, look.readings)
    if last is not None and last.inputs == given.inputs:
        return look
    with transaction.atomic():
        locked = stages.lock(application.pk)
        newest = queries.current_run(locked)
        if newest == last and (newest is None or locked.stage in AT_DESK):
            run, rows = _run(locked, look, given, by)
        else:  # a colleague was faster: what they caused is shown, and judged anew when somebody looks again
            assert newest is not None  # runs are only added
            run, rows = newest, queries.findings_of(locked, newest.number)
    application.judged, application.due_on = locked.judged, locked.due_on
    return look.after(run, rows)


def _again(application: Application, by: Who) -> None:
    """Judge again after a person's word, whose own journal row tells of it."""
    look = queries.read(application)
    _run(
        application, look, given_to(application, clock.today(), look.judgements, look.readings), by, told=True
    )


def _run(
    application: Application, look: queries.Look, given: Given, by: Who, *, told: bool = False
) -> tuple[JudgeRun, list[Finding]]:
    """`look`: the same application, as it was read."""
    today, last = clock.today(), look.run
    judged = auditing.judge(application, given, today, last.number + 1 if last else 1)
    run = JudgeRun.objects.create(
        application=application,
        number=last.number + 1 if last else 1,
        law_on=auditing.law_day(application),
        facts_on=today,
        law=application.call.document.digest,
        inputs=given.inputs,
        answer=judged.answer,
        counts=judged.counts,
    )
    Finding.objects.bulk_create(judged.rows)
    application.judged = judged.answer
    if application.due_on is None:
        application.due_on = queries.due_day(look.application)
    application.save(update_fields=["judged", "due_on"])
    if not told:
        journal.record(
            by=by,
            verb="calls.judge",
            text=_words(judged.rows, look.findings, run),
            subject=application,
            facts={"run": run.number, "law": run.law, "inputs": run.inputs, "answer": run.answer},
            union_id=application.call.union_id,
        )
    return run, judged.rows


def _words(rows: list[Finding], before: list[Finding], run: JudgeRun) -> str:
    if not before:
        said = "，".join(f"{STATUS_KINDS[s][1]} {n}" for s, n in sorted(run.counts.items()))
        return f"逐条判断：{said}（事实截至 {run.facts_on}）"
    was = {f.condition: f.status for f in before}
    changed = [
        f"{f.clause} {f.label}由“{STATUS_KINDS[was[f.condition]][1]}”变为“{STATUS_KINDS[f.status][1]}”"
        for f in rows
        if f.condition in was and was[f.condition] != f.status
    ]
    return "更新判断：" + ("；".join(changed) or "依据的事实有更新，各条结论不变")


def _take(application: Application, by: Who) -> None:
    """Whoever works first on an application that was given to nobody becomes its clerk."""
    if application.clerk_id is None:
        application.clerk = person_of(by)
        application.save(update_fields=["clerk"])


@transaction.atomic
def answer(
    *, by: Who, application_id: int, fact: str, value: object, note: str = "", seen: int | None = None
) -> Judgement:
    """第七条（二）至（四）: a person's answer to what only a person can judge; the engine runs again.

    `value` is of the type that the document declares: bool, int, text (also days and decimals) or a list of
    text; Refused("calls.answer_type") for another. `seen`: key of the answer that the page showed (0: none);
    Refused("calls.answered_meanwhile") when somebody else answered since. A no needs its reason.
    """
    application = stages.lock(application_id)
    require_under(application.call, rules.may_judge(by, application), "check")
    asked = {a["name"]: f for f in queries.latest_findings(application) for a in f.asks}
    if fact not in asked:
        raise Refused(refuse("calls.no_such_question", fact=fact))
    require(rules.fits(law_of(application.call), fact, value))
    return _judge(application, by, fact, value, note, seen, asked[fact])


@transaction.atomic
def accept_reason(
    *, by: Who, application_id: int, condition: str, value: bool, note: str = "", seen: int | None = None
) -> Judgement:
    """第八条 原则上: an officer accepts (or not) the written reason for going beyond the limit."""
    application = stages.lock(application_id)
    require_under(application.call, rules.may_judge(by, application), "check")
    rows = queries.latest_findings(application)
    found = next((f for f in rows if f.condition == condition and f.binding == "in_principle"), None)
    if found is None or found.status != "soft_passed":
        raise Refused(refuse("calls.no_such_question", fact=found.label if found else condition))
    return _judge(application, by, f"{auditing.ACCEPT}{condition}", value, note, seen, found)


def _judge(
    application: Application, by: Who, fact: str, value: object, note: str, seen: int | None, finding: Finding
) -> Judgement:
    last = application.judgements.filter(fact=fact).select_related("by").order_by("-id").first()
    if seen is not None and seen != (last.pk if last else 0):
        raise Refused(refuse("calls.answered_meanwhile", name=last.by if last else ""))
    if value is False and not note.strip():
        raise Refused(refuse("calls.say_why_not"))
    kept = {"answer": value} if isinstance(value, bool) else {"value": value}
    row = Judgement.objects.create(
        application=application, fact=fact, note=note.strip(), by=person_of(by), **kept
    )
    _take(application, by)
    accepts = fact.startswith(auditing.ACCEPT)
    label = next((a["label"] for a in finding.asks if a["name"] == fact), finding.label)
    word = row.shown
    if row.answer is not None:
        word = ("认可理由" if value else "不认可理由") if accepts else ("符合" if value else "不符合")
    journal.record(
        by=by,
        verb="calls.judge",
        text=f"判断“{label}”：{word}" + (f"，理由：{note.strip()}" if note.strip() else ""),
        subject=application,
        clause=finding.clause,
        facts={"fact": fact, "answer": value},
        union_id=application.call.union_id,
    )
    _again(application, by)
    return row


@transaction.atomic
def choose_reading(
    *,
    by: Who,
    call_id: int,
    condition: str,
    reading: str,
    reason: str,
    application_id: int | None = None,
) -> ReadingChoice:
    """Which reading counts where the words bear several: in one application, or (without) in the whole call.

    A clerk decides for one application, a checker or leader fixes one reading for everybody in the call.
    """
    call = Call.objects.select_related("union", "document").get(pk=call_id)
    application = None
    if application_id is None:
        require_under(call, rules.may_fix_reading(by, call), "check")
    else:
        application = stages.lock(application_id)
        require_under(application.call, rules.may_judge(by, application), "check")
    law = law_of(call)
    item = counting.item_of(law, condition)
    found = item or next((c for c in law.conditions if c.key == condition), None)
    readings = {r.key: r.words for r in found.readings} if found else {}
    if found is None or len(readings) < 2 or reading not in readings:
        raise Refused(refuse("calls.no_such_reading"))
    if not reason.strip():
        raise Refused(refuse("calls.reason_needed"))
    row = ReadingChoice.objects.create(
        call=call,
        application=application,
        condition=counting.choice_key(item) if item else condition,
        reading=reading,
        reason=reason.strip(),
        by=person_of(by),
    )
    scope = "本份申报" if application else f"本次{work(call)}全部申报"
    journal.record(
        by=by,
        verb="calls.judge",
        text=f"“{found.label}”按“{readings[reading]}”理解（{scope}），理由：{reason.strip()}",
        subject=application or call,
        clause=found.clause,
        facts={"condition": condition, "reading": reading},
        union_id=call.union_id,
    )
    if application is not None:
        _take(application, by)
        _again(application, by)
    return row
