"""What is written into the journal can be read: every act and every fact has its Chinese word."""

from __future__ import annotations

import ast
from pathlib import Path

from architecture.tree import assert_none, python_files, shown, slice_of_path, tree
from shuniu.foundation.journal import words


def _slice(path: Path) -> str:
    found = slice_of_path(path)
    return words.SHARED if found == "foundation" else found


def _keywords() -> list[tuple[Path, ast.keyword]]:
    """Every `verb=` and `facts=` of the actions."""
    return [
        (path, given)
        for path in python_files(tests=False)
        if path.name == "actions.py" or "actions" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        for given in node.keywords
        if given.arg in ("verb", "facts")
    ]


def test_every_act_has_a_word() -> None:
    mute, seen = [], 0
    for path, given in _keywords():
        if given.arg == "verb" and isinstance(given.value, ast.Constant):
            seen += 1
            verb = str(given.value.value)
            if words.verb_label(verb) == verb and words.verb_label(f"{_slice(path)}.{verb}").endswith(verb):
                mute.append(f"{shown(path, given.value.lineno)} {verb}")
    assert seen > 100
    assert_none(mute)


def test_every_fact_has_a_word() -> None:
    mute, seen = [], 0
    known = {(of, name.rpartition(".")[2]) for of, name in words.told()}
    for path, given in _keywords():
        if given.arg == "facts" and isinstance(given.value, ast.Dict):
            for key in given.value.keys:
                if isinstance(key, ast.Constant):
                    seen += 1
                    name = str(key.value)
                    if not known & {(_slice(path), name), (words.SHARED, name)}:
                        mute.append(f"{shown(path, key.lineno)} {name}")
    assert seen > 60
    assert_none(mute)
