"""The figures, one module for each kind; `ALL` is their order in the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.figures import (
    assigning,
    certificates,
    impact,
    importing,
    lists,
    pages,
    public,
    scoring,
    search,
    surveying,
)
from benchmarks.measure import Line
from benchmarks.stage import Stage

Figure = Callable[[Stage], Iterator[Line]]

ALL: dict[str, Figure] = {
    "list-organisations": lists.organisations,
    "list-applications": lists.applications,
    "list-ranking": lists.ranking,
    "list-public": lists.public,
    "meeting": pages.meeting,
    "application": pages.application,
    "search": search.search,
    "score": scoring.score,
    "web": public.web,
    "import": importing.importing,
    "assigning": assigning.assigning,
    "impact": impact.impact,
    "certificates": certificates.certificates,
    "surveys": surveying.surveying,
}
