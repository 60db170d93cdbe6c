"""The sweep of money."""

from __future__ import annotations

from shuniu.foundation.jobs import sweep
from shuniu.funds.actions.subsidy import look_for_subsidies

sweep("funds.subsidies")(look_for_subsidies)
