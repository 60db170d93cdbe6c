"""What a recognition is worth on a day: shown, not stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from shuniu.foundation.ui.formats import day_cn
from shuniu.recognition.models import Recognition

SOON_DAYS = 90


@dataclass(frozen=True)
class Standing:
    """One word first: its sign, the word, and the sentence with the date."""

    key: str  # valid | soon | coming | suspended | expired | cancelled | withdrawn
    kind: str  # of ui.components.signs.KINDS
    word: str
    text: str

    @property
    def in_force(self) -> bool:
        """Whether the organisation may be called a cooperation unit of this category."""
        return self.key in {"valid", "soon"}


def standing(row: Recognition, on: dt.date) -> Standing:
    """The state of a recognition on a day. A day past its end outranks a suspension."""
    ended = row.effective.upper if row.effective and row.effective.upper else None
    if row.state == Recognition.State.CANCELLED:
        return Standing("cancelled", "bad", "已取消", f"自 {day_cn(ended or row.first_day)} 起取消")
    if row.state == Recognition.State.WITHDRAWN:
        return Standing("withdrawn", "expired", "已退出", f"自 {day_cn(ended or row.first_day)} 起退出")
    if on > row.last_day:
        return Standing("expired", "expired", "已到期", f"有效期已于 {day_cn(row.last_day)} 届满")
    if row.state == Recognition.State.SUSPENDED:
        return Standing("suspended", "pause", "暂停使用", f"有效期至 {day_cn(row.last_day)}，现暂停使用")
    if on < row.first_day:
        return Standing("coming", "wait", "尚未生效", f"自 {day_cn(row.first_day)} 起有效")
    left = (row.last_day - on).days
    if left <= SOON_DAYS:
        return Standing("soon", "due", "即将到期", f"有效期至 {day_cn(row.last_day)}，还剩 {left} 天")
    return Standing("valid", "ok", "有效", f"有效期至 {day_cn(row.last_day)}")


def public_standing(row: Recognition, on: dt.date) -> Standing:
    """As anybody outside reads it: what ends soon is valid, and its sentence says until when."""
    found = standing(row, on)
    return replace(found, kind="ok", word="有效") if found.key == "soon" else found
