"""Recognitions as those who ask may see them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.db import models

from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.policy import Fact
from shuniu.recognition.models import Honour, Recognition, Upward, WithdrawalRequest
from shuniu.recognition.models.honour import HonourLevel
from shuniu.recognition.standing import SOON_DAYS
from shuniu.registry.queries import organisation_by_code, record_ids
from shuniu.unions.queries import ancestor_ids, descendant_ids

RUNNING = (Recognition.State.VALID, Recognition.State.SUSPENDED)
"""States of what has not been cancelled or left; it may be past its last day."""
READERS = frozenset({"clerk", "checker", "leader", "finance", "auditor", "audit_admin"})


def recognitions_visible_to(who: Who) -> models.QuerySet[Recognition]:
    """Its own to an organisation; to staff those that their union or one above or below it granted."""
    rows = Recognition.objects.select_related("organisation", "union")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id)
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    # Every union may use what was recognised, and its own registry shows by whom.
    return rows.filter(union_id__in={*descendant_ids(who.union_id), *ancestor_ids(who.union_id)})


def in_force(on: dt.date) -> models.Q:
    """The condition of being valid on that day (即将到期 included, 暂停使用 not)."""
    return models.Q(state=Recognition.State.VALID, effective__contains=on)


def soon_over(on: dt.date) -> models.Q:
    """The condition of 即将到期: in force, at most `SOON_DAYS` left."""
    return in_force(on) & models.Q(last_day__lte=on + dt.timedelta(days=SOON_DAYS))


def public_recognitions() -> models.QuerySet[Recognition]:
    """What everybody may see: the recognitions in force today."""
    return Recognition.objects.filter(in_force(clock.today()))


def categories_in_force() -> list[tuple[str, str]]:
    """The categories that occur among them, for the filter; one query."""
    rows = public_recognitions().order_by().values_list("category", "category_label").distinct()
    return sorted(rows, key=lambda row: row[1])


def directions_in_force(category: str = "") -> list[str]:
    """The directions that occur among them, for the filter; one query."""
    rows = public_recognitions().order_by()
    if category:
        rows = rows.filter(category=category)
    each = rows.annotate(one=models.Func("directions", function="unnest")).values_list("one", flat=True)
    return sorted(each.distinct())


def verified(text: str) -> list[Recognition]:
    """What a code of a QR, a certificate number or an organisation's present or former code finds; newest first.

    Typed off paper: full-width signs, blanks and other dashes are understood.
    """
    signs = unicodedata.normalize("NFKC", text).upper()
    typed = "".join("-" if unicodedata.category(c) == "Pd" else c for c in signs if not c.isspace())
    if not typed or len(typed) > 60:
        return []
    match = models.Q(verify_code=typed) | models.Q(certificate_no=typed)
    if owner := organisation_by_code(typed):
        match |= models.Q(organisation__in=record_ids(owner))
    return list(
        Recognition.objects.filter(match)
        .select_related("organisation", "union", "document", "paper")
        .order_by("-first_day", "-id")[:20]
    )


def first_days(
    organisation_ids: Iterable[int], union_id: int, start: dt.date
) -> dict[tuple[int, str], dt.date]:
    """(organisation, category) → the day after a period that still runs at `start`; others are absent.

    第九条 with 本办法未规定 (renewal): a new period begins the day after the old one ends.
    """
    found: dict[tuple[int, str], dt.date] = {}
    running = Recognition.objects.filter(
        organisation_id__in=list(organisation_ids), union_id=union_id, effective__endswith__gt=start
    )
    for organisation_id, category, effective in running.values_list(
        "organisation_id", "category", "effective"
    ):
        key = (organisation_id, category)
        found[key] = max(found.get(key, start), effective.upper)
    return found


_AWARD_LEVELS = {"district": "区县级", "city": "设区市级", "province": "省部级", "national": "国家级"}


def awards_of_many(organisation_ids: Iterable[int], on: dt.date) -> dict[int, dict[str, Fact]]:
    """Organisation → fact `awards`: its honours in force on that day, as records of day, level and title (F3, F6)."""
    ids = list(organisation_ids)
    found: dict[int, list[dict[str, Any]]] = {pk: [] for pk in ids}
    rows = Honour.objects.filter(organisation__in=ids, awarded_on__lte=on).filter(
        models.Q(state=Honour.State.IN_FORCE) | models.Q(state=Honour.State.REVOKED, revoked_on__gt=on)
    )
    for row in rows.order_by("awarded_on", "pk"):
        record = {"on": row.awarded_on, "level": _AWARD_LEVELS[row.level], "title": row.title}
        found[row.organisation_id].append(record)
    return {pk: {"awards": Fact(records, "荣誉台账", on, True)} for pk, records in found.items()}


def of_effect(keys: Iterable[str]) -> dict[str, Recognition]:
    """Recognitions by the effect key under which they were granted; a corrected one is followed to the last."""
    found = {
        r.effect_key: r for r in Recognition.objects.filter(effect_key__in=list(keys)).select_related("union")
    }
    while found:
        later = Recognition.objects.filter(replaces__in=found.values()).select_related("union")
        by_old = {row.replaces_id: row for row in later}
        if not by_old:
            break
        found = {k: by_old.get(row.pk, row) for k, row in found.items()}
    return found


def open_withdrawals(who: Who) -> models.QuerySet[WithdrawalRequest]:
    """Requests to withdraw that wait for the asker's union; what has ended meanwhile needs no answer."""
    if who.union_id is None or who.role not in {"clerk", "checker", "leader"}:
        return WithdrawalRequest.objects.none()
    return WithdrawalRequest.objects.filter(
        recognition__union_id=who.union_id, recognition__state__in=RUNNING,
        recognition__last_day__gte=clock.today(), decided_at__isnull=True,
    ).select_related("recognition__organisation")  # fmt: skip


