"""Builds the upper norms of a document, and what they demand beside its conditions."""

from __future__ import annotations

from collections.abc import Mapping

from shuniu.policy.load_facts import ClauseOf, unique
from shuniu.policy.norms import RANKS, Above, Norm, is_above
from shuniu.policy.parse_rules import RuleParser
from shuniu.policy.reader import Table, near
from shuniu.policy.words import LEVELS


def load_norms(table: Table, clause: ClauseOf) -> dict[str, Norm]:
    """The norms by key; a paper says the level that issued it, for its rank follows from that."""
    found = []
    for row in table.tables("norms"):
        rank = row.choice("rank", RANKS)
        needed = rank == "paper" and not row.has("level")
        if needed:
            row.wrong("level", f"规范性文件必须写明制定机关的层级：{'、'.join(LEVELS)}", "缺少")
        level = row.choice("level", LEVELS, default="")
        found.append(Norm(row.word("key"), row.text("title", limit=60), rank, clause(row), level))
    unique(table, "norms", [norm.key for norm in found])
    return {norm.key: norm for norm in found}


def load_above(table: Table, rules: RuleParser, norms: Mapping[str, Norm], level: str) -> tuple[Above, ...]:
    """What upper norms demand of a condition, the highest first."""
    found = []
    for row in table.tables("above"):
        name = row.text("norm", limit=60)
        number, quote = row.text("number", limit=40), row.text("quote", required=False, limit=30)
        node = row.get("rule", required=True, what="一条规则（上位规定的要求）")
        rule = None if node is None else rules.rule(node, row.at("rule"))
        norm = norms.get(name)
        if norm is None:
            if name:
                row.wrong("norm", "应为 norms 中的名称", f"“{name}”" + near(name, norms))
        elif not is_above(norm, level, LEVELS):
            row.wrong("norm", "应是上位的规定：法律、法规、规章，或者上级的规范性文件", f"“{norm.title}”")
        elif rule is not None:
            found.append(Above(norm, number, rule, quote))
    ranks = list(RANKS)
    return tuple(sorted(found, key=lambda each: (ranks.index(each.norm.rank), _level(each.norm))))


def _level(norm: Norm) -> int:
    return list(LEVELS).index(norm.level) if norm.level else 0
