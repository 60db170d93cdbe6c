"""Sweeps of the calls slice; every noun adds its import."""

from shuniu.calls.tasks import assignment as assignment
from shuniu.calls.tasks import audit as audit
from shuniu.calls.tasks import call as call
from shuniu.calls.tasks import feedback as feedback
from shuniu.calls.tasks import listing as listing
from shuniu.calls.tasks import panel as panel
from shuniu.calls.tasks import retention as retention
from shuniu.calls.tasks import scoring as scoring
