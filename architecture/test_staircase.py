"""Slices know only what stands below them, also in keys, addresses and templates."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from architecture.tree import (
    ROOT,
    STAIRCASE,
    assert_none,
    may_know,
    python_files,
    shown,
    slice_of_module,
    slice_of_path,
    text,
    tree,
)
from architecture.tree import templates as all_templates

_URL = re.compile(r"""\{%-?\s*url\s+['"]([^'"]+)['"]""")
_OTHER = re.compile(r"""\{%-?\s*(?:extends|include)\s+['"]([^'"#]+)""")
_LAYERED = {"models", "queries", "rules", "actions", "forms", "views", "tasks"}


def _urls(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _urls(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", slice_of_module(pattern.callback.__module__)


def test_no_key_points_up_the_staircase() -> None:
    up, seen = [], 0
    for model in apps.get_models(include_auto_created=True):
        mine = slice_of_module(model.__module__)
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or not field.related_model:
                continue
            seen += 1
            theirs = slice_of_module(field.related_model.__module__)
            if not may_know(mine, theirs):
                up.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    assert seen > 10
    assert_none(up)


def test_no_template_links_up_the_staircase() -> None:
    owner_of_url = dict(_urls(get_resolver().url_patterns))
    owner_of_template = {
        path.as_posix().split("/templates/", 1)[1]: slice_of_path(path) for path in all_templates()
    }
    assert owner_of_url
    assert owner_of_template
    up = []
    for path in all_templates():
        mine = slice_of_path(path)
        for line, words in enumerate(text(path).splitlines(), 1):
            named = [owner_of_url.get(name) for name in _URL.findall(words)]
            named += [owner_of_template.get(name) for name in _OTHER.findall(words)]
            up += [
                f"{shown(path, line)} → {theirs}" for theirs in named if theirs and not may_know(mine, theirs)
            ]
    assert_none(up)


def test_views_and_forms_are_private_to_their_slice() -> None:
    """The roof (`config`) composes: its error pages and addresses may name them."""
    intruders = []
    for path in python_files():
        if slice_of_path(path) == "config":
            continue
        mine = path.relative_to(ROOT).with_suffix("").parts
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ImportFrom) or node.level or not node.module:
                continue
            parts = node.module.split(".")
            names = [*parts, *(alias.name for alias in node.names)]
            kind = next((name for name in names if name in {"views", "forms"}), "")
            if parts[0] == "shuniu" and kind and tuple(parts[:2]) != mine[:2]:
                intruders.append(f"{shown(path, node.lineno)} imports {node.module}")
    assert_none(intruders)


def test_the_import_linter_knows_the_same_house() -> None:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    told = [
        tuple(name.strip(" ()") for name in line.split("|"))
        for line in parser["importlinter:contract:slices"]["layers"].split("\n")
        if line.strip()
    ]
    assert told == [*reversed(STAIRCASE)]
    layered = set(parser["importlinter:contract:inside"]["containers"].split())
    homes = set()
    for path in python_files(tests=False):
        parts = path.relative_to(ROOT).with_suffix("").parts
        home = 3 if parts[1] == "foundation" else 2
        if len(parts) > home and parts[home] in _LAYERED and parts[1] not in {"policy", "config"}:
            homes.add(".".join(parts[:home]))
    assert homes <= layered
