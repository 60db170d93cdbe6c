"""Prints a document back in plain Chinese, so that an official can see what the engine understood."""

from __future__ import annotations

from collections.abc import Iterator

from shuniu.policy import model as m
from shuniu.policy import words
from shuniu.policy.dates import UNITS, say
from shuniu.policy.explain_measures import measures, procedure
from shuniu.policy.explain_rules import Explainer
from shuniu.policy.norms import RANKS

_LEAVING = {"on_approval": "批准之日生效", "on_application": "申请之日生效"}


def explain(document: m.Document) -> str:
    """The whole document as text."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: m.Document) -> Iterator[str]:
    issuer = document.issuer
    yield f"《{document.title}》（{document.key} {document.version}）"
    issued = say(document.issued) if document.issued else "未写明日期"
    effective = f"自{say(document.effective)}起施行" if document.effective else "未写明施行日期"
    if document.effective_until is not None:
        effective += f"，有效期至{say(document.effective_until)}"
    yield f"发布：{issuer.name}，{issued}；{effective}"
    if document.interpreter:
        yield f"解释：{document.interpreter}（{document.interpreter_clause}）"
    if document.succession is not None:
        day = words.JUDGED_BY[document.succession.judged_by]
        yield f"代替 {document.succession.key}；正在办理的按{day}时的制度（{document.succession.clause}）"
    yield f"可开展遴选：{_levels(issuer.may_open)}；可使用结果：{_levels(issuer.may_use)}（{issuer.clause}）"
    yield f"校验值：{document.digest}"
    yield from _clauses(document)
    yield from _norms(document)
    yield from _categories(document)
    yield from _facts(document)
    yield from _conditions(document)
    yield from procedure(document)
    yield from _consequences(document)
    yield from _duties(document)
    yield from measures(document)
    yield from _open_points(document)
    yield from _local(document)
    if document.warnings:
        yield ""
        yield "【条文本身的问题】"
        yield from (f"- {warning}" for warning in document.warnings)


def _levels(levels: tuple[str, ...]) -> str:
    return "、".join(words.LEVELS[level] for level in levels) or "未写明"


def _clauses(document: m.Document) -> Iterator[str]:
    yield ""
    yield "【条款】"
    for clause in document.clauses:
        quote = f"（“{clause.quote}”）" if clause.quote else ""
        yield f"{clause.number}〔{clause.kind_label}〕{clause.words}{quote}"
        yield f"    系统：{clause.does}"


def _norms(document: m.Document) -> Iterator[str]:
    if document.norms:
        yield ""
        yield "【上位和其他规定】"
    for norm in document.norms:
        level = f"，{words.LEVELS[norm.level]}级" if norm.level else ""
        yield f"- 《{norm.title}》（{RANKS[norm.rank]}{level}；{norm.clause}）"


def _categories(document: m.Document) -> Iterator[str]:
    if not document.categories:
        return
    yield ""
    yield "【类别与方向】"
    for category in document.categories:
        directions = "、".join(
            each.label + (f"（含{each.includes}）" if each.includes else "") for each in category.directions
        )
        above = document.category(category.parent)
        under = f"{above.label} ＞ " if above else ""
        if any(each.parent == category.key for each in document.categories):
            continue
        yield f"{under}{category.label}（{category.clause}）：{directions or '未列方向'}"


def _facts(document: m.Document) -> Iterator[str]:
    yield ""
    yield "【需要的事实】"
    explainer = Explainer(document)
    for spec in document.facts.values():
        unit = f"，单位：{spec.unit}" if spec.unit else ""
        question = f"；问：{spec.question}" if spec.question else ""
        kind, source = words.FACT_TYPES[spec.type], words.SOURCES[spec.source]
        yield f"- {spec.label}（{kind}{unit}，来自{source}）{question}"
        if spec.derive is not None:
            yield f"    推算：{explainer.value(spec.derive)}"


def _conditions(document: m.Document) -> Iterator[str]:
    explainer = Explainer(document)
    for question, label in words.CONDITION_QUESTIONS.items():
        found = [each for each in document.conditions if question in each.asks]
        if not found:
            continue
        yield ""
        yield f"【{label}】"
        for each in found:
            soft = "（原则上，写明理由可以通过）" if each.binding == "in_principle" else ""
            yield f"- {each.clause} {each.label}{soft}"
            if each.applies is not None:
                yield f"    适用：{explainer.rule(each.applies)}"
            yield from _readings(explainer, each.readings, "要求")
            stated = next((reading.words for reading in each.readings if reading.key == each.taken), "")
            if stated:
                yield f"    没有另行选定的，按“{stated}”"
            for above in each.above:
                yield f"    {above.cited}：{explainer.rule(above.rule)}；不一致的，以它为准"
            for hint in each.hints:
                yield f"    无法判断而{explainer.rule(hint.when)}的，提示：{hint.say}"


def _readings(explainer: Explainer, readings: tuple[m.Reading, ...], word: str) -> Iterator[str]:
    if len(readings) == 1:
        yield f"    {word}：{explainer.rule(readings[0].rule)}"
        return
    for number, reading in enumerate(readings, 1):
        yield f"    理解{number}“{reading.words}”：{explainer.rule(reading.rule)}"


def _consequences(document: m.Document) -> Iterator[str]:
    explainer = Explainer(document)
    if document.consequences:
        yield ""
        yield "【后果】"
    for each in document.consequences:
        automatic = "自动" if each.automatic else "经人判断后" if each.judged else ""
        effect, scope = words.EFFECTS[each.effect], words.SCOPES[each.scope]
        lowered = f" {each.grades} 级" if each.grades else ""
        since = document.facts[each.begins].label if each.begins else ""
        lasts = f"，自{since}起 {each.lasts[0]}{UNITS[each.lasts[1]]}" if each.lasts else ""
        yield f"- {each.clause} {each.label} → {automatic}{effect}{lowered}，{scope}{lasts}"
        if each.applies is not None:
            yield f"    适用：{explainer.rule(each.applies)}"
        yield from _readings(explainer, each.readings, "情形")
        if each.note:
            yield f"    说明：{each.note}"
    if document.withdrawal is not None:
        found = document.withdrawal
        how = f"{'书面' * found.written}申请，{words.LEVELS[found.approved_by]}级工会批准"
        yield f"- {found.clause} {found.label}（{how}，{_LEAVING[found.effective]}）"
    if document.name_use is not None:
        named = document.name_use
        yield f"- {named.clause} {named.label}（由{words.LEVELS[named.permitted_by]}级工会同意）"


def _duties(document: m.Document) -> Iterator[str]:
    if document.duties:
        yield ""
        yield "【义务和措施】"
    for duty in document.duties:
        yield f"- {duty.clause} {duty.who}：{duty.words}{_rhythm(duty)}"
        units = [("牵头单位", duty.lead), ("责任单位", duty.responsible)]
        said = "；".join(f"{word}：{'、'.join(names)}" for word, names in units if names)
        if said:
            yield f"    {said}"
    if document.horizon is not None:
        yield f"目标期限：{say(document.horizon.until)}（{document.horizon.clause}，{document.horizon.words}）"


def _rhythm(duty: m.Duty) -> str:
    soft = "，原则上" if duty.binding == "in_principle" else ""
    if duty.every is not None:
        return f"（每 {duty.every[0]}{UNITS[duty.every[1]]}一次{soft}）"
    if duty.by is not None:
        return f"（每年 {duty.by[0]}月{duty.by[1]}日以前{soft}）"
    return f"（{soft[1:]}）" if soft else ""


def _open_points(document: m.Document) -> Iterator[str]:
    if document.stated:
        yield ""
        yield "【本办法规定的程序事项】"
    for settled in document.stated:
        yield f"- {settled.label}：{settled.value}{settled.unit}（{settled.clause}）"
    if document.not_stated:
        yield ""
        yield "【本办法未规定】"
    for point in document.not_stated:
        ours = f"，本产品默认 {point.default}{point.unit}" if point.default is not None else ""
        note = f"。{point.note}" if point.note else ""
        yield f"- {point.label}：{point.filled_by_label}{ours}{note}"


def _local(document: m.Document) -> Iterator[str]:
    if document.extends is not None:
        yield ""
        yield f"【采用上级制度】{document.extends.key} {document.extends.version}"
    if document.may_adopt:
        yield ""
        yield f"【可由下级采用】{_levels(document.may_adopt)}"
    for each in document.local:
        changed = f"，上级为 {each.upper}" if each.changed else ""
        yield f"- {each.clause} {each.label}：{each.value}{each.unit}{changed}，下级可在 {each.low} 到 {each.high} 之间确定"
