"""What a call grants and what its lists are called, in the words of its document."""

from __future__ import annotations

from django.db.models import QuerySet

from shuniu import policy
from shuniu.calls.models import Application, Call, PublicList, Stage
from shuniu.calls.queries.call import law_of
from shuniu.library.queries import policy_under
from shuniu.recognition.actions.honours import Subject, of_organisation

_STAGE_WORDS = {str(value): str(label) for value, label in Stage.choices}
_IN_AN_AWARD: dict[str, str] = {
    Stage.SHORTLISTED: "拟命名", Stage.NOT_SHORTLISTED: "未入选", Stage.RECOGNISED: "已命名", Stage.REMOVED: "取消命名",
}  # fmt: skip


def grants_honour(call: Call) -> bool:
    """Whether the document's outcome is an honour, not a recognition for a period."""
    return _honours(law_of(call))


def _honours(law: policy.Document) -> bool:
    return law.outcome is not None and law.outcome.kind == "honour"


def outcome_label(call: Call) -> str:
    """What the call grants, in the document's words."""
    outcome = law_of(call).outcome
    return outcome.label if outcome else "入围单位"


def work(call: Call) -> str:
    """What the whole procedure is called: 评选 where an honour comes of it."""
    return "评选" if grants_honour(call) else "遴选"


def stage_word(application: Application) -> str:
    """Where the application stands; in an award the list makes it 命名, not 入围."""
    if application.stage not in _IN_AN_AWARD:
        return _STAGE_WORDS[application.stage]
    return stage_word_under(application.stage, application.call.document.digest)


def stage_word_under(stage: str, digest: str) -> str:
    """The same for who has the stage and the digest of the document only."""
    word = _IN_AN_AWARD.get(stage)
    return word if word and _honours(policy_under(digest)) else _STAGE_WORDS[stage]


def light_calls() -> QuerySet[Call]:
    """To be prefetched by lists of applications: the call once for all rows, without the document's folder."""
    return Call.objects.select_related("document").defer("frozen", "document__files")


def review_word(call: Call) -> str:
    """What the document calls the experts' review: 集中评审, 专家评议, …"""
    return next((s.label for s in call.stages.all() if s.kind == "review"), "评审")


def list_word(row: PublicList) -> str:
    """What the list is called: 命名名单 where the document's outcome is an honour."""
    formal = row.kind == PublicList.Kind.FORMAL
    return "命名名单" if formal and grants_honour(row.call) else str(row.get_kind_display())


def subject_of(application: Application) -> Subject:
    """What an honour of this application would be given to: what was nominated, as it was frozen, else the organisation."""
    if application.subject_key:
        return Subject(application.subject_key, application.subject_label, application.nominee.facts)
    return of_organisation(application.organisation)


def leader_of(application: Application) -> str:
    """Who led what is honoured: of a nominated thing as its frozen sheet says."""
    if application.subject_key:
        return str(application.nominee.facts.get("leader") or "")
    return application.organisation.legal_representative


def way_to_shortlist(call: Call) -> str:
    """What an application went through before the shortlist, in the words of the document's stages."""
    kinds = ("check", "site_visit", "recommend", "review", "vote")
    labels = call.stages.filter(kind__in=kinds).order_by("order").values_list("label", flat=True)
    return "、".join(dict.fromkeys(labels)) or work(call)
