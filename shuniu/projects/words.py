"""What the journal calls the acts upon projects."""

from __future__ import annotations

from shuniu.foundation.journal import words


def register() -> None:
    """Tell the journal."""
    words.register(
        "projects",
        verbs={
            "projects.register": "登记项目",
            "projects.change": "更改项目",
            "projects.freeze": "固定事实清单",
        },
        facts={"fields": ("更改的内容", words.fields)},
    )
