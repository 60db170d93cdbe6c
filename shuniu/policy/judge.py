"""Answers a question about facts under a document, on a day that the caller names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from shuniu.policy import judge_measures, judge_parts, judge_quotas
from shuniu.policy.conditions import decide, judge_condition, missing_of
from shuniu.policy.dates import WorkingDay
from shuniu.policy.decision import Chosen, Decision, Finding
from shuniu.policy.evaluate import judge_truth
from shuniu.policy.judge_parts import Part
from shuniu.policy.model import Document
from shuniu.policy.problems import PolicyError, Problem
from shuniu.policy.values import Context
from shuniu.policy.words import CONDITION_QUESTIONS, MEASURE_QUESTIONS

QUESTIONS: Mapping[str, str] = {
    **CONDITION_QUESTIONS,
    "application": "一份申报是否符合全部条件",
    **MEASURE_QUESTIONS,
}

_PARTS: Mapping[str, Callable[[Context, Mapping[str, Chosen]], Part | None]] = {
    "consequence": judge_parts.consequence,
    "applicable_law": judge_parts.applicable_law,
    "validity": judge_parts.validity,
    "open_call": judge_parts.open_call,
    "use": judge_parts.use,
    "deadline": judge_measures.deadline,
    "window": judge_parts.window,
    "vote": judge_measures.vote,
    "quota": judge_quotas.quota,
    "score": judge_measures.score,
    "grade": judge_measures.grade,
    "funding": judge_measures.funding,
}


def judge(
    document: Document,
    question: str,
    facts: Mapping[str, object],
    on: date,
    chosen: Mapping[str, Chosen] | None = None,
    *,
    working_day: WorkingDay | None = None,
) -> Decision:
    """The decision on ``question`` (a key of ``QUESTIONS``, or of an open point) on the day ``on``.

    ``facts`` maps names to a value, a ``Fact``, or a list of ``Fact`` from several sources; names that the
    document does not declare are ignored. ``chosen`` maps condition keys to the reading that the call fixed.
    ``working_day`` is the calendar, needed only where the document counts working days.

    Raises ``PolicyError`` for an unknown question or reading and ``FactError`` for facts of the wrong type.
    """
    question = question.replace("-", "_") if question.replace("-", "_") in QUESTIONS else question
    readings = _checked(document, chosen or {})
    context = Context(document, on, facts, judge_truth, working_day, readings)
    part = _PARTS[question](context, readings) if question in _PARTS else None
    conditions = document.index.get(question, ())
    if conditions:
        part = _conditions(context, readings, question, part.findings if part is not None else ())
    if part is None:
        part = judge_parts.settled(document, question) or judge_parts.following(context, readings, question)
    if part is None and question not in QUESTIONS and document.open_point(question) is None:
        points = [each.key for each in document.stated] + [each.key for each in document.not_stated]
        known = "、".join(dict.fromkeys((*QUESTIONS, *points)))
        raise PolicyError(
            [Problem(document.key, 0, "question", f"问题应为以下之一：{known}", f"“{question[:60]}”")]
        )
    return _decision(
        document, question, on, part or Part(judge_parts.silent_findings(document, question), "silent")
    )


def _conditions(
    context: Context, readings: Mapping[str, Chosen], question: str, before: tuple[Finding, ...]
) -> Part:
    """The conditions that ask the question, after what its own part of the document found of it."""
    document = context.document
    findings = before + tuple(
        judge_condition(each, context, readings.get(each.key) or readings.get(each.matter))
        for each in document.index[question]
    )
    value = decide(findings)
    return Part(findings, value, state=judge_parts.state(document, question, findings, value))


def _decision(document: Document, question: str, on: date, part: Part) -> Decision:
    return Decision(
        question=question,
        value=part.value,
        on=on,
        findings=part.findings,
        document=document.key,
        version=document.version,
        digest=document.digest,
        state=part.state,
        effects=part.effects,
        lines=part.lines,
        result=part.result,
        missing=missing_of(part.findings),
    )


def _checked(document: Document, chosen: Mapping[str, Chosen]) -> Mapping[str, Chosen]:
    """Only readings that the document lists, and only with their author and reason."""
    problems = []
    for key, choice in chosen.items():
        readings = document.readings_of(key)
        if choice.reading not in readings:
            said = "、".join(readings) or "没有可选的理解"
            problems.append(Problem(document.key, 0, key, f"选定的理解应为：{said}", f"“{choice.reading}”"))
        if not choice.by.strip() or not choice.why.strip():
            problems.append(Problem(document.key, 0, key, "选定一种理解，必须写明由谁决定、为什么"))
    if problems:
        raise PolicyError(problems)
    return chosen
