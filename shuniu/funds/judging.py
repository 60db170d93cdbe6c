"""What an honour entitles to: asked of the document under which it is paid. No amount stands in code."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuniu import policy
from shuniu.library.models import Document
from shuniu.library.queries import policy_of
from shuniu.recognition.models import Honour

FEN = 100


@dataclass(frozen=True)
class Judged:
    """The amount in fen, or nothing and why."""

    amount_fen: int
    clause: str
    reason: str
    adds: bool = False  # paid anew for this honour, whatever others were paid


def facts_of(law: policy.Document, honour: Honour) -> dict[str, object]:
    """The facts that a document's `fundings` may ask for: this honour alone, for which nothing was paid."""
    record: dict[str, object] = {
        "level": honour.get_level_display(), "on": honour.awarded_on, "title": honour.title, "in_force": True,
    }  # fmt: skip
    spec = law.facts.get("honours")
    declared = set(spec.fields) if spec else set()
    return {
        "honour_level": honour.get_level_display(),
        "honour_title": honour.title,
        "honoured_on": honour.awarded_on,
        "honoured": True,
        "subsidy_paid": 0,
        "paid": 0,
        "honours": [{name: value for name, value in record.items() if name in declared}],
    }


def judge(document: Document, honour: Honour) -> Judged:
    """What this honour alone entitles to on the day it was awarded.

    Nothing where the document is silent, lacks a fact, or names more than one amount: a person decides then.
    """
    law = policy_of(document)
    try:
        decision = policy.judge(law, "funding", facts_of(law, honour), honour.awarded_on)
    except policy.FactError as problem:
        return Judged(0, "", str(problem)[:300])
    met = [finding for finding in decision.findings if finding.status == "met"]
    reason = "；".join(finding.reason for finding in met or decision.findings)[:300]
    if len(met) != 1 or not isinstance(decision.result, Decimal | int):
        return Judged(0, "", reason or "本办法未规定")
    exact = Decimal(decision.result) * FEN
    if exact != int(exact):
        return Judged(0, met[0].clause, f"金额 {decision.result} 元不足一分")
    adds = any(each.key == met[0].key and each.already is None for each in law.fundings)
    return Judged(int(exact), met[0].clause, reason, adds)


def pays(document: Document) -> bool:
    """Whether the document pays for honours at all."""
    return bool(policy_of(document).fundings)


def named_uses(document: Document) -> list[str]:
    """The uses that the document names; another one needs a reason and a second person."""
    return [use for each in policy_of(document).fundings for use in each.uses]
