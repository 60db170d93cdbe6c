"""One look over a folder that finds every mistake at once: the document, its parts, the paper, the cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shuniu.policy import cases, compare, lint, lint_rules
from shuniu.policy.advice import advised
from shuniu.policy.cases import CaseResult
from shuniu.policy.extending import BASE, DOCUMENT, tree_of
from shuniu.policy.load import CASES, digest_of, draft
from shuniu.policy.model import Document
from shuniu.policy.problems import PolicyError, Problem
from shuniu.policy.source import Node, read

_NO_CASES = "没有案例：还没有用已有定论的情形核对过规则"


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. ``document`` is there where it can be used; ``remarks`` refuse nothing."""

    document: Document | None
    digest: str
    results: tuple[CaseResult, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON; ``warnings`` are the remarks in one sentence each."""
        document = self.document
        return {
            "ok": self.ok,
            "key": document.key if document else "",
            "version": document.version if document else "",
            "digest": self.digest,
            "clauses": len(document.clauses) if document else 0,
            "cases": len(self.results),
            "warnings": [
                f"{each.expected}{f'，现为{each.found}' if each.found else ''}" for each in self.remarks
            ],
            "remarks": [each.as_json() for each in self.remarks],
            "problems": [each.as_json() for each in self.problems],
        }


def examine(files: Mapping[str, bytes], folder: str = "") -> Report:
    """Everything that is wrong with a folder's files, and what its author should look at besides.

    ``folder`` is the folder's name, where the files lie in one.
    """
    document, found = draft(files)
    problems, remarks = list(found), list[Problem]()
    root = _tree(files)
    if root is not None and "extends" in root.entries:
        mistakes, also = _beyond_base(files)
        problems += mistakes
        remarks += also
    elif root is not None:
        problems += _mistakes(root)
        remarks += [*_remarks(root), *_bands(root, document)]
    if root is not None and folder:
        remarks += lint.of_folder(root, folder)
    try:
        attached = compare.paper_of(files)
    except PolicyError as error:
        attached = None
        problems += error.problems
    if root is not None and folder and not any(name in files for name in compare.PAPERS):
        remarks.append(Problem(compare.PAPERS[0], 0, "", "没有附原文，条款和引文没有逐条核对"))
    if attached is not None:
        remarks += compare.damages(*attached)
        if root is not None:
            problems += compare.against(root, *attached)
    results: tuple[CaseResult, ...] = ()
    if document is not None:
        try:
            known = cases.read_cases(document, files)
            if not problems:
                results, different = cases.try_cases(document, files)
                problems += different
            if not known:
                remarks.append(Problem(CASES, 0, "", _NO_CASES))
            elif document.extends is None:  # conditions are an upper document's, with cases of its own
                remarks += _untried(document, results)
        except PolicyError as error:
            problems += error.problems
    usable = document if not found else None
    return Report(usable, digest_of(files), results, advised(_once(problems)), advised(remarks))


def _beyond_base(files: Mapping[str, bytes]) -> tuple[list[Problem], list[Problem]]:
    """Mistakes and remarks of a document that adopts an upper one: those that the upper one does not have itself."""
    try:
        whole, base = tree_of(files).root, tree_of(files, BASE).root
    except PolicyError:  # said already, by whoever loads it
        return [], []
    known = {*_mistakes(base), *_remarks(base)}
    mistakes = [each for each in _mistakes(whole) if each not in known]
    return mistakes, [each for each in _remarks(whole) if each not in known]


def _mistakes(root: Node) -> list[Problem]:
    return [*lint.mistakes(root), *lint_rules.mistakes(root)]


def _remarks(root: Node) -> list[Problem]:
    return [*lint.remarks(root), *lint_rules.remarks(root)]


def _tree(files: Mapping[str, bytes]) -> Node | None:
    try:
        root = read(DOCUMENT, files[DOCUMENT])
    except (KeyError, PolicyError):
        return None
    return root if root.kind == "map" else None


def _once(problems: list[Problem]) -> Iterator[Problem]:
    """Without what a more exact problem says again: a clause listed twice is named at its second row."""
    twice = any("，只写一处" in each.expected for each in problems)
    for each in problems:
        if not (twice and each.key == "clauses" and each.expected.startswith("名称不得重复")):
            yield each


def _bands(root: Node, document: Document | None) -> Iterator[Problem]:
    """The overlaps and gaps that loading found, each at the line of its table."""
    lines = {lint.word(row, "label"): row.line for _, row in lint.parts(root)}
    for said in document.warnings if document is not None else ():
        label = said.partition("”")[0].removeprefix("“")
        yield Problem(DOCUMENT, lines.get(label, 0), label, said)


def _untried(document: Document, results: tuple[CaseResult, ...]) -> Iterator[Problem]:
    """Conditions that no case judges both ways: a mistake in them would not be noticed."""
    seen: dict[str, set[str]] = {}
    for result in results:
        for found in result.decision.findings:
            seen.setdefault(found.key, set()).add(found.status)
    for condition in document.conditions if results else ():
        statuses = seen.get(condition.key, set())
        for wanted, also, words in (("met", "soft_passed", "符合"), ("not_met", "unknown", "不符合")):
            if wanted not in statuses and also not in statuses:
                yield Problem(
                    CASES, 0, condition.key, f"没有判为“{words}”的案例：{condition.clause} {condition.label}"
                )
