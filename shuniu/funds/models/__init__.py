"""Money: the ledger, subsidies for honours, their payment and use, matching standards."""

from shuniu.funds.models.ledger import Account, BudgetChange, Fund, Line, Posting
from shuniu.funds.models.matching import MatchingStandard
from shuniu.funds.models.subsidy import Entitlement, Payee, Payment, Subsidy, Use

__all__ = [
    "Account", "BudgetChange", "Entitlement", "Fund", "Line", "MatchingStandard", "Payee", "Payment", "Posting",
    "Subsidy", "Use",
]  # fmt: skip
