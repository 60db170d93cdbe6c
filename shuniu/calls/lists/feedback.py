"""Lists of what was told back, and of what is to be improved."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from shuniu.calls.models import Application, Feedback, Improvement
from shuniu.calls.queries import feedback as queries
from shuniu.calls.queries.outcome import light_calls, stage_word
from shuniu.foundation.access import Who
from shuniu.foundation.calendar import clock
from shuniu.foundation.ui.lists import Choice, Column, DateRange, List, Sign, Tab, TextSearch, Toned
from shuniu.registry.models import Organisation
from shuniu.registry.queries import matching

_FEEDBACK = {"draft": "wait", "submitted": "now", "released": "ok"}
_IMPROVEMENT = {"proposed": "ask", "open": "wait", "reported": "now", "done": "ok", "declined": "back"}


def _state(row: Application) -> Sign:
    given = getattr(row, "feedback", None)
    if given is None:
        return Sign("wait", "还没有写")
    return Sign(_FEEDBACK[given.state], given.get_state_display())


def _find(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(organisation__in=matching(Organisation.objects.all(), text).order_by().values("pk"))


class Feedbacks(List):
    """The decided applications of one call, with what each was told."""

    key = "calls.feedbacks"
    title = "评审反馈"
    roles = queries.OFFICE
    unit = "家"
    columns = (
        Column("organisation", "单位", "organisation.name", sort="organisation__pinyin", first=True),
        Column("category", "类别", "category.label", sort="category__order"),
        Column("stage", "结果", stage_word, sort="stage"),
        Column("score", "得分", lambda row: "--" if row.score is None else f"{row.score:f}", sort="score"),
        Column("feedback", "反馈", _state, kind="status"),
        Column("told", "反馈日期", lambda row: _told(row), kind="day"),
    )
    filters = (TextSearch("q", "单位", apply=_find, placeholder="单位名称中的两个字"),)
    tabs = (
        Tab("all", "全部"),
        Tab("left", "没有反馈", Q(feedback__isnull=True) | Q(feedback__state=Feedback.State.DRAFT)),
        Tab("submitted", "待审签", Q(feedback__state=Feedback.State.SUBMITTED)),
        Tab("released", "已反馈", Q(feedback__state=Feedback.State.RELEASED)),
    )
    order = "organisation"
    page_size = 50
    empty = ("还没有可以反馈的单位", "结果告知申报单位以后，在这里逐家写反馈。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Application]:
        return queries.applications_for_feedback(who).filter(call=scope["call_id"]).select_related(None)

    @classmethod
    def complete(cls, rows: QuerySet[Application]) -> QuerySet[Application]:
        return rows.select_related("organisation", "category", "feedback").prefetch_related(
            Prefetch("call", light_calls())
        )

    def row_label(self, row: Application) -> str:
        return row.organisation.name

    def row_url(self, row: Application) -> str:
        return reverse("calls:feedback", args=[row.pk])


def _told(row: Application) -> Any:
    given = getattr(row, "feedback", None)
    return given.released_at if given else None


def _due(row: Improvement) -> Toned | str:
    if row.due is None:
        return ""
    late = row.state == Improvement.State.OPEN and row.due < clock.today()
    return Toned("is-bad" if late else "", f"{row.due:%Y-%m-%d}" + ("，已逾期" if late else ""), row.due)


def _find_improvement(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    found = matching(Organisation.objects.all(), text).order_by().values("pk")
    return rows.filter(Q(application__organisation__in=found) | Q(what__icontains=text.strip()))


class Improvements(List):
    """改进事项 that the asker's union looks after."""

    key = "calls.improvements"
    title = "改进事项"
    roles = queries.OFFICE
    unit = "件"
    columns = (
        Column(
            "organisation", "单位", "application.organisation.name", sort="application__organisation__pinyin",
            first=True,
        ),
        Column("label", "项目", sort="label"),
        Column("what", "改进内容"),
        Column("call", "评选", "application.call.title", extra=True),
        Column("union", "复查工会", "union.name", extra=True),
        Column("due", "期限", _due, sort="due"),
        Column("state", "状态", lambda row: Sign(_IMPROVEMENT[row.state], row.get_state_display()), kind="status"),
    )  # fmt: skip
    filters = (
        TextSearch("q", "单位、内容", apply=_find_improvement, placeholder="单位名称或改进内容中的两个字"),
        Choice("offered", "由谁提出", choices=[("True", "申报单位提出"), ("False", "工会要求")]),
        DateRange("due", "期限", path="due", bar=False),
    )
    tabs = (
        Tab("running", "没有办结", ~Q(state__in=("done", "declined"))),
        Tab("recheck", "待复查", Q(state="reported")),
        Tab("closed", "已办结", Q(state__in=("done", "declined"))),
        Tab("all", "全部"),
    )
    order = "due"
    page_size = 50
    empty = ("没有改进事项", "在评审反馈里列出要改进的内容和期限，由没有打过分的人复查。")

    @classmethod
    def visible(cls, who: Who, *args: Any, **scope: Any) -> QuerySet[Improvement]:
        return queries.improvements_visible_to(who).select_related(None).defer(None)

    @classmethod
    def complete(cls, rows: QuerySet[Improvement]) -> QuerySet[Improvement]:
        return rows.select_related("application__organisation", "application__call", "union").defer(
            "application__draft",
            "application__organisation__bigrams",
            "application__organisation__search_text",
        )

    def row_label(self, row: Improvement) -> str:
        return f"{row.application.organisation.name}：{row.label}"

    def row_url(self, row: Improvement) -> str:
        return reverse("calls:improvement", args=[row.pk])


__all__ = ["Feedbacks", "Improvements"]
