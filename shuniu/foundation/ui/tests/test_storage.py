"""Static files of a real copy: every import and picture leads to a name with a digest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shuniu.foundation.ui.storage.DigestedStorage"},
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=place, STORAGES=STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)
    return place / "ui"


def test_imports_lead_to_the_digested_names(collected: Path) -> None:
    digested = list((collected / "js").glob("*.*.js"))
    imported = [
        name for path in digested for name in re.findall(r'(?:from|import)\s*"\./([^"]+)"', path.read_text())
    ]
    assert len(imported) > 8
    assert [name for name in imported if not re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name)] == []
    assert [name for name in imported if not (collected / "js" / name).exists()] == []


def test_pictures_of_sheets_lead_to_the_digested_names(collected: Path) -> None:
    (forms,) = (collected / "css").glob("forms.*.css")
    assert re.search(r'url\("\.\./select\.[0-9a-f]{12}\.svg"\)', forms.read_text())
