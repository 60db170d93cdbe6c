"""Every write to the library."""

from shuniu.library.actions.adopting import Local, adopt
from shuniu.library.actions.storing import changed_folders, store
from shuniu.library.actions.uploads import confirm, decline, discard, propose, upload

__all__ = ["Local", "adopt", "changed_folders", "confirm", "decline", "discard", "propose", "store", "upload"]
