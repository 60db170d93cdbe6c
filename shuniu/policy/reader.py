"""Takes values out of a tree and notes everything that is not as expected, not only the first."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from shuniu.policy.problems import Sink
from shuniu.policy.source import Node


class Table:
    """A map of the file. Every key is asked for by name; ``close`` reports the ones nobody asked for."""

    def __init__(self, node: Node, path: str, sink: Sink) -> None:
        self.path = path
        self.sink = sink
        self.line = node.line
        self.known: set[str] = set()
        self.node = node
        if node.kind != "map":
            sink.add(node.line, path, "这里应为一组“键: 值”", node.said())

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def line_of(self, key: str) -> int:
        return self.node.lines.get(key, self.line)

    def wrong(self, key: str, expected: str, found: str = "") -> None:
        self.sink.add(self.line_of(key), self.at(key), expected, found)

    def has(self, key: str) -> bool:
        return key in self.node.entries

    def get(self, key: str, *, required: bool = False, what: str = "一个值") -> Node | None:
        """The node under a key; ``None`` (and a problem when required) where it is missing or empty."""
        self.known.add(key)
        node = self.node.entries.get(key)
        if node is None or (node.kind == "scalar" and node.value is None):
            if required and self.node.kind == "map":
                self.wrong(key, f"必须写明{what}", "空" if node else "缺少")
            return None
        return node

    def text(self, key: str, *, required: bool = True, limit: int = 300, default: str = "") -> str:
        node = self.get(key, required=required, what="一段文字")
        if node is None:
            return default
        if node.kind != "scalar" or not isinstance(node.value, str) or not node.value.strip():
            self.wrong(key, "应为一段文字（数字和日期请加引号）", node.said())
            return default
        value = node.value.strip()
        if len(value) > limit:
            self.wrong(key, f"不得超过 {limit} 字", f" {len(value)} 字")
        return value

    def word(self, key: str, *, required: bool = True) -> str:
        """An ASCII name: the key of a part, by which others refer to it."""
        value = self.text(key, required=required, limit=60)
        if value and not (value.replace("-", "").replace("_", "").isalnum() and value.isascii()):
            self.wrong(key, "应为小写英文字母、数字、“_”或“-”组成的名称", f"“{value}”")
        return value

    def choice(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        node = self.get(key, required=default is None, what=f"以下之一：{'、'.join(allowed)}")
        fallback = default if default is not None else next(iter(allowed))
        if node is None:
            return fallback
        if not isinstance(node.value, str) or node.value not in allowed:
            self.wrong(key, f"应为以下之一：{'、'.join(allowed)}", node.said() + near(node.value, allowed))
            return fallback
        return node.value

    def integer(
        self, key: str, *, required: bool = True, low: int = 0, high: int = 1_000_000, default: int = 0
    ) -> int:
        node = self.get(key, required=required, what="一个整数")
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int) or not low <= node.value <= high:
            self.wrong(key, f"应为 {low} 到 {high} 的整数", node.said())
            return default
        return node.value

    def decimal(self, key: str, *, required: bool = True) -> Decimal | None:
        node = self.get(key, required=required, what="一个数")
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int | Decimal):
            self.wrong(key, "应为一个数", node.said())
            return None
        return Decimal(node.value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        node = self.get(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.wrong(key, "应为 true 或 false", node.said())
            return default
        return node.value

    def day(self, key: str, *, required: bool = True) -> date | None:
        node = self.get(key, required=required, what="一个日期")
        if node is None:
            return None
        if not isinstance(node.value, date):
            self.wrong(key, "应为日期，如 2017-06-14", node.said())
            return None
        return node.value

    def texts(self, key: str, *, required: bool = False, limit: int = 100) -> tuple[str, ...]:
        """A list of words; a single word counts as a list of one."""
        node = self.get(key, required=required, what="一个列表")
        if node is None:
            return ()
        items = node.items if node.kind == "list" else [node]
        found: list[str] = []
        for item in items:
            if (
                item.kind != "scalar"
                or not isinstance(item.value, str)
                or not item.value
                or len(item.value) > limit
            ):
                self.sink.add(
                    item.line, self.at(key), f"列表中的每一项应为不超过 {limit} 字的文字", item.said()
                )
            elif item.value in found:
                self.sink.add(item.line, self.at(key), "列表中的项不得重复", item.said())
            else:
                found.append(item.value)
        return tuple(found)

    def choices(self, key: str, allowed: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        values = self.texts(key, required=required)
        for value in values:
            if value not in allowed:
                found = f"“{value}”" + near(value, allowed)
                self.wrong(key, f"应取自：{'、'.join(allowed)}", found)
        return tuple(value for value in values if value in allowed)

    def table(self, key: str, *, required: bool = False) -> Table | None:
        node = self.get(key, required=required, what="一组“键: 值”")
        if node is None:
            return None
        table = Table(node, self.at(key), self.sink)
        return table if node.kind == "map" else None

    def tables(self, key: str, *, required: bool = False) -> Iterator[Table]:
        """The maps of a list, one after the other; each is closed after its turn."""
        node = self.get(key, required=required, what="一个列表")
        if node is None:
            return
        if node.kind != "list":
            self.wrong(key, "应为一个列表，每项以“- ”开头", node.said())
            return
        for number, item in enumerate(node.items):
            table = Table(item, f"{self.at(key)}[{number + 1}]", self.sink)
            if item.kind == "map":
                yield table
                table.close()

    def pairs(self, key: str) -> dict[str, str]:
        """A map from words to words."""
        table = self.table(key)
        if table is None:
            return {}
        return {name: table.text(name) for name in table.node.entries}

    def close(self) -> None:
        for key in self.node.entries:
            if key not in self.known:
                self.wrong(key, f"这里没有“{key}”这个键" + near(key, self.known))


def near(value: object, allowed: Collection[str]) -> str:
    """A hint at what was probably meant."""
    close = difflib.get_close_matches(str(value)[:60], list(allowed), n=1, cutoff=0.6)
    return f"（是否想写“{close[0]}”？）" if close and close[0] != value else ""
