"""Triggers of money, each with the truth that it keeps."""

from __future__ import annotations

APPEND_ONLY = ("funds_posting", "funds_line", "funds_entitlement", "funds_matchingstandard")


def _raise(condition: str, code: str) -> str:
    """A refusal by the database; the code stands first in the message, see `funds.actions.refused`."""
    return f"IF {condition} THEN RAISE EXCEPTION '{code}' USING ERRCODE = 'check_violation'; END IF;"


def _trigger(
    name: str,
    table: str,
    when: str,
    body: str,
    *,
    declare: str = "",
    timing: str = "BEFORE",
    deferred: bool = False,
) -> str:
    kind = "CONSTRAINT TRIGGER" if deferred else "TRIGGER"
    defer = "DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    back = "RETURN NULL;" if timing == "AFTER" else "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    return f"""
CREATE OR REPLACE FUNCTION shuniu.{name}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE {declare or "nothing integer;"}
BEGIN
  {body}
  {back}
END $$;
CREATE {kind} {name} {timing} {when} ON {table} {defer} FOR EACH ROW EXECUTE FUNCTION shuniu.{name}();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};
"""


# Two accounts of one human being are one person.
_SAME = (
    "EXISTS (SELECT 1 FROM accounts_person a, accounts_person b WHERE a.id = {first} AND b.id = {second}"
    " AND (a.id = b.id OR a.identity = b.identity))"
)


def _two_people(name: str, table: str, first: str, second: str, when: str = "true") -> str:
    """What one natural person began, another decides; what was decided stays."""
    return _trigger(
        name, table, "INSERT OR UPDATE",
        _raise(f"{when} AND " + _SAME.format(first=f"NEW.{first}", second=f"NEW.{second}"), "funds.alone"),
    )  # fmt: skip


def _frozen(
    name: str, table: str, free: tuple[str, ...], ways: tuple[tuple[str, str], ...], begins: str
) -> str:
    """Rows stay as they began but for these columns, and the state goes these ways only."""
    columns = ", ".join(f"'{c}'" for c in free)
    allowed = ", ".join(f"('{a}', '{b}')" for a, b in ways)
    return _trigger(
        name, table, "INSERT OR UPDATE OR DELETE",
        _raise("TG_OP = 'DELETE'", "funds.stays")
        + _raise(f"TG_OP = 'INSERT' AND NEW.state <> '{begins}'", "funds.stays")
        + "IF TG_OP = 'UPDATE' THEN "
        + _raise(
            f"to_jsonb(NEW) - ARRAY[{columns}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{columns}]"
            f" OR (OLD.state, NEW.state) NOT IN ({allowed})",
            "funds.stays",
        )
        + " END IF;",
    )  # fmt: skip


_BALANCE = (
    "SELECT coalesce(sum(l.amount_fen), 0) INTO {into} FROM funds_line l JOIN funds_account a ON a.id = l.account_id"
    " JOIN funds_posting p ON p.id = l.posting_id WHERE p.matter = {matter} AND a.kind IN ({kinds});"
)

