"""The port to typst: a template of ours and data as JSON become a PDF/A-2b."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from shuniu.foundation.access import Refused, refuse
from shuniu.foundation.calendar import clock
from shuniu.foundation.papers import rules  # noqa: F401 - registers the sentences
from shuniu.foundation.papers.fonts import faces
from shuniu.foundation.ui.phrases import phrases

_PACKAGE = Path(__file__).resolve().parents[2]  # …/shuniu: the root that templates see
_BESIDE = "foundation/papers/typst"
_FIXED = dt.timezone(dt.timedelta(hours=8))  # typst wants an offset, not a zone
_lock = threading.Lock()
_NO_GLYPH = re.compile(r"the text `(.+?)` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

OFFICIAL, PLAIN, TABLE = (f"{_BESIDE}/{name}.typ" for name in ("official", "plain", "table"))
"""The templates whose body comes as blocks: most papers need no other."""


class BadTemplate(RuntimeError):
    """A template does not compile; the text is typst's."""


@cache
def _compiler() -> Any:
    import typst

    return typst.Compiler(root=str(_PACKAGE), font_paths=faces().fonts, ignore_system_fonts=True)


def render(template: str, data: dict[str, Any]) -> bytes:
    """The PDF/A-2b of `template` ("calls/papers/notice.typ", below the package) with `data`.

    The template finds `data` (plain JSON) by `#import "/foundation/papers/typst/base.typ": *`; nothing in it
    is ever read as markup. Raises Refused for a character that no font has, MissingFont, BadTemplate, and
    TypeError for data that JSON cannot carry.
    """
    import typst

    path = (_PACKAGE / template).resolve()
    if _PACKAGE not in path.parents or path.suffix != ".typ":
        raise ValueError(f"not a template of this package: {template}")
    shown = clean(data)
    title = [phrases(line) for line in str(shown.get("title", "")).split("\n")]
    inputs = {
        "data": json.dumps(shown, ensure_ascii=False),
        "title": json.dumps(title, ensure_ascii=False),
        "fonts": json.dumps(faces().lists, ensure_ascii=False),
    }
    made_at = clock.now().astimezone(_FIXED).replace(microsecond=0)
    try:
        with _lock:  # one compiler, kept warm, serves one thread at a time
            made, warnings = _compiler().compile_with_warnings(
                str(path),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["a-2b"],
                timestamp=made_at,
            )
    except typst.TypstError as problem:
        if missing := _NO_GLYPH.search(str(problem.message)):
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), missing[1].strip('"'))
            raise Refused(refuse("papers.glyph", text=text)) from problem
        raise BadTemplate(f"{template}: {problem.diagnostic}") from problem
    if warnings:
        raise BadTemplate(f"{template}: {'; '.join(str(w.message) for w in warnings)}")
    return bytes(made)


def clean(value: Any) -> Any:
    """Without the control characters that come along from spreadsheets; line breaks stay."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value
