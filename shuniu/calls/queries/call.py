"""Calls as those who ask may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from shuniu import policy
from shuniu.calls import quotas, terms
from shuniu.calls.entry import entry_of
from shuniu.calls.models import Application, Call, CallStage, RubricItem, Stage
from shuniu.calls.models.application import OVER
from shuniu.calls.queries import figures
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.library.queries import policy_of
from shuniu.unions.queries import ancestor_ids, descendant_ids

PUBLIC_STATES = (Call.State.PUBLISHED, Call.State.FINISHED, Call.State.CANCELLED)


def published_calls() -> models.QuerySet[Call]:
    """What everybody sees: every call that was published, also when it was cancelled later."""
    return Call.objects.filter(published_at__isnull=False, state__in=PUBLIC_STATES)


def not_over(call: Call) -> int:
    """How many applications of the call are still on their way: what its cancellation would end."""
    return Application.objects.filter(call=call).exclude(stage__in=OVER).count()


def why_cancelled(call: Call) -> str:
    """The public reason of its cancellation; empty while it is not cancelled."""
    return call.events.filter(verb="cancel").values_list("reason", flat=True).first() or ""


def calls_visible_to(who: Who) -> models.QuerySet[Call]:
    """Staff see their own union's calls in full, the family's once published; others the public ones."""
    if who.union_id is None or who.role == "expert":
        return published_calls()
    family = [*descendant_ids(who.union_id), *ancestor_ids(who.union_id)]
    own = models.Q(union_id=who.union_id)
    public = models.Q(union_id__in=family, published_at__isnull=False, state__in=PUBLIC_STATES)
    return Call.objects.filter(own | public)


def with_counts(calls: models.QuerySet[Call]) -> models.QuerySet[Call]:
    """The calls with `handed_in`: how many applications arrived and still stand."""
    standing = Application.objects.filter(call=models.OuterRef("pk"), submitted_at__isnull=False).exclude(
        stage__in=(Stage.WITHDRAWN, Stage.ENDED)
    )
    counted = standing.order_by().values("call").annotate(n=models.Count("pk")).values("n")
    return calls.annotate(handed_in=Coalesce(models.Subquery(counted), 0))


def own_calls(who: Who) -> models.QuerySet[Call]:
    """The calls that the asker's union runs, for those who work on them."""
    if who.union_id is None or who.role not in {"clerk", "checker", "leader", "auditor", "audit_admin"}:
        return Call.objects.none()
    return Call.objects.filter(union_id=who.union_id).defer("frozen")


def law_of(call: Call) -> policy.Document:
    """The document under which the call runs."""
    return policy_of(call.document)


def stage_clause(call: Call, *kinds: str) -> str:
    """The clause of the document under which the first stage of these kinds runs; "" when the call has none."""
    clauses = call.stages.filter(kind__in=kinds).order_by("order").values_list("clause", flat=True)
    return clauses.first() or ""


@dataclass(frozen=True)
class Gap:
    """Something that a draft lacks: the section where it is filled in, and a sentence."""

    section: str
    text: str


def days_of(stage: CallStage) -> int:
    """How many days a stage has, first and last included; 0 while a date is open."""
    return (stage.ends_on - stage.starts_on).days + 1 if stage.starts_on and stage.ends_on else 0


