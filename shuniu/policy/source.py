"""Reads YAML 1.2 into a tree that remembers its lines.

Documents are uploaded, so reading is a door: duplicate keys, explicit tags, merge keys, several documents,
binary numbers and anything beyond the limits below are refused. Decimals come exactly from their text.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from shuniu.policy.problems import PolicyError, Sink

MAX_FILE_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_NODES = 60_000
MAX_ALIASES = 200
MAX_TEXT = 4_000
MAX_DIGITS = 18

Scalar = str | int | Decimal | bool | date | None

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z", re.ASCII)
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+\Z", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+\.?[0-9]*)[eE][-+]?[0-9]+\Z|[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z|[-+]?\.[0-9]+\Z",
    re.ASCII,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)


@dataclass(slots=True)
class Node:
    """A scalar, a list or a map with the line of each key; ``size`` counts aliases in full; of a map its ``file``."""

    kind: str
    line: int
    value: Scalar = None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    size: int = 1
    file: str = ""

    def plain(self) -> Any:
        """The same content as Python values."""
        if self.kind == "map":
            return {key: node.plain() for key, node in self.entries.items()}
        if self.kind == "list":
            return [node.plain() for node in self.items]
        return self.value

    def said(self) -> str:
        """What stands here, short enough for a message."""
        if self.kind == "map":
            return "一组键值"
        if self.kind == "list":
            return "一个列表"
        return "空" if self.value is None else f"“{str(self.value)[:40]}”"


def read(name: str, content: bytes) -> Node:
    """The tree of one YAML file; ``PolicyError`` where it cannot be read."""
    sink = Sink(name)
    if len(content) > MAX_FILE_BYTES:
        sink.add(0, "", f"文件不得超过 {MAX_FILE_BYTES} 字节", f" {len(content)} 字节")
        sink.refuse()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sink.add(content[: error.start].count(b"\n") + 1, "", "文件应为 UTF-8 编码")
        raise PolicyError(sink.problems) from error
    return _Builder(sink).build(text)


_LOOK_BACK = 3  # a line that cannot be read is often noticed only below it
_SLIPS = (
    (re.compile(r"^ *\t"), "缩进用了制表符（Tab），只能用空格"),
    (re.compile(r"(^|[{,，\s-])[A-Za-z_]+："), "键后面用了中文冒号“：”，应是英文冒号加一个空格"),
    (re.compile(r"[{\[].*，\s*[A-Za-z_]+ ?:"), "两项之间用了中文逗号“，”，应是英文逗号"),
    (re.compile(r": [^\"'{\[]*[^\s\"'{\[,]: "), "文字里有英文冒号，整段文字要加引号"),
)


def _why(lines: list[str], line: int) -> tuple[int, str]:
    """The line of the slip that authors make most, at or shortly above where the reading stopped."""
    for number in range(line, max(line - _LOOK_BACK, 0), -1):
        here = lines[number - 1] if number <= len(lines) else ""
        for pattern, said in _SLIPS:
            if not here.lstrip().startswith("#") and pattern.search(here):
                return number, said
    return line, "请检查缩进、冒号和引号"


class _Builder:
    """Builds the tree from parser events: no recursion, so depth is a number and not a crash."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.stack: list[tuple[Node, str | None]] = []
        self.keys: list[tuple[str, int] | None] = []
        self.anchors: dict[str, Node] = {}
        self.aliases = 0
        self.documents = 0
        self.root: Node | None = None

    def stop(self, line: int, expected: str, found: str = "") -> PolicyError:
        self.sink.add(line, "", expected, found)
        return PolicyError(self.sink.problems)

    def build(self, text: str) -> Node:
        parser = YAML(typ="safe", pure=True)
        try:
            for event in parser.parse(io.StringIO(text)):
                self.take(event)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark is not None else 0
            line, why = _why(text.splitlines(), line)
            raise self.stop(line, f"这里不是有效的 YAML 1.2，{why}") from error
        except (
            YAMLError,
            ValueError,
            IndexError,
            KeyError,
            AttributeError,
            TypeError,
            AssertionError,
        ) as error:
            raise self.stop(0, "文件不是有效的 YAML 1.2，可能含有不可见字符") from error
        self.sink.refuse()
        if self.root is None:
            raise self.stop(1, "文件不应为空")
        return self.root

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        line = event.start_mark.line + 1
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                raise self.stop(line, "一个文件只放一份文档，不用“---”分隔")
            if event.version is not None and tuple(event.version) != (1, 2):
                raise self.stop(line, "按 YAML 1.2 编写，不声明其他版本")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if len(self.stack) >= MAX_DEPTH:
                raise self.stop(line, f"嵌套不得超过 {MAX_DEPTH} 层")
            self.plain_only(event, line)
            node = Node("map" if kind == "MappingStartEvent" else "list", line, file=self.sink.file)
            self.stack.append((node, event.anchor))
            self.keys.append(None)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            node, anchor = self.stack.pop()
            self.keys.pop()
            self.place(node, anchor, line)
        elif kind == "ScalarEvent":
            self.plain_only(event, line)
            node = Node("scalar", line, self.scalar(event, line))
            self.place(node, event.anchor, line)
        elif kind == "AliasEvent":
            self.aliases += 1
            if self.aliases > MAX_ALIASES:
                raise self.stop(line, f"引用（*名）不得超过 {MAX_ALIASES} 处")
            known = self.anchors.get(event.anchor)
            if known is None:
                raise self.stop(line, "引用的锚点应在前面完整出现", f"“*{event.anchor}”")
            self.place(known, None, line)

    def plain_only(self, event: Any, line: int) -> None:
        if event.tag is not None:
            raise self.stop(line, "不使用类型标记", f"“{str(event.tag)[:40]}”")

    def place(self, node: Node, anchor: str | None, line: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1][0]
        parent.size += node.size
        if parent.size > MAX_NODES:
            raise self.stop(line, f"文件展开后不得超过 {MAX_NODES} 项")
        if parent.kind == "list":
            parent.items.append(node)
            return
        pending = self.keys[-1]
        if pending is None:
            self.keys[-1] = self.key(node, line)
            return
        key, key_line = pending
        self.keys[-1] = None
        if key in parent.entries:
            self.sink.add(key_line, key, f"键不得重复（第 {parent.lines[key]} 行已有）")
            return
        parent.entries[key] = node
        parent.lines[key] = key_line

    def key(self, node: Node, line: int) -> tuple[str, int]:
        if node.kind != "scalar" or node.value is None:
            raise self.stop(line, "键应为一个词")
        if node.value == "<<":
            raise self.stop(line, "不使用合并键“<<”")
        return str(node.value), line

    def scalar(self, event: Any, line: int) -> Scalar:
        text: str = event.value
        if len(text) > MAX_TEXT:
            raise self.stop(line, f"一段文字不得超过 {MAX_TEXT} 字")
        if event.style is not None:
            return text
        return self.plain_scalar(text, line)

    def plain_scalar(self, text: str, line: int) -> Scalar:
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return False
        if _INTEGER.match(text) or _DECIMAL.match(text):
            if len(text) > MAX_DIGITS:
                raise self.stop(line, f"数字不得超过 {MAX_DIGITS} 位；长编号请加引号", f"“{text[:40]}”")
            return int(text) if _INTEGER.match(text) else Decimal(text)
        if _FLOAT.match(text):
            self.sink.add(line, "", "只接受十进制数（如 0.35），不接受二进制浮点写法", f"“{text[:40]}”")
            return None
        if _DATE.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.sink.add(line, "", "日期应真实存在（年-月-日）", f"“{text}”")
                return None
        return text
