"""One component for every staff list. See `base.List`; slices import from here.

from shuniu.foundation.ui.lists import BatchAction, Choice, Column, DateRange, List, Sign, Tab, TextSearch
"""

from shuniu.foundation.ui.lists.base import List, Tab, find
from shuniu.foundation.ui.lists.batch import BatchAction
from shuniu.foundation.ui.lists.columns import Column, Sign, Toned
from shuniu.foundation.ui.lists.filters import Choice, DateRange, Filter, TextSearch
from shuniu.foundation.ui.lists.seen import mark_seen

__all__ = [
    "BatchAction", "Choice", "Column", "DateRange", "Filter", "List", "Sign", "Tab", "TextSearch", "Toned",
    "find", "mark_seen",
]  # fmt: skip
