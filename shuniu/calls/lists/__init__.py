"""Staff lists of the calls slice, by noun; importing them makes them findable by their keys."""

from shuniu.calls.lists.audit import Applications
from shuniu.calls.lists.feedback import Feedbacks, Improvements

__all__ = ["Applications", "Feedbacks", "Improvements"]
