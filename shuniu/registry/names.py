"""How names are found: pinyin, initials, character pairs; pure Python."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

PAIR = 2
# Read otherwise in names than the dictionary says; the stored columns stay editable for the rest.
_READINGS = {"单县": "shan xian", "长沙": "chang sha", "长春": "chang chun", "重庆": "chong qing"}


def pinyin_of(name: str) -> str:
    """Syllables with blanks between: "wang hai shi". A proposal: the stored column may be edited."""
    for written, reading in _READINGS.items():
        if written in name:
            before, _, after = name.partition(written)
            return " ".join(filter(None, (pinyin_of(before), reading, pinyin_of(after))))
    if not name:
        return ""
    # The dictionary takes half a second and 50 MB: only a process that names somebody has it.
    from pypinyin.seg.simpleseg import seg

    return " ".join(filter(None, map(_word_pinyin, seg(name))))


@lru_cache(10_000)
def _word_pinyin(word: str) -> str:
    """Of one word: names are made of few, and the dictionary's way to each is long."""
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(word, style=Style.NORMAL, errors="ignore"))


def initials_of(pinyin: str) -> str:
    """First letters of the syllables: "whs"."""
    return "".join(syllable[0] for syllable in pinyin.split())


def plain(text: str) -> str:
    """Text as it is compared: full-width folded, lower case, without blanks and brackets."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if c.isalnum())


def words(text: str) -> list[str]:
    """What is searched for: the words between blanks, plain."""
    return [word for word in map(plain, text.split()) if word]


def pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of plain text."""
    return {text[i : i + PAIR] for i in range(len(text) - 1)}


def search_columns(names: Iterable[str], initials: str) -> tuple[str, list[str]]:
    """What an organisation is found by: its text (parts joined by |) and the pairs in it."""
    parts = [plain(name) for name in names] + [initials.lower()]
    found: set[str] = set()
    for part in parts:
        found |= pairs(part)
    return "|".join(filter(None, parts)), sorted(found)
