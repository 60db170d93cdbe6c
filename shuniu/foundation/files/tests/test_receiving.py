"""R4, U28: what is taken, and each cause of refusal in its own sentence, within 5 seconds and 256 MiB."""

from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.http import UnreadablePostError

from shuniu.foundation.files import kinds, limited, receiving
from shuniu.foundation.files.rules import FileRefused
from shuniu.foundation.files.tests import samples

pytestmark = pytest.mark.feature("R4")
EVERYTHING = frozenset(kinds.KINDS) - {"txt"}  # words alone are taken where words are asked for


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def receive(data: bytes, name: str, allowed: frozenset[str] = EVERYTHING) -> receiving.Received:
    return receiving.receive(io.BytesIO(data), name=name, allowed=allowed, max_bytes=kinds.DEFAULT_MAX_BYTES)


@pytest.mark.parametrize(
    ("name", "data", "kind", "pages"),
    [
        ("登记证书.pdf", samples.pdf(3), "pdf", 3),
        ("只限打印.pdf", samples.pdf(owner_password="rights"), "pdf", 1),
        ("现场.png", samples.png(), "png", None),
        ("现场.JPG", samples.jpeg(), "jpeg", None),
        ("实况照片.jpeg", samples.jpeg(tail=b"\0\0\0\x18ftypmp42" + b"\0" * 99), "jpeg", None),
        ("方案.docx", samples.office("docx"), "docx", None),
        ("预算.xlsx", samples.office("xlsx"), "xlsx", None),
        ("汇报.pptx", samples.office("pptx"), "pptx", None),
        ("批复.ofd", samples.archive({"OFD.xml": b"<x/>"}), "ofd", None),
        ("照片.zip", samples.archive({"a/1.jpg": b"x"}), "zip", None),
    ],
)
def test_kind_is_told_by_content(name: str, data: bytes, kind: str, pages: int | None, root: Path) -> None:
    received = receive(data, name)
    assert (received.kind, received.pages, received.size) == (kind, pages, len(data))
    place = root / received.sha256[:2] / received.sha256[2:4] / received.sha256
    assert place.read_bytes() == data
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert not list((root / "incoming").iterdir())


def test_plain_words_are_taken_where_words_are_asked_for(root: Path) -> None:
    assert receive("第一条".encode("gb18030"), "原文.txt", kinds.TEXTS).kind == "txt"
    with pytest.raises(FileRefused) as refused:
        receive(b"<html><script>1</script>", "原文.txt", kinds.TEXTS)
    assert refused.value.verdict.code == "files.wrong_type"


HOSTILE: list[tuple[str, str, bytes, str]] = [
    ("files.empty", "空.pdf", b"", "空文件"),
    ("files.wrong_type", "证书.pdf", samples.EXE, "Windows 程序"),
    ("files.wrong_type", "说明.pdf", "只是文字".encode(), "纯文本"),
    ("files.wrong_type", "名单.xlsx", "统一社会信用代码,名称\n".encode("gb18030"), "纯文本或 CSV"),
    ("files.wrong_type", "页面.pdf", b"<!DOCTYPE html><script>1</script>", "网页"),
    ("files.wrong_type", "噪声.pdf", bytes(range(128, 256)) * 3, "无法识别"),
    ("files.ending", "证书.pdf", samples.png(), "PNG 图片"),
    ("files.ending", "证书", samples.pdf(), "PDF"),
    ("files.ending", "表.docx", samples.office("xlsx"), "Excel"),
    ("files.encrypted_pdf", "密.pdf", samples.pdf(password="secret"), "打开密码"),
    ("files.encrypted_office", "密.docx", samples.ole("EncryptedPackage"), "取消密码"),
    ("files.encrypted_zip", "密.zip", samples.encrypted_zip(), "不要设密码"),
    ("files.macros", "宏.xlsx", samples.office("xlsx", {"xl/vbaProject.bin": b"x"}), "带有宏"),
    ("files.macros", "宏.docm", samples.office("docx", macro_type=True), "带有宏"),
    ("files.macros", "宏.doc", samples.ole("_VBA_PROJECT"), "带有宏"),
    ("files.old_office", "旧.doc", samples.ole("WordDocument"), "这里收 PDF、"),
    ("files.damaged_pdf", "断.pdf", samples.pdf(5)[:300], "没有传完整"),
    ("files.damaged_pdf", "坏.pdf", b"%PDF-1.7\n" + b"garbage " * 40 + b"%%EOF", "已损坏"),
    ("files.damaged_zip", "断.docx", samples.office("docx")[:-30], "解不开"),
    ("files.damaged_zip", "坏.xlsx", samples.office("xlsx", {"xl/a.xml": b"<!DOCTYPE x []>"}), "解不开"),
    ("files.damaged_picture", "断.png", samples.png(5000)[:40], "图片"),
    ("files.damaged_picture", "断.jpg", samples.jpeg()[:30], "图片"),
    ("files.bomb", "炸弹.xlsx", samples.bomb(30), "大得不正常"),
    ("files.bomb", "很多.zip", samples.archive(dict.fromkeys(map(str, range(5001)), b"")), "文件过多"),
    ("files.path", "越界.zip", samples.archive({"../../etc/passwd": b"x"}), "不安全的文件路径"),
    ("files.path", "越界.docx", samples.office("docx", {"C:\\a.xml": b"x"}), "不安全的文件路径"),
    ("files.program", "包.zip", samples.archive({"材料/看我.exe": b"x"}), "看我.exe"),
    ("files.polyglot", "两面.pdf", samples.pdf() + samples.archive({"a": b"x"}), "两种文件"),
    ("files.polyglot", "两面.png", samples.png(extra=b"<script>"), "两种文件"),
    ("files.polyglot", "两面.jpg", samples.jpeg(tail=samples.archive({"a": b"x"})), "两种文件"),
    ("files.name", "\u202egpj.exe", samples.png(), "控制字符"),
    ("files.name", "../", samples.png(), "文件名为空"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "name", "data", "words"),
    [pytest.param(*case, marks=pytest.mark.refusal(case[0]), id=f"{case[0]}-{case[1]}") for case in HOSTILE],
)
def test_each_failure_has_its_sentence(code: str, name: str, data: bytes, words: str, root: Path) -> None:
    before = time.monotonic()
    with pytest.raises(FileRefused) as refused:
        receive(data, name)
    assert time.monotonic() - before < 20, "the child is stopped after 5 seconds"
    assert refused.value.verdict.code == code
    assert words in refused.value.verdict.reason
    assert not [p for p in root.rglob("*") if p.is_file()], "nothing of a refused file stays"


