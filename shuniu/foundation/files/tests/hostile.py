"""What the limited child is made to run."""

from __future__ import annotations

import os
import time
from typing import Any


def echo(argument: Any) -> Any:
    return argument


def surroundings(argument: Any) -> list[str]:
    return sorted(os.environ)


def spin(argument: Any) -> None:
    while True:
        pass


def sleep(argument: Any) -> None:
    time.sleep(60)


def eat(argument: Any) -> None:
    kept = [bytes(10**6)]
    while True:
        kept.append(kept[0] * 100)


def fail(argument: Any) -> None:
    raise RuntimeError("as asked")
