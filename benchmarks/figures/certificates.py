"""Certificates as PDF, one job after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.measure import Line
from benchmarks.stage import Stage
from shuniu.recognition.actions.certificates import issue_certificate
from shuniu.recognition.models import Recognition


def certificates(stage: Stage) -> Iterator[Line]:
    """What the worker does after a formal list: rendered, stored, issued and journalled one by one."""
    waiting = Recognition.objects.filter(paper__isnull=True, union=stage.large.union).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[: stage.size.certificates])
    started = time.perf_counter()
    for pk in ids:
        issue_certificate(recognition_id=pk)
    seconds = time.perf_counter() - started
    made = Recognition.objects.filter(pk__in=ids, paper__isnull=False).count()
    text = f"{seconds:.1f} s，每份 {seconds / max(len(ids), 1) * 1000:.1f} ms"
    yield Line(
        "认定证书（PDF）", f"{made:,} 份", text, "全部制成", made == len(ids) == stage.size.certificates
    )
