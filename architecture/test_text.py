"""What must not stand in the text of the tree."""

from __future__ import annotations

import ast
import re
import subprocess

from architecture.tree import ROOT, assert_none, python_files, shown, templates, text, tree

# The one module that may declare text to be safe HTML, should it ever be needed.
_MAY_MARK_SAFE = "shuniu/foundation/ui/markup.py"
# Split, so that this file does not name them either.
_PACKAGE_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("npmmirror", "com"), ("deb", "debian", "org"), ("tuna", "tsinghua"), ("conda", "anaconda"),
    )
]  # fmt: skip
_INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']""", re.IGNORECASE
)
_UNSAFE = re.compile(r"\|\s*safe(seq)?\b|\{%-?\s*autoescape\s+off")
_DATA = re.compile(r"""<script[^>]*type=["']application/json["']""")


def test_nothing_is_declared_safe() -> None:
    found = [
        shown(path, line)
        for path in templates()
        for line, words in enumerate(text(path).splitlines(), 1)
        if _UNSAFE.search(words)
    ]
    for path in python_files(tests=False):
        if path.relative_to(ROOT).as_posix() == _MAY_MARK_SAFE:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in {"mark_safe", "SafeString", "SafeText"}:
                    found.append(shown(path, node.lineno))
    assert_none(found)


def test_no_template_has_inline_script_or_style() -> None:
    found = [
        shown(path, line)
        for path in templates()
        for line, words in enumerate(text(path).splitlines(), 1)
        if _INLINE.search(words) and not _DATA.search(words)
    ]
    assert templates()
    assert_none(found)


def test_nothing_is_left_unfinished() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        shown(path, line)
        for path in [*python_files(), *templates()]
        for line, written in enumerate(text(path).splitlines(), 1)
        if words.search(written)
    ]
    assert_none(found)


def test_no_package_host_is_named_in_the_tree() -> None:
    pattern = "|".join(re.escape(host) for host in _PACKAGE_HOSTS)
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", "grep", "-lIE", pattern, "--", "."],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode > 1:  # not a checkout: an unpacked archive has the same text
        return
    assert_none(done.stdout.split())
