"""Splits the text of a paper into its clauses, by its own numbering.

Papers arrive damaged: headings lost, brackets lost, everything on one line. What is missing is reported; no
clause is renumbered to make the count come out. Pure text: whoever reads docx or pdf hands the text in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from shuniu.policy.model import plain_number

FOREWORD = "前言"
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CN = "[一二三四五六七八九十]{1,3}"
# Article, section, item, number, enumeration; the damaged item has lost its left bracket.
_HEADING = re.compile(
    rf"第(?P<article>[一二三四五六七八九十百]{{1,5}})条"
    rf"|(?P<section>{_CN})、"
    rf"|[（(](?P<item>{_CN})[）)]"
    rf"|(?P<damaged>{_CN})[）)]"
    r"|(?<![\d.．])(?P<number>\d{1,2})[.．、](?!\d)"
    rf"|(?P<each>{_CN})是"
)
_PARAGRAPH = re.compile(rf"第({_CN})款")
_LEVEL = {"article": 0, "section": 0, "item": 1, "damaged": 1, "number": 2, "each": 2}
_ENDS = "。；;：:）)》”！？"
_ANNEX = re.compile(r"^[ \t　]*附[ 　]*件[ 　]*(?P<list>[:：])?[ 　]*(?P<n>\d{0,2})", re.MULTILINE)
_TITLE = 24  # characters: how long a heading without punctuation may be
_LARGEST_GAP = 3


@dataclass(frozen=True, slots=True)
class PaperClause:
    """A clause as the paper has it. ``title_only``: a heading whose words all stand in the clauses below."""

    number: str
    text: str
    line: int
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Damage:
    """Where the numbering of the paper does not run on."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Paper:
    clauses: tuple[PaperClause, ...]
    damages: tuple[Damage, ...]

    def clause(self, number: str) -> PaperClause | None:
        """The clause of a number; of a paragraph (第六条第二款) the article, since papers do not mark paragraphs."""
        wanted = without_paragraph(number)
        return next((each for each in self.clauses if same_number(each.number) == wanted), None)

    def paragraphs(self, article: str) -> int:
        """How many paragraphs an article can have at most: lines that do not begin an item."""
        number = same_number(article)
        texts = [(same_number(each.number), each.text) for each in self.clauses]
        return sum(
            len(text.splitlines()) - (key != number) for key, text in texts if key.startswith(number) and text
        )


@dataclass(slots=True)
class _Reader:
    text: str
    places: list[tuple[int, int, str]] = field(default_factory=list)  # begin, end of the mark, number
    damages: list[Damage] = field(default_factory=list)
    stack: list[tuple[int, str, int]] = field(default_factory=list)  # value, number, level
    style: str = ""  # what stands at level 0 in this paper: article or section
    guessed: int = 0  # headings of level 0 that are missing and were counted


def split(text: str) -> Paper:
    """The clauses in the order of the paper, and every place where its numbering is broken."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    body, annexes = _without_annexes(text)
    reader = _Reader(body)
    for match in _HEADING.finditer(body):
        _take(reader, match)
    return Paper(tuple(_clauses(reader, text, annexes)), tuple(reader.damages))


def same_number(number: str) -> str:
    """A clause number without what papers write differently: 二、（一）1. and 二(一)1 are one."""
    return re.sub(r"[、.．\s]", "", plain_number(number))


def without_paragraph(number: str) -> str:
    """A clause number in one spelling, without 第二款."""
    return _PARAGRAPH.sub("", same_number(number))


def paragraph_of(number: str) -> tuple[str, int]:
    """The article of a number and which of its paragraphs is meant; 0 where it names none."""
    found = _PARAGRAPH.search(same_number(number))
    return (same_number(number)[: found.start()], numeral(found[1])) if found else ("", 0)


def numeral(words: str) -> int:
    """The value of a Chinese numeral up to 999."""
    total, rest = 0, words
    if "百" in rest:
        head, _, rest = rest.partition("百")
        total += 100 * _DIGITS.get(head, 1)
        rest = rest.removeprefix("零")
    if "十" in rest:
        head, _, rest = rest.partition("十")
        total += 10 * _DIGITS.get(head, 1)
    return total + _DIGITS.get(rest, 0)


def _without_annexes(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The body, and where each annex begins. A line 附件：1.… only lists them and ends the body."""
    found = [match for match in _ANNEX.finditer(text) if match["list"] or match["n"]]
    if not found:
        return text, []
    annexes = [(match.start(), f"附件{match['n']}") for match in found if not match["list"]]
    return text[: found[0].start()], annexes


