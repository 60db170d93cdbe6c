"""更正公告 of a category or of directions: old and new side by side, the certificate follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shuniu.calls import demo_listing as acts
from shuniu.calls.actions import listing
from shuniu.calls.models import Application, ListCorrection, ListEntry, PublicList
from shuniu.calls.tests import cast, cast_listing
from shuniu.calls.tests.test_call import refused
from shuniu.foundation.accounts.models import Person
from shuniu.foundation.journal.models import Entry
from shuniu.foundation.journal.queries import timeline
from shuniu.foundation.notices.models import Message
from shuniu.recognition.models import Recognition
from shuniu.registry.queries import people_of
from shuniu.unions.tests.cast import as_role, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.feature("C11")]


def propose(
    of: cast.Office, row: PublicList, entry: ListEntry, category: str, *directions: str
) -> ListCorrection:
    """The clerk says the right category and directions."""
    return listing.propose_correction(
        by=of.clerk, list_id=row.pk, entry_id=entry.pk, reason="方向录入有误", label="", before="", after="",
        removes=False, category=category, directions=directions,
    )  # fmt: skip


def held(application: Application) -> Recognition:
    """What the formal list granted first."""
    return Recognition.objects.get(effect_key=f"calls.application:{application.pk}")


def test_other_directions_print_the_certificate_anew(travel: Any, client: Client) -> None:
    of = cast.office()
    _, applications, formal = cast_listing.finished(of, travel)
    application = applications[0]
    entry = formal.entries.get(application=application)
    category = application.category
    wrong, right = category.directions[0], category.directions[1]
    before = held(application)
    made = propose(of, formal, entry, category.key, right["key"])
    change = made.changes[0]
    assert change["name"] == application.organisation.name and f"第 {entry.order} 行" in change["label"]
    assert wrong["label"] in change["before"] and right["label"] in change["after"]
    assert held(application).directions == [wrong["label"]], "nothing happens before the second person agrees"
    assert isinstance(of.clerk.person, Person)
    with refused("calls.same_person"):
        listing.publish_correction(
            by=as_role(of.clerk.person, of.union, "leader"), list_id=formal.pk, number=made.number
        )
    listing.publish_correction(by=of.leader, list_id=formal.pk, number=made.number)
    after = held(application)
    assert after.directions == [right["label"]] and after.certificate_no == before.certificate_no
    assert (after.first_day, after.last_day, after.state) == (before.first_day, before.last_day, "valid")
    assert after.paper is not None and right["label"] in str(after.paper.data)
    assert after.events.filter(verb="correct", reason="方向录入有误").exists()
    formal.refresh_from_db()
    assert formal.frozen[0]["directions"] == [wrong["label"]], "the list itself stays as it was published"
    page = client.get(f"/notices/lists/{formal.pk}/").content.decode()
    assert f"<s>{wrong['label']}</s>" in page and "已更正" in page and right["label"] in page
    assert right["label"] in client.get(f"/verify/{after.verify_code}/").content.decode()
    people = people_of(application.organisation_id)
    assert Message.objects.filter(person__in=people, kind="calls.list_corrected").count() == len(people)
    assert any(e.verb == "calls.correct_place" for e in timeline(application.organisation))


def test_another_category_moves_the_same_period_to_another_certificate(travel: Any, client: Client) -> None:
    of = cast.office()
    call, applications, formal = cast_listing.finished(of, travel, 1)
    application = applications[0]
    other = call.categories.exclude(pk=application.category_id).first()
    assert other is not None
    old = held(application)
    made = propose(of, formal, formal.entries.get(), other.key, other.directions[0]["key"])
    listing.publish_correction(by=of.leader, list_id=formal.pk, number=made.number)
    old.refresh_from_db()
    new = Recognition.objects.get(replaces=old)
    assert old.state == Recognition.State.CANCELLED and old.effective.isempty
    assert new.category == other.key and new.certificate_no != old.certificate_no
    assert (new.first_day, new.last_day) == (old.first_day, old.last_day)
    assert "更正" in new.decision
    page = client.get(f"/notices/lists/{formal.pk}/").content.decode()
    assert new.certificate_no in page and f"<s>{application.category.label}</s>" in page
    assert "已取消" in client.get(f"/verify/{old.verify_code}/").content.decode()
    removal = listing.propose_correction(
        by=of.clerk, list_id=formal.pk, entry_id=formal.entries.get().pk, reason="不应列入", label="", before="",
        after="", removes=True,
    )  # fmt: skip
    listing.publish_correction(by=of.leader, list_id=formal.pk, number=removal.number)
    new.refresh_from_db()
    assert new.state == Recognition.State.CANCELLED, "a removal finds the certificate that runs now"


def test_a_corrected_shortlist_reaches_the_formal_list_and_the_certificate(travel: Any) -> None:
    of = cast.office()
    call, applications, publicity = cast_listing.on_view(of, 1)
    category = applications[0].category
    right = category.directions[1]
    made = propose(of, publicity.list, cast_listing.entry_of(applications[0]), category.key, right["key"])
    listing.publish_correction(by=of.leader, list_id=publicity.list_id, number=made.number)
    cast_listing.after_publicity(publicity, travel)
    formal = acts.publish_formal(call, clerk=of.clerk, approver=of.checker)
    assert formal.frozen[0]["directions"] == [right["label"]]
    assert held(applications[0]).directions == [right["label"]]


@pytest.mark.refusal("calls.list_correction_directions")
@pytest.mark.refusal("calls.list_correction_formal")
def test_what_cannot_be_put_right(travel: Any) -> None:
    of = cast.office()
    call, applications, formal = cast_listing.finished(of, travel, 1)
    entry, category = formal.entries.get(), applications[0].category
    other = call.categories.exclude(pk=category.pk).first()
    assert other is not None
    for wrong in ((category.key,), (category.key, other.directions[0]["key"]), ("nowhere", "x")):
        with refused("calls.list_correction_directions"):
            propose(of, formal, entry, *wrong)
    with refused("calls.list_correction_nothing"):
        propose(of, formal, entry, category.key, *applications[0].directions)
    with refused("calls.list_correction_formal"):
        propose(of, call.lists.get(kind="shortlist"), cast_listing.entry_of(applications[0]), category.key,
                category.directions[1]["key"])  # fmt: skip


def test_words_put_right_are_told_to_who_they_name(travel: Any) -> None:
    of = cast.office()
    _, applications, formal = cast_listing.finished(of, travel, 2)
    made = listing.propose_correction(
        by=of.clerk, list_id=formal.pk, entry_id=formal.entries.first().pk, reason="错字", label="组织名称",
        before="望海市", after="望海", removes=False,
    )  # fmt: skip
    listing.publish_correction(by=of.leader, list_id=formal.pk, number=made.number)
    told = Message.objects.filter(kind="calls.list_corrected")
    assert {m.person for m in told} == set(people_of(applications[0].organisation_id))


def test_a_category_that_is_held_already_stops_the_correction(travel: Any) -> None:
    from shuniu.recognition import actions as recognition

    of = cast.office()
    call, applications, formal = cast_listing.finished(of, travel, 1)
    other = call.categories.exclude(pk=applications[0].category_id).first()
    assert other is not None
    mine = held(applications[0])
    recognition.grant(
        by=cast.SYSTEM, organisation=mine.organisation, union=mine.union, document=mine.document,
        category=other.key, category_label=other.label, directions=[], first_day=mine.first_day,
        decision="先前", decided_on=mine.decided_on, effect_key="test:other",
    )  # fmt: skip
    made = propose(of, formal, formal.entries.get(), other.key, other.directions[0]["key"])
    with refused("recognition.already"):
        listing.publish_correction(by=of.leader, list_id=formal.pk, number=made.number)
    made.refresh_from_db()
    assert made.published_at is None and held(applications[0]).state == "valid"
    assert not Entry.objects.filter(verb="calls.publish_correction").exists()


def test_the_form_names_row_and_directions(client: Client, travel: Any) -> None:
    of = cast.office()
    call, applications, formal = cast_listing.finished(of, travel, 1)
    category = applications[0].category
    log_in(client, of.clerk)
    url = f"/calls/lists/{formal.pk}/correct/"
    given = {"entry": formal.entries.get().pk, "removes": "place", "reason": "录入有误"}
    two = [f"{c.key}:{c.directions[0]['key']}" for c in call.categories.all()[:2]]
    again = client.post(url, given | {"place": two})
    assert again.status_code == 422 and "请在一个类别里选" in again.content.decode()
    sent = client.post(url, given | {"place": [f"{category.key}:{category.directions[1]['key']}"]})
    assert sent.status_code == 303
    assert category.directions[1]["label"] in client.get(sent["Location"]).content.decode()
