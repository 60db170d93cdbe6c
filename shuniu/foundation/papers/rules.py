"""Why a paper is not made."""

from __future__ import annotations

from shuniu.foundation.access import YES, Verdict, refuse, register_refusals

register_refusals(
    {
        "papers.glyph": (
            "文中的“{text}”有字体里没有的字，印不出来。请改用通用字，或请系统管理员安装含有该字的字体。"
        ),
        "papers.no_code": (
            "{union}还没有机关代字，不能编文号。请系统管理员在工会资料中填写机关代字，例如“望工办”。"
        ),
        "papers.no_title": "公文没有标题。请填写标题后再签发。",
        "sheets.other_template": (
            "必须使用模板：这份表格不是“{title}”的模板，请下载模板，把内容粘贴过去后再上传。"
        ),
        "sheets.old_version": (
            "必须使用模板：这份“{title}”是旧版模板（第 {found} 版），现在是第 {version} 版。请重新下载。"
        ),
        "sheets.no_header": "表格里没有找到表头（{missing}）。请保留模板的表头行，不要改列名。",
    }
)


def may_be_numbered(union_name: str, code: str) -> Verdict:
    """A union without 机关代字 issues nothing with a number."""
    return YES if code.strip() else refuse("papers.no_code", union=union_name)


def is_titled(title: str) -> Verdict:
    """Nothing goes out without a title."""
    return YES if title.strip() else refuse("papers.no_title")
