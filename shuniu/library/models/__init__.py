"""Documents that were used, folders on their way in, what was published; papers and questions beside them."""

from shuniu.library.models.documents import Document
from shuniu.library.models.endings import Ending
from shuniu.library.models.impact import Impact, ImpactRow
from shuniu.library.models.papers import Paper, Question
from shuniu.library.models.templates import OwnTemplate
from shuniu.library.models.uploads import Release, Upload

__all__ = [
    "Document", "Ending", "Impact", "ImpactRow", "OwnTemplate", "Paper", "Question", "Release", "Upload",
]  # fmt: skip
