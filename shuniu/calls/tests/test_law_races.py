"""A call is published while its document goes out of use: whoever commits first is right. Real threads."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from shuniu.calls.actions import call as calls
from shuniu.calls.models import Call
from shuniu.calls.tests.cast import draft_call, office
from shuniu.foundation.access import Refused
from shuniu.library import actions as library
from shuniu.library.tests import folders
from shuniu.unions.tests import cast

pytestmark = [pytest.mark.real_transactions, pytest.mark.feature("B2")]
_WAITS = (
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
    " WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()"
)


@pytest.mark.refusal("calls.law_ended")
def test_what_is_published_while_its_document_ends_waits_and_meets_the_end() -> None:
    of = office()
    admin = cast.who("sec_admin", of.union)
    row = library.upload(by=admin, received=folders.received())
    library.propose(by=admin, upload_id=row.pk)
    library.confirm(by=of.leader, upload_id=row.pk)
    call = draft_call(of, law=folders.KEY)
    calls.submit(by=of.clerk, call_id=call.pk)
    ending = library.propose_end(by=admin, key=folders.KEY, reason="由新的办法代替")
    refused: list[str] = []

    def publish() -> None:
        try:
            calls.publish(by=of.checker, call_id=call.pk)
        except Refused as problem:
            refused.append(problem.verdict.code)
        finally:
            connection.close()

    with transaction.atomic():
        library.confirm_end(by=of.leader, ending_id=ending.pk)
        other = threading.Thread(target=publish)
        other.start()
        _until_it_waits(other)
    other.join(120)
    assert refused == ["calls.law_ended"]
    assert Call.objects.get().state == "pending"


def _until_it_waits(other: threading.Thread) -> None:
    """The other one has read that the document is in use, and now waits for what becomes of it."""
    while other.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(_WAITS)
            if (cursor.fetchone() or [0])[0]:
                return
        time.sleep(0.05)
