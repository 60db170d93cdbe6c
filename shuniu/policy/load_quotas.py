"""Builds quotas: so many, or a share of a number."""

from __future__ import annotations

from decimal import Decimal

from shuniu.policy import measures as ms
from shuniu.policy.load_facts import ClauseOf
from shuniu.policy.parse_rules import RuleParser
from shuniu.policy.reader import Table
from shuniu.policy.words import ROUNDINGS

_FRACTION = "应为不大于一的分数或百分数，如 1/2、30%"


def fraction(row: Table, key: str, *, required: bool) -> tuple[int, int]:
    """A fraction written as text, such as 1/2 or 30%; part and whole."""
    node = row.node.entries.get(key)
    if node is not None and isinstance(node.value, int | Decimal) and not isinstance(node.value, bool):
        row.known.add(key)
        row.wrong(key, _FRACTION, f"“{node.value}”")
        return 0, 1
    said = row.text(key, required=required, limit=12)
    part, slash, whole = (f"{said[:-1]}/100" if said.endswith("%") else said).partition("/")
    plain = bool(slash) and said.isascii() and part.isdigit() and whole.isdigit()
    if plain and 0 < int(part) <= int(whole):
        return int(part), int(whole)
    if said:
        row.wrong(key, _FRACTION, f"“{said}”")
    return 0, 1


def quota(row: Table, rules: RuleParser, clause: ClauseOf) -> ms.Quota:
    applies = row.get("applies")
    binding = row.choice("binding", ("must", "in_principle"), default="must")
    share = _share(row, rules)
    at_most = row.integer("at_most", required=False, low=0, default=-1)
    if share is None and not row.has("at_most"):
        row.wrong("at_most", "必须写明 at_most（几个）或 share（占多少）", "缺少")
    at_least = row.integer("at_least", required=False, low=0)
    if at_least and share is None:
        row.wrong("at_least", "at_least 是按比例计算时至少有几个，只与 share 一起写")
    if 0 <= at_most < at_least:
        row.wrong("at_most", "at_most 不应小于 at_least", f" {at_most}")
    return ms.Quota(
        key=row.word("key"),
        clause=clause(row),
        label=row.text("label"),
        holder=row.choice("holder", ("recommender", "category", "applicant", "group")),
        at_most=None if at_most < 0 else at_most,
        binding=binding,
        applies=None if applies is None else rules.rule(applies, row.at("applies")),
        passed_by=row.text("passed_by", required=binding == "in_principle", limit=60),
        share=share,
        at_least=at_least,
    )


def _share(row: Table, rules: RuleParser) -> ms.Share | None:
    if not row.has("share"):
        for key in ("of", "way"):
            if row.has(key):
                row.wrong(key, f"{key} 只与 share（占多少）一起写")
        return None
    part, whole = fraction(row, "share", required=True)
    of = rules.number_at(row, "of", None)
    return ms.Share(of, part, whole, row.choice("way", ROUNDINGS, default=""))
