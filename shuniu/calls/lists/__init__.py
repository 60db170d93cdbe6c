"""Staff lists of the calls slice, by noun; importing them makes them findable by their keys."""

from shuniu.calls.lists.audit import Applications

__all__ = ["Applications"]
