"""The columns of the list of organisations, and how one cell of each is understood."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from shuniu.registry import codes
from shuniu.registry.excel.sheet import Cell
from shuniu.registry.models import (
    Grade,
    InspectionResult,
    RegistrarLevel,
    Status,
    UnionBuilding,
)

_KEPT = 4096  # different texts of days that one process remembers


class BadCell(Exception):
    """The cell cannot be taken; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Column:
    """One column. `values`: label → stored word of a choice; `aliases`: other headers that mean the same."""

    key: str
    header: str
    parse: Callable[[Cell], str]
    example: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    width: int = 16
    profile: bool = True  # a field of `fields.PROFILE`

    def show(self, value: str) -> str:
        """The stored word of a choice as its label; everything else as it is."""
        return next((label for label, stored in self.values if stored == value), value)


def text_of(cell: Cell) -> str:
    """The cell as a person sees it."""
    if isinstance(cell, dict):
        return cell["date"]
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return unicodedata.normalize("NFKC", str(cell)).strip() if not isinstance(cell, str) else cell.strip()


_INVISIBLE = re.compile(r"[\u200b\u200c\u200d\ufeff\u00a0\u3000]+")


def _plain(cell: Cell) -> str:
    text = text_of(cell)
    return text if text.isascii() else _INVISIBLE.sub(" ", text).strip()


_BETWEEN = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")


def limited(most: int, *, lines: bool = False) -> Callable[[Cell], str]:
    """Text of at most so many characters. Without `lines` on one line, and Chinese words without blanks between
    them: names are padded (张　三) and broken by Alt+Enter to stand nicely in a table.
    """

    def parse(cell: Cell) -> str:
        text = _plain(cell)
        if not lines and len(text.split(None, 1)) > 1:
            text = re.sub(r"\s+", " ", _BETWEEN.sub("", text))
        if len(text) > most:
            raise BadCell(f"有 {len(text)} 个字，最多 {most} 个，请缩短")
        return text

    return parse


def code(cell: Cell) -> str:
    """A code, normalised; damage by the spreadsheet is named."""
    if isinstance(cell, int | float):
        raise BadCell(
            "代码被表格软件当成了数字，后几位可能已经丢失：请把这一格的格式设为“文本”，对照证书重新填写 18 位代码"
        )
    if damaged := codes.damage(str(cell)):
        raise BadCell(damaged.rstrip("。"))
    found = codes.normalise(str(cell) if isinstance(cell, str) else cell["date"])
    if why := codes.problem(found):
        raise BadCell(why.rstrip("。"))
    return found


_EPOCH = dt.date(1899, 12, 30)  # serial 60 is a day that never was; ours are all after it
_DATE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[\sT]+[\d:.]+)?")
_YEARS = range(1900, 2101)


def date(cell: Cell) -> str:
    """A day in any of the usual forms: 2021.3.5, 2021年3月5日, 20210305, 2021/3/5, a date cell, a serial number."""
    text = unicodedata.normalize("NFKC", _plain(cell))
    if not text:
        return ""
    try:
        found = _day(text)
    except ValueError:
        raise BadCell(f"“{text}”不是完整的日期，请写成 2021-03-05 的样子") from None
    if found.year not in _YEARS:
        raise BadCell(f"“{text}”的年份不对，请写成 2021-03-05 的样子")
    return found.isoformat()


@lru_cache(_KEPT)
def _day(text: str) -> dt.date:
    if re.fullmatch(r"\d{8}", text):
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return _EPOCH + dt.timedelta(days=int(float(text)))
    if found := _DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return dt.date(year, month, day)
    raise ValueError(text)


def choice(values: tuple[tuple[str, str], ...]) -> Callable[[Cell], str]:
    """One of the labels."""
    known = dict(values)

    def parse(cell: Cell) -> str:
        plain = _plain(cell)
        if plain in known:
            return known[plain]
        text = unicodedata.normalize("NFKC", plain).replace(" ", "").upper()
        if not text:
            return ""
        if text not in known:
            first = {value: label for label, value in reversed(values)}  # the official label of each
            offered = "、".join(first[value] for value in dict.fromkeys(value for _, value in values))
            raise BadCell(f"“{text_of(cell)}”不在可选的内容里，请从下拉框选择（{offered}）")
        return known[text]

    return parse


def phone(cell: Cell) -> str:
    """A telephone number, digits with at most hyphens, brackets and an extension."""
    text = unicodedata.normalize("NFKC", _plain(cell)).replace(" ", "")
    if text and not re.fullmatch(r"\+?[0-9()\-转,;/、]{7,30}", text):
        raise BadCell(f"“{text}”不是电话号码，请填写手机号，或区号加座机号")
    return text


def email(cell: Cell) -> str:
    """A mail address."""
    text = unicodedata.normalize("NFKC", _plain(cell)).replace(" ", "")
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise BadCell(f"“{text}”不是邮箱地址，请检查 @ 前后")
    return text


def year(cell: Cell) -> str:
    """A year: 2025, 2025年, 2025年度."""
    text = unicodedata.normalize("NFKC", _plain(cell)).removesuffix("度").removesuffix("年").strip()
    if text and not re.fullmatch(r"(19|20)\d\d", text):
        raise BadCell(f"“{text}”不是年份，请写成 2025 的样子")
    return text


def _pairs(choices: list[tuple[str, str]], **more: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), str(value)) for value, label in choices) + tuple(more.items())


