"""Addresses of the calls slice, noun by noun."""

from shuniu.calls.urls import (
    apply,
    assignment,
    audit,
    call,
    feedback,
    listing,
    objection,
    panel,
    promotion,
    public,
    recommend,
    retention,
    scoring,
    word,
)

app_name = "calls"

# "call" and "apply" end with an address for any section, so they stand last.
urlpatterns = [
    *audit.urlpatterns,
    *assignment.urlpatterns,
    *recommend.urlpatterns,
    *panel.urlpatterns,
    *scoring.urlpatterns,
    *feedback.urlpatterns,
    *listing.urlpatterns,
    *promotion.urlpatterns,
    *objection.urlpatterns,
    *public.urlpatterns,
    *retention.urlpatterns,
    *word.urlpatterns,
    *call.urlpatterns,
    *apply.urlpatterns,
]
