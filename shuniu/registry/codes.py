"""统一社会信用代码 (GB 32100-2015): normalise what was typed, check it, tell the type; pure Python."""

from __future__ import annotations

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z, since they are misread
LENGTH = 18
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))

# Letters of other scripts that look like Latin ones, and the two letters that can only be misread digits.
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТХУ" + "ΑΒΕΗΙΚΜΝΟΡΤΧΥ" + "OI〇－—",
    "ABEKMH0PCTXY" + "ABEH1KMN0PTXY" + "010--",
)
_DROPPED_CATEGORIES = {"Cf", "Cc", "Zs", "Zl", "Zp"}
_DROPPED = set("-·.'’`_")

TYPES = {
    "11": "机关", "12": "事业单位", "13": "群众团体", "51": "社会团体", "52": "社会服务机构", "53": "基金会",
    "81": "基层工会", "91": "企业", "92": "个体工商户", "93": "农民专业合作社",
}  # fmt: skip


def normalise(text: str) -> str:
    """What was meant by `text`: full-width, zero-width, lower case, look-alike letters, blanks and hyphens.

    The result is not checked; give it to `problem`.
    """
    wide = unicodedata.normalize("NFKC", text).upper()
    if not (wide.isascii() and wide.isalnum()):
        wide = "".join(
            c for c in wide if unicodedata.category(c) not in _DROPPED_CATEGORIES and c not in _DROPPED
        )
    return wide.translate(_LOOKALIKES).replace("-", "")


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen; KeyError when one is not of the alphabet."""
    total = sum(_VALUE[character] * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def problem(code: str) -> str:
    """Why `code` is not a valid code, as a sentence for its writer; "" when it is valid. No normalising."""
    if not code:
        return "请填写统一社会信用代码，共 18 位，印在登记证书上。"
    for place, character in enumerate(code, 1):
        if character not in _VALUE:
            return f"第 {place} 位“{character}”不能用在统一社会信用代码中（不用 I、O、S、V、Z）{_guess(character)}"
    if len(code) != LENGTH:
        return f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请对照登记证书补全。"
    expected = check_character(code[:-1])
    if code[-1] != expected:
        return (
            f"统一社会信用代码的校验位（第 18 位）应为“{expected}”，现在是“{code[-1]}”，"
            "请对照登记证书逐位核对。"
        )
    return ""


def _guess(character: str) -> str:
    likely = {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"}.get(character.upper())
    return f"，是否应为“{likely}”？" if likely else "，请对照登记证书改正。"


def is_valid(code: str) -> bool:
    """True for a code that is right in every character as it stands."""
    return not problem(code)


def type_of(code: str) -> str:
    """What the first two characters tell: "社会团体" …; "" for a beginning that is not in the table."""
    return TYPES.get(code[:2], "")


def damage(text: str) -> str:
    """How a spreadsheet has spoilt a code ("5.23799E+17"), as a sentence; "" when it has not."""
    compact = unicodedata.normalize("NFKC", text).upper().replace(" ", "")
    mantissa, _, exponent = compact.partition("E+")
    if exponent.isdigit() and mantissa.replace(".", "", 1).isdigit():
        return (
            "代码被表格软件改成了科学计数法，后几位已经丢失：请把这一格的格式设为“文本”，重新填写 18 位代码。"
        )
    if compact.endswith(".0") and compact[:-2].isdigit():
        return "代码被表格软件当成了数字：请把这一格的格式设为“文本”，重新填写 18 位代码。"
    if compact.isdigit() and len(compact) == LENGTH and compact.endswith("000") and problem(compact):
        return (
            "代码全是数字且末三位为 0，多半是被表格软件当成数字时丢了后三位："
            "请把这一格的格式设为“文本”，对照证书重新填写 18 位代码。"
        )
    return ""


def make_code(prefix: str, number: int) -> str:
    """A valid code for demonstrations and tests: `make_code("52379900", 104277)` → 52379900MJE104277M.

    ValueError when prefix and number do not fit into seventeen characters.
    """
    room = LENGTH - 1 - len(prefix) - 3
    if room < 1 or len(str(number)) > room:
        raise ValueError(f"{prefix} and {number} do not fit into a code")
    body = f"{prefix}MJE{number:0{room}d}"
    return body + check_character(body)
