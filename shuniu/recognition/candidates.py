"""后续推荐: who is recommended next, of those who were honoured; the document's conditions say for what and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.library.queries import laws_for
from shuniu.recognition.models import Honour
from shuniu.recognition.queries import honours_visible_to
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of_many

QUESTION = "follow_up"


@dataclass(frozen=True)
class FollowUp:
    """One award that a document names for those whom it honoured."""

    law: policy.Document
    condition: policy.Condition


@dataclass(frozen=True)
class Candidate:
    """One organisation that meets it: by which honours, and in the engine's words."""

    organisation: Organisation
    honours: tuple[Honour, ...]
    reason: str

    @property
    def leader(self) -> str:
        """Whom the honours name, else who represents it."""
        named = next((h.leader for h in self.honours if h.leader), "")
        return named or self.organisation.legal_representative


def follow_ups(union_id: int) -> list[FollowUp]:
    """What the documents that the union may use recommend further, in their order."""
    return [FollowUp(law, c) for law in laws_for(union_id) for c in law.conditions if QUESTION in c.asks]


def candidates(who: Who, wanted: FollowUp, on: dt.date) -> list[Candidate]:
    """Everybody with an honour that the asker sees, judged; those who meet it by name. The same queries for any number."""
    honours: dict[int, list[Honour]] = {}
    for row in (
        honours_visible_to(who).filter(state=Honour.State.IN_FORCE).select_related("document", "organisation")
    ):
        honours.setdefault(row.organisation_id, []).append(row)
    organisations = [rows[0].organisation for rows in honours.values()]
    names = {s.name for s in wanted.law.facts.values() if s.source == "registry"}
    known = facts_as_of_many(organisations, on, only=names)
    found = []
    for organisation in organisations:
        rows = honours[organisation.pk]
        facts = known[organisation.pk] | {"honours": _records(wanted.law, rows)}
        decision = policy.judge(wanted.law, QUESTION, facts, on)
        finding = next((f for f in decision.findings if f.key == wanted.condition.key), None)
        if finding is not None and finding.status in ("met", "soft_passed"):
            found.append(Candidate(organisation, tuple(rows), finding.reason))
    return sorted(found, key=lambda c: (c.organisation.pinyin, c.organisation.pk))


def _records(law: policy.Document, rows: Sequence[Honour]) -> list[dict[str, object]]:
    """Honours in the fields that the document declares."""
    spec = law.facts.get("honours")
    declared = set(spec.fields) if spec else set()
    told = [
        {
            "document": row.document.key if row.document else "", "title": row.title, "on": row.awarded_on,
            "level": row.get_level_display(), "in_force": True,
        }
        for row in rows
    ]  # fmt: skip
    return [{name: value for name, value in each.items() if name in declared} for each in told]
