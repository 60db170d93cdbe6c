"""Lists on their way in: uploaded, read, looked at, confirmed, written."""

from shuniu.registry.actions.imports.desk import (
    confirm_import,
    discard_import,
    fetch_adverse,
    read_import,
    start_import,
)
from shuniu.registry.actions.imports.register import take_register
from shuniu.registry.actions.imports.writing import write_import

__all__ = [
    "confirm_import",
    "discard_import",
    "fetch_adverse",
    "read_import",
    "start_import",
    "take_register",
    "write_import",
]
