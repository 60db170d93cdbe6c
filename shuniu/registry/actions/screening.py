"""The check of adverse information by the clock, and what a clerk does with what it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from shuniu.foundation.access import Refused, Who, refuse, require, system
from shuniu.foundation.calendar import clock
from shuniu.foundation.journal import actions as journal
from shuniu.foundation.notices.actions import tell
from shuniu.registry import rules
from shuniu.registry.adverse import Adverse
from shuniu.registry.models import Finding, Organisation, Screening
from shuniu.registry.queries import adverse_of_many
from shuniu.unions.queries import people_with

_CHUNK = 500
_BY = system("每日核查负面信息")


@dataclass(frozen=True)
class Watch:
    """A union has dealings with an organisation: a recognition in force, an application on its way."""

    organisation_id: int
    union_id: int
    because: str


def screen(watches: Iterable[Watch]) -> int:
    """A5: look through the registry for the watched organisations as of today; the number of new findings.

    Called by the sweeps of the slices that know whom they watch. A repeated run finds nothing new: a finding is
    unique per union, organisation and fact. What is gone from the registry ends its open finding.
    """
    by_home: dict[int, dict[int, str]] = {}
    given = list(watches)
    wanted = {watch.organisation_id for watch in given}
    merged = Organisation.objects.filter(pk__in=wanted, merged_into__isnull=False)
    homes = dict(merged.values_list("pk", "merged_into"))
    for watch in given:
        home = homes.get(watch.organisation_id) or watch.organisation_id
        by_home.setdefault(home, {})[watch.union_id] = watch.because
    pks = sorted(by_home)
    parts = (pks[start : start + _CHUNK] for start in range(0, len(pks), _CHUNK))
    return sum(_some({pk: by_home[pk] for pk in part}) for part in parts)


def _some(watched: dict[int, dict[int, str]]) -> int:
    today, now = clock.today(), clock.now()
    organisations = list(Organisation.objects.filter(pk__in=watched).defer("bigrams", "search_text"))
    against = adverse_of_many(organisations, today)
    known: dict[tuple[int, int], dict[str, Finding]] = {}
    for finding in Finding.objects.filter(organisation__in=watched).select_related("organisation", "union"):
        known.setdefault((finding.organisation_id, finding.union_id), {})[finding.effect_key] = finding
    new = 0
    for organisation in organisations:
        for union_id, because in watched[organisation.pk].items():
            there = known.get((organisation.pk, union_id), {})
            keys = {_key(organisation, union_id, each): each for each in against[organisation.pk]}
            for key, each in keys.items():
                if key not in there:
                    new += _found(organisation, union_id, because, key, each)
            for key, finding in there.items():
                if key not in keys and finding.settled_at is None:
                    _gone(finding, today)
    Screening.objects.bulk_create(
        [
            Screening(organisation=o, checked_at=now, because="、".join(sorted(set(watched[o.pk].values())))[:100])
            for o in organisations
        ],
        update_conflicts=True, unique_fields=["organisation"], update_fields=["checked_at", "because"],
    )  # fmt: skip
    return new


def _key(organisation: Organisation, union_id: int, each: Adverse) -> str:
    return f"{union_id}:{organisation.pk}:{each.key}"


@transaction.atomic
def _found(organisation: Organisation, union_id: int, because: str, key: str, each: Adverse) -> int:
    finding, made = Finding.objects.get_or_create(
        effect_key=key,
        defaults={
            "organisation": organisation, "union_id": union_id, "text": each.text, "since": each.since,
            "source": each.source[:300], "because": because,
        },
    )  # fmt: skip
    if not made:
        return 0
    journal.record(
        by=_BY, verb="adverse_found", subject=organisation, also=[finding], union_id=union_id,
        text=f"核查发现负面信息：{each.text}（{each.since} 起，{each.source}）", facts={"finding": finding.pk},
    )  # fmt: skip
    tell(
        people_with(union_id, "clerk"), title=f"{organisation.name}：新的负面信息", kind="registry.adverse",
        body=f"{each.text}（{each.since} 起）。该组织有{because}，请核实后写明处理意见。",
        url=reverse("registry:finding", args=[finding.pk]), effect_key=f"registry.adverse:{finding.pk}",
    )  # fmt: skip
    return 1


@transaction.atomic
def _gone(finding: Finding, today: dt.date) -> None:
    row = Finding.objects.select_for_update().get(pk=finding.pk)
    if row.settled_at is not None:
        return
    row.settled_at, row.opinion = clock.now(), f"{today} 核查时已不再存在（已移出、已执行完毕或记录已更正）"
    row.save(update_fields=["settled_at", "opinion"])
    journal.record(
        by=_BY, verb="adverse_gone", subject=finding.organisation, also=[row], union_id=row.union_id,
        text=f"负面信息不再存在：{row.text}", facts={"finding": row.pk},
    )  # fmt: skip


@transaction.atomic
def settle_finding(*, by: Who, finding: Finding, opinion: str) -> Finding:
    """A5: a clerk of the union has looked into it and says what came of it, once."""
    row = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("organisation", "union")
        .get(pk=finding.pk)
    )
    require(rules.may_settle(by, row))
    if not opinion.strip():
        raise Refused(refuse("registry.finding_opinion"))
    row.settled_at, row.settled_by, row.opinion = clock.now(), by.person, opinion.strip()[:300]
    row.save(update_fields=["settled_at", "settled_by", "opinion"])
    journal.record(
        by=by, verb="settle_finding", subject=row.organisation, also=[row], union_id=row.union_id,
        text=f"处理负面信息“{row.text}”：{row.opinion}", facts={"finding": row.pk},
    )  # fmt: skip
    return row
