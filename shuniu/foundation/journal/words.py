"""The Chinese of the journal: what acts and their facts are called. Each slice tells its own, in its `words.py`.

    register("calls", verbs={"calls.compose": "拟定遴选"}, facts={"clerk": ("经办人", named("accounts.person"))})

A fact is looked up as `act.fact` (the act without its slice), then as `fact`, among the words of the slice that
wrote the entry, then among those that all slices share.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from shuniu.foundation.journal.models import Entry
from shuniu.foundation.ui import formats

Show = Callable[[Entry, Any], str]
Word = str | tuple[str, Show]
SHARED = ""

_verbs: dict[str, str] = {}
_facts: dict[tuple[str, str], Word] = {}
_values: dict[str, str] = {}


@dataclass(frozen=True)
class Said:
    """One fact of an entry in words; `code`: a digest or another thing to be compared letter by letter."""

    label: str
    value: str
    code: bool = False


def register(
    of: str,
    *,
    verbs: Mapping[str, str] | None = None,
    facts: Mapping[str, Word] | None = None,
    values: Mapping[str, str] | None = None,
) -> None:
    """Tell the words of a slice; `of` is its label, or SHARED. LookupError when two slices name one act apart.

    `values`: codes of the slice that facts of anybody may bear ("calls.notice", "registry.member").
    """
    _values.update(values or {})
    for verb, word in (verbs or {}).items():
        if _verbs.setdefault(verb, word) != word:
            raise LookupError(f"the act {verb} is called {_verbs[verb]} and {word}")
    _facts.update({(of, name): word for name, word in (facts or {}).items()})


def verb_label(verb: str) -> str:
    """The act in Chinese; the code itself where nobody gave it a word."""
    return _verbs.get(verb, verb)


def kind_label(kind: str) -> str:
    """calls.application → 申报: the name that the model gives itself."""
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except (LookupError, ValueError):
        return kind


def told() -> set[tuple[str, str]]:
    """The facts that have a word: slice and name."""
    return set(_facts)


def word_of(entry: Entry, name: str) -> Word | None:
    """The word of one fact of this entry, or None."""
    slice_, _, act = entry.verb.rpartition(".")
    slice_ = slice_ or entry.subject.partition(".")[0]
    for key in ((slice_, f"{act}.{name}"), (slice_, name), (SHARED, name)):
        if key in _facts:
            return _facts[key]
    return None


def said(entry: Entry) -> list[Said]:
    """The facts of an entry in words, in the order of the words, a line for each part; what says nothing is left out."""
    own_first = sorted(_facts, key=lambda key: key[0] == SHARED)
    places = {_facts[key]: place for place, key in enumerate(own_first, 1)}
    rows = [
        (places.get(word_of(entry, name) or "", 0), _said(entry, name, value))
        for name, value in entry.facts.items()
        if value not in (None, "", [], {})
    ]
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def _said(entry: Entry, name: str, value: Any) -> Said:
    word = word_of(entry, name)
    label, show = word if isinstance(word, tuple) else (word or name, None)
    if show is not None and value not in (None, "", [], {}):
        return Said(label, show(entry, value))
    return Said(label, _plain(entry, value), isinstance(value, str) and bool(_DIGEST.match(value)))


_DIGEST = re.compile(r"[0-9a-f]{32,64}$")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*[+-]\d\d:\d\d$")


def _plain(entry: Entry, value: Any) -> str:
    """A value without a word of its own: yes and no, days and moments as pages write them, lists and tables flat."""
    if value in (None, "", [], {}):
        return formats.NONE
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        rows = [_said(entry, str(name), each) for name, each in value.items()]
        return "\n".join(f"{row.label}：{row.value}" for row in rows)
    if isinstance(value, list):
        return "、".join(
            f"（{_plain(entry, each)}）" if isinstance(each, list | dict) else _plain(entry, each)
            for each in value
        )
    text = _values.get(str(value), str(value))
    return formats.when(dt.datetime.fromisoformat(text)) if _MOMENT.match(text) else text


class _Names:
    """The records that facts name by their keys: asked for at once, or first noted for many entries together."""

    def __init__(self, *, noting: bool = False) -> None:
        self.noting = noting
        self.noted: dict[str, set[Any]] = {}
        self.found: dict[str, dict[Any, Any]] = {}

    def of(self, model: str, keys: list[Any]) -> dict[Any, Any]:
        if self.noting:
            self.noted.setdefault(model, set()).update(keys)
            return {}
        if model in self.found:
            return self.found[model]
        rows: dict[Any, Any] = apps.get_model(model)._base_manager.in_bulk(keys)
        return rows

    def find(self) -> None:
        self.noting = False
        for model, keys in self.noted.items():
            self.found[model] = self.of(model, list(keys))


def names_known(entries: list[Entry]) -> list[Entry]:
    """The entries, with the records that their facts name fetched in a query for each kind: for lists of many."""
    names = _Names(noting=True)
    for entry in entries:
        vars(entry)["names"] = names
        said(entry)
    names.find()
    return entries


def named(model: str) -> Show:
    """Records by the names that they give themselves, from one key or several."""

    def show(entry: Entry, value: Any) -> str:
        keys = value if isinstance(value, list) else [value]
        rows = vars(entry).get("names", _Names()).of(model, keys)
        return "、".join(str(rows.get(key, f"第 {key} 号")) for key in keys)

    return show


def chosen(words: Mapping[str, Any]) -> Show:
    """Keys of a closed list by their words, one or several; an unknown one as it is."""

    def show(entry: Entry, value: Any) -> str:
        keys = value if isinstance(value, list) else [value]
        return "、".join(str(words.get(key, key)) for key in keys)

    return show


def fields(entry: Entry, value: Any) -> str:
    """Field names of the entry's record as its forms call them."""
    model = apps.get_model(entry.subject.partition(":")[0])
    known = {
        field.name: str(getattr(field, "verbose_name", field.name)) for field in model._meta.get_fields()
    }
    return "、".join(known.get(name, name) for name in value)


