"""The one door to the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from shuniu.foundation.access import Who
from shuniu.funds.models import Account, Fund, Line, Posting


def post(
    *, by: Who, fund: Fund, kind: str, moves: Mapping[str, int], matter: str, text: str, effect_key: str,
    clause: str = "",
) -> Posting:  # fmt: skip
    """One posting with its lines: account kind → fen, debit above nothing; Σ must be nothing.

    The caller's action has judged, locked and opened the transaction. A repeated effect key is the database's to
    refuse. Accounts are moved in one order, so that two postings of a fund never wait for each other in a circle.
    """
    posting = Posting.objects.create(
        fund=fund,
        kind=kind,
        matter=matter,
        text=text[:200],
        clause=clause,
        effect_key=effect_key,
        by=by.person,
    )
    accounts = {a.kind: a for a in Account.objects.filter(fund=fund, kind__in=moves).order_by("pk")}
    for name in sorted(moves, key=lambda each: accounts[each].pk):
        Line.objects.create(posting=posting, account=accounts[name], amount_fen=moves[name])
    return posting
