"""Chinese fonts for papers: where they lie, and what is missing. Standard library only."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_NPM = ROOT / "node_modules" / "@expo-google-fonts"
_SANS = ("NotoSansCJK", "NotoSansSC", "SourceHanSansSC", "SourceHanSansCN")
_SERIF = ("NotoSerifCJK", "NotoSerifSC", "SourceHanSerifSC", "SourceHanSerifCN")
_USUAL = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "~/Library/Fonts")


def system_folder() -> Path | None:
    """The system's folder that holds a Chinese sans and a Chinese serif; None where it has not both."""
    folders: dict[Path, set[str]] = {}
    for file in _system_files():
        for kind, names in (("sans", _SANS), ("serif", _SERIF)):
            if file.name.startswith(names):
                folders.setdefault(file.parent, set()).add(kind)
    whole = sorted(folder for folder, kinds in folders.items() if len(kinds) == 2)
    return whole[0] if whole else None


def npm_folder() -> Path | None:
    """The folder of npm's complete fonts; None where they are not installed."""
    wanted = ("noto-sans-sc/400Regular", "noto-sans-sc/700Bold", "noto-serif-sc/400Regular")
    return _NPM if all(any((_NPM / part).glob("*.ttf")) for part in wanted) else None


def font_folder() -> Path | None:
    """Where to take fonts from: SHUNIU_FONT_DIR, else the system, else npm; None where there are none."""
    given = os.environ.get("SHUNIU_FONT_DIR", "")
    if given:
        return Path(given)
    return system_folder() or npm_folder()


def _system_files() -> list[Path]:
    try:
        done = subprocess.run(
            ["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True, check=True, timeout=20
        )
        return [Path(line.rstrip().removesuffix(":")) for line in done.stdout.splitlines()]
    except (OSError, subprocess.SubprocessError):
        roots = [Path(folder).expanduser() for folder in _USUAL]
        return [file for root in roots if root.is_dir() for file in root.rglob("*.[ot]t[fc]")]
