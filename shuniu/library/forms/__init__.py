"""The shape of what comes in on the pages of the library."""

from shuniu.library.forms.endings import EndDecisionForm, EndForm
from shuniu.library.forms.papers import AnswerForm, AskForm, PaperForm, PublishForm
from shuniu.library.forms.templates import TemplateForm
from shuniu.library.forms.uploads import AdoptForm, DecisionForm, RehearsalForm, UploadForm

__all__ = [
    "AdoptForm",
    "AnswerForm",
    "AskForm",
    "DecisionForm",
    "EndDecisionForm",
    "EndForm",
    "PaperForm",
    "PublishForm",
    "RehearsalForm",
    "TemplateForm",
    "UploadForm",
]
