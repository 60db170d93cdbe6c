"""Where a title may be broken: between words and phrases, never inside one (GB/T 9704 7.3.1: 词意完整).

Chinese is written without gaps, so a browser and typst break it by width alone. A short list of office words tells
what belongs together; what the list does not know stays whole while it is short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

LONGEST = 8
"""An unknown run that is longer may be broken anywhere: no line is left empty for its sake."""

_WORDS = (Path(__file__).with_suffix(".txt")).read_text(encoding="utf-8").split()
_BEFORE = frozenset({"关于", *"和与及第《（〔“("})  # what stands with the word that follows
_AFTER = frozenset({"总工会", "工会委员会", *"的类等期》）〕”)、，。：；"})  # … with the one before

_KNOWN = sorted({*_WORDS, *_BEFORE, *_AFTER}, key=len, reverse=True)
_TOKEN = re.compile(
    r"\d+年度?|\d+月\d+日|第[一二三四五六七八九十\d]+[批次号届期]|[0-9A-Za-z.\-]+|\s+|"
    + "|".join(map(re.escape, _KNOWN))
)


def _tokens(line: str) -> Iterator[tuple[str, bool]]:
    """Known words, figures with their unit, and what lies between them; each with whether it follows the one before."""
    at = 0
    for found in _TOKEN.finditer(line):
        yield from _between(line[at : found.start()])
        yield found.group(), found.group() in _AFTER
        at = found.end()
    yield from _between(line[at:])


def _between(run: str) -> Iterator[tuple[str, bool]]:
    if len(run) > LONGEST:
        yield from ((sign, False) for sign in run)
    elif run:
        yield run, len(run) == 1  # 表, 书, 册: the end of the word before


def phrases(line: str) -> list[str]:
    """The line in pieces that stay whole; together they are the line."""
    pieces: list[str] = []
    waits = False  # the piece before waits for its word
    for token, follows in _tokens(line):
        if pieces and (waits or follows):
            pieces[-1] += token
        else:
            pieces.append(token)
        waits = token in _BEFORE
    return pieces
