"""Applications as their organisation sees them."""

from __future__ import annotations

from typing import Any

from django.db import models

from shuniu.calls import drafts, judging, self_assessment
from shuniu.calls.models import Application, Call, CallStage, LateGrant, Stage
from shuniu.calls.queries.call import published_calls
from shuniu.calls.queries.outcome import review_word, stage_word
from shuniu.calls.sections import SECTION_LABELS
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.library.queries import policy_of
from shuniu.registry.models import PastProject
from shuniu.registry.queries import with_merged


def own_applications(who: Who) -> models.QuerySet[Application]:
    """The applications of the organisation that the asker acts for."""
    if who.organisation_id is None:
        return Application.objects.none()
    return Application.objects.filter(organisation_id=who.organisation_id).select_related(
        "call__union", "call__document", "category", "organisation"
    )


def open_calls() -> models.QuerySet[Call]:
    """Calls whose window is open now or will open, soonest end first."""
    return (
        published_calls()
        .filter(state=Call.State.PUBLISHED, apply_until__gt=clock.now())
        .select_related("union", "document")
        .order_by("apply_until")
    )


def sections_of(application: Application) -> list[str]:
    """The parts of the form, in order; those only that this application has: the document's own facts, a reason, …"""
    law = policy_of(application.call.document)
    kept = {"facts": bool(judging.own_facts(law)), "self": self_assessment.sheet_of(law) is not None}
    kept["limit"] = bool(application.override_reason)
    kept["directions"] = bool(application.category.directions)
    if application.subject_key:  # what is looked at is the thing itself, told by its frozen sheet
        kept |= dict.fromkeys(("experience", "people", "plan"), False)
    return [key for key in SECTION_LABELS if kept.get(key, True)]


def missing_in(application: Application, section: str) -> str:
    """What a part still lacks, in words; empty when it is complete."""
    wrong = application.draft.get("_wrong", {}).get(section)
    return _left_out(application, section) or ("有内容需要修改" if wrong else "")


def _left_out(application: Application, section: str) -> str:
    draft: dict[str, Any] = application.draft.get(section, {})
    match section:
        case "self":
            found = self_assessment.assess(application, clock.today())
            return found.said if found else ""
        case "registry":
            return "" if draft.get("confirmed") else "请核对登记信息"
        case "contact":
            return "" if draft.get("name") and draft.get("phone") else "请填写联系人和电话"
        case "directions":
            if not application.directions:
                return "请选择工作方向"
            return "" if draft.get("basis") else "请写明对应的业务范围"
        case "facts":
            law = policy_of(application.call.document)
            free = judging.may_stay_empty(law)
            left = [
                f.label
                for f in judging.own_facts(law)
                if draft.get(f.name) in (None, "", []) and f.name not in free
            ]
            return f"请填写{'、'.join(left)}" if left else ""
        case "experience":
            return "" if draft.get("projects") or draft.get("text") else "请填写项目经历"
        case "people":
            if draft.get("full_time") in (None, ""):
                return "请填写专职人数"
            return "" if draft.get("certified") not in (None, "") else "请填写持证专业人员人数"
        case "plan":
            return "" if str(draft.get("text", "")).strip() else "请说明服务方案"
        case "materials":
            given = set(
                application.materials.filter(attachment__removed_at__isnull=True).values_list(
                    "item_id", flat=True
                )
            )
            left = [m.label for m in application.call.materials.all() if m.required and m.pk not in given]
            return f"还缺 {len(left)} 份必交材料" if left else ""
    return ""


def files_of(application: Application) -> int:
    """How many files lie under the call's materials."""
    return application.materials.filter(attachment__removed_at__isnull=True).count()


def left_of(application: Application) -> list[str]:
    """The parts that are not complete, by their names on the task list."""
    return [SECTION_LABELS[s] for s in sections_of(application) if missing_in(application, s)]


def project_choices(application: Application) -> list[tuple[str, str]]:
    """Past projects of the registry as choices."""
    rows = PastProject.standing().filter(
        organisation__in=with_merged(application.organisation), as_of__lte=clock.today()
    )
    return [(str(p.pk), f"{p.name}（{p.year} 年，{p.client}）") for p in rows]


