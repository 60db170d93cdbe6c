"""Every address has a door that somebody chose, and actions never see a request."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from architecture.tree import assert_none, python_files, shown, tree

# Libraries whose views guard themselves; everything else needs @members_only or @public("why").
_GUARDED_LIBRARIES = ("allauth.",)


def _patterns(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def test_every_address_has_a_guard() -> None:
    open_doors, seen = [], 0
    for address, view in _patterns(get_resolver().url_patterns):
        seen += 1
        if view.__module__.startswith(_GUARDED_LIBRARIES):
            continue
        guard = getattr(view, "access_guard", None)
        if guard is None:
            open_doors.append(f"{address} ({view.__module__}.{view.__name__})")
        elif guard[0] == "public" and not "".join(guard[1]).strip():
            open_doors.append(f"{address}: public without a reason")
    assert seen > 5
    assert_none(open_doors)


def _is_action(path: Path) -> bool:
    return path.name == "actions.py" or "actions" in path.parts


def test_actions_know_no_request_and_no_page() -> None:
    found = []
    for path in python_files(tests=False):
        if not _is_action(path):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                kinds = [ast.unparse(argument.annotation) for argument in arguments if argument.annotation]
                if any("HttpRequest" in kind for kind in kinds):
                    found.append(f"{shown(path, node.lineno)} {node.name} takes a request")
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                ("django.http", "django.shortcuts", "django.contrib.messages", "django.template")
            ):
                found.append(f"{shown(path, node.lineno)} imports {node.module}")
    assert_none(found)


def test_actions_take_keywords_only() -> None:
    """Whatever opens the transaction of an act: `by=` is said, never guessed from a position."""
    found, seen = [], 0
    for path in python_files(tests=False):
        if not _is_action(path):
            continue
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list):
                seen += 1
                if node.args.posonlyargs or node.args.args:
                    found.append(f"{shown(path, node.lineno)} {node.name}: positional arguments")
    assert seen > 3
    assert_none(found)


def test_nobody_else_tells_the_time() -> None:
    """The only clock is the database's, behind foundation.calendar.clock."""
    clocks = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
    clocks |= {("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime")}
    found = []
    for path in python_files(tests=False):
        if path.parts[-2:] == ("calendar", "clock.py"):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                if (name, node.attr) in clocks:
                    found.append(f"{shown(path, node.lineno)} {name}.{node.attr}")
    assert_none(found)
