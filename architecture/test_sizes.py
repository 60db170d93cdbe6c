"""Files, functions and templates that one can read at a sitting; a longer one says why."""

from __future__ import annotations

import ast

from architecture.tree import REASON, assert_none, python_files, shown, templates, text, tree

# About 300, 50 and 200 are comfortable; from here on a reason is due. Beyond _NEVER none helps.
_FILE, _FUNCTION, _TEMPLATE = 330, 60, 200
_LINE = 600  # of a template: a paragraph whose spaces show stays on its line
_NEVER = 400


def test_files_are_short() -> None:
    long = []
    for path in python_files():
        lines = text(path).count("\n")
        if lines > _NEVER or (lines > _FILE and REASON not in text(path)):
            long.append(f"{shown(path)}: {lines} lines")
    assert_none(long)


def test_functions_are_short() -> None:
    long, seen = [], 0
    for path in python_files():
        lines = text(path).splitlines()
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            seen += 1
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > _FUNCTION and REASON not in "\n".join(lines[node.lineno - 2 : node.end_lineno]):
                long.append(f"{shown(path, node.lineno)} {node.name}: {size} lines")
    assert seen > 100
    assert_none(long)


def test_templates_are_short() -> None:
    long = []
    for path in templates():
        lines = text(path).count("\n")
        if lines > _TEMPLATE and REASON not in text(path):
            long.append(f"{shown(path)}: {lines} lines")
        long += [
            f"{shown(path)}: a line of {len(each)}" for each in text(path).splitlines() if len(each) > _LINE
        ]
    assert_none(long)
