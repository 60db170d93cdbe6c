"""A document that adopts an upper one: the upper stands in `base/`, this one says only what differs.

The upper document marks the numbers that may differ below (`local: {min, max}`) and which levels of union may
adopt it (`issuer.may_adopt`). Merging happens in the tree, before any part is built: every reader meets a whole
document and knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from shuniu.policy.problems import Problem, Sink
from shuniu.policy.reader import Table, near
from shuniu.policy.source import Node, read
from shuniu.policy.words import LEVELS

DOCUMENT = "document.yaml"
BASE = "base/"
MOST_LEVELS = 4
VALUES = {
    "limits": "at_most",
    "stated": "value",
    "deadlines": "n",
    "quotas": "at_most",
    "score_sheets": "pass_mark",
    "fundings": "cap",
}
"""Parts with a number that may be left to the lower union, and the key under which the number stands."""
_MORE = {"score_sheets": ("合格线", "分"), "fundings": ("上限", "元")}
"""Where the part's label does not say what the number is: what to add, and its unit."""
OWN = (
    "format", "key", "version", "title", "short", "issued", "effective", "interpreter", "issuer",
    "supersedes", "clauses", "stated", "extends", "local",
)  # fmt: skip
"""What a document that extends another says itself; everything else is the upper one's."""

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class LocalValue:
    """A number that a lower union may choose from `low` to `high`; `upper` is what the upper document says."""

    path: str
    label: str
    clause: str
    value: Number
    low: Number
    high: Number
    upper: Number
    unit: str = ""

    @property
    def changed(self) -> bool:
        return self.value != self.upper


@dataclass(frozen=True, slots=True)
class Extends:
    """The upper document by key, version and the digest of its whole folder."""

    key: str
    version: str
    digest: str


@dataclass(slots=True)
class Tree:
    """The merged tree of a folder. `upper` are the numbers of the document directly above, by path."""

    root: Node
    extends: Extends | None = None
    upper: dict[str, Number] = field(default_factory=dict)
    may_adopt: tuple[str, ...] = ()


