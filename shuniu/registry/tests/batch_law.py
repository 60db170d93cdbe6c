"""A document that asks everything of the registry that a rule can ask; for the comparison of both judgements."""

from __future__ import annotations

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
  - {name: union_building, type: choice, label: 建会, source: registry, values: [单独建会, 加入联合基层工会, 加入联席会, 尚不具备条件]}
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
      - {name: kind, type: choice, label: 种类, values: [活动异常名录, 严重违法失信, 行政处罚, 被追究刑事责任], same_as: {责令整改: 行政处罚}}
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

RULES = """\
{fact: registration_status, is: 存续}
{fact: registration_status, is_not: 存续}
{fact: legal_type, in: [社会团体, 社会服务机构]}
{fact: legal_type, not_in: [社会团体]}
{fact: registrar, is: 省级}
{fact: name, is: 晨曦中心}
{fact: name, matches: "晨曦*中?"}
{fact: region, matches: "*%*"}
{fact: name, in: [晨曦中心, 暖心社]}
{fact: name, empty: false}
{fact: region, is_not: 东港区}
{fact: code, matches: "5*"}
{fact: business_scope, matches: "*职工*"}
{fact: business_scope, is: 养老服务}
{fact: held_liable, is: true}
{fact: held_liable, is_not: true}
{fact: founded_on, on_or_before: {date: on}}
{fact: founded_on, after: 2024-07-01}
{fact: founded_on, between: {from: 2024-01-01, to: 2025-12-31, to_included: false}}
{elapsed: {since: {fact: founded_on}, unit: years}, at_least: 2}
{elapsed: {since: {fact: founded_on}, unit: months}, more_than: 24}
{elapsed: {since: {fact: founded_on}, unit: days}, at_most: 730}
{elapsed: {since: {fact: founded_on}, until: {period_end: {from: 2024-02-29, n: 2, unit: years}}, unit: years}, less_than: 2}
{year: {fact: founded_on}, is: 2024}
{fact: age_year, at_least: 2024}
{fact: half, more_than: 4.5}
{fact: later, after: 2020-01-01}
{shift: {from: {fact: founded_on}, n: -1, unit: months}, before: 2024-06-01}
{period_end: {from: {fact: founded_on}, n: 1, unit: years}, on_or_after: 2025-06-30}
{period_end: {from: {fact: founded_on}, n: 30, unit: days}, on_or_after: 2024-07-31}
{validity_end: {fact: founded_on}, after: {date: on}}
{shift: {from: {shift: {from: {largest: {of: penalties, field: to}}, n: 1, unit: days}}, n: -1, unit: days}, after: {date: on}}
{fact: rating, in: [3A, 4A, 5A]}
{fact: rating, is: 1A}
{fact: full_time_staff, at_least: 2}
{fact: full_time_staff, between: {from: 1, to: 2, from_included: false}}
{fact: certified_staff, less_than: 1.5}
{calc: share, of: [{fact: certified_staff}, {fact: full_time_staff}], at_least: 33.3}
{round: {value: {calc: divide, of: [{fact: certified_staff}, {fact: full_time_staff}]}, digits: 1, way: half_up}, at_least: 0.7}
{round: {value: {calc: divide, of: [{fact: union_members}, 4]}, digits: 0, way: half_even}, is: 2}
{round: {value: {calc: divide, of: [{fact: union_members}, 4]}, digits: 0, way: up}, is: 2}
{round: {value: {calc: subtract, of: [{fact: certified_staff}, {fact: full_time_staff}]}, digits: 0, way: down}, is: -1}
{calc: largest, of: [{fact: full_time_staff}, {fact: certified_staff}, 2], is: 3}
{calc: smallest, of: [{calc: multiply, of: [{fact: full_time_staff}, 2]}, {calc: add, of: [{fact: certified_staff}, 1]}], at_most: 2}
{calc: add, of: [{fact: full_time_staff}, {fact: asked}], at_least: 2}
{lookup: {by: {fact: full_time_staff}, table: [{from: 0, to: 1, gives: 甲}, {from: 1, to: 2, gives: 乙}, {from: 3, gives: 甲}]}, is: 甲}
{lookup: {by: {fact: rating}, table: [{is: 3A, gives: 3}, {is: 4A, gives: 4}, {is: 5A, gives: 5}]}, at_least: 4}
{lookup: {by: {fact: business_scope}, table: [{is: 职工服务, gives: 1}]}, is: 1}
{fact: full_time_staff, at_most: {limit: few}}
{fact: full_time_staff, at_least: {fact: certified_staff}}
{fact: union_building, in: [单独建会, 加入联合基层工会]}
{all_of: [{fact: registration_status, is: 存续}, {fact: honest, is: true}]}
{any_of: [{fact: registration_status, is: 存续}, {fact: honest, is: true}]}
{none_of: [{fact: registration_status, is: 存续}, {fact: rating, is: 5A}]}
{not: {fact: rating, is: 5A}}
{n_of: {at_least: 2, of: [{fact: rating, is: 5A}, {fact: full_time_staff, at_least: 1}, {fact: registration_status, is: 存续}]}}
{n_of: {at_least: 1, at_most: 2, of: [{fact: rating, is: 5A}, {fact: full_time_staff, at_least: 1}, {fact: honest, is: true}]}}
{when: {fact: rating, in: [4A, 5A]}, then: {fact: full_time_staff, at_least: 1}}
{when: {fact: rating, in: [4A, 5A]}, then: {fact: full_time_staff, at_least: 1}, otherwise: {fact: full_time_staff, at_least: 3}}
{when: {fact: honest, is: true}, then: {fact: full_time_staff, at_least: 1}, otherwise: {fact: full_time_staff, at_least: 1}}
{require: {fact: full_time_staff, at_least: 3}, unless: {fact: rating, is: 5A}}
{record: {of: inspections, years_before: 1, field: result}, is: 合格}
{record: {of: inspections, years_before: 1, field: result}, in: [合格, 基本合格]}
{record: {of: inspections, years_before: 2, field: result}, is_not: 未参检}
{record: {of: inspections, years_before: 1, field: concluded_on}, on_or_before: {date: on}}
{record: {of: inspections, years_before: 1, field: result, anchor: {fact: founded_on}}, is: 合格}
{record: {of: inspections, years_before: 1, field: result, anchor: {fact: day}}, is: 合格}
{record: {of: past_projects, years_before: 1, field: client}, is: 甲公司}
{record: {of: reports, years_before: 2, field: level}, is: 国家级}
{every: {of: inspections, within: {n: 2, unit: calendar_years}, that: {field: result, in: [合格, 基本合格]}}}
{every: {of: inspections, last: 2, that: {field: result, in: [合格, 基本合格, 已年报]}}}
{every: {of: inspections, within: {n: 36, unit: months}, that: {field: result, is_not: 不合格}}}
{exists: {of: inspections, where: {field: result, is: 合格}, within: {n: 2, unit: calendar_years, current: true}}}
{none: {of: inspections, where: {field: result, in: [不合格, 未参检]}, within: {n: 2, unit: calendar_years}}}
{count: {of: inspections, where: {field: result, is: 合格}}, at_least: 2}
{count: {of: inspections, where: {field: result, is: 合格}, within: {n: 3, unit: calendar_years}}, is: 3}
{count: {of: inspections, where: {field: result, is: 合格}, last: 3}, at_least: 2}
{latest: {of: inspections, field: result}, is: 合格}
{latest: {of: inspections, where: {field: result, is_not: 不合格}, field: result}, in: [合格, 已年报]}
{consecutive: {of: inspections, n: 2, that: {field: result, is: 合格}, ending_years_before: 1}}
{consecutive: {of: inspections, n: 3, that: {field: result, in: [合格, 基本合格, 已年报]}}}
{consecutive: {of: past_projects, n: 2, that: {field: client, is: 甲公司}, ending_years_before: 1}}
{consecutive: {of: specialist_records, n: 2, that: {field: role, is: 专业管理人员}}}
{none: {of: penalties, where: {field: kind, is: 行政处罚}}}
{none: {of: penalties, where: {all_of: [{field: kind, in: [活动异常名录, 严重违法失信]}, {field: from, on_or_before: {date: on}}, {field: to, on_or_after: {date: on}}]}}}
{none: {of: penalties, within: {n: 24, unit: months}, where: {field: kind, is: 行政处罚}}}
{none: {of: penalties, within: {n: 2, unit: calendar_years, current: true}, where: {field: kind, is: 行政处罚}}}
{none: {of: penalties, within: {n: 1, unit: half_years}}}
{none: {of: penalties, within: {n: 2, unit: quarters, current: true}}}
{none: {of: penalties, within: {n: 100, unit: days, anchor: {fact: founded_on}}}}
{none: {of: penalties, within: {n: 1, unit: half_years, anchor: {fact: founded_on}}}}
{none: {of: penalties, within: {n: 1, unit: calendar_years, current: true, anchor: {fact: founded_on}}}}
{exists: {of: penalties, within: {from: 2024-01-01, to: {fact: founded_on}}}}
{exists: {of: penalties, within: {from: 2024-01-01, to: {fact: day}}}}
{count: {of: penalties, within: {from: 2024-01-01, to: {fact: day}}}, at_least: 0}
{count: {of: penalties}, at_least: 0}
{count: {of: penalties}, less_than: 2}
{count: {of: penalties, where: {field: authority, is: 民政局}}, at_most: 1}
{count: {of: penalties, where: {field: authority, is: 民政局}}, is: 1}
{count: {of: penalties, where: {field: authority, is: 民政局}}, is_not: 0}
{count: {of: penalties, where: {field: authority, is: 民政局}}, between: {from: 1, to: 2}}
{count: {of: penalties, distinct: kind}, at_least: 2}
{count: {of: penalties, distinct: authority, where: {field: kind, is_not: 行政处罚}}, more_than: 1}
{calc: add, of: [{count: {of: penalties}}, {count: {of: reports}}], at_least: 4}
{lookup: {by: {count: {of: penalties, where: {field: authority, is: 民政局}}}, table: [{to: 0, gives: 0}, {from: 1, gives: 9}]}, is: 9}
{exists: {of: penalties, where: {field: from, on_or_after: {fact: founded_on}}}}
{every: {of: penalties, that: {field: from, after: {fact: founded_on}}}}
{every: {of: penalties, that: {any_of: [{field: to, before: {date: on}}, {field: authority, is: 民政局}]}}}
{every: {of: penalties, last: 2, that: {field: kind, is: 行政处罚}}}
{every: {of: penalties, last: 1, where: {field: authority, is: 民政局}, that: {field: kind, is: 行政处罚}}}
{count: {of: penalties, last: 2, where: {field: authority, is: 民政局}}, at_least: 2}
{exists: {of: penalties, last: 1, where: {field: authority, is: 民政局}, within: {n: 3, unit: years}}}
{exists: {of: penalties, last: 1, where: {field: from, after: {fact: founded_on}}}}
{shift: {from: {largest: {of: penalties, field: to}}, n: 1, unit: years}, after: {date: on}}
{largest: {of: penalties, field: authority}, is: 税务局}
{smallest: {of: penalties, field: from}, after: 2024-01-01}
{latest: {of: penalties, field: kind}, is_not: 行政处罚}
{earliest: {of: penalties, field: authority}, is: 民政局}
{timer: {records: penalties, state: kind, becomes: [{from: 活动异常名录, after: {n: 2, unit: years}, to: 严重违法失信}, {from: 行政处罚, after: {n: 1, unit: months}, to: 正常}], start: 正常}, is: 严重违法失信}
{timer: {records: penalties, state: kind, becomes: [{from: 活动异常名录, after: {n: 2, unit: years}, to: 严重违法失信}, {from: 严重违法失信, after: {n: 6, unit: months}, to: 正常}], start: 正常}, is: 正常}
{timer: {records: penalties, state: authority, becomes: [], start: 无}, in: [民政局, 无]}
{exists: {of: licences, where: {all_of: [{field: valid_from, on_or_before: {date: on}}, {field: valid_to, on_or_after: {date: on}}]}}}
{exists: {of: licences, where: {field: lent, is: true}}}
{every: {of: licences, that: {field: kept, is: 在}}}
{exists: {of: licences, where: {elapsed: {since: {field: valid_from}, until: {field: valid_to}, unit: years}, at_least: 2}}}
{earliest: {of: licences, field: valid_to}, after: {date: on}}
{exists: {of: ratings, where: {all_of: [{field: grade, in: [3A, 4A]}, {elapsed: {since: {field: valid_from}, unit: years}, at_least: 2}]}}}
{latest: {of: ratings, field: grade}, in: [4A, 5A]}
{latest: {of: ratings, each: {lookup: {by: {field: grade}, table: [{is: 4A, gives: 4}, {is: 5A, gives: 5}, {is: 3A, gives: 3}, {is: 2A, gives: 2}, {is: 1A, gives: 1}]}}}, at_least: 3}
{sum: {of: past_projects, field: amount}, at_least: 433}
{sum: {of: past_projects, field: headcount, within: {n: 2, unit: calendar_years}}, at_least: 7}
{sum: {of: past_projects, where: {field: client_kind, is: 工会}, field: headcount}, more_than: 3}
{sum: {of: past_projects, each: {calc: multiply, of: [{field: headcount}, 2]}}, at_least: 14}
{sum: {of: past_projects, each: {lookup: {by: {field: client_kind}, table: [{is: 工会, gives: 2}, {is: 政府部门, gives: 1}, {is: 企业, gives: 0}, {is: 基金会, gives: 0}]}}}, at_least: 2}
{largest: {of: past_projects, field: amount}, more_than: 100}
{smallest: {of: past_projects, field: headcount}, is: 0}
{count: {of: past_projects, distinct: client, within: {n: 3, unit: calendar_years}}, at_least: 2}
{exists: {of: past_projects, where: {field: result, empty: true}}}
{count: {of: past_projects, within: {n: 30, unit: months}}, at_least: 1}
{exists: {of: past_projects, where: {field: year, at_least: {year: {fact: founded_on}}}}}
{exists: {of: past_projects, where: {field: year, at_least: {year: {latest: {of: reports, field: on}}}}}}
{count: {of: specialist_records, where: {field: role, is: 专业项目人才}}, at_least: 1}
{count: {of: specialist_records, where: {field: since_year, at_most: 2020}}, at_least: 1}
{exists: {of: reports, where: {field: level, in: [设区市级, 省部级, 国家级]}}}
{count: {of: reports, where: {field: level, is: 国家级}, last: 1}, at_least: 1}
{count: {of: reports, distinct: title, within: {n: 2, unit: years}}, is: 2}
{latest: {of: reports, field: level}, is: 设区市级}
{exists: {of: exchanges, where: {field: level, matches: "*级"}}}
{exists: {of: exchanges, where: {field: level, in: [国家级]}, within: {n: 1, unit: calendar_years}}}
{always: true}
{fact: asked, at_most: 3}
"""

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


def law(rules: str = RULES, more: str = READINGS) -> policy.Document:
    """One condition for each rule."""
    conditions = "".join(
        f"  - key: c{n}\n    clause: 第一条\n    label: 条件{n}\n    asks: [eligibility]\n    rule: {rule}\n"
        for n, rule in enumerate(rules.splitlines())
    )
    return policy.load_bytes({"document.yaml": (HEAD + conditions + more).encode()})
