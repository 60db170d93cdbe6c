"""A draw that anyone can replay: pure functions over what the public page of a draw shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


def sha256(text: str) -> str:
    """SHA-256 of the text in UTF-8, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def pool_text(name: str, seats: int, pool: Sequence[int]) -> str:
    """The words whose digest is published: which draw, how many seats, the experts' numbers in order."""
    return f"{name}|{seats}|{','.join(map(str, pool))}"


def committed(value: str) -> str:
    """What a party publishes first for the value "number:salt" that it tells later."""
    return sha256(value)


def seed_of(pool_digest: str, values: Sequence[str]) -> str:
    """SHA-256 of the pool's digest and both values, joined by |, in the order of the parties."""
    return sha256("|".join([pool_digest, *values]))


@dataclass(frozen=True)
class Drawn:
    """What follows from a frozen pool and two revealed values."""

    seed: str
    order: tuple[int, ...]  # all numbers of the pool; the first `seats` are drawn, the rest stand by


def replay(pool_digest: str, pool: Sequence[int], values: Sequence[str]) -> Drawn:
    """The order that follows: experts sorted by SHA-256 of "seed:number"."""
    seed = seed_of(pool_digest, values)
    return Drawn(seed, tuple(sorted(pool, key=lambda number: sha256(f"{seed}:{number}"))))
