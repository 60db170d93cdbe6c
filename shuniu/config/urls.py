"""Every address of the product; each view carries its guard."""

from __future__ import annotations

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

# slice, prefix: the public portal owns the root
_SLICES = [
    ("shuniu.foundation.ui", ""),
    ("shuniu.foundation.accounts", ""),
    ("shuniu.config.health", ""),
    ("shuniu.unions", ""),
    ("shuniu.registry", ""),
    ("shuniu.library", ""),
    ("shuniu.surveys", ""),
    ("shuniu.recognition", ""),
    ("shuniu.network", ""),
    ("shuniu.funds", ""),
    ("shuniu.projects", ""),
    ("shuniu.calls", ""),
    ("shuniu.portal", ""),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"{name}.urls")) for name, prefix in _SLICES
]

handler400 = "shuniu.config.errors.bad_request"
handler403 = "shuniu.config.errors.forbidden"
handler404 = "shuniu.config.errors.not_found"
handler500 = "shuniu.config.errors.server_error"
