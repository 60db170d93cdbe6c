"""Lists on their way in: uploaded, read, looked at, confirmed, written."""

from shuniu.registry.actions.imports.desk import confirm_import, discard_import, read_import, start_import
from shuniu.registry.actions.imports.writing import write_import

__all__ = ["confirm_import", "discard_import", "read_import", "start_import", "write_import"]