def under_base(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The folder of the upper document that this folder carries; empty where it carries none."""
    return {name.removeprefix(BASE): content for name, content in files.items() if name.startswith(BASE)}


def said_under_base(problem: Problem) -> Problem:
    """A problem of the upper document, named by the file as it lies in the lower one's folder."""
    return replace(problem, file=BASE + problem.file)


def tree_of(files: Mapping[str, bytes], prefix: str = "") -> Tree:
    """The tree of the document, merged with what it extends. Raises ``PolicyError``."""
    name = prefix + DOCUMENT
    sink = Sink(name)
    if name not in files:
        sink.add(0, "", "采用上级制度的文件夹应在 base/ 中附上级制度的 document.yaml", "缺少")
        sink.refuse()
    root = read(name, files[name])
    own = Table(root, "", sink)
    wanted = own.table("extends")
    if wanted is None:
        if "local" in root.entries:
            own.wrong("local", "只有写明 extends（采用上级制度）的文件才写 local")
        sink.refuse()
        return Tree(root, may_adopt=_may_adopt(root, sink))
    extends = Extends(
        wanted.word("key"), wanted.text("version", limit=20), wanted.text("digest", required=False, limit=64)
    )
    wanted.close()
    if prefix.count(BASE) + 1 >= MOST_LEVELS:
        own.wrong("extends", f"逐级采用不得超过 {MOST_LEVELS} 级")
        sink.refuse()
    base = tree_of(files, prefix + BASE)
    _same(base.root, extends, own)
    upper = _numbers(base.root)
    merged = _merge(own, base)
    sink.refuse()
    return Tree(merged, extends, upper, _may_adopt(merged, sink))


def _same(base: Node, extends: Extends, own: Table) -> None:
    for key in ("key", "version"):
        node = base.entries.get(key)
        said = node.value if node is not None else None
        if said != getattr(extends, key):
            own.wrong(
                "extends", f"{key} 应与 base/ 中的上级制度一致", f"“{getattr(extends, key)}”，上级为“{said}”"
            )


def _merge(own: Table, base: Tree) -> Node:
    """The upper tree with the lower document's own entries; the upper tree is read anew and may be changed."""
    root, mine = base.root, own.node
    for key in mine.entries:
        if key not in OWN:
            own.wrong(key, f"采用上级制度的文件只写：{'、'.join(OWN)}；其余按上级制度执行")
    allowed = (*_texts(root, "issuer", "may_open"), *base.may_adopt)
    for level in _texts(mine, "issuer", "may_open"):
        if level not in allowed:
            own.wrong("issuer", "may_open 应在上级制度的 may_open、may_adopt 之内", f"“{level}”")
    root.entries.pop("supersedes", None)  # what the upper document replaced is not what this one replaces
    for key in OWN:
        if key in mine.entries and key not in ("clauses", "stated", "extends", "local"):
            root.entries[key], root.lines[key] = mine.entries[key], mine.lines[key]
    for template in _items(root, "templates"):
        if _word(template, "file"):  # it lies where the upper document lies
            template.entries["file"] = Node("scalar", template.line, BASE + _word(template, "file"))
    for key in ("clauses", "stated"):
        _append(root, own, key)
    _fill(root, own)
    _set_numbers(root, own)
    return root


def _append(root: Node, own: Table, key: str) -> None:
    added = own.node.entries.get(key)
    if added is None:
        return
    if added.kind != "list":
        own.wrong(key, "应为一个列表，每项以“- ”开头", added.said())
        return
    there = root.entries.get(key)
    items = list(there.items) if there is not None else []
    root.entries[key] = Node("list", added.line, items=[*items, *added.items])
    root.lines.setdefault(key, own.node.lines[key])


def _fill(root: Node, own: Table) -> None:
    """What this document states is no longer left open; only what a call or a union fills may be stated below."""
    open_points = root.entries.get("not_stated")
    if open_points is None:
        return
    stated = {_word(item, "key"): item for item in _items(own.node, "stated")}
    for point in open_points.items:
        if _word(point, "key") in stated and _word(point, "filled_by") not in ("call", "union"):
            own.sink.add(
                stated[_word(point, "key")].line, "stated", "上级制度没有把这一事项交给工会确定",
                f"“{_word(point, 'key')}”",
            )  # fmt: skip
    left = [point for point in open_points.items if _word(point, "key") not in stated]
    root.entries["not_stated"] = Node("list", open_points.line, items=left)


def _set_numbers(root: Node, own: Table) -> None:
    table = own.table("local")
    if table is None:
        return
    marked = {path: (item, value) for path, item, value in _marked(root)}
    for path in table.node.entries:
        node = table.get(path, required=True, what="一个数")
        if path not in marked:
            table.wrong(path, "应为上级制度标有 local 的数值", f"“{path}”" + near(path, marked))
        elif node is not None and (number := _number(node)) is None:
            table.wrong(path, "应为一个数", node.said())
        elif node is not None and number is not None:
            item, key = marked[path]
            low, high = _bounds(item)
            if low is not None and high is not None and not low <= number <= high:
                table.wrong(path, f"应在上级制度允许的 {low} 到 {high} 之间", f"“{number}”")
            item.entries[key] = node


# --- the marks ---------------------------------------------------------------------------------------


def take_local(tree: Tree, sink: Sink) -> tuple[LocalValue, ...]:
    """Take the marks out of the tree, so that the readers of the parts need not know them; mistakes are noted."""
    found = []
    for path, item, key in list(_marked(tree.root)):
        table = Table(item.entries["local"], f"{path}.local", sink)
        low, high = table.decimal("min"), table.decimal("max")
        table.close()
        value = _number(item.entries.get(key))
        if value is None:
            sink.add(item.line, f"{path}.{key}", "有 local 的一项应写明数值")
        elif low is not None and high is not None:
            if not low <= value <= high:
                sink.add(item.line, f"{path}.{key}", f"应在 local 的 {low} 到 {high} 之间", f"“{value}”")
            more, unit = _MORE.get(path.partition(".")[0], ("", ""))
            found.append(
                LocalValue(
                    path, _word(item, "label") + more, _word(item, "clause"), value, low, high,
                    tree.upper.get(path, value), _word(item, "unit") or unit,
                )
            )  # fmt: skip
        item.entries.pop("local")
    return tuple(found)


def _marked(root: Node) -> Iterator[tuple[str, Node, str]]:
    """Path, part and key of the number of every part that bears `local`."""
    for part, key in VALUES.items():
        for item in _items(root, part):
            if "local" in item.entries:
                yield f"{part}.{_word(item, 'key')}", item, key


def _numbers(root: Node) -> dict[str, Number]:
    found = ((path, _number(item.entries.get(key))) for path, item, key in _marked(root))
    return {path: number for path, number in found if number is not None}


def _bounds(item: Node) -> tuple[Number | None, Number | None]:
    entries = item.entries["local"].entries
    return _number(entries.get("min")), _number(entries.get("max"))


def _may_adopt(root: Node, sink: Sink) -> tuple[str, ...]:
    """The levels whose unions may adopt; taken out of the issuer, whose reader does not know them."""
    issuer = root.entries.get("issuer")
    if issuer is None or issuer.kind != "map" or "may_adopt" not in issuer.entries:
        return ()
    table = Table(issuer, "issuer", sink)
    levels = table.choices("may_adopt", LEVELS)
    sink.refuse()
    issuer.entries.pop("may_adopt")
    return levels


def _items(root: Node, key: str) -> list[Node]:
    node = root.entries.get(key)
    return [item for item in node.items if item.kind == "map"] if node is not None else []


def _word(item: Node, key: str) -> str:
    node = item.entries.get(key)
    return node.value if node is not None and isinstance(node.value, str) else ""


def _texts(root: Node, key: str, inner: str) -> tuple[str, ...]:
    node = root.entries.get(key)
    node = node.entries.get(inner) if node is not None else None
    items = [] if node is None else node.items or [node]
    return tuple(item.value for item in items if isinstance(item.value, str))


def _number(node: Node | None) -> Number | None:
    value = node.value if node is not None else None
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
