"""Small documents for tests: a fixed head, and the parts that a test names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from shuniu import policy

ROOT = Path(__file__).resolve().parents[3]
BEIJING = ROOT / "policies" / "beijing-2017"
ON = date(2026, 7, 1)

HEAD = """\
format: 1
key: test
version: "1"
title: 试行办法
short: 试行
issued: 2020-01-01
effective: {from: 2020-01-01, clause: 第一条}
issuer: {name: 望海市总工会, level: city, clause: 第一条, may_open: [city]}
clauses:
  - {number: 第一条, words: 测试用的一条, kind: rule, does: 测试}
categories:
  - key: a
    label: 甲类
    clause: 第一条
    directions: [{key: a1, label: 甲一}, {key: a2, label: 甲二}]
facts:
  - {name: n, type: decimal, label: 数, source: application}
  - {name: m, type: decimal, label: 另一数, source: application}
  - {name: day, type: date, label: 某日, source: application}
  - {name: flag, type: boolean, label: 是否, source: application}
  - {name: other, type: boolean, label: 另一是否, source: application}
  - {name: third, type: boolean, label: 第三是否, source: judgement, question: 是这样吗？}
  - {name: word, type: choice, label: 词, source: application, values: [甲, 乙, 丙, 未定], pending: [未定]}
  - {name: words, type: choices, label: 几个词, source: application, values: [甲, 乙, 丙]}
  - {name: free, type: text, label: 文字, source: application}
  - {name: why, type: text, label: 理由, source: application}
  - name: yearly
    type: records
    label: 年度记录
    source: registry
    time: year
    yearly: true
    fields:
      - {name: year, type: year, label: 年度}
      - {name: result, type: choice, label: 结论, values: [好, 差]}
  - name: events
    type: records
    label: 事件
    source: registry
    time: on
    fields:
      - {name: on, type: date, label: 日期}
      - {name: kind, type: choice, label: 种类, values: [罚, 奖]}
      - {name: amount, type: decimal, label: 金额}
"""


def files(parts: str = "") -> dict[str, bytes]:
    return {"document.yaml": (HEAD + parts).encode()}


def document(parts: str = "") -> policy.Document:
    return policy.load_bytes(files(parts))


def condition(rule: str, extra: str = "") -> policy.Document:
    """A document with one condition ``c`` whose rule is written in flow style."""
    head = "conditions:\n  - key: c\n    clause: 第一条\n    label: 条件\n    asks: [eligibility]\n"
    return document(f"{head}{extra}    rule: {rule}\n")


def status(rule: str, facts: dict[str, object], on: date = ON, *, working_days: bool = False) -> str:
    """The status of the one condition."""
    calendar = (lambda day: day.weekday() < 5) if working_days else None
    found = policy.judge(condition(rule), "eligibility", facts, on, working_day=calendar)
    return found.finding("c").status


def answer(law: policy.Document, facts: dict[str, Any], on: date = ON) -> str:
    """The status of the condition ``c`` of a document."""
    return policy.judge(law, "eligibility", facts, on).finding("c").status


def yes(truth: bool) -> str:
    """The status of a condition that is known."""
    return "met" if truth else "not_met"


def problems(parts: str) -> list[policy.Problem]:
    """What the loader says about a document that it refuses."""
    try:
        document(parts)
    except policy.PolicyError as error:
        return list(error.problems)
    return []