def test_a_directory_that_lies_about_sizes_is_refused_while_reading() -> None:
    with pytest.raises(FileRefused) as refused:
        receive(samples.lying_bomb(), "炸弹.xlsx")
    assert refused.value.verdict.code in {"files.bomb", "files.damaged_zip"}


@pytest.mark.refusal("files.too_large")
def test_a_large_file_is_refused_before_it_is_all_read() -> None:
    class Endless:
        asked = 0

        def read(self, size: int = -1, /) -> bytes:
            self.asked += 1
            return b"%PDF-" + b"x" * (size - 5)

    endless = Endless()
    with pytest.raises(FileRefused, match="超过 20 MB"):
        receiving.receive(endless, name="大.pdf", allowed=EVERYTHING, max_bytes=kinds.DEFAULT_MAX_BYTES)
    assert endless.asked == 81


class Failing:
    """An upload that breaks after its first piece."""

    def __init__(self, problem: Exception) -> None:
        self.problem = problem
        self.first = True

    def read(self, size: int = -1, /) -> bytes:
        if self.first:
            self.first = False
            return samples.pdf()
        raise self.problem


@pytest.mark.refusal("files.broken")
@pytest.mark.parametrize("problem", [UnreadablePostError("gone"), ConnectionResetError(), TimeoutError()])
def test_a_broken_network_is_named(problem: Exception, root: Path) -> None:
    with pytest.raises(FileRefused, match="网络中断"):
        receiving.receive(Failing(problem), name="a.pdf", allowed=EVERYTHING, max_bytes=10**7)
    assert not list((root / "incoming").iterdir())


@pytest.mark.refusal("files.no_room")
def test_a_full_disk_is_the_house_s_fault() -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(FileRefused, match="暂时存不下"):
        receiving.receive(Failing(full), name="a.pdf", allowed=EVERYTHING, max_bytes=10**7)


@pytest.mark.refusal("files.wrong_type")
def test_a_good_file_of_a_kind_that_is_not_asked_for() -> None:
    with pytest.raises(FileRefused, match="内容是PNG 图片，这里只收 Excel 表格") as refused:
        receive(samples.png(), "a.png", kinds.SHEETS)
    assert refused.value.verdict.code == "files.wrong_type"


def test_names_keep_their_ending_and_lose_their_folder() -> None:
    assert receiving.clean_name(r"C:\材料\证书.pdf") == "证书.pdf"
    assert receiving.clean_name("长" * 300 + ".pdf") == "长" * 196 + ".pdf"


# --- the limited child --------------------------------------------------------------------------------

CHILD = "shuniu.foundation.files.tests.hostile"


def test_the_child_answers() -> None:
    assert limited.call(f"{CHILD}:echo", {"名": [1, None]}) == {"名": [1, None]}


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUNIU_SECRET_KEY", "hush")
    seen = limited.call(f"{CHILD}:surroundings", None)
    assert "PATH" in seen
    assert not [name for name in seen if name.startswith(("SHUNIU", "DJANGO"))]


@pytest.mark.parametrize(
    ("function", "kind", "seconds"),
    [("spin", "time", 1.5), ("sleep", "time", 1.5), ("eat", "memory", 30), ("fail", "failed", 30)],
)
def test_the_child_is_stopped(function: str, kind: str, seconds: float) -> None:
    before = time.monotonic()
    with pytest.raises(limited.Limited) as stopped:
        limited.call(f"{CHILD}:{function}", None, timeout=seconds)
    assert stopped.value.kind == kind
    assert time.monotonic() - before < seconds + 15, "it was waited for"


def test_a_nursery_that_was_killed_is_replaced() -> None:
    limited.call(f"{CHILD}:echo", 1)
    first = limited._nursery._process
    assert first is not None
    first.kill()
    first.wait()
    assert limited.call(f"{CHILD}:echo", 2) == 2
    assert limited._nursery._process is not first


def test_the_nursery_ends_with_whoever_started_it() -> None:
    script = f"""
from shuniu.foundation.files import limited
limited.call("{CHILD}:echo", 1)
print(limited._nursery._process.pid, flush=True)
import os, signal
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    nursery = Path(f"/proc/{int(done.stdout)}/stat")
    for _ in range(200):
        if not nursery.exists() or nursery.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the nursery lives on")


def test_an_argument_brings_no_file_along() -> None:
    with pytest.raises(ValueError, match="names what is to be read"):
        limited.call(f"{CHILD}:echo", "x" * 70_000)


@pytest.mark.refusal("files.too_complex")
def test_a_file_that_takes_too_long_has_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "_CHECK_SECONDS", 0.001)
    with pytest.raises(FileRefused, match="太复杂"):
        receive(samples.pdf(), "a.pdf")
