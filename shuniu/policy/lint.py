"""Looks at a document's tree for what its readers cannot see: parts that do not go together, parts left over.

Works on the tree, not on the document, so that one look says everything even where a part cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shuniu.policy.model import plain_number
from shuniu.policy.problems import Problem
from shuniu.policy.source import Node

DOCUMENT = "document.yaml"

_ENTRIES = ("apply", "self_assess", "recommend")
_REVIEWED = ("check", "recommend", "review", "vote", "shortlist")
_DECIDED = ("name", "publish", "shortlist", "review", "vote")
# A stage can be reached only after one of these.
AFTER = {
    "check": _ENTRIES,
    "correct": ("check",),
    "site_visit": _ENTRIES,
    "review": _ENTRIES,
    "vote": _ENTRIES,
    "shortlist": _REVIEWED,
    "name": _ENTRIES,
    "publicity": (*_REVIEWED, "name"),
    "publish": _ENTRIES,
    "promote": _DECIDED,
    "certify": _DECIDED,
    "agree": _DECIDED,
    "evaluate": _DECIDED,
    "upward": _DECIDED,
    "fund": _DECIDED,
}
# Kinds of clauses that some part should execute.
RULING = frozenset(
    {"rule", "limit", "category", "consequence", "withdrawal", "name_use", "score", "quota", "funding", "target",
     "validity", "stage", "duty"}
)  # fmt: skip
_PARTS = (
    "limits", "conditions", "procedure", "consequences", "duties", "deadlines", "votes", "quotas", "score_sheets",
    "gradings", "fundings", "stated",
)  # fmt: skip
# Keys under which a fact is named.
_NAMING = frozenset({"fact", "of", "records", "from", "counts", "passed_by", "begins"})
# Facts that the engine reads by name, without a rule that names them.
_BY_NAME = frozenset({"first_day", "union_level", "application_day", "publication_day", "decision_day"})


def mistakes(root: Node) -> list[Problem]:
    """What an author has to mend: the document says two things at once, or something that cannot happen."""
    return [*_unreachable(root), *_without_holder(root), *_two_meanings(root), *_shared_quotes(root)]


def remarks(root: Node) -> list[Problem]:
    """What an author should look at; the paper itself may be so."""
    return [
        *_sample_words(root),
        *_unused_facts(root),
        *_without_rule(root),
        *_unused_parts(root),
        *_printed_after(root),
    ]


def rows(root: Node, key: str) -> list[Node]:
    """The maps of a list of the document; none where it is missing or of another shape."""
    node = root.entries.get(key)
    return [item for item in node.items if item.kind == "map"] if node is not None else []


def word(row: Node, key: str) -> str:
    """The text under a key of a part, without blanks at its ends; empty where there is none."""
    node = row.entries.get(key)
    return node.value.strip() if node is not None and isinstance(node.value, str) else ""


def numbered(root: Node) -> Iterator[tuple[str, Node]]:
    """Every entry of ``clauses`` with its whole number."""
    for row in rows(root, "clauses"):
        parent = plain_number(word(row, "number"))
        yield parent, row
        for item in rows(row, "items"):
            yield parent + plain_number(word(item, "number")), item


def parts(root: Node) -> Iterator[tuple[str, Node]]:
    """Every part that cites a clause, with its path; rows of score sheets too."""
    for key in _PARTS:
        for number, row in enumerate(rows(root, key), 1):
            yield f"{key}[{number}]", row
            for n, item in enumerate(rows(row, "items"), 1):
                yield f"{key}[{number}].items[{n}]", item


def of_folder(root: Node, folder: str) -> list[Problem]:
    """A folder goes by the key of its document, so that both are found by one name."""
    key = root.entries.get("key")
    if key is None or key.value == folder or not isinstance(key.value, str):
        return []
    return [Problem(DOCUMENT, key.line, "key", f"key 应与文件夹同名：“{folder}”", key.said())]


def _place(row: Node) -> str:
    """Where a row stands, as a sentence of the document's own file names it."""
    return f"第 {row.line} 行" if row.file in ("", DOCUMENT) else f" {row.file} 第 {row.line} 行"


def _problem(row: Node, path: str, expected: str, found: str = "") -> Problem:
    return Problem(row.file or DOCUMENT, row.line, path, expected, found)


def _unreachable(root: Node) -> Iterator[Problem]:
    before: set[str] = set()
    for number, row in enumerate(rows(root, "procedure"), 1):
        kind = word(row, "kind")
        wanted = AFTER.get(kind, ())
        if wanted and not before & set(wanted):
            said = "、".join(wanted)
            yield _problem(
                row,
                f"procedure[{number}].kind",
                f"环节“{word(row, 'label')}”到不了：之前应有 {said} 之一",
                f"“{kind}”",
            )
        before.add(kind)


def _without_holder(root: Node) -> Iterator[Problem]:
    stages = rows(root, "procedure")
    recommended = any("recommend" in (word(row, "kind"), word(row, "actor")[:9]) for row in stages)
    for number, row in enumerate(rows(root, "quotas"), 1):
        holder = word(row, "holder")
        path = f"quotas[{number}].holder"
        label = word(row, "label")
        if holder == "recommender" and not recommended:
            yield _problem(row, path, f"名额“{label}”没有持有者：程序中应有推荐环节（kind: recommend）")
        elif holder == "category" and not rows(root, "categories"):
            yield _problem(row, path, f"名额“{label}”没有持有者：应列出类别（categories）")
        elif holder == "applicant" and not any(word(row, "kind") in _ENTRIES for row in stages):
            yield _problem(row, path, f"名额“{label}”没有持有者：程序中应有申报环节（kind: apply）")


