"""What must not stand in the text of the tree."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

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
_ARTICLE = re.compile(r"第[一二三四五六七八九十百]+条")
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


def _strings(path: Path) -> list[ast.Constant]:
    """The strings that the program uses: docstrings cite the law for the reader."""
    nodes = list(ast.walk(tree(path)))
    said = {id(n.value) for n in nodes if isinstance(n, ast.Expr)}
    return [
        n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in said
    ]


def test_no_code_and_no_page_knows_an_article_of_a_document() -> None:
    """Law is data: a clause comes from the call's document, or the next city would cite the first one's."""
    free = ("shuniu/policy/", "shuniu/config/demo/", "shuniu/foundation/ui/specimens", "/tests/", "/demo_")
    found = [
        shown(path, node.lineno)
        for path in python_files(tests=False)
        if path.is_relative_to(ROOT / "shuniu") and not any(f in path.as_posix() for f in free)
        for node in _strings(path)
        if _ARTICLE.search(str(node.value))
    ]
    found += [
        shown(path, line)
        for path in templates()
        if "/specimens/" not in path.as_posix()
        for line, words in enumerate(text(path).splitlines(), 1)
        if _ARTICLE.search(words)
    ]
    assert_none(found)


def test_moments_are_told_in_local_time() -> None:
    """The database hands out UTC: a moment's field is never written, nor its day taken, without `local`."""
    moments = re.compile(r"(^at|_at|_from|_until|^until)$")
    found = []
    for path in python_files(tests=False):
        for node in ast.walk(tree(path)):
            inner: ast.AST | None = None
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                inner = node.value if "%" in ast.unparse(node.format_spec) else None
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "date"
            ):
                inner = node.func.value
            if isinstance(inner, ast.Attribute) and moments.search(inner.attr):
                found.append(shown(path, inner.lineno))
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
