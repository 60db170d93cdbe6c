"""A document of twelve conditions over facts of the registry, and the same by hand in SQL."""

from __future__ import annotations

from shuniu import policy

_HEAD = """\
format: 1
key: bench
version: "1"
title: 测算用办法
short: 测算
issued: 2026-01-01
effective: {from: 2026-01-01, clause: 第一条}
issuer: {name: 望海市总工会, level: city, clause: 第一条, may_open: [city]}
clauses:
  - {number: 第一条, words: 十二个条件, kind: rule, does: 逐条判断}
facts:
  - {name: registration_status, type: choice, label: 状态, source: registry, values: [存续, 正在注销, 已注销, 已撤销, 未登记]}
  - {name: legal_type, type: choice, label: 类型, source: registry, values: [社会团体, 社会服务机构, 基金会, 其他]}
  - {name: registrar, type: choice, label: 层级, source: registry, values: [国家级, 省级, 本市市级, 本市区级, 外省市]}
  - {name: founded_on, type: date, label: 成立日期, source: registry}
  - {name: full_time_staff, type: integer, label: 专职人员, source: registry}
  - {name: rating, type: choice, label: 等级, source: registry, values: [1A, 2A, 3A, 4A, 5A]}
  - name: union_building
    type: choice
    label: 建会
    source: registry
    values: [单独建会, 加入联合基层工会, 加入联席会, 尚不具备条件]
  - name: inspections
    type: records
    label: 年检
    source: registry
    time: year
    yearly: true
    fields:
      - {name: year, type: year, label: 年度}
      - name: result
        type: choice
        label: 结论
        values: [合格, 基本合格, 不合格, 未参检, 已年报, 未结论]
        pending: [未结论]
  - name: penalties
    type: records
    label: 处罚
    source: registry
    time: from
    fields:
      - {name: kind, type: choice, label: 种类, values: [活动异常名录, 严重违法失信, 行政处罚, 被追究刑事责任, 责令整改]}
      - {name: from, type: date, label: 起}
      - {name: to, type: date, label: 止, missing_is: 9999-12-31}
  - name: past_projects
    type: records
    label: 项目
    source: registry
    time: year
    fields: [{name: year, type: year, label: 年度}, {name: headcount, type: integer, label: 人次, missing_is: 0}]
conditions:
"""
_LISTED = (
    "{none: {of: penalties, where: {all_of: [{field: kind, in: [活动异常名录, 严重违法失信]},"
    " {field: from, on_or_before: {date: on}}, {field: to, on_or_after: {date: on}}]}}}"
)
_RULES = (
    "{fact: registration_status, is: 存续}",
    "{fact: legal_type, in: [社会团体, 社会服务机构]}",
    "{fact: registrar, in: [本市市级, 本市区级]}",
    "{elapsed: {since: {fact: founded_on}, unit: years}, at_least: 2}",
    "{fact: full_time_staff, at_least: 3}",
    "{fact: rating, in: [3A, 4A, 5A]}",
    "{fact: union_building, in: [单独建会, 加入联合基层工会]}",
    "{record: {of: inspections, years_before: 1, field: result}, in: [合格, 基本合格]}",
    "{record: {of: inspections, years_before: 2, field: result}, in: [合格, 基本合格]}",
    "{none: {of: penalties, within: {n: 24, unit: months}, where: {field: kind, is: 行政处罚}}}",
    _LISTED,
    "{sum: {of: past_projects, within: {n: 3, unit: calendar_years}, field: headcount}, at_least: 100}",
)


def law() -> policy.Document:
    """The document."""
    conditions = "".join(
        f"  - {{key: c{n}, clause: 第一条, label: 条件{n}, asks: [eligibility], rule: {rule}}}\n"
        for n, rule in enumerate(_RULES)
    )
    return policy.load_bytes({"document.yaml": (_HEAD + conditions).encode()})


def _standing(table: str, columns: str, where: str = "") -> str:
    return (
        "SELECT coalesce(m.merged_into_id, f.organisation_id) AS organisation_id, m.id IS NULL AS own,"
        f" {columns} FROM registry_{table} f"
        " LEFT JOIN registry_organisation m ON m.id = f.organisation_id AND m.merged_into_id IS NOT NULL"
        f" WHERE NOT f.retracted AND f.as_of <= %(on)s {where} AND NOT EXISTS (SELECT 1 FROM registry_{table} s"
        " WHERE s.supersedes_id = f.id AND s.supersedes_id IS NOT NULL)"
    )


