"""How the product writes money, dates, names and sizes.

One function per convention, plain Python, so that pages, papers and exports write alike.
``None`` and the empty string are written ``--`` everywhere. Times are shown in Asia/Shanghai.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import cn2an

NONE = "--"
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
FEN = Decimal(100)
FEN_PER_WAN = Decimal(1_000_000)
_DIGITS = "零一二三四五六七八九"
_UNSAFE_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


def local(moment: datetime) -> datetime:
    """The moment on the clock of Shanghai; a naive moment is refused, since its zone is a guess."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be shown")
    return moment.astimezone(SHANGHAI)


def _as_date(value: date) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def money(fen: int | None) -> str:
    """Fen as yuan with sign, separators and two places: ``¥1,234.00``."""
    if fen is None:
        return NONE
    return f"{'-' if fen < 0 else ''}¥{abs(Decimal(fen)) / FEN:,.2f}"


def yuan(fen: int | None) -> str:
    """Fen as yuan without the sign, for a column whose header says 元: ``1,234.00``."""
    return NONE if fen is None else f"{Decimal(fen) / FEN:,.2f}"


def wan(fen: int | None) -> str:
    """Fen as 万元, for a column whose header says 万元: ``18.60``. Exact to the hundredth of 万元."""
    return NONE if fen is None else f"{Decimal(fen) / FEN_PER_WAN:,.2f}"


def money_words(fen: int | None) -> str:
    """Fen in the capital figures of an agreement: ``叁万元整``, ``叁佰贰拾伍元零肆分``."""
    if fen is None:
        return NONE
    if fen < 0:
        return "负" + money_words(-fen)
    return str(cn2an.an2cn(f"{Decimal(fen) / FEN:.2f}", "rmb"))


def when(moment: datetime | None) -> str:
    """Minute of a moment, in tables and histories: ``2026-11-21 14:08``."""
    return NONE if moment is None else f"{local(moment):%Y-%m-%d %H:%M}"


def until(moment: datetime | None) -> str:
    """A half-open end as people say it: midnight is ``24:00`` of the day before, never ``00:00``."""
    if moment is None or f"{local(moment):%H%M%S}" != "000000":
        return when(moment)
    return f"{local(moment) - timedelta(days=1):%Y-%m-%d} 24:00"


def clock(moment: datetime | None) -> str:
    """Second of a moment, for save states and verifications: ``14:08:31``."""
    return NONE if moment is None else f"{local(moment):%H:%M:%S}"


def day(value: date | None) -> str:
    """A day in a table: ``2026-06-04``."""
    return NONE if value is None else _as_date(value).isoformat()


def day_cn(value: date | None) -> str:
    """A day in prose, without a leading zero: ``2026年6月4日``."""
    if value is None:
        return NONE
    value = _as_date(value)
    return f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date | None) -> str:
    """``星期三``."""
    return NONE if value is None else f"星期{WEEKDAYS[_as_date(value).weekday()]}"


def period(first: date, last: date, working_days: int | None = None) -> str:
    """A range in prose: ``2026年6月4日至6月11日（5个工作日）``; the year is repeated only if it changes."""
    first, last = _as_date(first), _as_date(last)
    end = day_cn(last) if first.year != last.year else f"{last.month}月{last.day}日"
    days = "" if working_days is None else f"（{working_days}个工作日）"
    return f"{day_cn(first)}至{end}{days}"


def phone_mask(number: str | None) -> str:
    """First three and last four digits: ``139****0001``. Too short to hide anything: all hidden."""
    if not number:
        return NONE
    digits = re.sub(r"\D", "", number)
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}" if len(digits) > 7 else "*" * len(digits)


def name_mask(name: str | None) -> str:
    """A person on a public list: the first character and one star, ``张*``, whatever the length."""
    return f"{name.strip()[:1]}*" if name and name.strip() else NONE


def filesize_cn(size: int | None) -> str:
    """Bytes as people read them: ``512 字节``, ``186 KB``, ``1.2 MB``."""
    if size is None:
        return NONE
    if size < 1024:
        return f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    if size < 1024**3:
        return f"{size / 1024**2:.1f} MB"
    return f"{size / 1024**3:.1f} GB"


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """Share in whole per cent, ``--`` when there is nothing to share."""
    return NONE if not whole else f"{Decimal(part) * 100 / Decimal(whole):.0f}%"


def chinese_number(number: int) -> str:
    """1–99 as used before 、: ``一``, ``十``, ``十二``, ``二十``."""
    if not 1 <= number <= 99:
        raise ValueError(f"items are numbered 1–99, not {number}")
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def item_number(*path: int) -> str:
    """Number of an item by its depth: ``一、`` ``（一）`` ``1.`` ``（1）`` (GB/T 9704)."""
    number = path[-1]
    match len(path):
        case 1:
            return f"{chinese_number(number)}、"
        case 2:
            return f"（{chinese_number(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"
    raise ValueError(f"an official paper has four levels, not {len(path)}")


def document_number(agency: str, year: int, number: int) -> str:
    """发文字号 with 〔〕 around the year, without 第 and without leading zeros: ``望工发〔2026〕12号``."""
    return f"{agency}〔{year}〕{number}号"


def file_name(parts: Sequence[str], on: date, extension: str) -> str:
    """Name of an exported paper: ``〔2026〕12号_关于…的公示_20260604.pdf``, safe on every system."""
    stem = "_".join(_UNSAFE_IN_FILE_NAMES.sub("-", part).strip("-") for part in parts if part)
    return f"{stem}_{_as_date(on):%Y%m%d}.{extension}"
