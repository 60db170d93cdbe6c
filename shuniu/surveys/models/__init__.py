"""Models of surveys."""

from shuniu.surveys.models.after import Callback, Evidence, Item
from shuniu.surveys.models.survey import (
    INVALID,
    LEVELS,
    LOW,
    REASONS,
    Answer,
    Batch,
    Channel,
    Conductor,
    Entry,
    Formula,
    Result,
    Sampling,
    Survey,
    Tally,
    Ticket,
    Unused,
)

__all__ = [
    "INVALID", "LEVELS", "LOW", "REASONS", "Answer", "Batch", "Callback", "Channel", "Conductor", "Entry", "Evidence", "Formula",
    "Item", "Result", "Sampling", "Survey", "Tally", "Ticket", "Unused",
]  # fmt: skip
