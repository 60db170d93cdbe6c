"""Documents that were used, folders on their way in, what was published."""

from shuniu.library.models.documents import Document
from shuniu.library.models.uploads import Release, Upload

__all__ = ["Document", "Release", "Upload"]
