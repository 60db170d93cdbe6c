"""The shape of what comes in on the pages of the library."""

from shuniu.library.forms.endings import EndForm
from shuniu.library.forms.papers import AnswerForm, AskForm, PaperForm
from shuniu.library.forms.templates import TemplateForm
from shuniu.library.forms.uploads import AdoptForm, RehearsalForm, UploadForm

__all__ = [
    "AdoptForm",
    "AnswerForm",
    "AskForm",
    "EndForm",
    "PaperForm",
    "RehearsalForm",
    "TemplateForm",
    "UploadForm",
]
