"""`make clauses`: every clause of the five documents with its features and tests, as docs/clauses.md."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shuniu import policy
from shuniu.policy.cases import read_cases
from shuniu.policy.paper import same_number
from tools.features import catalogue

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "clauses.md"
SHORT = {
    "B17": "beijing-2017",
    "JS": "jiangsu",
    "QD": "qingdao-2021",
    "B15": "beijing-2015",
    "CS": "changsha",
}
_REFERENCE = re.compile(r"\b(B17|JS|QD|B15|CS) (art\.\d+(?:\(\d+\))?|§[^,\s|]+)")
_SECTION = re.compile(r"§([一二三四五六七八九十]+)(?:\((\d+)\))?(\d)?\Z")
_ANNEX = re.compile(r"§附(\d)(?:r(\d+))?\Z")
_DIGITS = "零一二三四五六七八九"


@dataclass(slots=True)
class Row:
    """One clause: its kind and words, the features that carry it, the decided cases that cite it."""

    number: str
    kind: str
    words: str
    text_only: bool
    features: list[str] = field(default_factory=list)
    cases: int = 0


def number_of(reference: str) -> str:
    """The clause number behind the catalogue's short way of writing: art.5(3), §三(2), §附2r5, §四0."""
    if reference.startswith("art."):
        article, _, item = reference.removeprefix("art.").rstrip(")").partition("(")
        return f"第{_words(int(article))}条" + (f"（{_words(int(item))}）" if item else "")
    if annex := _ANNEX.match(reference):
        return f"附件{annex[1]}" + (f"第{annex[2]}行" if annex[2] else "")
    if section := _SECTION.match(reference):
        item = f"（{_words(int(section[2]))}）" if section[2] else ""
        return section[1] + item + (section[3] if section[3] and section[3] != "0" else "")
    return reference.removeprefix("§")


def _words(n: int) -> str:
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        _DIGITS[ones] if ones else ""
    )


def features_by_clause() -> Mapping[tuple[str, str], list[str]]:
    """(document key, clause number) → feature numbers, as docs/features.md says."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for feature, (_, clauses) in catalogue().items():
        for short, reference in _REFERENCE.findall(clauses):
            found[SHORT[short], same_number(number_of(reference))].append(feature)
    return found


def documents() -> dict[str, policy.Document]:
    """The documents of the catalogue that stand in policies/, in the catalogue's order."""
    folders = {key: ROOT / "policies" / key for key in SHORT.values()}
    return {key: policy.load(folder) for key, folder in folders.items() if folder.is_dir()}


def rows(law: policy.Document, features: Mapping[tuple[str, str], list[str]]) -> list[Row]:
    """The clauses of a document in its order, then the annexes that it names without containing them."""
    cited: dict[str, int] = defaultdict(int)
    for case in read_cases(law, policy.read_folder(ROOT / "policies" / law.key)):
        for number in case.expected.clauses:
            cited[number] += 1
    found = [Row(each.number, each.kind_label, each.words, each.text_only) for each in law.clauses]
    known = {each.number for each in found}
    for template in law.templates:
        if template.annex and template.annex not in known:
            known.add(template.annex)
            found.append(Row(template.annex, template.kind_label, template.label, text_only=False))
    for row in found:
        row.features = _carried_by(law.key, same_number(row.number), features)
        row.cases = cited[row.number]
    return found


def _carried_by(key: str, number: str, features: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """The features of a clause; where the catalogue names only its items, theirs; or those of what it is an item of."""
    mine = features.get((key, number), [])
    if not mine:
        mine = [
            one
            for (law, each), some in features.items()
            if law == key and each.startswith(number)
            for one in some
        ]
    if not mine:
        above = [each for law, each in features if law == key and number.startswith(each)]
        mine = features[key, max(above, key=len)] if above else []
    return sorted(set(mine), key=_order)


def _order(feature: str) -> tuple[str, int]:
    return feature[0], int(feature[1:])


def lost(law: policy.Document, features: Mapping[tuple[str, str], list[str]]) -> list[str]:
    """Clauses that the catalogue names and the document does not have."""
    known = {same_number(row.number) for row in rows(law, features)}
    return sorted(number for key, number in features if key == law.key and number not in known)


def page(tests: Mapping[str, list[str]]) -> str:
    """The whole page; ``tests`` by feature number."""
    features, titles = features_by_clause(), catalogue()
    lines = [
        "# 条款、功能、测试 · Clauses, features, tests",
        "",
        "由 `make clauses` 生成，不手改。每份制度的每一条：由哪些功能承担（编号见[功能目录](features.md)），"
        "多少个已决案例以它为依据。“仅文字”的条款只供阅读，不作判断。功能由哪些测试证明，列在最后。",
    ]
    used: set[str] = set()
    for law in documents().values():
        found = rows(law, features)
        text_only = [row.number for row in found if row.text_only]
        lines += ["", f"## {law.title}（{law.key} {law.version}）", ""]
        lines += [f"共 {len(found)} 条，其中仅文字 {len(text_only)} 条：{'、'.join(text_only) or '无'}。", ""]
        lines += ["| 条款 | 内容 | 系统 | 功能 | 案例 |", "|---|---|---|---|---|"]
        for row in found:
            used.update(row.features)
            kind = "**仅文字**" if row.text_only else row.kind
            lines.append(
                f"| {row.number} | {row.words} | {kind} | {' '.join(row.features) or '—'} | {row.cases or '—'} |"
            )
    lines += ["", "## 功能由哪些测试证明", "", "| 功能 | 说明 | 测试 |", "|---|---|---|"]
    for feature in sorted(used, key=_order):
        files = sorted({test.partition("::")[0] for test in tests.get(feature, ())})
        said = "<br>".join(f"`{name}`" for name in files) or "尚未实现"
        lines.append(f"| {feature} | {titles[feature][0]} | {said} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page; 1 where the catalogue names a clause that its document does not have."""
    from tools.collected import tests_by_mark

    PAGE.write_text(page(tests_by_mark("feature")), encoding="utf-8")
    print(f"已写出 {PAGE.relative_to(ROOT)}")
    features = features_by_clause()
    missing = [f"{key} {number}" for key, law in documents().items() for number in lost(law, features)]
    for each in missing:
        print(f"功能目录引用了制度中没有的条款：{each}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
