"""What the platform itself knows of organisations: facts of the registry, of counted surveys, of the honours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from shuniu import policy
from shuniu.calls.models import Application
from shuniu.recognition.queries import awards_of_many
from shuniu.registry.models import Organisation
from shuniu.registry.queries import facts_as_of_many
from shuniu.surveys.queries import facts_of_many, facts_of_subjects

_OTHER = "其他"
_Asked = Callable[[list[int], dt.date], dict[int, dict[str, policy.Fact]]]
_ASKED: dict[str, _Asked] = {"survey": facts_of_many, "recognition": awards_of_many}


def known(
    organisations: Collection[Organisation], on: dt.date, documents: Iterable[policy.Document]
) -> dict[int, dict[str, object]]:
    """Organisation → the facts of that day which these documents take from the platform.

    The same number of queries for one organisation and for many; surveys and honours are asked for by documents only
    that name them.
    """
    documents = list(documents)
    specs = [spec for document in documents for spec in document.facts.values()]
    found = facts_as_of_many(organisations, on, only={s.name for s in specs if s.source == "registry"})
    for source, ask in _ASKED.items():
        if wanted := _from(source, documents):
            for pk, facts in ask([o.pk for o in organisations], on).items():
                found[pk] |= _asked(wanted, facts)
    return found


def known_of(
    applications: Collection[Application], on: dt.date, documents: Iterable[policy.Document]
) -> dict[int, dict[str, object]]:
    """Application → the same for what it is about: a nominated thing has the survey of its own, and no other's."""
    laws = list(documents)
    of_organisations = known(
        list({a.organisation_id: a.organisation for a in applications}.values()), on, laws
    )
    nominated = {a.subject_key for a in applications if a.subject_key}
    surveyed = _from("survey", laws) if nominated else {}
    own = facts_of_subjects(nominated, on) if surveyed else {}
    found = {a.pk: dict(of_organisations[a.organisation_id]) for a in applications}
    for a in applications:
        if a.subject_key:
            kept = {name: fact for name, fact in found[a.pk].items() if name not in surveyed}
            found[a.pk] = kept | _asked(surveyed, own.get(a.subject_key, {}))
    return found


def _from(source: str, documents: Iterable[policy.Document]) -> dict[str, policy.FactSpec]:
    return {s.name: s for document in documents for s in document.facts.values() if s.source == source}


def _asked(surveyed: dict[str, policy.FactSpec], facts: dict[str, policy.Fact]) -> dict[str, object]:
    return {
        name: fact
        for name, given in facts.items()
        if name in surveyed and (fact := _in_words_of(surveyed[name], given))
    }


def _in_words_of(spec: policy.FactSpec, given: policy.Fact) -> policy.Fact | None:
    """The fact as this document's list of values has it: 其他 for a word that it lacks; None where it has none such."""
    if not spec.values or given.value in spec.values:
        return given
    return replace(given, value=_OTHER) if _OTHER in spec.values else None
