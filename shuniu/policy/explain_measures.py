"""Says the procedure and the measuring parts in Chinese: stages, quotas, scores, grades, funding, deadlines, votes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shuniu.policy import measures as ms
from shuniu.policy import model as m
from shuniu.policy import words
from shuniu.policy.dates import UNITS, say
from shuniu.policy.explain_rules import Explainer, bands
from shuniu.policy.stages import Stage, Window

_HOLDERS = {
    "recommender": "每个推荐单位",
    "category": "每个类别",
    "applicant": "每个申报单位",
    "group": "每一组",
}
_PER = {"category": "按类别", "applicant": "按单位", "project": "按项目"}
_ITEM_KINDS = {"points": "", "bonus": "，附加分", "deduction": "，扣分"}


def procedure(document: m.Document) -> Iterator[str]:
    """The stages in their order, what they end in, and the forms that the paper names."""
    if document.stages:
        yield ""
        yield "【程序】"
    for number, stage in enumerate(document.stages, 1):
        kind = words.STAGE_KINDS[stage.kind]
        yield f"{number}. {stage.label}〔{kind}〕{stage.actor_label}（{stage.clause}）{stage.words}"
        yield from _of_stage(document, stage)
    yield from _outcome(document.outcome)
    for template in document.templates:
        ours = "（条文没有附上，本产品拟定，可改）" if template.ours else ""
        annex = f"{template.annex} " if template.annex else ""
        yield f"{template.kind_label}：{annex}{template.label}（{template.clause}）{ours}"


def _of_stage(document: m.Document, stage: Stage) -> Iterator[str]:
    if stage.window is not None:
        yield f"    时间：{window(stage.window)}"
    gates = {each.key: each.label for each in document.conditions}
    gates |= {each.key: f"“{each.label}”达到 {each.pass_mark} 分" for each in document.sheets}
    gate = gates.get(stage.gate, "")
    if gate:
        yield f"    先要：{gate}"
    sheet = next((each.label for each in document.sheets if each.key == stage.sheet), "")
    if sheet:
        yield f"    评分表：{sheet}"
    quotas = [each.label for each in document.quotas if each.key in stage.quotas]
    if quotas:
        yield f"    名额：{'；'.join(quotas)}"
    vote = next((each.label for each in document.votes if each.key == stage.vote), "")
    if vote:
        yield f"    表决：{vote}"
    points = [each.label for each in document.not_stated if each.key in stage.asks]
    if points:
        yield f"    须由通知或工会写明：{'、'.join(points)}"


def window(found: Window) -> str:
    """When a stage is open, with whether its last day counts."""
    last = _day(found.last) + ("" if found.last_included else "（不含当日）")
    over = isinstance(found.first, tuple) and isinstance(found.last, tuple) and found.first > found.last
    said = f"{_day(found.first)}至{'次年' * over}{last}" if found.first is not None else f"{last}以前"
    return said + (f"（{found.words}）" if found.words else "")


def _day(day: tuple[int, int] | date) -> str:
    return say(day) if isinstance(day, date) else f"{day[0]}月{day[1]}日"


def _outcome(outcome: m.Outcome | None) -> Iterator[str]:
    if outcome is None:
        return
    validity = ""
    if outcome.validity is not None:
        found = outcome.validity
        validity = f"，有效期{found.n}{UNITS[found.unit]}（{found.clause}）。{found.words}"
    yield f"结果：{outcome.label}，{_PER[outcome.per]}（{outcome.clause}）{validity}"
    for level in outcome.levels:
        above = "，由上级评定，在此登记" if level.from_above else ""
        yield f"    {level.level_label}：{level.label}（{level.clause}）{above}"


def measures(document: m.Document) -> Iterator[str]:
    """Deadlines, votes, quotas, score sheets, grades and funding."""
    explainer = Explainer(document)
    for deadline in document.deadlines:
        yield f"【期限】{deadline.clause} {deadline.label}：{_deadline(document, deadline)}"
    for vote in document.votes:
        yield f"【表决】{vote.clause} {vote.label}：{_vote(vote)}"
    for quota in document.quotas:
        soft = "（原则上，写明理由可以超过）" if quota.binding == "in_principle" else ""
        yield f"【名额】{quota.clause} {quota.label}：{_HOLDERS[quota.holder]}不超过{_places(explainer, quota)}{soft}"
        if quota.applies is not None:
            yield f"    适用：{explainer.rule(quota.applies)}"
    for sheet in document.sheets:
        yield from _sheet(explainer, sheet)
    for grading in document.gradings:
        by = explainer.value(grading.of)
        yield f"【等级】{grading.clause} {grading.label}：按{by}，{bands(grading.bands, '为')}"
        if grading.when is not None:
            rest = f"；否则为 {grading.otherwise}" if grading.otherwise else "；否则不定等级"
            yield f"    适用：{explainer.rule(grading.when)}{rest}"
    for funding in document.fundings:
        yield from _funding(explainer, funding)


def _places(explainer: Explainer, quota: ms.Quota) -> str:
    if quota.share is None:
        return f" {quota.at_most}"
    share = quota.share
    way = words.ROUNDINGS[share.way] if share.way else "条文没有写明怎样取整"
    said = f"{explainer.value(share.of)}的 {share.said}（{way}）"
    said += f"，至少 {quota.at_least}" if quota.at_least else ""
    return said + (f"，最多 {quota.at_most}" if quota.at_most is not None else "")


def _deadline(document: m.Document, found: ms.Deadline) -> str:
    said = f"自{document.facts[found.start].label}起 {found.n}{UNITS[found.unit]}"
    said += "，当日为第一天" if found.first_day_counted else "，次日为第一天"
    said += "，到当月月底" if found.month_end else ""
    return said + ("，末日不是工作日的顺延" if found.roll else "")


def _vote(found: ms.Vote) -> str:
    base = "应到人数" if found.base == "all" else "实到人数"
    said = f"同意票{_BOUND[found.bound]}{base}的 {found.part}/{found.whole}"
    if found.quorum_part:
        bound = _BOUND[found.quorum_bound]
        said = f"实到人数{bound}应到人数的 {found.quorum_part}/{found.quorum_whole}，{said}"
    return said


_BOUND = {"at_least": "达到", "more_than": "超过"}


def _sheet(explainer: Explainer, sheet: ms.ScoreSheet) -> Iterator[str]:
    notes = [f"总分 {sheet.total}"]
    notes += [f"{sheet.pass_mark} 分合格"] if sheet.pass_mark is not None else []
    notes += [f"{words.ROUNDINGS[sheet.way]}保留 {sheet.digits} 位小数"] if sheet.digits is not None else []
    notes += ["附加分可以超过总分"] if sheet.bonus_above_total else []
    notes += ["条文没有附上，分值由本产品拟定，可改"] if sheet.ours else []
    yield f"【评分】{sheet.clause} {sheet.label}（{'；'.join(notes)}）"
    for item in sheet.items:
        mandatory = "，必须得分" if item.mandatory else ""
        if item.points == 0 and item.veto is not None:
            yield f"    {item.label}：不计分"
        else:
            worth = f"{item.points} 分{_ITEM_KINDS[item.kind]}{mandatory}"
            yield f"    {item.label}（{worth}）：{_way(explainer, item)}"
        for number, reading in enumerate(item.readings, 1):
            yield f"        理解{number}“{reading.words}”：{_scoring(explainer, reading.scoring)}"
        if item.veto is not None:
            yield f"        一票否决：{explainer.rule(item.veto)}"
        if item.evidence:
            yield f"        看什么：{item.evidence}"


def _way(explainer: Explainer, item: ms.Item) -> str:
    if item.scoring is not None:
        return _scoring(explainer, item.scoring)
    return "按选定的理解计分" if item.readings else "由人评分"


def _scoring(explainer: Explainer, scoring: ms.Scoring) -> str:
    value = explainer.value(scoring.of)
    if scoring.bands:
        return f"按{value}，{bands(scoring.bands)}"
    return f"{value}，每 1 得 {scoring.per}" if scoring.per is not None else f"得分为{value}"


def _funding(explainer: Explainer, funding: ms.Funding) -> Iterator[str]:
    cap = f"，最多 {funding.cap} 元" if funding.cap is not None else ""
    less = f"，减去{explainer.value(funding.already)}" if funding.already is not None else ""
    yield f"【经费】{funding.clause} {funding.label}：{explainer.value(funding.amount)} 元{cap}{less}"
    if funding.when is not None:
        yield f"    适用：{explainer.rule(funding.when)}"
    if funding.uses:
        yield f"    用途：{'、'.join(funding.uses)}"
