"""The shape of what comes in on the pages of the library."""

from shuniu.library.forms.uploads import AdoptForm, DecisionForm, UploadForm

__all__ = ["AdoptForm", "DecisionForm", "UploadForm"]
