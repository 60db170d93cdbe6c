"""What is wrong with a document, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: where it stands, what stands there, what was expected, and what to do about it."""

    file: str
    line: int
    key: str
    expected: str
    found: str = ""
    advice: str = ""

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.line} 行" if self.line else self.file
        key = f" {self.key}" if self.key else ""
        found = f"，现为{self.found}" if self.found else ""
        return f"{place}{key}：{self.expected}{found}"

    def as_json(self) -> dict[str, object]:
        return {
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "expected": self.expected,
            "found": self.found,
            "advice": self.advice,
        }


class PolicyError(Exception):
    """A document (or a file of facts) is refused; ``problems`` names every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FactError(PolicyError):
    """A fact that no document could judge: a binary float, a value of the wrong shape."""


class Sink:
    """Collects the problems of one file, so that a check reports all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, key: str, expected: str, found: str = "") -> None:
        self.problems.append(Problem(self.file, line, key, expected, found))

    def refuse(self) -> None:
        """Raise what was collected, in the order of the lines; nothing collected, nothing raised."""
        if self.problems:
            raise PolicyError(sorted(self.problems, key=lambda problem: problem.line))
