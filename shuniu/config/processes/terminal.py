"""What the person at the terminal reads."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """One line of news, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: object) -> None:
    """One line of trouble, at once."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