def _said(field: str) -> str:
    return (
        f"SELECT DISTINCT ON (organisation_id) organisation_id, v AS {field} FROM ("
        + _standing("statement", f"f.values ->> '{field}' AS v, f.source, f.as_of, f.id", f"AND f.values ? '{field}'")
        + ") f ORDER BY organisation_id, own DESC, source <> 'self_reported' DESC, as_of DESC, source = 'verified' DESC, id DESC"
    )  # fmt: skip


def _newest(table: str, column: str, where: str = "", by: str = "organisation_id") -> str:
    body = _standing(
        table, f"f.{column}, f.source, f.as_of, f.id" + (", f.year" if "year" in by else ""), where
    )
    kept = f"{by}, {column}"
    return (
        f"SELECT DISTINCT ON ({by}) {kept} FROM ({body}) f"
        f" ORDER BY {by}, (source = 'verified') DESC, as_of DESC, id DESC"
    )


def _letter(truth: str) -> str:
    return f"CASE WHEN {truth} THEN 'M' WHEN NOT ({truth}) THEN 'F' ELSE 'U' END"


def by_hand() -> str:
    """What somebody who knows the tables would write for these twelve conditions."""
    staff, building = _newest("stafffigures", "full_time"), _newest("unionbuilding", "status")
    rating = _newest("rating", "grade", "AND %(on)s BETWEEN f.valid_from AND f.valid_to")
    yearly = _newest("inspection", "result", "AND f.year IN (2024, 2025)", "organisation_id, year")
    penalties = _standing("penalty", "f.penalty, f.from_on, f.to_on")
    projects = _standing("pastproject", "f.year, f.headcount")
    joins = "".join(
        f" LEFT JOIN ({_said(name)}) {name} ON {name}.organisation_id = o.id"
        for name in ("status", "legal_type", "registrar_level", "registered_on")
    )
    letters = (
        "status.status = 'normal'",
        "legal_type.legal_type IN ('association', 'service')",
        "registrar_level.registrar_level IN ('city', 'district')",
        "(registered_on.registered_on::date + interval '2 years')::date <= %(on)s",
        "staff.full_time >= 3",
        "rating.grade IN ('3A', '4A', '5A')",
        "building.status IN ('own', 'federation')",
        "CASE WHEN last.result <> 'pending' THEN last.result IN ('passed', 'basically') END",
        "CASE WHEN former.result <> 'pending' THEN former.result IN ('passed', 'basically') END",
        "pen.fined = 0",
        "pen.listed = 0",
        "pro.heads >= 100",
    )
    return (
        f"SELECT o.id, {' || '.join(map(_letter, letters))} AS letters FROM registry_organisation o{joins}"
        f" LEFT JOIN ({staff}) staff ON staff.organisation_id = o.id"
        f" LEFT JOIN ({rating}) rating ON rating.organisation_id = o.id"
        f" LEFT JOIN ({building}) building ON building.organisation_id = o.id"
        f" LEFT JOIN (SELECT * FROM ({yearly}) y WHERE year = 2025) last ON last.organisation_id = o.id"
        f" LEFT JOIN (SELECT * FROM ({yearly}) y WHERE year = 2024) former ON former.organisation_id = o.id"
        " LEFT JOIN (SELECT organisation_id, count(*) FILTER (WHERE penalty = 'penalty' AND from_on"
        " BETWEEN (%(on)s - interval '24 months')::date AND %(on)s) AS fined, count(*) FILTER (WHERE penalty IN"
        " ('abnormal', 'dishonest') AND from_on <= %(on)s AND coalesce(to_on, '9999-12-31') >= %(on)s) AS listed"
        f" FROM ({penalties}) p GROUP BY organisation_id) pen ON pen.organisation_id = o.id"
        " LEFT JOIN (SELECT organisation_id, coalesce(sum(coalesce(headcount, 0)) FILTER (WHERE year BETWEEN 2023"
        f" AND 2025), 0) AS heads FROM ({projects}) p GROUP BY organisation_id) pro ON pro.organisation_id = o.id"
        " WHERE o.merged_into_id IS NULL"
    )
