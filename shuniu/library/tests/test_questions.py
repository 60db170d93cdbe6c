"""B3: a question about a clause is answered by the union that interprets, published by a second person beside the clause."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.foundation.access import Who
from shuniu.foundation.ui import slots
from shuniu.library import actions, queries
from shuniu.library.models import Question
from shuniu.registry.tests import factories
from shuniu.unions.models import Union
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("B3")]
LAW = "beijing-2017"


@pytest.fixture
def city() -> Union:
    return cast.union()


@pytest.fixture
def clerk(city: Union) -> Who:
    return cast.who("clerk", city)


@pytest.fixture
def district(city: Union) -> Who:
    return cast.who("clerk", cast.union("东港区总工会", level="district", parent=city))


def test_from_a_question_below_to_the_answer_beside_the_clause(
    city: Union, clerk: Who, district: Who
) -> None:
    address = f"/library/{LAW}/questions/"
    assert "由望海市总工会答复" in cast.text(cast.page(district, address))
    sent = cast.post(district, address, clause="第九条", text="续期是否重新申报？")
    assert sent.status_code == 303
    row = Question.objects.get()
    assert row.union == city and row.asker == "东港区总工会"
    assert [t.url for t in slots.todos_for(clerk) if t.tag == "条款解释"] == [f"/library/questions/{row.pk}/"]
    assert "续期是否重新申报" in cast.text(cast.page(district, address))  # one's own, while it waits
    assert "续期是否重新申报" not in Client().get(address).content.decode()
    desk = f"/library/questions/{row.pk}/"
    assert cast.post(clerk, desk, do="answer", answer="期满须重新申报。").status_code == 303
    assert "期满须重新申报" not in Client().get(f"/library/{LAW}/").content.decode()
    leader = cast.who("leader", city)
    assert [t.waiting for t in slots.todos_for(leader) if t.tag == "条款解释"] == [False]
    assert cast.post(leader, desk, do="approve").status_code == 303
    for path in (address, f"/library/{LAW}/"):
        text = Client().get(path).content.decode()
        assert "续期是否重新申报" in text and "期满须重新申报" in text
    assert "测试员" not in Client().get(address).content.decode()
    assert cast.page(district, desk).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=row.pk).update(answer="改口")


@pytest.mark.refusal(
    "library.ask_login", "library.ask_clause", "library.ask_words", "library.answerer", "library.answer_words",
    "library.question_state",
)  # fmt: skip
def test_who_may_and_when(city: Union, clerk: Who, district: Who) -> None:
    with cast.refused("library.ask_login"):
        actions.ask(by=Who(), key=LAW, clause="第九条", text="？")
    with cast.refused("library.ask_clause"):
        actions.ask(by=district, key=LAW, clause="第九十九条", text="？")
    with cast.refused("library.no_law"):
        actions.ask(by=district, key="nowhere", clause="第一条", text="？")
    with cast.refused("library.ask_words"):
        actions.ask(by=district, key=LAW, clause="第九条", text=" ")
    row = actions.ask(by=district, key=LAW, clause="第九条", text="续期是否重新申报？")
    with cast.refused("library.answerer"):
        actions.answer(by=district, question_id=row.pk, text="是")
    with cast.refused("library.answer_words"):
        actions.answer(by=clerk, question_id=row.pk, text=" ")
    leader = cast.who("leader", city)
    with cast.refused("library.question_state"):
        actions.publish_answer(by=leader, question_id=row.pk)
    actions.answer(by=clerk, question_id=row.pk, text="是")
    with cast.refused("unions.second_person"):
        actions.publish_answer(by=cast.who("leader", city, cast.me(clerk)), question_id=row.pk)
    with cast.refused("library.reason"):
        actions.return_answer(by=leader, question_id=row.pk, reason="")
    actions.return_answer(by=leader, question_id=row.pk, reason="请写明依据")
    assert "请写明依据" in cast.text(cast.page(clerk, f"/library/questions/{row.pk}/"))
    assert Client().post(f"/library/{LAW}/questions/", {"clause": "第九条", "text": "？"}).status_code == 409


def test_an_organisation_asks_the_union_that_interprets_for_its_keeper(city: Union, clerk: Who) -> None:
    organisation = factories.organisation(clerk)
    owner = factories.member(organisation, "org_owner")
    actions.ask(by=owner, key=LAW, clause="第九条", text="有效期几年？")
    assert queries.own_questions(owner, LAW).count() == 1
    assert Question.objects.get().union == city and "有效期几年" in cast.text(
        cast.page(clerk, "/library/questions/")
    )
