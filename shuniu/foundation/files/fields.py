"""The form field of a file that is told by its content."""

from __future__ import annotations

from typing import Any

from django import forms

from shuniu.foundation.files import kinds, receiving
from shuniu.foundation.files.receiving import Received
from shuniu.foundation.files.rules import FileRefused


class Paper(forms.FileField):
    """A file, received and checked by its content when the form is valid otherwise; gives `Received` or None."""

    def __init__(self, *, allowed: frozenset[str] = kinds.EVIDENCE, **kwargs: Any) -> None:
        self.allowed = allowed
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": kinds.accept(allowed)}))
        super().__init__(allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Received | None:
        found = super().clean(data, initial)
        if not found:
            return None
        try:
            return receiving.receive(
                found.file, name=found.name, allowed=self.allowed, max_bytes=kinds.DEFAULT_MAX_BYTES
            )
        except FileRefused as refused:
            raise forms.ValidationError(refused.verdict.reason) from refused
