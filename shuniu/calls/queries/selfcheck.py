"""What the registry says about an organisation before it applies, rule by rule, and what it can do."""

from __future__ import annotations

from typing import Any

from shuniu import policy
from shuniu.calls import judging, quotas
from shuniu.calls.models import Call
from shuniu.calls.queries.sources import told
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of
from shuniu.registry.models import Organisation

STATUS_KINDS = {
    "met": ("ok", "符合"),
    "soft_passed": ("ok", "说明理由后通过"),
    "not_met": ("bad", "不符合"),
    "unknown": ("ask", "不明"),
    "judged": ("now", "由审核人判断"),
    "ambiguous": ("warn", "理解不一"),
    "silent": ("wait", "本办法未规定"),
    "not_applicable": ("wait", "不适用"),
}
# What an organisation can do about a finding before it applies.
ADVICE = {
    "not_met": "不符合这一条，资格审核不能通过。社会组织库里的信息过时或有误的，请先到“组织信息”申请更正；"
    "以后符合了，下一次可以申报。",
    "unknown": "社会组织库里没有这一项。请到“组织信息”补充，或在证明材料里说明。",
    "ambiguous": "条文对这种情形可以有不同理解，由审核人决定。请在证明材料里说明情况。",
    "judged": "由审核人根据材料判断，请准备能说明这一点的证明材料。",
}


def self_check(call: Call, organisation: Organisation, started: int) -> dict[str, Any]:
    """The start page's comparison: every rule with what was found and what to do, and what is not met.

    `started`: how many categories the organisation already applies for in this call.
    """
    rows = findings(judging.self_check(call, organisation, clock.today()), call)
    law = policy_of(call.document)
    limit = quotas.per_applicant(law, clock.today(), quotas.IN_PRINCIPLE)
    if limit is not None and call.soft_limit is not None:
        full = started >= call.soft_limit
        rows.append(
            {
                "id": quotas.CATEGORY_COUNT,
                "clause": limit.clause,
                "clause_url": f"/library/{call.document.key}/#{limit.clause}",
                "title": f"申报类别原则上不超过 {call.soft_limit} 个",
                "kind": "warn" if full else "ok",
                "word": "再申报要写明理由" if full else "符合",
                "facts": f"本单位在这次通知中已开始申报 {started} 个类别",
                "remark": "确需申报更多类别的，请在下面写明理由，审核时会看到。" if full else "",
            }
        )
    return {"findings": rows, "unmet": [r for r in rows if r["kind"] == "bad"]}


def findings(decision: policy.Decision, call: Call) -> list[dict[str, Any]]:
    """The engine's findings as the finding component takes them."""
    rows = []
    for f in decision.findings:
        kind, word = STATUS_KINDS[f.status]
        rows.append(
            {
                "id": f.key,
                "clause": f.clause,
                "clause_url": f"/library/{call.document.key}/#{f.clause}",
                "title": f.label,
                "kind": kind,
                "word": word,
                "facts": f.reason,
                "quote": f.quote,
                "remark": ADVICE.get(f.status, ""),
                "source": told(
                    f.reason,
                    [
                        {"label": u.label, "value": u.shown, "source": u.source, "as_of": u.as_of}
                        for u in f.facts
                        if u.known
                    ],
                ),
            }
        )
    return rows
