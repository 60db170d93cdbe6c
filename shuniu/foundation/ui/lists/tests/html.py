"""Reading a list page as a person does."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

_TAGS = re.compile(r"<[^>]+>")


def text(html: str) -> str:
    """The words without the markup."""
    return re.sub(r"\s+", " ", unescape(_TAGS.sub("", html))).strip()


def body(response: Any) -> str:
    return str(response.content.decode())


def rows(response: Any) -> list[list[str]]:
    """The words of every cell of the table's body, without the tick."""
    found = re.search(r"<tbody>(.*?)</tbody>", body(response), re.S)
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", found.group(1), re.S) if found else []
    return [
        [
            text(cell)
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)
            if 'name="pick"' not in cell
        ]
        for line in lines
    ]


def headers(response: Any) -> list[str]:
    return [text(h) for h in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', body(response), re.S)]


def links(response: Any, css: str) -> dict[str, str]:
    """Words → address of the links of that class."""
    found = re.findall(rf'<a class="{css}" href="([^"]*)"[^>]*>(.*?)</a>', body(response), re.S)
    return {text(words): unescape(url) for url, words in found}


def tabs(response: Any) -> dict[str, tuple[str, str]]:
    """Label → (count, address)."""
    found = re.findall(
        r'<a id="list-tab-[^"]*" href="([^"]*)"[^>]*>(.*?) <span>(.*?)</span></a>', body(response)
    )
    return {text(label): (count, unescape(url)) for url, label, count in found}


def hidden(response: Any, name: str) -> list[str]:
    return [unescape(v) for v in re.findall(rf'name="{name}" value="([^"]*)"', body(response))]


def notes(response: Any) -> list[str]:
    return [text(n) for n in re.findall(r'<div class="note [^>]*>(.*?)</div></div>', body(response), re.S)]