def gaps(call: Call) -> list[Gap]:
    """What must still be filled in before the call can be submitted for approval."""
    found: list[Gap] = []
    law = law_of(call)
    if not call.intro.strip():
        found.append(Gap("basics", "正文还没有写"))
    found.extend(
        Gap("basics", f"{label}还没有填")
        for field, label in (("contact", "联系人"), ("phone", "联系电话"), ("department", "责任部门"))
        if not str(getattr(call, field)).strip()
    )
    stages = list(call.stages.all())
    entry = entry_of(stages)
    found.extend(
        Gap("timetable", f"“{stage.label}”的起止日期还没有填")
        for stage in stages
        if (stage.kind == "publicity" or stage == entry)
        and (stage.starts_on is None or stage.ends_on is None)
    )
    dated = [s for s in stages if s.starts_on and s.ends_on]
    found.extend(
        Gap("timetable", f"“{after.label}”早于“{before.label}”结束")
        for before, after in pairwise(dated)
        if before.ends_on and after.starts_on and after.starts_on < before.ends_on
    )
    stated = terms.value_of(call, terms.APPLICATION_DAYS)
    window = days_of(entry) if entry else 0
    if stated and window and int(stated) != window:
        own = any(point.key == terms.APPLICATION_DAYS for point in terms.points_of(law))
        label = next((p.label for p in terms.points_of(law) if p.key == terms.APPLICATION_DAYS), "申报期限")
        text = f"{label}是 {stated} 天，时间表中{entry.label if entry else ''}共 {window} 天，应改成一致"
        found.append(Gap("terms" if own else "timetable", text))
    found.extend(Gap("timetable", text) for text in _short_publicity(call, stages))
    if not call.categories.exists():
        found.append(Gap("categories", "还没有选择类别"))
    if not call.materials.exists():
        found.append(Gap("materials", "还没有列出材料"))
    filled = set(call.terms.values_list("key", flat=True))
    found.extend(
        Gap("terms", f"本办法未规定“{point.label}”，需要由本次通知规定")
        for point in terms.points_of(law)
        if terms.must_be_settled(point) and point.key not in filled
    )
    plain = [
        i for i in call.rubric.all() if i.use == RubricItem.Use.REVIEW and i.kind == RubricItem.Kind.POINTS
    ]
    total = sum(item.weight for item in plain)
    if total != call.points_total:
        found.append(Gap("rubric", f"评分表合计 {total} 分，应为 {call.points_total} 分"))
    found.extend(Gap("terms", text) for text in quotas.unsettled(law, clock.today()))
    found.extend(Gap("figures", text) for text in figures.unsaid(call, clock.today()))
    return found


def _short_publicity(call: Call, stages: Sequence[CallStage]) -> Iterator[str]:
    """The planned 公示 ends before the days are over that the call itself settled."""
    days = terms.number_of(call, terms.PUBLICITY_DAYS)
    for stage in stages:
        if not days or stage.kind != "publicity" or not stage.starts_on or not stage.ends_on:
            continue
        try:
            needed = working_days.add(stage.starts_on, days)
        except working_days.MissingYear:
            continue  # said when the call is published: it then waits for the calendar
        if stage.ends_on < needed:
            yield (
                f"公示 {days} 个工作日，{stage.starts_on:%Y-%m-%d} 开始的应到 {needed:%Y-%m-%d} 结束，"
                f"时间表中是 {stage.ends_on:%Y-%m-%d}，请改公示的日期或公示天数"
            )


def frozen_view(call: Call) -> dict[str, Any]:
    """The call as it is published: everything that binds, in plain values."""
    stages: Any = call.stages.values("key", "kind", "label", "clause", "starts_on", "ends_on")
    return {
        "title": call.title,
        "year": call.year,
        "union": call.union.name,
        "document": {
            "key": call.document.key,
            "version": call.document.version,
            "digest": call.document.digest,
        },
        "intro": call.intro,
        "department": call.department,
        "contact": call.contact,
        "phone": call.phone,
        "email": call.email,
        "address": call.address,
        "postcode": call.postcode,
        "apply_from": call.apply_from.isoformat() if call.apply_from else None,
        "apply_until": call.apply_until.isoformat() if call.apply_until else None,
        "soft_limit": call.soft_limit,
        "stages": [
            s | {k: s[k].isoformat() if s[k] else None for k in ("starts_on", "ends_on")} for s in stages
        ],
        "categories": list(call.categories.values("key", "label", "clause", "directions", "places")),
        "materials": list(call.materials.values("key", "label", "hint", "clause", "required")),
        "terms": list(call.terms.values("key", "label", "value", "why")),
        "figures": [
            {
                "union": f.union.name,
                "label": f.label,
                "value": f.shown,
                "as_of": f.as_of.isoformat(),
                "source": f.source,
            }
            for f in call.figures.select_related("union")
        ],
        "points_total": call.points_total,
        "bonus_above": call.bonus_above,
        "rubric": list(call.rubric.values("use", "kind", "key", "label", "guide", "weight", "mandatory")),
    }
