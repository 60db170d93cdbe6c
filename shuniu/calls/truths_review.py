"""Triggers that came to the review after the first release; SQL that has left the house stays as it is."""

from __future__ import annotations

from shuniu.calls.truths import _raise, _trigger

CALIBRATION = (
    # What stands beside the scores is chosen before anybody knows one.
    _trigger(
        "committee_calibration_fixed", "calls_committee", "UPDATE",
        _raise(
            "OLD.opened_at IS NOT NULL AND NEW.calibration IS DISTINCT FROM OLD.calibration",
            "calls.committee_fixed",
        ),
    ),
)  # fmt: skip

_PLAN_OPEN = (
    "SELECT state INTO st FROM calls_assignmentplan WHERE id = coalesce(NEW.plan_id, OLD.plan_id) FOR SHARE;"
    + _raise("st NOT IN ('computing', 'proposed')", "calls.plan_stays")
)
# Sheets of a member that count: the member takes part and is not recused.
_COUNTING = (
    "calls_scoresheet s JOIN calls_seat t ON t.id = s.seat_id AND t.state = 'active'"
    " AND NOT EXISTS (SELECT 1 FROM calls_recusal r WHERE r.seat_id = s.seat_id"
    " AND r.application_id = s.application_id)"
)

ASSIGNMENT = (
    # How many review each application, and how many a member takes, is settled before scoring opens.
    _trigger(
        "committee_assignment_fixed", "calls_committee", "UPDATE",
        _raise(
            "OLD.opened_at IS NOT NULL AND (NEW.reviews_each, NEW.load_limit) IS DISTINCT FROM"
            " (OLD.reviews_each, OLD.load_limit)",
            "calls.committee_fixed",
        )
        # Scoring closes only when every application has its reviewers, less what two people let pass.
        + "IF OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL AND NEW.reviews_each IS NOT NULL THEN "
        + _raise(
            "EXISTS (SELECT 1 FROM calls_application a WHERE a.call_id = NEW.call_id"
            " AND a.category_id = NEW.category_id AND a.stage = 'qualified' AND a.released_at IS NOT NULL"
            f" AND (SELECT count(*) FROM {_COUNTING} WHERE s.application_id = a.id AND t.committee_id = NEW.id)"
            " + coalesce((SELECT g.missing FROM calls_reviewgap g JOIN calls_assignmentplan p ON p.id = g.plan_id"
            " WHERE g.application_id = a.id AND p.state = 'confirmed' ORDER BY p.number DESC LIMIT 1), 0)"
            " < NEW.reviews_each)",
            "calls.reviews_short",
        )
        + "END IF;",
    ),
    # Where a committee reviews by assignment, a sheet begins only for a pair that was confirmed.
    _trigger(
        "sheet_assigned", "calls_scoresheet", "INSERT",
        "SELECT k.reviews_each INTO wanted FROM calls_seat t JOIN calls_committee k ON k.id = t.committee_id"
        " WHERE t.id = NEW.seat_id;"
        + _raise(
            "wanted IS NOT NULL AND NOT EXISTS (SELECT 1 FROM calls_plannedreview v JOIN calls_assignmentplan p"
            " ON p.id = v.plan_id WHERE v.application_id = NEW.application_id AND v.seat_id = NEW.seat_id"
            " AND p.state = 'confirmed')",
            "calls.not_assigned",
        ),
        declare="wanted integer;",
    ),
    # Pairs and gaps change while nobody has been asked to confirm them; never across categories, never a recused one.
    _trigger(
        "plannedreview_in_time", "calls_plannedreview", "INSERT OR UPDATE OR DELETE",
        _PLAN_OPEN
        + "IF TG_OP <> 'DELETE' THEN "
        + _raise(
            "EXISTS (SELECT 1 FROM calls_recusal r WHERE r.seat_id = NEW.seat_id"
            " AND r.application_id = NEW.application_id)",
            "calls.recused",
        )
        + _raise(
            "NOT EXISTS (SELECT 1 FROM calls_application a JOIN calls_committee k ON k.category_id = a.category_id"
            " JOIN calls_seat t ON t.committee_id = k.id JOIN calls_assignmentplan p ON p.call_id = k.call_id"
            " WHERE a.id = NEW.application_id AND t.id = NEW.seat_id AND p.id = NEW.plan_id)",
            "calls.plan_foreign",
        )
        + "END IF;",
        declare="st text;",
    ),
    _trigger(
        "reviewgap_in_time", "calls_reviewgap", "INSERT OR UPDATE OR DELETE", _PLAN_OPEN, declare="st text;"
    ),
    # What is over stays as it was. Nobody is confirmed above the load that the call settled.
    _trigger(
        "plan_in_order", "calls_assignmentplan", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.plan_stays' USING ERRCODE = 'check_violation'; END IF;"
        + _raise("OLD.state IN ('confirmed', 'dropped')", "calls.plan_stays")
        + _raise(
            "NEW.state = 'confirmed' AND OLD.state <> 'submitted'"
            " OR (NEW.call_id, NEW.number, NEW.asked_by_id) IS DISTINCT FROM"
            " (OLD.call_id, OLD.number, OLD.asked_by_id)",
            "calls.plan_stays",
        )
        + "IF NEW.state = 'confirmed' THEN "
        + _raise(
            "EXISTS (SELECT 1 FROM (SELECT t.expert_id, v.application_id FROM calls_plannedreview v"
            "  JOIN calls_seat t ON t.id = v.seat_id WHERE v.plan_id = NEW.id"
            f" UNION SELECT t.expert_id, s.application_id FROM {_COUNTING}"
            "  JOIN calls_committee k ON k.id = t.committee_id AND k.reviews_each IS NOT NULL"
            "  JOIN calls_application a ON a.id = s.application_id AND a.stage = 'qualified'"
            "  WHERE k.call_id = NEW.call_id) x"
            " JOIN (SELECT t.expert_id, min(k.load_limit) AS most FROM calls_seat t"
            "  JOIN calls_committee k ON k.id = t.committee_id WHERE k.call_id = NEW.call_id"
            "  GROUP BY t.expert_id) l ON l.expert_id = x.expert_id"
            " GROUP BY x.expert_id, l.most HAVING count(*) > l.most)",
            "calls.plan_overload",
        )
        + "END IF;",
    ),
)  # fmt: skip
