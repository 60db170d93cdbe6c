"""How much there is; known without Django, since the database is named by it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Numbers of rows; `few` and `small_call` are the small list and the small call beside the large ones."""

    name: str
    organisations: int
    applications: int
    few: int = 50
    small_call: int = 100
    recognitions: int = 10_000
    imported: int = 20_000
    certificates: int = 1_000
    answers: int = 100_000
    registry: int = 1_000_000  # organisations whose admission is estimated

    @property
    def key(self) -> str:
        """The size in words, for the database that is kept."""
        return f"{self.organisations}-{self.applications}-{self.few}-{self.small_call}-{self.recognitions}"


FULL = Size("full", organisations=100_000, applications=10_000)
MIDDLE = Size(
    "middle",
    organisations=5_000,
    applications=500,
    recognitions=500,
    imported=1_000,
    certificates=50,
    answers=5_000,
    registry=20_000,
)
TINY = Size(
    "tiny",
    organisations=200,
    applications=30,
    few=10,
    small_call=12,
    recognitions=20,
    imported=60,
    certificates=5,
    answers=150,
    registry=400,
)
SIZES = {size.name: size for size in (FULL, MIDDLE, TINY)}
