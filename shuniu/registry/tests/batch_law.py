"""A document that asks everything of the registry that a rule can ask; for the comparison of both judgements."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from shuniu import policy

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
  - {key: a, label: 心理, clause: 第一条, directions: [{key: a1, label: 甲一}]}
limits:
  - {key: few, clause: 第一条, label: 几个, at_most: 2, binding: must, counts: asked}
outcome:
  kind: recognition
  label: 单位
  clause: 第一条
  per: applicant
  in_force: 有效
  validity: {n: 2, unit: years, clause: 第一条, first_day: first_day, words: 两年}
facts:
  - {name: code, type: text, label: 代码, source: registry}
  - {name: name, type: text, label: 名称, source: registry}
  - name: legal_type
    type: choice
    label: 类型
    source: registry
    values: [社会团体, 社会服务机构, 基金会]
    pending: [基金会]
    same_as: {其他: 社会团体}
  - {name: registrar, type: choice, label: 层级, source: registry, values: [省级, 本市市级, 本市区级], same_as: {国家级: 省级}}
  - {name: region, type: text, label: 区, source: registry}
  - {name: founded_on, type: date, label: 成立, source: registry}
  - {name: registration_status, type: choice, label: 状态, source: registry, values: [存续, 正在注销, 已注销]}
  - {name: rating, type: choice, label: 等级, source: registry, values: [1A, 2A, 3A, 4A, 5A], same_as: {}, pending: [1A]}
  - {name: full_time_staff, type: integer, label: 专职, source: registry}
  - {name: certified_staff, type: decimal, label: 持证, source: registry}
  - {name: union_members, type: integer, label: 会员, source: registry}
  - name: union_building
    type: choice
    label: 建会
    source: registry
    values: [单独建会, 加入联合基层工会, 加入联席会, 尚不具备条件]
  - {name: business_scope, type: text, label: 业务范围, source: registry}
  - {name: held_liable, type: boolean, label: 追责, source: registry}
  - name: inspections
    type: records
    label: 年检
    source: registry
    time: year
    yearly: true
    fields:
      - {name: year, type: year, label: 年度}
      - {name: result, type: choice, label: 结论, values: [合格, 基本合格, 不合格, 未参检, 已年报, 未结论], pending: [未结论]}
      - {name: concluded_on, type: date, label: 日期}
  - name: penalties
    type: records
    label: 处罚
    source: registry
    time: from
    fields:
      - name: kind
        type: choice
        label: 种类
        values: [活动异常名录, 严重违法失信, 行政处罚, 被追究刑事责任]
        same_as: {责令整改: 行政处罚}
      - {name: authority, type: text, label: 机关}
      - {name: from, type: date, label: 起}
      - {name: to, type: date, label: 止, missing_is: 9999-12-31}
  - name: licences
    type: records
    label: 证书
    source: registry
    time: valid_from
    fields:
      - {name: title, type: text, label: 名称}
      - {name: valid_from, type: date, label: 起}
      - {name: valid_to, type: date, label: 止}
      - {name: lent, type: boolean, label: 外借}
      - {name: kept, type: choice, label: 保管, values: [在, 不在], missing_is: 在}
  - name: ratings
    type: records
    label: 等级
    source: registry
    time: valid_from
    fields:
      - {name: grade, type: choice, label: 等级, values: [1A, 2A, 3A, 4A, 5A]}
      - {name: valid_from, type: date, label: 起}
      - {name: valid_to, type: date, label: 止}
  - name: past_projects
    type: records
    label: 项目
    source: registry
    time: year
    yearly: true
    fields:
      - {name: year, type: year, label: 年度}
      - {name: client, type: text, label: 委托方}
      - {name: client_kind, type: choice, label: 委托方类别, values: [工会, 政府部门, 企业, 基金会], missing_is: 企业}
      - {name: amount, type: decimal, label: 金额}
      - {name: headcount, type: integer, label: 人次, missing_is: 0}
      - {name: result, type: text, label: 成效}
  - name: specialist_records
    type: records
    label: 人才
    source: registry
    fields:
      - {name: role, type: choice, label: 类别, values: [专业管理人员, 专业项目人才]}
      - {name: certificate, type: text, label: 证书}
      - {name: since_year, type: year, label: 起始年}
  - name: reports
    type: records
    label: 报道
    source: registry
    time: on
    fields:
      - {name: on, type: date, label: 日期}
      - {name: level, type: choice, label: 级别, values: [区县级, 设区市级, 省部级, 国家级]}
      - {name: title, type: text, label: 标题}
  - name: exchanges
    type: records
    label: 交流
    source: registry
    time: on
    fields: [{name: on, type: date, label: 日期}, {name: level, type: text, label: 级别}]
  - {name: asked, type: integer, label: 申请数, source: application}
  - {name: why, type: text, label: 理由, source: application}
  - {name: day, type: date, label: 某日, source: application}
  - {name: honest, type: boolean, label: 诚信, source: judgement, question: 诚信吗？}
  - {name: age_year, type: year, label: 成立年, source: derived, derive: {year: {fact: founded_on}}}
  - {name: half, type: decimal, label: 一半, source: derived, derive: {calc: divide, of: [{fact: union_members}, 2]}}
  - {name: later, type: date, label: 之后, source: derived, derive: {shift: {from: {fact: day}, n: 1, unit: years}}}
conditions:
"""

