"""Reads a document's folder, or the same files out of the database, into a ``Document``."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from shuniu.policy import extending
from shuniu.policy.extending import DOCUMENT
from shuniu.policy.load_parts import build
from shuniu.policy.model import Document
from shuniu.policy.problems import PolicyError, Problem, Sink
from shuniu.policy.reader import Table
from shuniu.policy.source import MAX_FILE_BYTES

MAX_FILES = 60
MAX_TOTAL_BYTES = 5_000_000
SUFFIXES = (".yaml", ".md", ".txt", ".docx", ".pdf")
CASES = "cases.yaml"


def load(folder: Path) -> Document:
    """The document of a folder. Raises ``PolicyError`` with every problem found."""
    return load_bytes(read_folder(folder))


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a folder as ``load_bytes`` wants them; hidden files and symbolic links are left out."""
    if not folder.is_dir():
        raise PolicyError([Problem(folder.name, 0, "", "文件夹应存在，并含有 document.yaml")])
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or any(p.startswith((".", "__")) for p in name.split("/")):
            continue
        if len(files) >= MAX_FILES or path.stat().st_size > MAX_TOTAL_BYTES:
            raise PolicyError(
                [Problem(name, 0, "", f"文件夹不得超过 {MAX_FILES} 个文件、{MAX_TOTAL_BYTES} 字节")]
            )
        files[name] = path.read_bytes()
    return files


def load_bytes(files: Mapping[str, bytes]) -> Document:
    """The document of files by relative name. Raises ``PolicyError`` with every problem found."""
    document, problems = draft(files)
    if document is None or problems:
        raise PolicyError(problems)
    return document


def draft(files: Mapping[str, bytes]) -> tuple[Document | None, tuple[Problem, ...]]:
    """The document as far as it can be read, and every problem found: for checks, never to judge by.

    ``None`` where the file is no tree at all.
    """
    problems = tuple(_outside_limits(files))
    if problems:
        return None, problems
    try:
        tree = extending.tree_of(files)
        if tree.extends is not None:
            _load_base(files)
    except PolicyError as error:
        return None, error.problems
    sink = Sink(DOCUMENT)
    local = extending.take_local(tree, sink)
    document = build(Table(tree.root, "", sink))
    for template in document.templates:
        if template.file and template.file not in files:
            sink.add(0, f"templates.{template.key}", "应有这个文件", f"“{template.file}”")
    found = dataclasses.replace(
        document, digest=digest_of(files), extends=tree.extends, local=local, may_adopt=tree.may_adopt
    )
    return found, tuple(sorted(sink.problems, key=lambda problem: problem.line))


def _load_base(files: Mapping[str, bytes]) -> None:
    """The upper document must be whole by itself; its mistakes are not told as the lower one's."""
    try:
        load_bytes(extending.under_base(files))
    except PolicyError as error:
        raise PolicyError(map(extending.said_under_base, error.problems)) from error


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over all files in the order of their names; line ends and a BOM of text files do not matter."""
    total = hashlib.sha256()
    for name in sorted(files):
        content = files[name]
        if name.endswith((".yaml", ".md", ".txt")):
            content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
        for part in (name.encode(), content):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def _outside_limits(files: Mapping[str, bytes]) -> Iterable[Problem]:
    if DOCUMENT not in files:
        yield Problem(DOCUMENT, 0, "", "文件夹应含有 document.yaml", "缺少")
    if len(files) > MAX_FILES:
        yield Problem("", 0, "", f"文件不得超过 {MAX_FILES} 个", f" {len(files)} 个")
    if sum(map(len, files.values())) > MAX_TOTAL_BYTES:
        yield Problem("", 0, "", f"文件合计不得超过 {MAX_TOTAL_BYTES} 字节")
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or "\x00" in name or len(name) > 200:
            yield Problem(name[:200], 0, "", "文件名应为文件夹内的相对路径")
        elif path.suffix not in SUFFIXES:
            yield Problem(name, 0, "", f"文件类型应为 {'、'.join(SUFFIXES)}", f"“{path.suffix}”")
        elif path.suffix == ".yaml" and len(content) > MAX_FILE_BYTES:
            yield Problem(name, 0, "", f"YAML 文件不得超过 {MAX_FILE_BYTES} 字节", f" {len(content)} 字节")