def _take(reader: _Reader, match: re.Match[str]) -> None:
    kind = match.lastgroup or ""
    line_start = not reader.text[: match.start()].rpartition("\n")[2].strip()
    if kind == "damaged" and not line_start:
        return
    if kind in ("article", "section"):
        if reader.style and kind != reader.style:
            return
    elif not reader.style:
        return
    level = _LEVEL[kind]
    value = int(match[kind]) if kind == "number" else numeral(match[kind])
    depth = next((n for n, (_, _, found) in enumerate(reader.stack) if found >= level), len(reader.stack))
    here = reader.stack[depth] if depth < len(reader.stack) else None
    last = here[0] if here is not None and here[2] == level else 0
    if kind == "each" and not _enumerates(reader, match, value, last):
        return
    if not line_start and not _inline(reader, match, kind, value, last):
        return
    if value <= last and not _restart(reader, match, kind, value, last):
        return
    if last + 1 < value <= last + 1 + _LARGEST_GAP:
        lost = "、".join(_written(kind, each) for each in range(last + 1, value))
        reader.damages.append(
            Damage(_line(reader.text, match.start()), f"“{_written(kind, value)}”之前缺少标题“{lost}”")
        )
    elif value > last + 1:
        return
    if kind == "damaged":
        reader.damages.append(
            Damage(_line(reader.text, match.start()), f"“{match[0]}”缺少左括号，按“（{match[kind]}）”列出")
        )
    reader.style = reader.style or kind
    if level > 0:
        depth = next((n for n, (_, _, found) in enumerate(reader.stack) if found >= level), len(reader.stack))
    del reader.stack[depth:]
    reader.stack.append((value, _written(kind, value), level))
    reader.places.append((match.start(), match.end(), "".join(each[1] for each in reader.stack)))


def _enumerates(reader: _Reader, match: re.Match[str], value: int, last: int) -> bool:
    """一是, 二是 … count as clauses only straight after the title of a section, and then in their order."""
    if value > 1:
        return last == value - 1 and bool(reader.stack) and reader.stack[-1][2] == 2
    return bool(reader.places) and reader.stack[-1][2] == 0 and _straight_after(reader, match)


def _straight_after(reader: _Reader, match: re.Match[str]) -> bool:
    """Whether nothing but a title stands between the last heading and this mark."""
    between = reader.text[reader.places[-1][1] : match.start()] if reader.places else ""
    return (
        bool(reader.places) and len(between.strip()) <= _TITLE and not any(end in between for end in "。；;")
    )


def _inline(reader: _Reader, match: re.Match[str], kind: str, value: int, last: int) -> bool:
    """Inside a line only the very next number counts, and only where a sentence or a title has just ended."""
    before = reader.text[: match.start()].rstrip(" \t　")[-1:]
    ended = before in _ENDS or before == ""
    if kind == "article":
        return (
            ended
            and value == last + 1
            and not re.match(r"[的第、至和中款规]", reader.text[match.end() :][:1])
        )
    return value == last + 1 and (ended or _straight_after(reader, match))


def _restart(reader: _Reader, match: re.Match[str], kind: str, value: int, last: int) -> bool:
    """Items that begin anew under the same section: the next section has lost its heading."""
    line = _line(reader.text, match.start())
    if _LEVEL[kind] == 0:
        # A heading that had been counted as lost stands here after all.
        real = value == last - reader.guessed + 1 and reader.guessed > 0
        reader.guessed = 0 if real else reader.guessed
        return real
    top = reader.stack[0]
    if kind != "item" or value != 1 or top[2] != 0 or reader.style != "section":
        return False
    reader.guessed += 1
    found = (top[0] + 1, _written("section", top[0] + 1), 0)
    reader.damages.append(
        Damage(
            line,
            f"“（一）”重新编号，“{top[1]}”之后缺少标题“{found[1]}、”；以下暂列在“{found[1]}”之下，请核对",
        )
    )
    reader.stack[:] = [found]
    return True


def _written(kind: str, value: int) -> str:
    words = _words(value)
    return {
        "article": f"第{words}条",
        "section": words,
        "item": f"（{words}）",
        "damaged": f"（{words}）",
        "number": str(value),
        "each": str(value),
    }[kind]


def _words(value: int) -> str:
    digits = {n: word for word, n in _DIGITS.items()}
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    said = f"{digits[hundreds]}百" if hundreds else ""
    if hundreds and not tens and ones:
        said += "零"
    if tens:
        said += ("" if tens == 1 and not hundreds else digits[tens]) + "十"
    return said + (digits[ones] if ones else "")


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _clauses(reader: _Reader, text: str, annexes: list[tuple[int, str]]) -> Iterator[PaperClause]:
    first = reader.places[0][0] if reader.places else len(reader.text)
    foreword = reader.text[:first].strip()
    if foreword:
        yield PaperClause(FOREWORD, foreword, 1)
    for n, (begin, mark, number) in enumerate(reader.places):
        after = reader.places[n + 1] if n + 1 < len(reader.places) else None
        words = reader.text[mark : after[0] if after else len(reader.text)].strip()
        parent = after is not None and after[2].startswith(number)
        title = parent and not any(end in words for end in "。；;") and len(words) <= 2 * _TITLE
        yield PaperClause(number, words, _line(reader.text, begin), title)
    for n, (begin, number) in enumerate(annexes):
        end = annexes[n + 1][0] if n + 1 < len(annexes) else len(text)
        yield PaperClause(number, text[begin:end].strip(), _line(text, begin))