def ending_soon(on: dt.date, *, days: int = SOON_DAYS) -> models.QuerySet[Recognition]:
    """In force or suspended, at most `days` left, and no later period of the same category behind it."""
    later = Recognition.objects.filter(
        organisation=models.OuterRef("organisation"),
        union=models.OuterRef("union"),
        category=models.OuterRef("category"),
        first_day__gt=models.OuterRef("last_day"),
    ).exclude(state__in=(Recognition.State.CANCELLED, Recognition.State.WITHDRAWN))
    return Recognition.objects.filter(
        ~models.Exists(later),
        state__in=RUNNING,
        first_day__lte=on,
        last_day__gte=on,
        last_day__lte=on + dt.timedelta(days=days),
    ).select_related("organisation", "union")


def holders(on: dt.date) -> list[tuple[int, int]]:
    """(organisation, granting union) of every recognition that runs on the day, suspended ones included."""
    rows = Recognition.objects.filter(state__in=RUNNING, effective__contains=on).order_by()
    return sorted(rows.values_list("organisation_id", "union_id").distinct())


def endings_of(organisation_id: int, union_id: int) -> list[dict[str, Any]]:
    """The engine's fact `endings`: cancellations and withdrawals, each with its day."""
    words = {Recognition.State.CANCELLED: "取消", Recognition.State.WITHDRAWN: "退出"}
    rows = Recognition.objects.filter(organisation_id=organisation_id, union_id=union_id, state__in=words)
    return [
        {"day": row.effective.upper or row.first_day, "kind": words[Recognition.State(row.state)]}
        for row in rows
    ]


# --- honours ----------------------------------------------------------------------------------------


def honours_visible_to(who: Who) -> models.QuerySet[Honour]:
    """Its own to an organisation, once they count; to staff those that their union or one below it recorded."""
    rows = Honour.objects.select_related("organisation", "union")
    if who.organisation_id is not None:
        return rows.filter(organisation_id=who.organisation_id, state__in=("in_force", "revoked"))
    if who.union_id is None or who.role not in READERS:
        return rows.none()
    return rows.filter(union_id__in=descendant_ids(who.union_id))


def honours_waiting(who: Who) -> models.QuerySet[Honour]:
    """Recorded, and waiting for a second person of the asker's union."""
    if who.union_id is None or who.role not in {"checker", "leader"}:
        return Honour.objects.none()
    return Honour.objects.filter(union_id=who.union_id, state=Honour.State.PROPOSED).select_related("union")


def honours_of(subject_key: str) -> list[Honour]:
    """What counts for this subject, highest level first; its own slice has decided who may see it."""
    rows = Honour.objects.filter(subject_key=subject_key, state=Honour.State.IN_FORCE)
    order = list(HonourLevel.values)
    return sorted(rows, key=lambda row: (-order.index(row.level), -row.awarded_on.toordinal(), -row.pk))


def honours_of_subject(subject_key: str) -> models.QuerySet[Honour]:
    """Everything recorded of this subject, whatever its state."""
    return Honour.objects.filter(subject_key=subject_key).select_related("union", "organisation")


def upward_waiting(who: Who) -> models.QuerySet[Upward]:
    """Put forward, and waiting for a second person of the asker's union."""
    if who.union_id is None or who.role not in {"checker", "leader"}:
        return Upward.objects.none()
    rows = Upward.objects.filter(honour__union_id=who.union_id, state=Upward.State.PROPOSED)
    return rows.select_related("honour__union")
