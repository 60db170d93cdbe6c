"""Addresses of the calls slice, noun by noun."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern

app_name = "calls"
# "call" and "apply" end with an address for any section, so they stand last.
_NOUNS = (
    "audit",
    "assignment",
    "recommend",
    "panel",
    "scoring",
    "feedback",
    "listing",
    "promotion",
    "objection",
    "public",
    "retention",
    "word",
    "call",
    "apply",
)

urlpatterns: list[URLPattern] = []
for _noun in _NOUNS:
    if find_spec(f"shuniu.calls.urls_{_noun}"):
        urlpatterns += import_module(f"shuniu.calls.urls_{_noun}").urlpatterns
