"""Rosters and paper sheets as Excel files: their columns, and reading them whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from shuniu.foundation.access import Refused, refuse, register_refusals
from shuniu.foundation.files import limited
from shuniu.foundation.papers import sheets
from shuniu.foundation.papers.sheets import Column
from shuniu.surveys.models import INVALID, LEVELS

register_refusals(
    {
        "surveys.file_bad": "文件读不出来。请用本页的模板填写，另存为 .xlsx 再上传。",
        "surveys.file_large": "文件不能超过 5 MB。",
        "surveys.file_rows": "文件里有问题，一行也没有写入：{problems}",
        "surveys.file_empty": "文件里没有数据行。",
    }
)

_MOST = 5 * 1024 * 1024
_SHOWN = 8  # problems that one message names
ROSTER_ID, PAPER_ID = "surveys.roster", "surveys.paper"
INVALID_WORD = "无效"

ROSTER = (
    Column("name", "姓名", required=True, example="李向东", width=14),
    Column("workplace", "单位或部门", example="望海港口集团一公司", width=32),
)
PAPER = (
    Column("code", "票码", required=True, example="ABCD-EFGH-JKMN-PQRS", width=26),
    Column("level", "评价", required=True, choices=(*LEVELS.values(), INVALID_WORD), width=14),
    Column("reasons", "原因", example="服务态度、响应速度", width=36),
    Column("comment", "意见", width=40),
)


def roster_template() -> bytes:
    """The empty roster."""
    return sheets.write_table(
        title="测评名单", columns=ROSTER, rows=[], template_id=ROSTER_ID,
        guide=["一人一行。同名的，在“单位或部门”里写明区别。", "请不要填写电话、身份证号。"],
    )  # fmt: skip


def paper_template() -> bytes:
    """The empty list of paper sheets."""
    return sheets.write_table(
        title="纸质测评票", columns=PAPER, rows=[], template_id=PAPER_ID,
        guide=["一份票一行。评价写“无效”的，计入收回，不计入有效。", "原因之间用顿号隔开，只填列出的选项。"],
    )  # fmt: skip


def links(title: str, codes: list[str], base: str) -> bytes:
    """Codes and addresses to send out, one for each person; no names, in an order that means nothing."""
    columns = (Column("code", "票码", width=26), Column("link", "链接", width=60))
    rows = [{"code": code, "link": f"{base}/t/{code}/"} for code in codes]
    return sheets.write_table(title=f"{title}链接清单", columns=columns, rows=rows)


def _read(upload: Any, columns: tuple[Column, ...], title: str, template_id: str) -> list[sheets.Row]:
    if upload.size > _MOST:
        raise Refused(refuse("surveys.file_large"))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "upload.xlsx"
        path.write_bytes(upload.read())
        try:
            found = sheets.read_table(path, columns, title=title, template_id=template_id, max_rows=20_000)
        except limited.Limited as problem:
            raise Refused(refuse("surveys.file_bad")) from problem
    if not found.rows:
        raise Refused(refuse("surveys.file_empty"))
    return found.rows


def read_roster(upload: Any) -> list[tuple[str, str]]:
    """(name, workplace) of every row; Refused with the rows that are wrong."""
    rows = _read(upload, ROSTER, "测评名单", ROSTER_ID)
    people: list[tuple[str, str]] = []
    problems = []
    for row in rows:
        one = (row.values.get("name", ""), row.values.get("workplace", ""))
        if not one[0]:
            problems.append(f"第 {row.number} 行没有姓名")
        elif len(one[0]) > 40 or len(one[1]) > 100:
            problems.append(f"第 {row.number} 行写得太长")
        elif one in people:
            problems.append(f"第 {row.number} 行与前面重复")
        people.append(one)
    _none(problems)
    return people


def read_paper(upload: Any) -> list[tuple[str, int, tuple[str, ...], str]]:
    """(code, level, reasons, comment) of every row; Refused with the rows that are wrong."""
    by_word = {word: level for level, word in LEVELS.items()} | {INVALID_WORD: INVALID}
    found = []
    problems = []
    for row in _read(upload, PAPER, "纸质测评票", PAPER_ID):
        word = row.values.get("level", "")
        if word not in by_word:
            problems.append(f"第 {row.number} 行的评价“{word}”不在选项里")
            continue
        reasons = tuple(
            filter(None, (r.strip() for r in row.values.get("reasons", "").replace("，", "、").split("、")))
        )
        found.append(
            (row.values.get("code", ""), by_word[word], reasons, row.values.get("comment", "")[:500])
        )
    _none(problems)
    return found


def _none(problems: list[str]) -> None:
    if problems:
        more = f"；另有 {len(problems) - _SHOWN} 处" if len(problems) > _SHOWN else ""
        raise Refused(refuse("surveys.file_rows", problems="；".join(problems[:_SHOWN]) + more))
