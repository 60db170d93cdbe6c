"""The Beijing document as the product reads it: clauses, categories, procedure, open points."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu import policy
from shuniu.policy.tests.build import BEIJING

LAW = policy.load(BEIJING)
ARTICLES = [
    "一",
    "二",
    "三",
    "四",
    "五",
    "六",
    "七",
    "八",
    "九",
    "十",
    "十一",
    "十二",
    "十三",
    "十四",
    "十五",
    "十六",
    "十七",
    "十八",
    "十九",
]


@pytest.mark.feature("B2")
def test_all_nineteen_articles_have_their_entry_in_order() -> None:
    articles = [clause.number for clause in LAW.clauses if "（" not in clause.number]
    assert articles == [f"第{number}条" for number in ARTICLES]
    assert all(clause.words and clause.does for clause in LAW.clauses)


@pytest.mark.feature("B2")
@pytest.mark.parametrize(("article", "items"), [("五", 6), ("六", 5), ("七", 4), ("十五", 4), ("十六", 6)])
def test_the_items_of_an_article(article: str, items: int) -> None:
    assert sum(clause.number.startswith(f"第{article}条（") for clause in LAW.clauses) == items


@pytest.mark.feature("B2")
def test_a_clause_is_found_with_brackets_of_either_width() -> None:
    clause = LAW.clause("第七条(一)")
    assert clause is not None
    assert clause.number == "第七条（一）"
    assert LAW.clause("第二十条") is None
    assert policy.plain_number("第七条 (一)") == "第七条（一）", "shown as papers write it"
    assert not [c.number for c in LAW.clauses if "(" in c.number]


@pytest.mark.feature("B4")
def test_principles_are_marked_text_only() -> None:
    only_text = [clause.number for clause in LAW.clauses if clause.text_only]
    assert only_text == ["第一条", "第三条", "第十一条"]


@pytest.mark.feature("B1")
def test_five_categories_with_their_directions() -> None:
    assert [(each.label, len(each.directions)) for each in LAW.categories] == [
        ("职工工作服务", 4),
        ("职工生活服务", 6),
        ("职业发展服务", 3),
        ("职工文体服务", 4),
        ("工会工作支持", 3),
    ]
    assert {LAW.category("life"), LAW.category("职工生活服务")} == {LAW.categories[1]}


@pytest.mark.feature("B5")
def test_the_procedure_and_what_follows_what() -> None:
    kinds = [stage.kind for stage in policy.procedure(LAW)]
    assert kinds == ["notice", "apply", "check", "review", "shortlist", "publicity", "publish"]
    first = policy.next_stage(LAW, None)
    assert first is not None
    assert first.key == "notice"
    after = policy.next_stage(LAW, "publicity")
    assert after is not None
    assert after.key == "publish"
    assert policy.next_stage(LAW, "publish") is None
    with pytest.raises(KeyError):
        policy.next_stage(LAW, "naming")


@pytest.mark.feature("B5")
def test_the_soft_limit_is_a_number_too() -> None:
    limit = LAW.limit("categories_per_applicant")
    assert limit is not None
    assert (limit.at_most, limit.binding, limit.clause) == (3, "in_principle", "第八条")


@pytest.mark.feature("B5")
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2024, 3, 1), date(2026, 2, 28)),
        (date(2022, 3, 1), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2026, 2, 27)),
        (date(2025, 1, 1), date(2026, 12, 31)),
    ],
)
def test_two_years(first: date, last: date) -> None:
    assert policy.validity_period(LAW, first) == (first, last)


@pytest.mark.feature("B5")
def test_what_the_call_must_settle() -> None:
    keys = {point.key for point in policy.silent_points(LAW, "call")}
    assert {"publicity_days", "correction_rounds", "correction_days", "appeal", "committee_size"} <= keys
    assert {
        "rubric",
        "pass_mark",
        "places",
        "first_day",
        "in_force_counted",
        "renewal",
        "reapplication",
    } <= keys
    others = {point.key for point in policy.silent_points(LAW)} - keys
    assert {"defence", "restoration", "suspension", "cancellation_day"} <= others
    point = LAW.open_point("publicity_days")
    assert point is not None
    assert (point.kind, point.unit) == ("working_days", "个工作日")


@pytest.mark.feature("B5")
def test_scope_of_the_consequences() -> None:
    scopes = {(each.clause.split("（")[0], each.scope, each.effect) for each in LAW.consequences}
    assert scopes == {
        ("第十五条", "category", "cancel"),
        ("第十六条", "all", "cancel"),
        ("第十二条", "none", "record"),
        ("第十四条", "none", "record"),
    }


@pytest.mark.feature("C7")
def test_which_facts_a_question_asks_for() -> None:
    judged = [spec.name for spec in policy.facts_for(LAW, "application", "judgement")]
    assert judged == [
        "scope_matches",
        "direction_in_scope",
        "has_management",
        "has_specialists",
        "has_experience",
    ]
    asked = [spec.name for spec in policy.facts_for(LAW, "application", "application")]
    assert asked == ["category", "directions", "category_count", "over_limit_reason"]
    assert "first_day" in {spec.name for spec in policy.facts_for(LAW, "status")}
    assert "last_day" not in {spec.name for spec in policy.facts_for(LAW, "status")}
    assert "incident" in {spec.name for spec in policy.facts_for(LAW, "consequence")}


@pytest.mark.feature("B5")
def test_every_declared_fact_is_read_by_some_rule() -> None:
    read: set[str] = set()
    for question in policy.QUESTIONS:
        read |= {spec.name for spec in policy.facts_for(LAW, question)}
    derived = {spec.name for spec in LAW.facts.values() if spec.derive is not None}
    assert set(LAW.facts) - read == derived
