"""What the journal calls the acts of the library."""

from __future__ import annotations

from shuniu.foundation.journal import words


def register() -> None:
    """Tell the journal."""
    words.register("library", verbs={"library.store": "存入制度库"})
