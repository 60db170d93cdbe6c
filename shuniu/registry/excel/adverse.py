"""The columns of a list of adverse information, as registrars and credit platforms publish them."""

from __future__ import annotations

from shuniu.registry.excel.columns import COLUMNS, Column, Layout, choice, date, limited
from shuniu.registry.models import PenaltyKind

_KINDS = tuple((str(label), str(value)) for value, label in PenaltyKind.choices if value != PenaltyKind.NONE) + (
    ("异常名录", "abnormal"), ("列入活动异常名录", "abnormal"), ("严重违法失信名单", "dishonest"),
    ("严重违法失信名录", "dishonest"), ("处罚", "penalty"), ("刑事责任", "prosecution"),
)  # fmt: skip
_CODE, _NAME = COLUMNS[:2]


def _together(values: dict[str, str], raw: dict[str, str]) -> list[tuple[str, str, str]]:
    """A removal before the entry is a mistake of typing."""
    first, last = values.get("from_on", ""), values.get("to_on", "")
    if first and last and first > last:
        return [("to_on", "from_on", "移出日期早于列入日期，请核对两个日期")]
    return []


ADVERSE = Layout(
    template="shuniu:registry.adverse:1", title="负面信息名录", same=("code", "penalty", "from_on", "number"),
    together=_together,
    columns=(
        _CODE, _NAME,
        Column("penalty", "种类", choice(_KINDS), "活动异常名录", True, ("类别", "名录", "名录种类", "信息类别"),
               values=_KINDS),
        Column("authority", "作出机关", limited(100), "望海市民政局", aliases=("列入机关", "处罚机关"), width=20),
        Column("number", "文书号", limited(80), "望民罚〔2026〕3号", aliases=("决定书文号", "文号"), width=22),
        Column("content", "内容", limited(300), "未按规定报送年度报告", aliases=("事由", "列入事由", "处罚事由"), width=40),
        Column("from_on", "列入或作出日期", date, "2026-09-01", True, ("列入日期", "作出日期", "处罚日期")),
        Column("to_on", "移出或执行完毕日期", date, "", aliases=("移出日期", "执行完毕日期")),
    ),
    how=(
        "一、只在“数据”工作表填写，一行一条，带红色 * 的列必须填写。",
        "二、名录里不在社会组织库中的单位不用删去，上传后会列出，不写入。",
        "三、已经移出名录的，填写移出日期；同一条再次上传时，库里的记录会补上移出日期。",
        "四、日期写成 2021-03-05；2021.3.5、2021年3月5日、20210305 也能识别。",
        "五、上传后先看预览，确认后才写入；写入的记录注明来自哪一份名录。",
        "六、不要改动表头，不要删除隐藏的“字典”工作表。",
    ),
)  # fmt: skip

__all__ = ["ADVERSE"]
