"""What a formal list brings about for every name on it, as the document's outcome says: 认定 or 荣誉; and taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuniu import policy
from shuniu.calls.actions import stages
from shuniu.calls.models import Application, Call, PublicList, Stage
from shuniu.calls.queries import listing as queries
from shuniu.calls.queries.call import law_of
from shuniu.calls.queries.outcome import grants_honour, leader_of, subject_of
from shuniu.calls.queries.people import people_of_many
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.notices.actions import Letter, tell_all
from shuniu.foundation.ui.formats import day_cn
from shuniu.recognition import actions as recognition
from shuniu.recognition.actions import honours

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class _Granted:
    """What one name got: the sentence of its 时间线, and how its people are told."""

    text: str
    facts: Mapping[str, Any]
    title: str
    body: str
    url: str


def periods_of(call: Call, rows: Sequence[dict[str, Any]]) -> dict[int, Period]:
    """Application → first and last day of what is granted today; empty for an honour, which has no period."""
    if grants_honour(call):
        return {}
    law, starts = law_of(call), queries.starts_of(call, list(rows), clock.today())
    return {key: policy.validity_period(law, start) for key, start in starts.items()}


def grant(
    row: PublicList, locked: Mapping[int, Application], days: Mapping[int, Period], clause: str, *, by: Who
) -> None:
    """Every name of the published list; the caller has checked its rule and holds the locks."""
    granted = (
        _honour(row, locked, clause, by=by)
        if grants_honour(row.call)
        else _recognise(row, locked, days, clause, by=by)
    )
    stages.decide_all(
        [
            stages.Ruling(
                locked[key], Stage.RECOGNISED, clause=clause, verdict="yes", also=(row,), text=g.text,
                facts={**g.facts, "list": row.pk},
            )
            for key, g in granted.items()
        ],
        by=by, verb="recognise",
    )  # fmt: skip
    people = people_of_many(locked[key].organisation_id for key in granted)
    tell_all(
        Letter(
            person, title=g.title, body=g.body, url=g.url, kind="calls.recognised",
            effect_key=f"calls.recognised:{key}",
        )
        for key, g in granted.items()
        for person in people[locked[key].organisation_id]
    )  # fmt: skip


def _decision(row: PublicList) -> str:
    assert row.paper is not None
    return f"{row.paper.number}《{row.title}》"


def _recognise(
    row: PublicList, locked: Mapping[int, Application], days: Mapping[int, Period], clause: str, *, by: Who
) -> dict[int, _Granted]:
    """With as many statements for all names as for one: the act holds the lock of the whole call."""
    places = [
        recognition.Place(
            organisation=locked[r["application"]].organisation, category=r["category"],
            category_label=r["category_label"], directions=r["directions"],
            first_day=days[r["application"]][0], effect_key=queries.effect_key(r["application"]),
        )
        for r in row.frozen
    ]  # fmt: skip
    made = recognition.grant_all(
        by=by, union=row.call.union, document=row.call.document, places=places, clause=clause,
        decision=_decision(row), decided_on=clock.today(),
    )  # fmt: skip
    return {
        r["application"]: _Granted(
            f"列入正式名单，证书 {g.certificate_no}，有效期至 {day_cn(g.last_day)}",
            {"certificate": g.certificate_no},
            f"已认定：{g.category_label}",
            f"证书编号 {g.certificate_no}，有效期至 {day_cn(g.last_day)}。",
            f"/certificates/{g.pk}/",
        )
        for r, g in zip(row.frozen, made, strict=True)
    }


def _honour(
    row: PublicList, locked: Mapping[int, Application], clause: str, *, by: Who
) -> dict[int, _Granted]:
    """The level of the document that is this union's own; higher ones come from above with their paper."""
    call, outcome = row.call, law_of(row.call).outcome
    assert outcome is not None
    own = [level for level in outcome.levels if not level.from_above]
    level = next((x for x in own if x.level == call.union.level), own[0])
    given = {}
    for r in row.frozen:
        application = locked[r["application"]]
        honour = honours.grant(
            by=by, union=call.union, document=call.document, organisation=application.organisation,
            subject=subject_of(application), clause=clause, effect_key=queries.effect_key(application.pk),
            award=honours.Award(
                level=level.level, title=level.label, granted_by=call.union.name, decision=_decision(row),
                awarded_on=clock.today(), leader=leader_of(application),
            ),
        )  # fmt: skip
        given[application.pk] = _Granted(
            f"命名{application.named}为“{level.label}”",
            {"honour": honour.pk},
            f"已命名：{level.label}",
            f"{_decision(row)}，{day_cn(honour.awarded_on)}。",
            f"/honours/{honour.pk}/",
        )
    return given


def take_back(call: Call, application_id: int, *, by: Who, reason: str, clause: str = "") -> None:
    """本办法未规定: what the list brought is over from today; nothing happens where nothing was granted."""
    key = queries.effect_key(application_id)
    if grants_honour(call):
        honours.annul(by=by, effect_key=key, reason=reason, clause=clause)
    else:
        recognition.annul(by=by, effect_key=key, reason=reason, clause=clause)