_LEVELS = _pairs(
    RegistrarLevel.choices, 市级="city", 区级="district", 区县级="district", 市="city", 区="district"
)
_STATES = tuple(
    pair
    for pair in _pairs(Status.choices, 存续="normal", 注销="cancelled", 撤销="revoked", 已撤销="revoked")
    if pair[1] != "candidate"
)
_RESULTS = _pairs(InspectionResult.choices, 未参加="absent", 未年检="absent", 年检合格="passed")
_GRADES = _pairs(Grade.choices, AAAAA="5A", AAAA="4A", AAA="3A", AA="2A", A="1A")
_UNIONS = _pairs(UnionBuilding.Status.choices, 已建会="own", 未建会="not_ready")

COLUMNS: tuple[Column, ...] = (
    Column("code", "统一社会信用代码", code, "52379900MJE104277M", True,
           ("社会信用代码", "信用代码", "统一代码", "统一社会信用代码证号"), width=24, profile=False),
    Column("name", "名称", limited(100), "望海市晨曦职工心理关爱中心", True,
           ("单位名称", "组织名称", "社会组织名称", "机构名称"), width=34),
    Column("registrar", "登记机关", limited(100), "望海市民政局", aliases=("登记管理机关", "登记部门"), width=20),
    Column("registrar_level", "登记层级", choice(_LEVELS), "本市市级", values=_LEVELS),
    Column("region", "所在区", limited(40), "东港区", aliases=("区县", "所属区", "所在区县", "行政区划")),
    Column("registered_on", "成立登记日期", date, "2019-03-05", aliases=("成立日期", "登记日期", "成立时间")),
    Column("status", "登记状态", choice(_STATES), "正常", aliases=("状态",), values=_STATES),
    Column("legal_representative", "法定代表人", limited(40), "张某", aliases=("法人", "法人代表")),
    Column("address", "住所", limited(200), "望海市东港区工人路 18 号", aliases=("地址", "住址"), width=30),
    Column("supervisor", "业务主管单位", limited(100), "望海市总工会", aliases=("主管单位",), width=20),
    Column("contact_name", "联系人", limited(40), "李某", aliases=("联系人姓名",)),
    Column("contact_phone", "联系电话", phone, "13900000000", aliases=("电话", "手机", "手机号码")),
    Column("contact_email", "联系邮箱", email, "office@example.cn", aliases=("邮箱", "电子邮箱"), width=22),
    Column("scope", "业务范围", limited(2000, lines=True), "职工心理健康宣传与咨询", width=40, profile=False),
    Column("grade", "评估等级", choice(_GRADES), "4A", aliases=("等级", "评估结果"), values=_GRADES, profile=False),
    Column("grade_from", "评估有效期起", date, "2024-01-01", aliases=("评估日期",), profile=False),
    Column("grade_to", "评估有效期止", date, "2028-12-31", aliases=("评估有效期",), profile=False),
    Column("inspection_year", "年检年度", year, "2025", aliases=("年度", "年报年度"), profile=False),
    Column("inspection_result", "年检结论", choice(_RESULTS), "合格", aliases=("年检结果", "年检", "年度检查"),
           values=_RESULTS, profile=False),
    Column("union_status", "建会情况", choice(_UNIONS), "单独建会", aliases=("工会建立情况",), values=_UNIONS,
           profile=False),
)  # fmt: skip
REASON_HEADER = "原因"
IGNORED_HEADERS = frozenset({"序号", "备注", REASON_HEADER})


def plain_header(cell: Cell) -> str:
    """A header as it is compared: without blanks, stars, brackets and what stands in them."""
    text = unicodedata.normalize("NFKC", text_of(cell))
    return re.sub(r"\(.*?\)|[\s*＊:：]", "", text)


@dataclass(frozen=True)
class Layout:
    """What a list is about: its columns, its template, and what makes two rows of it the same."""

    template: str  # id and version, kept in the hidden sheet
    title: str
    columns: tuple[Column, ...]
    how: tuple[str, ...]  # the lines of 填表说明
    same: tuple[str, ...] = ("code",)
    together: Callable[[dict[str, str], dict[str, str]], list[tuple[str, str, str]]] = lambda values, raw: []
    """values, cells as typed → (key that is wrong, key to point at when its column is missing, words)."""

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}

    @cached_property
    def headers(self) -> dict[str, Column]:
        return {plain_header(word): c for c in self.columns for word in (c.header, *c.aliases)}


def _together(values: dict[str, str], raw: dict[str, str]) -> list[tuple[str, str, str]]:
    """Cells that make sense only together."""
    found = []
    if "grade" in values:
        missing = [key for key in ("grade_from", "grade_to") if not raw.get(key)]
        found += [(key, "grade", "填了评估等级，就要写明有效期的起止日期") for key in missing]
        first, last = values.get("grade_from", ""), values.get("grade_to", "")
        if first and last and first > last:
            found.append(("grade_to", "grade", "有效期止早于有效期起，请核对两个日期"))
    if values.get("inspection_result") and not raw.get("inspection_year"):
        found.append(("inspection_year", "inspection_result", "填了年检结论，就要写明是哪一年度"))
    return found


ORGANISATIONS = Layout(
    template="shuniu:registry.organisations:1", title="社会组织名册", columns=COLUMNS, together=_together,
    how=(
        "一、只在“数据”工作表填写，一行一家，带红色 * 的列必须填写。",
        "二、统一社会信用代码、电话所在的列已设为文本格式，从别处粘贴时请选“只粘贴文本”，以免后几位丢失。",
        "三、日期写成 2021-03-05；2021.3.5、2021年3月5日、20210305 也能识别。",
        "四、空着的单元格表示不改动库里已有的内容，不会清空。",
        "五、库里已有的组织按代码对应，上传后先看到逐项差异，确认后才写入。",
        "六、不要改动表头，不要删除隐藏的“字典”工作表。",
    ),
)  # fmt: skip


def letters(index: int) -> str:
    """The column's letters in a cell address: 0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