RULES = Path(__file__).with_name("batch_rules.txt").read_text("utf-8").splitlines()

READINGS = """\
  - key: parted
    clause: 第一条
    label: 两种理解
    asks: [eligibility]
    readings:
      - {key: a, words: 甲, rule: {record: {of: inspections, years_before: 1, field: result}, is: 合格}}
      - {key: b, words: 乙, rule: {record: {of: inspections, years_before: 1, field: result}, in: [合格, 基本合格]}}
      - {key: c, words: 丙, rule: {always: true}}
  - key: settled
    clause: 第一条
    label: 先按一种
    asks: [eligibility]
    taken: b
    readings:
      - {key: a, words: 甲, rule: {fact: full_time_staff, at_least: 1}}
      - {key: b, words: 乙, rule: {fact: full_time_staff, at_least: 2}}
  - key: soft
    clause: 第一条
    label: 原则上
    asks: [eligibility]
    binding: in_principle
    passed_by: why
    rule: {fact: full_time_staff, at_least: 2}
  - key: excused
    clause: 第一条
    label: 原则上，理由在库
    asks: [eligibility]
    binding: in_principle
    passed_by: region
    rule: {fact: full_time_staff, at_least: 2}
  - key: some
    clause: 第一条
    label: 只对一类
    asks: [eligibility]
    applies: {fact: legal_type, is: 社会服务机构}
    rule: {fact: full_time_staff, at_least: 2}
  - key: none_of_them
    clause: 第一条
    label: 对谁都不适用
    asks: [eligibility]
    applies: {always: false}
    rule: {fact: full_time_staff, at_least: 2}
"""


def nested(number: int, seed: int) -> list[str]:
    """Rules made of rules, to a depth of three, by one seed."""
    chance = random.Random(seed)

    def one(depth: int) -> str:
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(RULES)
        a, b, c = (one(depth - 1) for _ in range(3))
        return chance.choice(
            [
                f"{{all_of: [{a}, {b}, {c}]}}", f"{{any_of: [{a}, {b}]}}", f"{{none_of: [{a}, {b}]}}", f"{{not: {a}}}",
                f"{{n_of: {{at_least: 1, at_most: 2, of: [{a}, {b}, {c}]}}}}", f"{{when: {a}, then: {b}}}",
                f"{{when: {a}, then: {b}, otherwise: {c}}}", f"{{require: {a}, unless: {b}}}",
            ]
        )  # fmt: skip

    return [one(3) for _ in range(number)]


def law(rules: Sequence[str] = RULES, more: str = READINGS) -> policy.Document:
    """One condition for each rule."""
    conditions = "".join(
        f"  - key: c{n}\n    clause: 第一条\n    label: 条件{n}\n    asks: [eligibility]\n    rule: {rule}\n"
        for n, rule in enumerate(rules)
    )
    return policy.load_bytes({"document.yaml": (HEAD + conditions + more).encode()})
