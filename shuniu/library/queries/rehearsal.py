"""演练: a folder that is not published yet, tried on what the registry knows today. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from shuniu import policy
from shuniu.foundation.access import Who
from shuniu.library.models import Upload
from shuniu.library.queries.documents import law_of_key, loaded, policy_of
from shuniu.library.unpacking import unpacked
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of_many

QUESTION = "eligibility"


@dataclass(frozen=True)
class Tried:
    """One organisation: the answer under the folder, under what is in use, and the conditions by status.

    Statuses only, no facts: whoever prepares documents does not read the registry.
    """

    name: str
    answer: str
    before: str
    conditions: list[tuple[str, str, str]]  # clause, label, status in words
    problem: str = ""

    @property
    def differs(self) -> bool:
        return bool(self.before) and self.before != self.answer


def organisations_tried(who: Who) -> QuerySet[Organisation]:
    """The organisations that the asker's union keeps, by name."""
    rows = Organisation.objects.filter(merged_into__isnull=True).defer("bigrams", "search_text")
    return rows.filter(owning_union_id=who.union_id).order_by("name", "id") if who.union_id else rows.none()


def compared_with(upload: Upload) -> policy.Document | None:
    """What is in use now: the upper document that is adopted, else the version of the same key."""
    law = policy_of(upload.base) if upload.base is not None else law_of_key(upload.key)
    return law if law is not None and law.digest != upload.digest else None


def rehearse(upload: Upload, organisations: list[Organisation], on: dt.date) -> list[Tried]:
    """Each organisation judged on `on` by the folder and by what is in use, with copies of its registry facts.

    What only an application or a person can say is not known here, and so are the conditions that ask for it.
    """
    law, now = loaded(unpacked(upload.files)), compared_with(upload)
    wanted = {f.name for d in (law, now) if d is not None for f in d.facts.values() if f.source == "registry"}
    facts = facts_as_of_many(organisations, on, only=wanted)
    return [_tried(each.name, law, now, facts[each.pk], on) for each in organisations]


def _tried(
    name: str, law: policy.Document, now: policy.Document | None, facts: Mapping[str, object], on: dt.date
) -> Tried:
    try:
        decision = _judged(law, facts, on)
        before = _judged(now, facts, on).value_label if now is not None else ""
    except policy.PolicyError as error:
        return Tried(name, "不能判断", "", [], str(error.problems[0]))
    conditions = [(f.clause, f.label, f.status_label) for f in decision.findings]
    return Tried(name, decision.value_label, before, conditions)


def _judged(law: policy.Document, facts: Mapping[str, object], on: dt.date) -> policy.Decision:
    known = {name: given for name, given in facts.items() if name in law.facts}
    return policy.judge(law, QUESTION, known, on)
