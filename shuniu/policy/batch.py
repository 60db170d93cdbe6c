"""The conditions of a question for many organisations at once: one SQL expression, and what it cannot carry.

The same judgement as ``judge``, organisation by organisation, with the facts of a store of tables instead of facts
that are handed in. This package knows no database: a ``Store`` says how its tables hold the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuniu.policy import rules as r
from shuniu.policy.batch_cells import Binder, NotInBatch
from shuniu.policy.batch_cells import Column as Column
from shuniu.policy.batch_plan import Canon as Canon
from shuniu.policy.batch_plan import Compiler, Rows, Store
from shuniu.policy.batch_plan import Plan as Plan
from shuniu.policy.batch_rules import rule
from shuniu.policy.batch_select import sql_truth
from shuniu.policy.batch_values import Told, cell_of, value
from shuniu.policy.conditions import judge_condition
from shuniu.policy.decision import Finding
from shuniu.policy.model import Condition, Document

Text = Binder
"""Binds a value and gives its text in the statement."""

LETTERS = {
    "met": "M", "not_met": "F", "unknown": "U", "judged": "U", "soft_passed": "S", "ambiguous": "A", "not_applicable": "N",
}  # fmt: skip
"""Statuses as letters. Beside them W: waits for what no store knows; X: could not be compiled."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """One condition: the SQL of its letter; ``always`` where it is the same for every organisation.

    ``waits``: labels of the facts that only an application or a person can tell. ``reason``: why it could not be
    compiled.
    """

    condition: Condition
    text: str
    always: str = ""
    waits: tuple[str, ...] = ()
    reason: str = ""


def compile_conditions(document: Document, question: str, plan: Plan) -> list[Compiled]:
    """Every condition of the question; may be called for several documents with one plan."""
    c = Compiler(document, plan)
    return [_condition(c, each) for each in document.index.get(question, ())]


def answer(letters: str) -> str:
    """The SQL of the answer to which letters (SQL of a text) add up, as ``conditions.decide`` has it: M, F, A or U."""
    return (
        f"CASE WHEN position('F' IN {letters}) > 0 THEN 'F' WHEN position('A' IN {letters}) > 0 THEN 'A'"
        f" WHEN {letters} ~ '[UWX]' THEN 'U' ELSE 'M' END"
    )


def answer_of(letters: str) -> str:
    """The same of letters at hand."""
    for letter, among in (("F", "F"), ("A", "A"), ("U", "UWX")):
        if set(letters) & set(among):
            return letter
    return "M"


def _condition(c: Compiler, condition: Condition) -> Compiled:
    nothing = judge_condition(condition, c.engine())
    waits = tuple(dict.fromkeys(each.label for each in nothing.missing if not c.has(each.name)))
    rules = (*(each.rule for each in condition.readings), *(each.rule for each in condition.above))
    parts = (condition.applies, *rules)
    soft = condition.binding == "in_principle" and c.has(condition.passed_by)
    if not c.bears(parts) and not soft:
        letter = _letter(nothing)
        return Compiled(condition, f"'{letter}'", letter, waits)
    try:
        return Compiled(condition, _text(c, condition), "", waits)
    except NotInBatch as problem:
        return Compiled(condition, "'X'", "X", waits, problem.reason)


def _letter(finding: Finding) -> str:
    return "W" if finding.status in ("unknown", "judged") else LETTERS[finding.status]


def _text(c: Compiler, condition: Condition) -> str:
    """``conditions.judge_condition`` in SQL, for a call that has not chosen a reading."""
    told = [rule(c, each.rule) for each in condition.readings]
    if condition.taken:
        told = [told[next(n for n, each in enumerate(condition.readings) if each.key == condition.taken)]]
    no = _not_met(c, condition)
    if len(told) == 1:
        text = f"CASE {sql_truth(told[0])} WHEN true THEN 'M' WHEN false THEN {no} ELSE 'U' END"
    else:
        text = _readings(told, no)
    if condition.applies is not None:
        applies = sql_truth(rule(c, condition.applies))
        text = f"CASE {applies} WHEN true THEN {text} WHEN false THEN 'N' ELSE 'U' END"
    return _give_way(c, condition, text) if condition.above else text


def _give_way(c: Compiler, condition: Condition, text: str) -> str:
    """The highest norm decides, see ``conditions._give_way``."""
    top, *others = (f"({sql_truth(rule(c, each.rule))})" for each in condition.above)
    alike = "".join(f" AND {each} IS NOT FALSE" for each in others)
    return (
        f"CASE WHEN {text} = 'N' THEN 'N' WHEN {top} IS NULL THEN 'U' WHEN NOT {top} THEN 'F'"
        f" WHEN {text} = 'S'{alike} THEN 'S' ELSE 'M' END"
    )


def _readings(told: Sequence[Told], no: str) -> str:
    """Readings that decide alike answer; while one waits for a fact all wait; else they part."""
    truths = [f"({sql_truth(each)})" for each in told]
    unknown = " OR ".join(f"{each} IS NULL" for each in truths)
    return (
        f"CASE WHEN {unknown} THEN 'U' WHEN {' AND '.join(truths)} THEN 'M'"
        f" WHEN NOT ({' OR '.join(truths)}) THEN {no} ELSE 'A' END"
    )


def _not_met(c: Compiler, condition: Condition) -> str:
    """An in-principle rule that fails waits for its written reason; a blank one does not carry it."""
    if condition.binding != "in_principle":
        return "'F'"
    written = cell_of(c, value(c, r.FactRef(condition.passed_by)))
    if written is None:
        return "'U'"
    return f"CASE WHEN {written.text} IS NULL THEN 'U' WHEN {written.text} = '' THEN 'F' ELSE 'S' END"


__all__ = [
    "LETTERS",
    "Column",
    "Compiled",
    "Plan",
    "Rows",
    "Store",
    "answer",
    "answer_of",
    "compile_conditions",
]
