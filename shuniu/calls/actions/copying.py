"""What a new call takes over from its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from shuniu import policy
from shuniu.calls import defaults, evidence, terms
from shuniu.calls.models import Call, CallCategory, CallMaterial, CallStage, CallTerm, RubricItem
from shuniu.calls.queries import windows
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.calendar import clock

_HEADING = 10  # characters of what stands before the colon of a clause
_LABEL = 100  # characters of a material's name


def copy_from(law: policy.Document, call: Call, person: Person) -> None:
    """Stages, categories, materials, open points and score sheet of the document, as a draft begins with them."""
    days = {key: w[:2] for key, w in windows.of_call(call).items() if w[1] >= clock.today()}
    CallStage.objects.bulk_create(
        CallStage(
            call=call, order=n, key=s.key, kind=s.kind, label=s.label, clause=s.clause,
            starts_on=days.get(s.key, (None, None))[0], ends_on=days.get(s.key, (None, None))[1],
        )
        for n, s in enumerate(law.stages, 1)
    )  # fmt: skip
    CallCategory.objects.bulk_create(
        CallCategory(
            call=call,
            order=n,
            key=c.key,
            label=c.label,
            clause=c.clause,
            directions=[{"key": d.key, "label": d.label} for d in c.directions],
        )
        for n, c in enumerate(defaults.categories_of(law), 1)
    )
    if not law.categories:
        CallCategory.objects.create(
            call=call,
            order=1,
            key=defaults.WHOLE,
            label=law.outcome.label if law.outcome else defaults.WHOLE_LABEL,
        )
    proving: dict[str, list[policy.Condition]] = {}
    filed = evidence.filed_clauses(law)
    for condition in law.conditions:
        if "eligibility" in condition.asks and not any(row.startswith(condition.clause) for row in filed):
            proving.setdefault(condition.clause, []).append(condition)
    CallMaterial.objects.bulk_create(
        CallMaterial(
            call=call,
            order=n,
            key=conditions[0].key,
            label=f"{_matter(law, clause, conditions)}的证明材料",
            hint=_hint(_matter(law, clause, conditions), conditions),
            clause=clause,
        )
        for n, (clause, conditions) in enumerate(proving.items(), 1)
    )
    CallTerm.objects.bulk_create(
        CallTerm(call=call, key=p.key, label=p.label, value=value, by=person)
        for p in terms.points_of(law)
        if (value := call.year if p.key == terms.YEAR else p.default) is not None
    )
    for use, sheet in (
        (RubricItem.Use.REVIEW, defaults.review_sheet(law)),
        (RubricItem.Use.VISIT, defaults.visit_sheet(law)),
    ):
        rows = sheet.rows if sheet else ()
        RubricItem.objects.bulk_create(
            RubricItem(call=call, use=use, order=n, **asdict(row)) for n, row in enumerate(rows, 1)
        )


def _hint(matter: str, conditions: Sequence[policy.Condition]) -> str:
    """What is to be proved, where the name of the material does not say it already."""
    said = "、".join(c.label for c in conditions)
    return "" if said == matter else said


def _matter(law: policy.Document, clause: str, conditions: Sequence[policy.Condition]) -> str:
    """What the papers of a clause prove, in few words: the clause's own heading, else its first condition."""
    words = found.words if (found := law.clause(clause)) else ""
    heading, colon, _ = words.partition("：")
    if colon and len(heading) <= _HEADING and "，" not in heading:
        return heading
    more = f"等 {len(conditions)} 项条件" if len(conditions) > 1 else ""
    return f"{conditions[0].label}{more}"[: _LABEL - len("的证明材料")]
