"""``python -m shuniu.policy new``: a commented folder that passes the check and waits to be changed."""

from __future__ import annotations

import re
from pathlib import Path

from shuniu.policy.extending import DOCUMENT
from shuniu.policy.load import CASES
from shuniu.policy.problems import PolicyError, Problem

_HERE = Path(__file__).parent / "skeleton"
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,58}\Z", re.ASCII)


def write(folder: Path) -> tuple[Path, ...]:
    """Write the skeleton into a new (or empty) folder; its name becomes the document's key.

    Raises ``PolicyError`` where the name cannot be a key or something lies there already.
    """
    key = folder.resolve().name
    if not _KEY.match(key):
        raise PolicyError(
            [Problem(key, 0, "", "文件夹名应为小写英文字母、数字和“-”，如 nanjing-2026", f"“{key}”")]
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PolicyError([Problem(key, 0, "", "应是一个新的或空的文件夹", "已有内容")])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for name in (DOCUMENT, CASES):
            text = (_HERE / name).read_text(encoding="utf-8").replace("key: KEY ", f"key: {key} ")
            (folder / name).write_text(text, encoding="utf-8")
            written.append(folder / name)
    except OSError as error:
        raise PolicyError([Problem(key, 0, "", "文件夹应能写入", f"“{error.strerror}”")]) from error
    return tuple(written)
