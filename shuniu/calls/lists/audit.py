"""The clerk's list of applications in one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse

from shuniu.calls.actions import audit as actions
from shuniu.calls.forms.audit import assign_form
from shuniu.calls.models import Application, Call, JudgeRun, Stage
from shuniu.calls.queries import audit as queries
from shuniu.calls.queries.outcome import stage_word_under
from shuniu.calls.rules import audit as rules
from shuniu.foundation.access import Verdict, Who
from shuniu.foundation.calendar import clock, working_days
from shuniu.foundation.ui.lists import (
    BatchAction,
    Choice,
    Column,
    DateRange,
    List,
    Sign,
    Tab,
    TextSearch,
    Toned,
)
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching

AT_DESK = (Stage.SUBMITTED, Stage.CHECKING)
OVER = (Stage.WITHDRAWN, Stage.ENDED)
DECIDED = (Stage.QUALIFIED, Stage.UNQUALIFIED)
CONCLUDED = (*DECIDED, Stage.SHORTLISTED, Stage.NOT_SHORTLISTED, Stage.RECOGNISED, Stage.REMOVED)
_CONCLUDED_AS = {"qualified": "：符合", "unqualified": "：不符合"}
_STAGE_KINDS = {
    "submitted": "wait", "correcting": "now", "checking": "now", "qualified": "ok", "unqualified": "bad",
    "shortlisted": "ok", "not_shortlisted": "wait", "recognised": "ok", "removed": "bad", "withdrawn": "back",
    "ended": "bad",
}  # fmt: skip


_SHOWN = (
    "directions", "number", "submitted_at", "judged", "stage", "released_at", "due_on", "organisation__name",
    "organisation__code", "organisation__region", "category__label", "category__directions", "clerk__name",
)  # fmt: skip
"""What the columns below read of a row: a page of them is drawn without the rest."""


def judged_sign(row: Application) -> Sign | str:
    """全部符合, 1 项不符合, 2 项待判断: the weightiest status with its number."""
    counts = getattr(row, "judge_counts", None) or {}
    if not row.judged:
        return Sign("wait", "尚未判断")
    for status, kind, words in (
        ("not_met", "bad", "项不符合"), ("unknown", "warn", "项不明"), ("ambiguous", "warn", "项理解不一"),
        ("judged", "ask", "项待判断"),
    ):  # fmt: skip
        if counts.get(status):
            return Sign(kind, f"{counts[status]} {words}")
    if row.judged == "ask":
        return Sign("ask", "理由待认可")
    return Sign("bad", "不符合") if row.judged == "no" else Sign("ok", "全部符合")


def stage_sign(row: Application) -> Sign:
    """The stage; a checked conclusion that was not told yet is 待生效."""
    waits = row.stage in DECIDED and row.released_at is None
    law: str = row.law  # type: ignore[attr-defined]
    label = stage_word_under(row.stage, law) + ("，待生效" if waits else "")
    return Sign(_STAGE_KINDS.get(row.stage, "wait"), label)


def due_words(row: Application) -> Toned | str:
    """逾期 2 个工作日, 11-20; nothing where nobody is waited for."""
    if row.due_on is None or row.stage not in (*AT_DESK, Stage.CORRECTING):
        return ""
    today = clock.today()
    short = f"{row.due_on:%m-%d}" if row.due_on.year == today.year else f"{row.due_on:%Y-%m-%d}"
    if row.due_on >= today:
        return Toned("", short, row.due_on)
    try:
        late = working_days.count(row.due_on, today, first_day_counts=False)
    except working_days.MissingYear:
        late = (today - row.due_on).days
    return Toned("is-bad", f"逾期 {late} 个工作日" if late else "今天到期", row.due_on)


def directions(row: Application) -> str:
    """The chosen directions by their labels."""
    labels = {d["key"]: d["label"] for d in row.category.directions}
    return "、".join(labels.get(d, d) for d in row.directions)


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    found = matching(Organisation.objects.all(), text).order_by().values("pk")
    return rows.filter(Q(organisation__in=found) | Q(number__iexact=text))


def _by_judged(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(judged=value)


def _by_clerk(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(clerk__isnull=True) if value == "none" else rows.filter(clerk=int(value))


def _choices(key: str) -> Callable[[List], list[tuple[str, str]]]:
    """The choices of a filter; the page brings them along, a list rebuilt for a batch asks again."""

    def offered(listing: List) -> list[tuple[str, str]]:
        found = queries.call_with_choices(listing.who, listing.scope["call_id"])
        return found[1][key] if found else []

    return offered


def _judge_assign(who: Who, rows: Any) -> list[Verdict]:
    return [rules.may_assign(who, row) for row in rows]


def _judge_release(who: Who, rows: Any) -> list[Verdict]:
    return rules.may_release_each(who, rows)


def _release_note(who: Who, rows: Any) -> str:
    verdicts = rules.may_release_each(who, rows)
    can = [a for a, v in zip(rows, verdicts, strict=True) if v]
    qualified = sum(1 for a in can if a.stage == Stage.QUALIFIED)
    return f"将有 {len(can)} 家单位收到通知：审核通过 {qualified} 份，不符合 {len(can) - qualified} 份。"


class Applications(List):
    """What was handed in to one call of the asker's union."""

    key = "calls.applications"
    title = "申报"
    unit = "份"
    columns = (
        Column("organisation", "组织名称", "organisation.name", sort="organisation__pinyin", first=True),
        Column("code", "统一社会信用代码", "organisation.code", kind="code", extra=True),
        Column("number", "申报编号", sort="number", kind="code", extra=True, shown=False),
        Column("category", "申报类别", "category.label", sort="category__order", shown=False),
        Column("directions", "工作方向", directions, wrap=True),
        Column("region", "所在区", "organisation.region", sort="organisation__region", extra=True),
        Column("submitted", "提交时间", "submitted_at", sort="submitted_at", kind="time"),
        Column("judged", "系统判断", judged_sign, sort="judged", kind="status", across=True),
        Column("stage", "审核状态", stage_sign, sort="stage", kind="status", across=True),
        Column("clerk", "经办人", "clerk.name", sort="clerk__name", extra=True),
        Column("due", "到期", due_words, sort="due_on"),
    )
    filters = (
        TextSearch("q", "查找", apply=_search, placeholder="名称、拼音首字母或信用代码"),
        Choice("category", "申报类别", choices=_choices("category"), apply="category"),
        Choice("region", "所在区", choices=_choices("region"), apply="organisation__region"),
        Choice(
            "judged", "系统判断", apply=_by_judged,
            choices=[
                ("yes", "全部符合"), ("no", "有不符合"), ("open", "有不明"), ("ambiguous", "理解不一"),
                ("ask", "需人工判断"),
            ],
        ),
        Choice("clerk", "经办人", choices=_choices("clerk"), apply=_by_clerk),
        DateRange("submitted", "提交", path="submitted_at"),
    )  # fmt: skip
    tab_label = "审核状态"
    tabs = (
        Tab("all", "全部", ~Q(stage__in=OVER)),
        Tab("waiting", "待审核", Q(stage__in=AT_DESK)),
        Tab("correcting", "补正中", Q(stage=Stage.CORRECTING)),
        Tab("checking", "待复核", Q(stage=Stage.CHECKING)),
        Tab("concluded", "已有结论", Q(stage__in=CONCLUDED)),
        Tab("release", "待生效", Q(stage__in=DECIDED, released_at__isnull=True)),
        Tab("over", "撤回或终止", Q(stage__in=OVER)),
    )
    order = "submitted"
    batch = (
        BatchAction(
            "assign", "指派经办人", _judge_assign, actions.assign_many, roles=rules.DESK,
            explain="被指派的经办人会收到一条消息。",
        ),
        BatchAction(
            "release", "统一生效并通知", _judge_release, actions.release_many, roles=rules.DESK,
            explain="复核同意的结论在确认后生效，申报单位同时收到通知；生效后不能撤回。", note=_release_note,
        ),
    )  # fmt: skip
    empty = ("没有符合条件的申报", "换一个条件，或清除条件后再看。")

    def batch_action(self, key: str) -> BatchAction | None:
        """指派 offers the clerks of the asker's own union."""
        action = super().batch_action(key)
        if action is None or action.key != "assign":
            return action
        return replace(action, form=assign_form(queries.clerks_of(self.who.union_id or 0)))

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Application]:
        return queries.desk_applications(who).filter(call=scope["call_id"]).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Application]) -> QuerySet[Application]:
        last = JudgeRun.objects.filter(application=OuterRef("pk")).order_by("-number").values("counts")[:1]
        return (
            rows.select_related("organisation", "category", "clerk")
            .only(*_SHOWN)
            .annotate(judge_counts=Subquery(last), law=F("call__document__digest"))
        )

    @classmethod
    def for_batch(cls, rows: QuerySet[Application]) -> QuerySet[Application]:
        # The document is long: read once for the call, not once for each row.
        calls = Call.objects.select_related("union", "document").defer("frozen")
        return (
            rows.select_related("organisation", "category", "clerk")
            .defer("draft", "organisation__bigrams", "organisation__search_text")
            .prefetch_related(Prefetch("call", calls))
        )

    def row_label(self, row: Application) -> str:
        """Of one organisation several may stand in a batch; what takes effect says which conclusion it is."""
        word = _CONCLUDED_AS.get(row.stage, "") if row.released_at is None else ""
        return f"{row.organisation.name}，{row.category.label}{word}"

    def row_url(self, row: Application) -> str:
        tail = "check" if self.who.role in ("checker", "leader") and row.stage == Stage.CHECKING else "audit"
        return f"{self._base}{row.pk}/{tail}/{self._back}"

    @cached_property
    def _back(self) -> str:
        query = self.state.query()
        return "?" + urlencode({"from": query}) if query else ""

    @cached_property
    def _base(self) -> str:
        return reverse("calls:audit", args=[0]).removesuffix("0/audit/")


def neighbours(who: Who, call: Call, query: str, application: Application) -> dict[str, Any]:
    """The application's place in the list it was opened from: {place, total, tab, previous, next}; {} when gone."""
    path = reverse("calls:applications", args=[call.pk])
    listing = Applications.rebuilt(who, path, query, {"call_id": call.pk})
    keys = list(listing.ordered.values_list("pk", flat=True)[:20_000])
    if application.pk not in keys:
        return {}
    place = keys.index(application.pk)
    return {
        "place": place + 1,
        "total": len(keys),
        "tab": listing.tab.label if listing.tab else "",
        "previous": keys[place - 1] if place else None,
        "next": keys[place + 1] if place + 1 < len(keys) else None,
    }


__all__ = ["Applications", "directions", "due_words", "judged_sign", "neighbours", "stage_sign"]