def days(entry: Entry, value: Any) -> str:
    """The exceptional days of a year."""
    return "、".join(f"{day} {'上班' if working else '放假'}" for day, working in value)


def size(entry: Entry, value: Any) -> str:
    """Bytes as people read them."""
    return formats.filesize_cn(int(value))


register(
    SHARED,
    verbs={
        "sign_in": "登录", "sign_out": "退出登录", "lock_out": "暂停登录", "end_session": "结束登录", "end_sessions": "结束登录",
        "create_person": "建立账号", "change_profile": "修改资料", "change_password": "修改密码",
        "set_password": "重设密码", "deactivate": "停用账号", "invite": "邀请", "revoke_invitation": "收回邀请",
        "accept_invitation": "接受邀请", "remove_second_factor": "重设第二步验证", "confirm_year": "确认工作日历",
        "set_day": "更改工作日", "lists.export": "导出", "issue_paper": "签发文书",
        "upload": "上传文件", "reuse": "选用以往文件", "remove": "删除文件", "restore": "恢复文件",
        "verify_journal": "核验日志",
    },
    facts={
        "digest": "校验值（SHA-256）", "sha256": "文件校验值（SHA-256）", "size": ("大小", size), "number": "编号",
        "kind": "种类", "rows": "行数", "count": "数量", "reason": "理由", "before": "原来", "after": "改为",
        "state": "状态", "purpose": "用途", "verified": "已核实身份", "removed": "移除的验证方式数",
        "days": ("与周次不同的日子", days), "date": "日期", "was": "原来上班", "working": "改为上班",
        "intact": "完好", "blocks": "块数", "entries": "条数", "head": "链首校验值", "problem": "问题",
        "list": "列表代号", "query": "条件（网址参数）", "version": "版本", "key": "代号",
    },
    values={"accounts.password": "重设密码"},
)  # fmt: skip