STATEMENTS = (
    # Only a line moves a balance: the row lock of the account queues those who spend the same budget.
    _trigger(
        "account_by_lines", "funds_account", "INSERT OR UPDATE OR DELETE",
        _raise(
            "TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.balance_fen <> 0) OR (TG_OP = 'UPDATE' AND"
            " (pg_trigger_depth() < 2 OR (NEW.id, NEW.fund_id, NEW.kind) IS DISTINCT FROM (OLD.id, OLD.fund_id,"
            " OLD.kind)))",
            "funds.balance_by_lines",
        ),
    ),
    # A line belongs to a posting of this very transaction and to an account of the same fund.
    _trigger(
        "line_moves_balance", "funds_line", "INSERT",
        _raise(
            "NOT EXISTS (SELECT 1 FROM funds_posting p JOIN funds_account a ON a.fund_id = p.fund_id"
            " WHERE p.id = NEW.posting_id AND a.id = NEW.account_id"
            " AND p.xid = pg_current_xact_id()::text::bigint)",
            "funds.line_of_another",
        )
        + "UPDATE funds_account SET balance_fen = balance_fen + NEW.amount_fen WHERE id = NEW.account_id;",
        timing="AFTER",
    ),
    # Σ debit = Σ credit.
    _trigger(
        "posting_balances", "funds_posting", "INSERT",
        "SELECT coalesce(sum(amount_fen), 0), count(*) INTO total, n FROM funds_line WHERE posting_id = NEW.id;"
        + _raise("total <> 0 OR n < 2", "funds.unbalanced"),
        declare="total numeric; n integer;", timing="AFTER", deferred=True,
    ),
    # What is paid or promised less what came back is never more than the highest honour in force allows, at
    # every commitment and payment. The honours are locked, so that a revocation waits or is seen.
    _trigger(
        "subsidy_within_honour", "funds_posting", "INSERT",
        "IF NEW.kind IN ('commit', 'pay') AND NEW.matter LIKE 'funds.subsidy:%' THEN"
        " subsidy := split_part(NEW.matter, ':', 2)::bigint;"
        " PERFORM 1 FROM funds_subsidy WHERE id = subsidy FOR UPDATE;"
        " PERFORM 1 FROM recognition_honour h JOIN funds_entitlement e ON e.honour_id = h.id"
        " WHERE e.subsidy_id = subsidy ORDER BY h.id FOR SHARE OF h;"
        " SELECT coalesce(max(e.amount_fen), 0) INTO entitled FROM funds_entitlement e JOIN recognition_honour h"
        " ON h.id = e.honour_id WHERE e.subsidy_id = subsidy AND h.state = 'in_force';"
        + _BALANCE.format(into="held", matter="NEW.matter", kinds="'committed', 'paid', 'receivable'")
        + _raise("held > entitled", "funds.over_honour")
        + " END IF;",
        declare="subsidy bigint; entitled numeric; held numeric;", timing="AFTER", deferred=True,
    ),
    # An entitlement is of an honour of this very subject, under this very document.
    _trigger(
        "entitlement_of_subject", "funds_entitlement", "INSERT",
        _raise(
            "NOT EXISTS (SELECT 1 FROM funds_subsidy s JOIN recognition_honour h ON h.id = NEW.honour_id"
            " WHERE s.id = NEW.subsidy_id AND h.subject_key = s.subject_key AND h.union_id = s.union_id"
            " AND h.organisation_id = s.organisation_id)",
            "funds.honour_of_another",
        ),
    ),
    _frozen(
        "payment_stays", "funds_payment", ("state", "payee_id", "paid_on", "voucher", "paid_by_id"),
        (("due", "due"), ("due", "paid"), ("due", "cancelled")), "due",
    ),
    # The state of a payment is what the ledger says, and only a confirmed payee of the same subsidy is paid.
    _trigger(
        "payment_as_posted", "funds_payment", "INSERT OR UPDATE",
        "SELECT p.state INTO now_state FROM funds_payment p WHERE p.id = NEW.id;"
        "SELECT string_agg(split_part(effect_key, ':', 3), ',' ORDER BY id) INTO posted FROM funds_posting"
        " WHERE effect_key IN ('funds.payment:' || NEW.id || ':commit', 'funds.payment:' || NEW.id || ':pay',"
        " 'funds.payment:' || NEW.id || ':release') AND matter = 'funds.subsidy:' || NEW.subsidy_id;"
        + _raise(
            "posted IS DISTINCT FROM (CASE now_state WHEN 'due' THEN 'commit' WHEN 'paid' THEN 'commit,pay'"
            " ELSE 'commit,release' END)",
            "funds.payment_not_posted",
        )
        + _raise(
            "EXISTS (SELECT 1 FROM funds_posting g JOIN funds_line l ON l.posting_id = g.id JOIN funds_account a"
            " ON a.id = l.account_id WHERE a.kind = 'committed' AND abs(l.amount_fen) <> NEW.amount_fen AND"
            " g.effect_key LIKE 'funds.payment:' || NEW.id || ':%')",
            "funds.payment_not_posted",
        )
        + _raise(
            "now_state = 'paid' AND NOT EXISTS (SELECT 1 FROM funds_payment p JOIN funds_payee y ON y.id = p.payee_id"
            " WHERE p.id = NEW.id AND y.subsidy_id = NEW.subsidy_id AND y.state IN ('confirmed', 'replaced'))",
            "funds.payee_unconfirmed",
        ),
        declare="now_state text; posted text;", timing="AFTER", deferred=True,
    ),
    _frozen(
        "payee_stays", "funds_payee", ("state", "decided_by_id", "decided_at", "decision_reason"),
        (("proposed", "proposed"), ("proposed", "confirmed"), ("proposed", "declined"), ("confirmed", "confirmed"),
         ("confirmed", "replaced")),
        "proposed",
    ),
    _frozen(
        "budget_stays", "funds_budgetchange", ("state", "decided_by_id", "decided_at", "decision_reason"),
        (("proposed", "approved"), ("proposed", "refused")), "proposed",
    ),
    _trigger(
        "use_stays", "funds_use", "UPDATE OR DELETE",
        _raise("TG_OP = 'DELETE'", "funds.stays")
        + _raise(
            "to_jsonb(NEW) - ARRAY['state', 'decided_by_id', 'decided_at', 'decision_reason', 'proof_id'] IS DISTINCT FROM"
            " to_jsonb(OLD) - ARRAY['state', 'decided_by_id', 'decided_at', 'decision_reason', 'proof_id']"
            " OR (OLD.proof_id IS NOT NULL AND NEW.proof_id IS DISTINCT FROM OLD.proof_id)"
            " OR (OLD.state <> 'proposed' AND (NEW.state, NEW.decided_by_id) IS DISTINCT FROM (OLD.state,"
            " OLD.decided_by_id))",
            "funds.stays",
        ),
    ),
    # Nothing is used that was not paid: the subsidy's row is locked, so that two cannot use the same money.
    _trigger(
        "use_within_paid", "funds_use", "INSERT OR UPDATE",
        "PERFORM 1 FROM funds_subsidy WHERE id = NEW.subsidy_id FOR UPDATE;"
        + _BALANCE.format(into="paid", matter="'funds.subsidy:' || NEW.subsidy_id", kinds="'paid'")
        + "SELECT coalesce(sum(amount_fen), 0) INTO used FROM funds_use WHERE subsidy_id = NEW.subsidy_id"
        " AND state <> 'declined';"
        + _raise("NEW.state <> 'declined' AND used > paid", "funds.use_over_paid"),
        declare="paid numeric; used numeric;", timing="AFTER",
    ),
    _two_people("payee_by_two", "funds_payee", "proposed_by_id", "decided_by_id", "NEW.state = 'confirmed'"),
    _two_people("budget_by_two", "funds_budgetchange", "proposed_by_id", "decided_by_id", "NEW.state = 'approved'"),
    _two_people("use_by_two", "funds_use", "recorded_by_id", "decided_by_id", "NEW.state = 'counted'"),
    # What a subsidy is about stays.
    _trigger(
        "subsidy_stays", "funds_subsidy", "UPDATE OR DELETE",
        _raise(
            "TG_OP = 'DELETE' OR to_jsonb(NEW) - ARRAY['use_due_on'] IS DISTINCT FROM"
            " to_jsonb(OLD) - ARRAY['use_due_on']",
            "funds.stays",
        ),
    ),
)  # fmt: skip