def _two_meanings(root: Node) -> Iterator[Problem]:
    seen: dict[str, Node] = {}
    for number, row in numbered(root):
        first = seen.setdefault(number, row)
        if first is not row and number:
            same = word(first, "words") == word(row, "words")
            yield _problem(
                row,
                "clauses",
                f"条款“{number}”{_place(first)}已有，{'重复' if same else '两处意思不同'}，只写一处",
            )
    cited: dict[tuple[str, str, str], tuple[str, Node]] = {}
    for path, row in parts(root):
        what = (path.partition("[")[0], plain_number(word(row, "clause")), word(row, "label"))
        if not what[1] or not what[2] or ".items" in path:
            continue
        before = cited.setdefault(what, (path, row))
        if before[1] is not row and _content(before[1]) != _content(row):
            yield _problem(
                row, path, f"“{what[1]} {what[2]}”{_place(before[1])}已有而内容不同：同一条款不能有两种意思；"
                "条文确有两种理解的，写在同一条的 readings 中",
            )  # fmt: skip


def _content(row: Node) -> object:
    return {key: node.plain() for key, node in row.entries.items() if key != "key"}


def _shared_quotes(root: Node) -> Iterator[Problem]:
    """The same deciding words cannot stand in two clauses; a quotation of a part belongs to the clause it cites."""
    of: dict[str, tuple[str, Node]] = {}
    cited = [(number, row, "clauses") for number, row in numbered(root)]
    cited += [(plain_number(word(row, "clause")), row, path) for path, row in parts(root)]
    for number, row, path in cited:
        quote = word(row, "quote")
        if not quote or not number:
            continue
        first, there = of.setdefault(quote, (number, row))
        if first != number and not (first.startswith(number) or number.startswith(first)):
            yield _problem(
                row,
                f"{path}.quote",
                f"同一句引文{_place(there)}记在“{first}”，这里记在“{number}”，只能有一处",
                f"“{quote}”",
            )


def _scalars(node: Node) -> Iterator[tuple[str, str]]:
    """Every text of the tree with its key, without following an alias twice."""
    stack, seen = [("", node)], set[int]()
    while stack:
        key, at = stack.pop()
        if id(at) in seen:
            continue
        seen.add(id(at))
        if at.kind == "scalar" and isinstance(at.value, str):
            yield key, at.value
        stack += [(key, item) for item in at.items]
        stack += at.entries.items()


def _unused_facts(root: Node) -> Iterator[Problem]:
    used = {text for key, text in _scalars(root) if key in _NAMING}
    for number, row in enumerate(rows(root, "facts"), 1):
        name = word(row, "name")
        filed = word(row, "type") in ("category", "directions")  # every application is filed under these
        if name and name not in used and name not in _BY_NAME and not filed:
            yield _problem(
                row, f"facts[{number}].name", f"事实“{word(row, 'label') or name}”没有一处规则用到"
            )


def _without_rule(root: Node) -> Iterator[Problem]:
    cited = {plain_number(text) for key, text in _scalars(root) if key in ("clause", "near")}
    for row in rows(root, "clauses"):
        parent = plain_number(word(row, "number"))
        items = [(parent + plain_number(word(item, "number")), item) for item in rows(row, "items")]
        # Items of a clause that is cited as a whole are carried out with it: 符合下列条件之一.
        whole = parent in cited and not any(each.startswith((f"{parent}（", f"{parent}第")) for each in cited)
        for number, at in [(parent, row), *([] if whole else items)]:
            kind = word(at, "kind")
            if kind in RULING and number and not any(each.startswith(number) for each in cited):
                said = f"条款“{number}”写明要执行，但没有一处规则引用它"
                yield _problem(at, "clauses", said, f" kind: {kind}")


def _sample_words(root: Node) -> Iterator[Problem]:
    """What ``new`` wrote and the author has still to fill in: names that begin with 某."""
    for path in ("title", "short", "issuer.name", "interpreter.name"):
        row, key = root, path
        if "." in path:
            part, _, key = path.partition(".")
            row = root.entries.get(part, Node("map", 0))
        if word(row, key).startswith("某"):
            line = row.lines[key]
            yield Problem(row.file or DOCUMENT, line, path, "还是样例里的名称", row.entries[key].said())


def _unused_parts(root: Node) -> Iterator[Problem]:
    """Votes, and quotas of whoever recommends, that no stage names: nobody would be held to them."""
    stages = rows(root, "procedure")
    named = {text for stage in stages for key, text in _scalars(stage) if key in ("vote", "quotas")}
    for part, words in (("votes", "表决"), ("quotas", "名额")):
        for number, row in enumerate(rows(root, part), 1):
            if part == "quotas" and word(row, "holder") != "recommender":
                continue
            if stages and word(row, "key") not in named:
                yield _problem(row, f"{part}[{number}].key", f"{words}“{word(row, 'label')}”没有一个环节用到")


def _printed_after(root: Node) -> Iterator[Problem]:
    effective, issued = root.entries.get("effective"), root.entries.get("issued")
    first = effective.entries.get("from") if effective is not None else None
    if (
        first is None
        or issued is None
        or not isinstance(first.value, date)
        or not isinstance(issued.value, date)
    ):
        return
    if issued.value > first.value:
        yield Problem(
            DOCUMENT, issued.line, "issued", "印发日期晚于施行日期：确是追溯施行的不改", issued.said()
        )
