"""A folder that came as zip: unpacked, read, explained and tried on its own cases.

Runs in the limited child process (`foundation.files.limited`): no Django, no network. `check({"path": zip})` answers
what the page of an upload shows; what is wrong is in `problems`, in the words of `python -m shuniu.policy check`.
"""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shuniu.policy import QUESTIONS, Document, PolicyError, Problem
from shuniu.policy.cases import CaseResult, run_cases
from shuniu.policy.decision import ANSWER_LABELS
from shuniu.policy.examine import examine
from shuniu.policy.explain import explain
from shuniu.policy.extending import under_base
from shuniu.policy.load import MAX_FILES, MAX_TOTAL_BYTES

HEAVY = ("ruamel.yaml", "shuniu.policy.explain", "docx", "pypdf")
MOST_ENTRIES = 500  # with folders and what a computer adds by itself
MOST_SHOWN = 200  # problems
_TEXT = (".yaml", ".md", ".txt")
_UTF8_NAME = 0x800


def check(argument: dict[str, Any]) -> dict[str, Any]:
    """{"path": zip} → files, problems and, where the document can be read, what it is and how its cases came out."""
    found: dict[str, Any] = {"files": {}, "problems": [], "warnings": [], "cases": [], "upper_cases": []}
    try:
        files = unpack(Path(argument["path"]))
        found["files"] = pack(files)
        report = examine(files)
        document = report.document
        problems = [*report.problems, *(_beyond(document) if document is not None else ())]
        found["problems"] = [_plain(problem) for problem in problems[:MOST_SHOWN]]
        found["warnings"] = [_plain(remark) for remark in report.remarks[:MOST_SHOWN]]
        if document is not None and not problems:
            found |= _said(document)
            found["cases"] = [_case(result) for result in report.results]
            found["upper_cases"] = _upper_cases(document, files)
    except PolicyError as error:
        found["problems"] = [_plain(problem) for problem in error.problems[:MOST_SHOWN]]
    return found


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        name: said.replace("\0", "") if isinstance(said, str) else said
        for name, said in problem.as_json().items()
    }


def _beyond(document: Document) -> Iterator[Problem]:
    """What the library's own columns do not hold."""
    for key, said, most in (("title", document.title, 200), ("issuer.name", document.issuer.name, 100)):
        if len(said) > most:
            yield Problem("document.yaml", 0, key, f"不得超过 {most} 字", f" {len(said)} 字")
    if "\0" in explain(document):
        yield Problem("document.yaml", 0, "", "文字中不得有看不见的控制字符")


def _said(document: Document) -> dict[str, Any]:
    return {
        "key": document.key, "version": document.version, "title": document.title, "issuer": document.issuer.name,
        "digest": document.digest, "explained": explain(document),
        "extends": [document.extends.key, document.extends.version] if document.extends else None,
        "changed": [
            {"label": v.label, "clause": v.clause, "value": f"{v.value}{v.unit}", "upper": f"{v.upper}{v.unit}"}
            for v in document.local
            if v.changed
        ],
    }  # fmt: skip


def _upper_cases(document: Document, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The upper document's decided cases that come out otherwise here: the difference, as cases."""
    base = {name: data for name, data in under_base(files).items() if name == "cases.yaml"}
    if not base:
        return []
    return [_case(result) | _otherwise(result) for result in run_cases(document, base) if not result.passed]


def _otherwise(result: CaseResult) -> dict[str, Any]:
    """The two answers in words; where they are alike, what else differs is named."""
    labels = {str(code): label for code, label in ANSWER_LABELS.items()}
    above, here = (labels.get(said, said) for said in (result.case.expected.decision, result.decision.value))
    if above == here:
        return {}
    return {"differences": [f"上级的结论是“{above}”，按本会的数值是“{here}”"]}


def _case(result: CaseResult) -> dict[str, Any]:
    return {
        "name": result.case.name, "ask": QUESTIONS.get(result.case.ask, result.case.ask), "on": result.case.on.isoformat(),
        "answer": ANSWER_LABELS.get(result.decision.value, result.decision.value),
        "differences": list(result.differences),
    }  # fmt: skip


# --- the zip -----------------------------------------------------------------------------------------


def unpack(path: Path) -> dict[str, bytes]:
    """The files of a zip by relative name, without the one folder around them; PolicyError beyond the limits.

    Bytes are counted while they are unpacked: what the directory of a zip says may be a lie.
    """
    files: dict[str, bytes] = {}
    left = MAX_TOTAL_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _problem(f"压缩包内不得超过 {MOST_ENTRIES} 项", f" {len(entries)} 项")
            for entry in entries:
                name = _name(entry)
                if entry.is_dir() or any(part.startswith((".", "__")) for part in name.split("/")):
                    continue
                if len(files) >= MAX_FILES:
                    raise _problem(f"文件不得超过 {MAX_FILES} 个")
                if name in files:
                    raise _problem("压缩包内的文件不得重名", f"“{name[:100]}”")
                with archive.open(entry) as part:
                    files[name] = part.read(left + 1)
                left -= len(files[name])
                if left < 0:
                    raise _problem(f"文件合计不得超过 {MAX_TOTAL_BYTES} 字节")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise _problem("压缩包应能打开，不加密码") from error
    return _without_folder(files)


def _problem(expected: str, found: str = "") -> PolicyError:
    return PolicyError([Problem("压缩包", 0, "", expected, found)])


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: older programs write Chinese names in GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME and not name.isascii():
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            return name
    return name.replace("\\", "/")


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """A zip of a folder and a zip of what is in it are the same document."""
    first = {name.split("/", 1)[0] for name in files}
    if "document.yaml" in files or len(first) != 1 or not all("/" in name for name in files):
        return files
    return {name.split("/", 1)[1]: content for name, content in files.items()}


def make_zip(files: Mapping[str, bytes]) -> bytes:
    """The folder as zip; the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- files in a JSON column --------------------------------------------------------------------------


def pack(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Files as JSON can hold them: text as text, anything else in base64."""
    return {name: _packed(name, content) for name, content in files.items()}


def _packed(name: str, content: bytes) -> Any:
    if name.endswith(_TEXT):
        try:
            text = content.decode()
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:  # PostgreSQL keeps no NUL in JSON
            return text
    return {"base64": base64.b64encode(content).decode()}


def unpacked(stored: Mapping[str, Any]) -> dict[str, bytes]:
    """The files as they were before `pack`, byte by byte."""
    return {
        name: base64.b64decode(said["base64"]) if isinstance(said, dict) else said.encode()
        for name, said in stored.items()
    }
