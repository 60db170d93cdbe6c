"""O2: a call is begun from a document that was published here; a newer version does not touch it."""

from __future__ import annotations

import pytest

from shuniu.calls.actions import call as calls
from shuniu.library import actions as library
from shuniu.library.queries import policy_of
from shuniu.library.tests import folders
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("O2")]


@pytest.mark.refusal("calls.no_document")
def test_a_call_keeps_the_version_it_was_begun_from() -> None:
    city, neighbour = cast.union(), cast.union("邻海市总工会")
    admin, leader, clerk = (cast.who(role, city) for role in ("sec_admin", "leader", "clerk"))
    stranger = cast.who("clerk", neighbour)

    def publish(text: str) -> None:
        row = library.upload(by=admin, received=folders.received(folders.files(text)))
        library.propose(by=admin, upload_id=row.pk)
        library.confirm(by=leader, upload_id=row.pk)

    publish(folders.DOCUMENT)
    assert "望海市职工服务项目办法" in cast.text(cast.page(clerk, "/calls/new/"))
    assert "望海市职工服务项目办法" not in cast.text(cast.page(stranger, "/calls/new/"))
    with cast.refused("calls.no_document"):
        calls.compose(by=stranger, union=neighbour, document_key=folders.KEY, year=2026)
    call = calls.compose(by=clerk, union=city, document_key=folders.KEY, year=2026)
    publish(folders.DOCUMENT.replace('version: "1"', 'version: "2"'))
    call.refresh_from_db()
    assert policy_of(call.document).version == "1" and call.categories.get().key == "care"
    later = calls.compose(by=clerk, union=city, document_key=folders.KEY, year=2027)
    assert policy_of(later.document).version == "2"