def snapshot_of(application: Application) -> dict[str, Any]:
    """Everything that is handed in, in plain values: what the receipt's digest covers."""
    materials: Any = application.materials.filter(attachment__removed_at__isnull=True).values_list(
        "item__key", "item__label", "attachment__name", "attachment__blob__sha256", "attachment__blob__size"
    )
    organisation = application.organisation
    return {
        "call": {
            "id": application.call_id,
            "title": application.call.title,
            "digest": application.call.digest,
        },
        "document": application.call.document.digest,
        "organisation": {"id": organisation.pk, "name": organisation.name, "code": organisation.code},
        "category": {"key": application.category.key, "label": application.category.label},
        "directions": list(application.directions),
        "ordinal": application.ordinal,
        "override_reason": application.override_reason,
        "sections": {k: v for k, v in application.draft.items() if k != drafts.WRITERS},
        "evidence": [
            {"row": row, "said": said, "name": name, "sha256": sha}
            for row, said, name, sha in application.evidence.filter(
                attachment__removed_at__isnull=True
            ).values_list("row", "said", "attachment__name", "attachment__blob__sha256")
        ],
        "materials": [
            {"item": k, "label": label, "name": name, "sha256": sha, "size": size}
            for k, label, name, sha, size in materials
        ],
    } | _subject_of(application)


def _subject_of(application: Application) -> dict[str, Any]:
    if not application.subject_key:
        return {}
    row = application.nominee
    return {
        "subject": {
            "key": application.subject_key, "label": application.subject_label, "facts": row.facts, "digest": row.digest,
        }
    }  # fmt: skip


def shortlist_shown(application: Application) -> bool:
    """Whether a first list is public: before, no applicant learns how the review went."""
    return application.call.lists.filter(published_at__isnull=False).exists()


def is_told(application: Application) -> bool:
    """Whether the applicant may know where the application stands, or only that it is being worked on."""
    if application.stage in (Stage.CHECKING, Stage.QUALIFIED, Stage.UNQUALIFIED):
        return application.released_at is not None
    if application.stage in (Stage.SHORTLISTED, Stage.NOT_SHORTLISTED):
        return shortlist_shown(application)
    return True


_BEFORE_THE_CHECK_IS_OVER = ("notice", "self_assess", "apply", "check", "correct")


def _too_late(application: Application) -> bool:
    """The window is over, for this organisation too."""
    until, now = application.call.apply_until, clock.now()
    if until is None or until > now:
        return False
    return not LateGrant.objects.filter(
        call=application.call_id, organisation=application.organisation_id, until__gt=now
    ).exists()


def progress(application: Application) -> str:
    """Where it is and who holds it, as the applicant may know: a conclusion only once it was released."""
    stage = application.stage
    if not is_told(application):
        reviewed = stage in (Stage.SHORTLISTED, Stage.NOT_SHORTLISTED)
        return (
            f"{review_word(application.call)}中，由评审委员会办理"
            if reviewed
            else "资格审核中，由责任部门办理"
        )
    if stage == Stage.QUALIFIED:
        waits_for = after_check(application)
        return f"资格审核合格，等待{waits_for.label if waits_for else '下一环节'}"
    if stage == Stage.DRAFT and _too_late(application):
        return "没有提交，报名已截止"
    return stage_word(application)


def goes_on_with(application: Application, office: str) -> tuple[str, str]:
    """Kind of stage and holder of what passed the check: the recommending union's `office`, then the experts."""
    waits_for = after_check(application) if application.stage == Stage.QUALIFIED else None
    if waits_for is not None and waits_for.kind in ("site_visit", "recommend"):
        return waits_for.kind, office
    return "review", "评审委员会"


def after_check(application: Application) -> CallStage | None:
    """What the call does now or next with those who passed."""
    stages = list(application.call.stages.all())
    here = next((n for n, s in enumerate(stages) if s.key == application.call.stage), 0)
    return next((s for s in stages[here:] if s.kind not in _BEFORE_THE_CHECK_IS_OVER), None)
