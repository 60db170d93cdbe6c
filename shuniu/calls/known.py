"""What the platform itself knows of organisations for a document: facts of the registry, and of counted surveys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from shuniu import policy
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of_many
from shuniu.surveys.queries import facts_of_many

_OTHER = "其他"


def known(
    organisations: Collection[Organisation], on: dt.date, documents: Iterable[policy.Document]
) -> dict[int, dict[str, object]]:
    """Organisation → the facts of that day which these documents take from the platform.

    The same number of queries for one organisation and for many; surveys are asked for by documents only that name them.
    """
    specs = [spec for document in documents for spec in document.facts.values()]
    found = facts_as_of_many(organisations, on, only={s.name for s in specs if s.source == "registry"})
    surveyed = {s.name: s for s in specs if s.source == "survey"}
    if surveyed:
        for pk, facts in facts_of_many([o.pk for o in organisations], on).items():
            found[pk] |= {
                name: fact
                for name, given in facts.items()
                if name in surveyed and (fact := _in_words_of(surveyed[name], given))
            }
    return found


def _in_words_of(spec: policy.FactSpec, given: policy.Fact) -> policy.Fact | None:
    """The fact as this document's list of values has it: 其他 for a word that it lacks; None where it has none such."""
    if not spec.values or given.value in spec.values:
        return given
    return replace(given, value=_OTHER) if _OTHER in spec.values else None
