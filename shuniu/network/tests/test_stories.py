"""典型案例: public with the word of whom it tells of, reviewed by a second person, unchanged until it is taken down."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.foundation.ui import slots
from shuniu.network import queries
from shuniu.network.actions import stories
from shuniu.network.models import Story
from shuniu.network.tests.cast import holder, office, refused, written
from shuniu.recognition.actions import honours
from shuniu.recognition.tests.test_honours import recorded
from shuniu.unions.tests.cast import log_in, me, text, who

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F9")]


@pytest.mark.refusal("network.author_only")
@pytest.mark.refusal("network.story_state")
@pytest.mark.refusal("network.no_consent")
@pytest.mark.refusal("network.consent_only")
@pytest.mark.refusal("network.same_author")
@pytest.mark.refusal("network.honour_other")
def test_what_tells_of_an_organisation_is_public_with_its_word_only() -> None:
    of = office()
    member, a = holder(of)
    honour = recorded(of, a)
    with refused("network.honour_other"):
        written(of.clerk, of, a, honour=honour)
    honour = honours.confirm(by=of.checker, honour_id=honour.pk)
    with refused("network.author_only"):
        written(of.leader, of, a)
    row = written(of.clerk, of, a, honour=honour)
    stories.submit(by=of.clerk, story_id=row.pk, consent=True)
    row.refresh_from_db()
    assert row.consented_at is None, "a clerk cannot agree for the organisation"
    assert any("同意公开" in t.sub for t in slots.todos_for(member))
    here = [i["label"] for i in slots.navigation_for(of.clerk, "/cases/manage/") if i["current"]]
    assert here == ["示范"]
    with refused("network.no_consent"):
        stories.publish(by=of.checker, story_id=row.pk)
    with refused("network.consent_only"):
        stories.consent(by=of.clerk, story_id=row.pk, agree=True)
    stories.consent(by=member, story_id=row.pk, agree=False, reason="数字不对")
    stories.change(by=of.clerk, story_id=row.pk, values=_values(row, summary="改过的摘要"), honour=honour)
    stories.submit(by=of.clerk, story_id=row.pk)
    stories.consent(by=member, story_id=row.pk, agree=True)
    with refused("network.same_author"):
        stories.publish(by=who("checker", of.union, me(of.clerk)), story_id=row.pk)
    stories.publish(by=of.checker, story_id=row.pk)
    with refused("network.story_state"):
        stories.submit(by=of.clerk, story_id=row.pk)
    assert [s.pk for s in queries.public_stories("班组 改过")] == [row.pk]
    assert any(p.title == "典型案例" for p in slots.panels_for(of.clerk, honour))
    stories.take_down(by=member, story_id=row.pk, reason="不再合作")
    assert not queries.public_stories().exists()


def _values(row: Story, **changed: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in stories.FIELDS} | changed


@pytest.mark.refusal("network.story_stays")
def test_the_database_keeps_what_was_published() -> None:
    of = office()
    member, a = holder(of)
    row = written(member, of, a)
    with pytest.raises(DatabaseError, match="story_published_whole"), transaction.atomic():
        Story.objects.filter(pk=row.pk).update(state="published")
    stories.submit(by=member, story_id=row.pk, consent=True)
    stories.publish(by=of.checker, story_id=row.pk)
    with pytest.raises(DatabaseError, match="story_stays"), transaction.atomic():
        Story.objects.filter(pk=row.pk).update(body="别的")
    with pytest.raises(DatabaseError, match="story_stays"), transaction.atomic():
        Story.objects.filter(pk=row.pk)._raw_delete("default")


def test_from_the_draft_to_the_public_page(client: Client) -> None:
    of = office()
    member, a = holder(of)
    log_in(client, member)
    sent = {"kind": "brand", "title": "港区驿站", "summary": "开在班组里", "body": "第一段\n\n第二段"}
    assert "已保存草稿" in text(client.post("/cases/new/", sent, follow=True))
    row = Story.objects.get()
    assert client.get(f"/cases/{row.pk}/").status_code == 404, "a draft is nobody else's"
    client.post(f"/cases/manage/{row.pk}/", {"do": "submit"})
    log_in(client, of.checker)
    assert "港区驿站" in text(client.get("/cases/manage/"))
    client.post(f"/cases/manage/{row.pk}/", {"do": "publish"})
    client.logout()
    assert "港区驿站" in text(client.get("/cases/?q=驿站&kind=brand"))
    assert "第二段" in text(client.get(f"/cases/{row.pk}/"))
    assert "没有符合条件的案例" in text(client.get("/cases/?q=没有这个词"))
    log_in(client, office("邻海市总工会").clerk)
    assert client.get(f"/cases/manage/{row.pk}/").status_code == 404
    log_in(client, of.clerk)
    assert "这一步" not in text(client.get("/cases/new/"))
    assert a.name in text(client.get(f"/cases/manage/{row.pk}/"))
