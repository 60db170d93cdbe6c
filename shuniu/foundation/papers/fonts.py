"""Which installed font stands for which face of an official paper (documents.md §5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

_NPM = Path(__file__).resolve().parents[3] / "node_modules" / "@expo-google-fonts"
_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")
_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN")
_WENKAI = ("LXGW WenKai", "LXGW WenKai GB")
WANTED: dict[str, tuple[str, tuple[str, ...]]] = {
    "title": ("小标宋", ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "FZXBSJW--GB1-0", *_SERIF, *_SANS)),
    "body": (
        "仿宋",
        ("FangSong_GB2312", "FangSong", "STFangsong", "FZFangSong-Z02S", *_WENKAI, *_SERIF, *_SANS),
    ),
    "kai": ("楷体", ("KaiTi_GB2312", "KaiTi", "STKaiti", "FZKai-Z03S", *_WENKAI, *_SERIF, *_SANS)),
    "hei": ("黑体", ("SimHei", "STHeiti", "FZHei-B01S", *_SANS, *_SERIF)),
    "song": ("宋体", ("SimSun", "NSimSun", "STSong", *_SERIF, *_SANS)),
}
"""Face → its Chinese name and the families that may stand for it, best first."""


class MissingFont(RuntimeError):
    """No Chinese font is installed; the sentence says what to do."""


@dataclass(frozen=True)
class Faces:
    """The fonts of this machine: what typst reads, and the family list of every face."""

    fonts: Any  # typst.Fonts
    lists: dict[str, Any]
    stand_ins: dict[str, str]  # 仿宋 → "LXGW WenKai": the faces that are only stood in for


@cache
def faces() -> Faces:
    """Look once for fonts: SHUNIU_FONT_DIR, the system, npm. Raises MissingFont where nothing is Chinese."""
    import typst  # the web process loads it with its first paper only

    folders = [str(folder) for folder in (settings.FONT_DIR, _NPM) if folder and Path(folder).is_dir()]
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=folders)
    return choose(fonts, {(font.family, font.weight) for font in fonts.fonts()})


def choose(fonts: Any, installed: set[tuple[str, int]]) -> Faces:
    """The faces out of the `installed` families and weights. Raises MissingFont."""
    families = {family for family, _ in installed}
    lists: dict[str, Any] = {}
    stand_ins: dict[str, str] = {}
    for key, (name, candidates) in WANTED.items():
        found = [family for family in candidates if family in families]
        if not found:
            raise MissingFont(
                f"没有找到可以排{name}的中文字体。请安装 fonts-noto-cjk 和 fonts-lxgw-wenkai，"
                "或把字体文件放进一个文件夹并设置 SHUNIU_FONT_DIR，然后重新启动。"
            )
        # The first is the face; the rest lend a rare character that it lacks.
        lists[key] = found
        if found[0] in (*_SERIF, *_SANS, *_WENKAI) and key not in {"hei", "song"}:
            stand_ins[name] = found[0]
    heaviest = max(weight for family, weight in installed if family == lists["title"][0])
    lists["title-weight"] = heaviest if lists["title"][0] in _SERIF else 400
    return Faces(fonts, lists, stand_ins)
