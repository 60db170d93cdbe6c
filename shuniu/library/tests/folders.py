"""Small folders for the tests: an invented document that may be adopted below, with decided cases."""

from __future__ import annotations

import io

from shuniu.foundation.files import receiving
from shuniu.foundation.files.receiving import Received
from shuniu.library.unpacking import make_zip

KEY = "wanghai-service"
DOCUMENT = """\
format: 1
key: wanghai-service
version: "1"
title: 望海市职工服务项目办法
short: 望海服务
issued: 2025-03-01
effective: {from: 2025-04-01, clause: 第四条}
interpreter: {name: 市总工会权益保障部, clause: 第四条}
issuer: {name: 望海市总工会, level: city, clause: 第一条, may_open: [city], may_adopt: [district]}
clauses:
  - {number: 第一条, words: 为职工服务, kind: definition, does: 市总工会可以发起, quote: 面向全市职工}
  - {number: 第二条, words: 成立满两年的组织可以申报, kind: rule, does: 按成立日期判断}
  - {number: 第三条, words: 申报不超过三个类别, kind: limit, does: 按类别数判断}
  - {number: 第四条, words: 解释和施行, kind: effective, does: 按施行日期判断}
categories:
  - key: care
    label: 心理关爱
    clause: 第三条
    directions: [{key: talk, label: 心理咨询}]
limits:
  - {key: most, clause: 第三条, label: 类别数, at_most: 3, binding: must, counts: chosen_count, local: {min: 1, max: 3}}
facts:
  - {name: founded_on, type: date, label: 成立日期, source: registry}
  - {name: chosen_count, type: integer, label: 类别数, source: application}
conditions:
  - key: two_years
    clause: 第二条
    label: 成立满两年
    asks: [eligibility]
    rule: {elapsed: {since: {fact: founded_on}, until: {date: on}, unit: years}, at_least: 2}
  - {key: most, clause: 第三条, label: 不超过限额, asks: [eligibility], rule: {fact: chosen_count, at_most: {limit: most}}}
procedure:
  - {key: notice, kind: notice, label: 发布通知, actor: responsible_department, clause: 第一条}
  - {key: apply, kind: apply, label: 申报, actor: applicant, clause: 第二条}
  - {key: check, kind: check, label: 审核, actor: responsible_department, clause: 第二条}
outcome: {kind: recognition, label: 服务单位, clause: 第一条, per: category, code: WF}
not_stated:
  - {key: publicity_days, label: 公示天数, filled_by: call, kind: working_days, unit: 个工作日, default: 5}
"""
CASES = """\
cases:
  - case: 满两年的当天
    ask: eligibility
    on: 2026-07-01
    facts: {founded_on: 2024-07-01, chosen_count: 3}
    expect: {decision: yes}
  - case: 差一天
    ask: eligibility
    on: 2026-07-01
    facts: {founded_on: 2024-07-02, chosen_count: 1}
    expect: {decision: no, clause: 第二条}
"""


def files(document: str = DOCUMENT, cases: str = CASES) -> dict[str, bytes]:
    return {"document.yaml": document.encode(), "cases.yaml": cases.encode()}


def received(given: dict[str, bytes] | None = None, name: str = "制度.zip") -> Received:
    return sent(make_zip(files() if given is None else given), name)


def sent(data: bytes, name: str = "制度.zip") -> Received:
    return receiving.receive(io.BytesIO(data), name=name, allowed=frozenset({"zip"}), max_bytes=20_000_000)
