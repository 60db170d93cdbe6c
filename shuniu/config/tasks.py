"""Sweeps of the queue itself."""

from __future__ import annotations

from shuniu.foundation import jobs


@jobs.sweep("jobs.rescue", alone=False)
def rescue() -> int:
    """Put back the jobs of workers that died; not alone, since an orphan of its own must not stop it."""
    return jobs.rescue()


@jobs.sweep("jobs.forget_old", jobs.NIGHTLY)
def forget_old() -> int:
    """Forget what failed a month ago."""
    return jobs.forget_old()
