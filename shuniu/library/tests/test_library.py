"""The library's pages, and the refusal of a changed folder."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from shuniu.foundation.access import Refused, require, system
from shuniu.library import actions, queries, rules
from shuniu.library.models import Document

pytestmark = pytest.mark.django_db


@pytest.mark.feature("B2")
@pytest.mark.feature("B4")
def test_the_document_page_shows_every_clause(client: Client) -> None:
    for law in queries.all_on_disk():
        text = client.get(f"/library/{law.key}/").content.decode()
        for clause in law.clauses:
            assert f'id="{clause.number}"' in text, clause.number
        assert text.count("仅文字") == sum(1 for c in law.clauses if c.text_only)
    assert client.get("/library/").status_code == 200
    assert client.get("/library/nowhere/").status_code == 404


@pytest.mark.refusal("library.changed")
def test_a_changed_folder_under_the_same_version_is_refused() -> None:
    stored = actions.store(by=system("测试"), key="beijing-2017")
    assert actions.store(by=system("测试"), key="beijing-2017").pk == stored.pk
    assert actions.changed_folders() == []
    verdict = rules.may_store(title="办法", key=stored.key, version=stored.version, digest="f" * 64)
    with pytest.raises(Refused) as problem:
        require(verdict)
    assert stored.digest[:12] in problem.value.verdict.reason and "f" * 12 in problem.value.verdict.reason


def test_a_stored_document_judges_as_the_folder_does_and_never_changes() -> None:
    stored = actions.store(by=system("测试"), key="beijing-2017")
    assert queries.policy_of(stored).digest == queries.on_disk("beijing-2017").digest
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=stored.pk).update(title="改名")
