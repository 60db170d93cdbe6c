"""What the journal calls the acts of the library."""

from __future__ import annotations

from shuniu.foundation.journal import words


def register() -> None:
    """Tell the journal."""
    words.register(
        "library",
        verbs={
            "library.store": "存入制度库",
            "library.upload": "上传制度",
            "library.propose": "提请发布制度",
            "library.publish": "发布制度",
            "library.decline": "不同意发布制度",
            "library.discard": "放弃上传的制度",
        },
        facts={"cases": "案例"},
    )
