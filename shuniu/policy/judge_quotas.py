"""Whether one more fits into a quota: a number, or a share of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from shuniu.policy.arithmetic import round_to
from shuniu.policy.decision import Chosen, Finding, Missing, Status
from shuniu.policy.evaluate import judge_rule
from shuniu.policy.judge_measures import open_finding, part_of, whole_number
from shuniu.policy.judge_parts import Part, named
from shuniu.policy.measures import Quota
from shuniu.policy.values import Context, measure
from shuniu.policy.words import ROUNDINGS


@dataclass(frozen=True, slots=True)
class Places:
    """How many places there are: ``low`` and ``high`` differ where the paper does not say how to round."""

    low: int
    high: int
    said: str


def quota(context: Context, chosen: Mapping[str, Chosen]) -> Part | None:
    """Whether one more fits: ``used`` places are taken; a quota for others is not applicable.

    ``quota`` names one of several; the result is the smallest number of places that applies.
    """
    wanted = named(context, "quota", context.document.quotas)
    quotas = [each for each in context.document.quotas if wanted in (None, each.key)]
    if not quotas:
        return None
    judged = [_quota(each, context) for each in quotas]
    limits = [number for _, number in judged if number is not None]
    return part_of([finding for finding, _ in judged], min(limits) if limits else None)


def _quota(each: Quota, context: Context) -> tuple[Finding, int | None]:
    context.used = {}
    status: Status
    if each.applies is not None:
        applies = judge_rule(each.applies, context)
        if applies.truth is not True:
            status = "not_applicable" if applies.truth is False else "unknown"
            missing = tuple(map(context.missing, applies.missing))
            return _finding(each, status, "；".join(applies.reasons), context, missing), None
    places = places_of(each, context)
    if isinstance(places, Finding):
        return places, None
    number = places.low if places.low == places.high else None
    used = whole_number(context, "used")
    if used is None:
        found = open_finding(each.key, each.clause, each.label, ["used"])
        return replace(found, reason=f"{places.said}；{found.reason}"), number
    reason = f"{places.said}，已用 {used}"
    if places.low <= used < places.high:
        said = f"{reason}；条文没有写明怎样取整，舍去是 {places.low}，进一是 {places.high}"
        return _finding(each, "ambiguous", said, context), None
    if used < places.low:
        return _finding(each, "met", reason, context), number
    written = context.given.get(each.passed_by) if each.passed_by else None
    if each.binding == "in_principle" and isinstance(written, str) and written.strip():
        return _finding(each, "soft_passed", f"{reason}；已写明理由：{written}", context), number
    return _finding(each, "not_met", f"{reason}，不能再增加", context), number


def places_of(each: Quota, context: Context) -> Places | Finding:
    """The number of places, or the finding that says what it waits for."""
    share = each.share
    if share is None:
        number = each.at_most or 0
        return Places(number, number, f"名额 {number}")
    value = measure(share.of, context)
    if not value.known:
        missing = tuple(map(context.missing, value.missing))
        return _finding(each, "unknown", value.note or f"{value.label}未知", context, missing)
    exact = Fraction(Decimal(value.value)) * share.part / share.whole
    below = exact.numerator // exact.denominator
    low, high = below, below + (exact.denominator != 1)
    if share.way:
        low = high = whole_of(exact, share.way)
    low, high = (_within(each, n) for n in (low, high))
    said = f"{value.label} {value.said}的 {share.said}"
    said += f"（{ROUNDINGS[share.way]}）" if share.way and exact.denominator != 1 else ""
    return Places(low, high, f"名额 {low if low == high else f'{low} 或 {high}'}（{said}）")


def whole_of(exact: Fraction, way: str) -> int:
    """A fraction made whole in a named way; exact, also where its decimals would not end."""
    below = exact.numerator // exact.denominator
    rest = exact - below
    # Only on which side of the middle the rest lies matters, so a short decimal stands for it.
    short = (
        Decimal(0)
        if rest == 0
        else Decimal("0.5")
        if rest * 2 == 1
        else Decimal("0.4" if rest * 2 < 1 else "0.6")
    )
    return int(round_to(below + short, 0, way))


def _within(each: Quota, number: int) -> int:
    number = max(number, each.at_least)
    return number if each.at_most is None else min(number, each.at_most)


def _finding(
    each: Quota, status: Status, reason: str, context: Context, missing: tuple[Missing, ...] = ()
) -> Finding:
    uses = tuple(use for found in context.used.values() for use in found)
    return Finding(each.key, each.clause, each.label, status, reason, uses, missing, binding=each.binding)
