"""What the documents say of the tree is true: links lead somewhere, every model has its word."""

from __future__ import annotations

import re
import tomllib
from urllib.parse import unquote

from django.apps import apps

from architecture.tree import ROOT, assert_none, shown, text
from shuniu.foundation.jobs import SWEEPS

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_ANCHOR_NOISE = re.compile(r"[^\w\- ]")
_SKIPPED = {".venv", "node_modules", ".data", "shots"}


def documents() -> list[str]:
    """Every Markdown file of the tree, by its path from the root."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.md")
        if not _SKIPPED & set(path.relative_to(ROOT).parts)
    )


def anchors(name: str) -> set[str]:
    """The anchors that a Markdown file's headings make."""
    headings = re.findall(r"^#+ +(.+?) *$", text(ROOT / name), re.MULTILINE)
    return {_ANCHOR_NOISE.sub("", heading.lower()).replace(" ", "-") for heading in headings}


def test_relative_links_lead_somewhere() -> None:
    found, links = [], 0
    shots = tomllib.loads(text(ROOT / "tools/shots.toml"))["shot"]
    pictures = {f"{shot['name']}.png" for shot in shots if shot.get("readme")}  # `make shots` makes them
    for name in documents():
        for line, words in enumerate(text(ROOT / name).splitlines(), 1):
            for target in _LINK.findall(words):
                if re.match(r"[a-z]+:", target):
                    continue
                links += 1
                path, _, anchor = unquote(target).partition("#")
                place = (ROOT / name).parent / path if path else ROOT / name
                if path.removeprefix("docs/pictures/") in pictures:
                    continue
                if not place.exists():
                    found.append(f"{shown(ROOT / name, line)} → {target}")
                elif anchor and anchor not in anchors(place.resolve().relative_to(ROOT).as_posix()):
                    found.append(f"{shown(ROOT / name, line)} → {target}: no such heading")
    assert links > 20
    assert_none(found)


def test_every_model_has_its_word_in_the_glossary() -> None:
    rows = [
        line.split(" | ") for line in text(ROOT / "docs/glossary.md").splitlines() if line.count("|") == 5
    ]
    words = {name for row in rows if len(row) == 4 for name in re.findall(r"`([^`]+)`", row[2])}
    assert len(rows) >= 120
    models = [
        f"{model._meta.app_label}.{model.__name__}"
        for config in apps.get_app_configs()
        if config.name.startswith("shuniu")
        for model in config.get_models()
    ]
    assert len(models) > 60
    assert_none([f"{model} stands in no row of docs/glossary.md" for model in models if model not in words])


def test_the_glossary_names_no_model_that_is_gone() -> None:
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("shuniu")}
    found = []
    for slice_, name in re.findall(r"`([a-z]+)\.([A-Z]\w+)`", text(ROOT / "docs/glossary.md")):
        if slice_ in labels:
            known = {model.__name__ for model in apps.get_app_config(slice_).get_models()}
            if name not in known and not hasattr(apps.get_app_config(slice_).models_module, name):
                found.append(f"{slice_}.{name}")
    assert_none(found)


def test_every_slice_says_what_it_owns() -> None:
    """A slice's README has about ten lines: what it owns, its words, its states."""
    folders = sorted({path.parent for path in (ROOT / "shuniu").rglob("apps.py")})
    assert len(folders) > 10
    assert_none(
        [f"{shown(folder)} has no README.md" for folder in folders if not (folder / "README.md").exists()]
    )


def test_the_manual_names_every_setting_and_every_sweep() -> None:
    manual = text(ROOT / "docs/operations.md")
    sources = [*(ROOT / "shuniu").rglob("*.py"), *(ROOT / "tools").glob("*.py"), ROOT / "journeys/browser.py"]
    settings = {
        name
        for path in sources
        if "tests" not in path.parts
        for name in re.findall(r"[\"'](SHUNIU_[A-Z_]+)[\"']", text(path))
    }
    assert len(settings) > 15
    assert len(SWEEPS) > 8
    names = settings | set(SWEEPS)
    assert_none(
        sorted(f"docs/operations.md does not name {name}" for name in names if f"`{name}`" not in manual)
    )
