"""Triggers of the calls slice, each with the truth that it keeps."""

from __future__ import annotations

APPEND_ONLY = (
    "calls_callevent", "calls_lategrant", "calls_submission", "calls_decision", "calls_finding",
    "calls_judgement", "calls_yearlyundertaking", "calls_draw", "calls_drawcommitment", "calls_drawresult",
    "calls_recusal", "calls_sheetrecord", "calls_vote", "calls_attendance", "calls_meetingnote",
    "calls_objectiondecision", "calls_publicitychange", "calls_judgerun", "calls_readingchoice",
    "calls_auditsheet", "calls_drawlapse", "calls_retentionplan", "calls_retentionrun",
)  # fmt: skip

# Columns that are set once, later: the paper of a sheet is made after the act, so that no score waits for it.
MAY_CHANGE = {"calls_sheetrecord": ("paper_id",), "calls_draw": ("reveal_by",)}


def _raise(condition: str, code: str) -> str:
    """A refusal by the database; the code stands first in the message, see `shuniu.calls.actions.refused`."""
    return f"IF {condition} THEN RAISE EXCEPTION '{code}' USING ERRCODE = 'check_violation'; END IF;"


def _trigger(
    name: str, table: str, when: str, body: str, *, declare: str = "", deferred: bool = False
) -> str:
    kind = "CONSTRAINT TRIGGER" if deferred else "TRIGGER"
    timing = "AFTER" if deferred else "BEFORE"
    defer = "DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    back = "RETURN NULL;" if deferred else "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
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


STATEMENTS = (
    # The stage of an application is what its last decision says: nobody can write one without the other.
    _trigger(
        "application_stage_told", "calls_application", "INSERT OR UPDATE OF stage",
        "SELECT to_stage INTO last FROM calls_decision WHERE application_id = NEW.id ORDER BY id DESC LIMIT 1;"
        "SELECT stage INTO now_stage FROM calls_application WHERE id = NEW.id;"
        + _raise("now_stage IS DISTINCT FROM coalesce(last, 'draft')", "calls.stage_without_decision"),
        declare="last text; now_stage text;", deferred=True,
    ),
    # The same for a call and its events.
    _trigger(
        "call_state_told", "calls_call", "INSERT OR UPDATE OF state, stage",
        "SELECT e.state, e.stage INTO last_state, last_stage FROM calls_callevent e"
        " WHERE e.call_id = NEW.id ORDER BY e.id DESC LIMIT 1;"
        "SELECT c.state, c.stage INTO now_state, now_stage FROM calls_call c WHERE c.id = NEW.id;"
        + _raise(
            "(now_state, now_stage) IS DISTINCT FROM (coalesce(last_state, 'draft'), coalesce(last_stage, ''))",
            "calls.state_without_event",
        ),
        declare="last_state text; last_stage text; now_state text; now_stage text;", deferred=True,
    ),
    # A submission arrives inside the window (or a late grant, or its open correction), by the database's
    # reading of the stamp; the stamp is not from the future.
    _trigger(
        "submission_in_time", "calls_submission", "INSERT",
        "SELECT c.state, c.apply_from, c.apply_until, c.id, a.organisation_id INTO st, f, u, cid, oid"
        " FROM calls_application a JOIN calls_call c ON c.id = a.call_id WHERE a.id = NEW.application_id;"
        + _raise("NEW.arrived_at > shuniu.now() + interval '1 second'", "calls.stamp_from_future")
        + "IF NEW.round = 0 THEN "
        + _raise("st <> 'published'", "calls.not_open")
        + _raise("NEW.arrived_at < f", "calls.too_early")
        + _raise(
            "NEW.arrived_at >= u AND NOT EXISTS (SELECT 1 FROM calls_lategrant g WHERE g.call_id = cid"
            " AND g.organisation_id = oid AND NEW.arrived_at < g.until)",
            "calls.too_late",
        )
        + "ELSE "
        + _raise(
            "NOT EXISTS (SELECT 1 FROM calls_correction k WHERE k.application_id = NEW.application_id"
            " AND k.round = NEW.round AND NEW.arrived_at < k.due_at)",
            "calls.correction_too_late",
        )
        + "END IF;",
        declare="st text; f timestamptz; u timestamptz; cid bigint; oid bigint;",
    ),
    # It is committed within 60 seconds of its stamp; the check runs at commit.
    _trigger(
        "submission_prompt", "calls_submission", "INSERT",
        _raise("shuniu.now() > NEW.arrived_at + interval '60 seconds'", "calls.too_slow"),
        deferred=True,
    ),
    # An objection arrives while the publicity is open.
    _trigger(
        "objection_in_time", "calls_objection", "INSERT",
        "SELECT p.opens_at, p.closes_at INTO o, c FROM calls_publicity p WHERE p.id = NEW.publicity_id;"
        + _raise("NEW.arrived_at < o OR NEW.arrived_at >= c", "calls.publicity_closed")
        + _raise("NEW.arrived_at > shuniu.now() + interval '1 second'", "calls.stamp_from_future"),
        declare="o timestamptz; c timestamptz;",
    ),
    # What was published stays: document, year, frozen text and approval of a call never change afterwards.
    _trigger(
        "call_published_stays", "calls_call", "UPDATE",
        "IF OLD.published_at IS NOT NULL THEN "
        + _raise(
            "(NEW.document_id, NEW.union_id, NEW.year, NEW.digest, NEW.frozen, NEW.soft_limit, NEW.approved_by_id,"
            " NEW.published_at) IS DISTINCT FROM (OLD.document_id, OLD.union_id, OLD.year, OLD.digest, OLD.frozen,"
            " OLD.soft_limit, OLD.approved_by_id, OLD.published_at)",
            "calls.published_stays",
        )
        # The window moves only with an amendment that was just published.
        + _raise(
            "(NEW.apply_from, NEW.apply_until) IS DISTINCT FROM (OLD.apply_from, OLD.apply_until) AND NOT EXISTS"
            " (SELECT 1 FROM calls_amendment m WHERE m.call_id = NEW.id"
            "  AND m.published_at > shuniu.now() - interval '5 minutes')",
            "calls.window_without_amendment",
        )
        + "END IF;",
    ),
    # The score sheet of a published call totals 100.
    _trigger(
        "call_rubric_totals", "calls_call", "UPDATE OF state",
        "IF NEW.state = 'published' AND OLD.state <> 'published' THEN"
        " SELECT coalesce(sum(weight), 0) INTO total FROM calls_rubricitem WHERE call_id = NEW.id;"
        + _raise("total <> 100", "calls.rubric_total")
        + "END IF;",
        declare="total integer;",
    ),
    # Rubric, categories and materials of a published call stay as they were approved.
    *(
        _trigger(
            f"{noun}_published_stays", f"calls_{noun}", "INSERT OR UPDATE OR DELETE",
            "IF TG_OP = 'DELETE' THEN cid := OLD.call_id; ELSE cid := NEW.call_id; END IF;"
            "SELECT published_at INTO p FROM calls_call WHERE id = cid;"
            + _raise("p IS NOT NULL", "calls.published_stays"),
            declare="cid bigint; p timestamptz;",
        )
        for noun in ("rubricitem", "callcategory", "callmaterial")
    ),
    # Points stay inside their item's bounds and come while the sheet and the committee are open. The share
    # lock makes closing wait for a score that is being saved, and a score that comes later sees it closed.
    _trigger(
        "score_in_time", "calls_scoredraft", "INSERT OR UPDATE",
        "SELECT s.state, k.closed_at INTO st, closed FROM calls_scoresheet s JOIN calls_seat t ON t.id = s.seat_id"
        " JOIN calls_committee k ON k.id = t.committee_id WHERE s.id = NEW.sheet_id FOR SHARE OF k;"
        "SELECT weight INTO w FROM calls_rubricitem WHERE id = NEW.item_id;"
        + _raise("closed IS NOT NULL", "calls.scoring_closed")
        + _raise("st <> 'draft'", "calls.sheet_locked")
        + _raise("NEW.points < 0 OR NEW.points > w", "calls.points_out_of_bounds"),
        declare="st text; closed timestamptz; w integer;",
    ),
    # A sheet neither begins for a recused application nor changes after the committee was closed.
    _trigger(
        "sheet_in_time", "calls_scoresheet", "INSERT OR UPDATE",
        "SELECT k.closed_at INTO closed FROM calls_seat t JOIN calls_committee k ON k.id = t.committee_id"
        " WHERE t.id = NEW.seat_id FOR SHARE OF k;"
        + _raise("closed IS NOT NULL", "calls.scoring_closed")
        + _raise(
            "EXISTS (SELECT 1 FROM calls_recusal r WHERE r.seat_id = NEW.seat_id"
            " AND r.application_id = NEW.application_id)",
            "calls.recused",
        ),
        declare="closed timestamptz;",
    ),
    # What is decided before scoring opens stays afterwards; it closes only when no sheet of it is open. A closed
    # committee opens again only by a granted reopening, and never once its meeting began.
    _trigger(
        "committee_in_order", "calls_committee", "UPDATE",
        "IF OLD.opened_at IS NOT NULL THEN "
        + _raise(
            "(NEW.call_id, NEW.category_id, NEW.size, NEW.aggregation, NEW.digits, NEW.opened_at) IS DISTINCT FROM"
            " (OLD.call_id, OLD.category_id, OLD.size, OLD.aggregation, OLD.digits, OLD.opened_at)",
            "calls.committee_fixed",
        )
        + "END IF;"
        + _raise(
            "OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL AND EXISTS (SELECT 1 FROM calls_scoresheet s"
            " JOIN calls_seat t ON t.id = s.seat_id JOIN calls_application a ON a.id = s.application_id"
            " WHERE t.committee_id = NEW.id AND t.state = 'active' AND s.state = 'draft' AND a.stage = 'qualified'"
            " AND NOT EXISTS (SELECT 1 FROM calls_recusal r WHERE r.seat_id = t.id"
            " AND r.application_id = s.application_id))",
            "calls.sheets_open",
        )
        + _raise(
            "OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at AND (EXISTS (SELECT 1 FROM"
            " calls_meeting m WHERE m.committee_id = NEW.id) OR NOT EXISTS (SELECT 1 FROM calls_reopening r"
            " WHERE r.committee_id = NEW.id AND r.sheet_id IS NULL AND r.granted AND r.decided_at >= OLD.closed_at))",
            "calls.closing_stays",
        ),
    ),
    # Both commit before either reveals, and what is revealed is what was committed to.
    _trigger(
        "draw_in_order", "calls_drawcommitment", "INSERT",
        "SELECT count(*) INTO n FROM calls_drawcommitment c WHERE c.draw_id = NEW.draw_id AND c.kind = 'commit';"
        + _raise("NEW.kind = 'reveal' AND n < 2", "calls.reveal_too_early")
        + _raise(
            "NEW.kind = 'reveal' AND NOT EXISTS (SELECT 1 FROM calls_drawcommitment c WHERE c.draw_id = NEW.draw_id"
            " AND c.party = NEW.party AND c.kind = 'commit' AND c.identity = NEW.identity"
            " AND c.value = encode(sha256(convert_to(NEW.value, 'UTF8')), 'hex'))",
            "calls.reveal_differs",
        )
        + _raise(
            "NEW.kind = 'reveal' AND EXISTS (SELECT 1 FROM calls_draw d WHERE d.id = NEW.draw_id"
            " AND d.reveal_by <= shuniu.now())",
            "calls.reveal_too_late",
        ),
        declare="n integer;",
    ),
    # A vote is of a member who is present and not recused, while the meeting is open.
    _trigger(
        "vote_in_time", "calls_vote", "INSERT",
        "SELECT m.closed_at, m.proposed_at INTO closed, proposed FROM calls_meeting m"
        " WHERE m.id = NEW.meeting_id FOR SHARE;"
        + _raise("closed IS NOT NULL OR proposed IS NOT NULL", "calls.meeting_closed")
        + _raise(
            "NOT EXISTS (SELECT 1 FROM calls_attendance p WHERE p.meeting_id = NEW.meeting_id"
            " AND p.seat_id = NEW.seat_id)",
            "calls.not_present",
        )
        + _raise(
            "EXISTS (SELECT 1 FROM calls_recusal r WHERE r.seat_id = NEW.seat_id"
            " AND r.application_id = NEW.application_id)",
            "calls.recused",
        ),
        declare="closed timestamptz; proposed timestamptz;",
    ),
    # What was signed stays.
    _trigger(
        "meeting_signed_stays", "calls_meeting", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.meeting_closed' USING ERRCODE = 'check_violation';"
        " END IF;"
        + _raise("OLD.closed_at IS NOT NULL", "calls.meeting_closed")
        + _raise(
            "(NEW.committee_id, NEW.ranking, NEW.ranking_digest) IS DISTINCT FROM"
            " (OLD.committee_id, OLD.ranking, OLD.ranking_digest)",
            "calls.ranking_stays",
        ),
    ),
    # A frozen list keeps its rows and its digest.
    _trigger(
        "list_frozen_stays", "calls_publiclist", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.list_frozen' USING ERRCODE = 'check_violation'; END IF;"
        + _raise(
            "(NEW.call_id, NEW.kind, NEW.number, NEW.title, NEW.frozen, NEW.digest, NEW.frozen_by_id, NEW.frozen_at)"
            " IS DISTINCT FROM"
            " (OLD.call_id, OLD.kind, OLD.number, OLD.title, OLD.frozen, OLD.digest, OLD.frozen_by_id, OLD.frozen_at)",
            "calls.list_frozen",
        )
        + _raise("OLD.published_at IS NOT NULL OR OLD.returned_at IS NOT NULL", "calls.list_frozen")
        # Names are named after the public could object to them.
        + _raise(
            "NEW.kind = 'formal' AND NEW.published_at IS NOT NULL AND EXISTS (SELECT 1 FROM calls_publiclist s"
            " JOIN calls_publicity p ON p.list_id = s.id WHERE s.call_id = NEW.call_id"
            " AND (p.closed_at IS NULL OR p.closes_at > shuniu.now()))",
            "calls.publicity_open",
        ),
    ),
    # 公示: its days stand; the end moves later only and while it runs; it closes at its end, not before.
    _trigger(
        "publicity_stays", "calls_publicity", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.publicity_stays' USING ERRCODE = 'check_violation';"
        " END IF;"
        + _raise(
            "(NEW.list_id, NEW.working_days, NEW.starts_on, NEW.opens_at, NEW.paper_id) IS DISTINCT FROM"
            " (OLD.list_id, OLD.working_days, OLD.starts_on, OLD.opens_at, OLD.paper_id)"
            " OR NEW.closes_at < OLD.closes_at OR NEW.ends_on < OLD.ends_on",
            "calls.publicity_stays",
        )
        + _raise(
            "NEW.closes_at <> OLD.closes_at AND (OLD.closed_at IS NOT NULL OR OLD.closes_at <= shuniu.now())",
            "calls.publicity_stays",
        )
        + _raise(
            "NEW.closed_at IS DISTINCT FROM OLD.closed_at AND (OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL"
            " OR NEW.closes_at > shuniu.now())",
            "calls.publicity_stays",
        ),
    ),
    # A published correction stays as it was published.
    _trigger(
        "listcorrection_stays", "calls_listcorrection", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.list_frozen' USING ERRCODE = 'check_violation'; END IF;"
        + _raise(
            "OLD.published_at IS NOT NULL OR (NEW.list_id, NEW.number, NEW.reason, NEW.changes, NEW.proposed_by_id)"
            " IS DISTINCT FROM (OLD.list_id, OLD.number, OLD.reason, OLD.changes, OLD.proposed_by_id)",
            "calls.list_frozen",
        ),
    ),
    _trigger(
        "entry_frozen_stays", "calls_listentry", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.list_frozen' USING ERRCODE = 'check_violation'; END IF;"
        + _raise(
            "(NEW.list_id, NEW.application_id, NEW.\"order\") IS DISTINCT FROM"
            " (OLD.list_id, OLD.application_id, OLD.\"order\")",
            "calls.list_frozen",
        ),
    ),
    # An objection cannot be buried: it is never deleted, its words never change. Who sent it is cleared once,
    # a year after its decision at the earliest, by the retention sweep (R3); a clue's words likewise.
    _trigger(
        "objection_stays", "calls_objection", "UPDATE OR DELETE",
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'calls.objection_stays' USING ERRCODE = 'check_violation';"
        " END IF;"
        + _raise(
            "(NEW.number, NEW.kind, NEW.arrived_at, NEW.publicity_id, NEW.code_digest) IS DISTINCT FROM"
            " (OLD.number, OLD.kind, OLD.arrived_at, OLD.publicity_id, OLD.code_digest)"
            " OR (OLD.cleared_at IS NOT NULL AND NEW.cleared_at IS DISTINCT FROM OLD.cleared_at)",
            "calls.objection_stays",
        )
        + "IF NEW.cleared_at IS NULL OR OLD.cleared_at IS NOT NULL THEN "
        + _raise(
            "(NEW.name, NEW.contact, NEW.phone, NEW.text) IS DISTINCT FROM"
            " (OLD.name, OLD.contact, OLD.phone, OLD.text)",
            "calls.objection_stays",
        )
        + "ELSE "
        + _raise(
            "(NEW.kind <> 'anonymous' AND NEW.text IS DISTINCT FROM OLD.text) OR NOT EXISTS (SELECT 1 FROM"
            " calls_objectiondecision d WHERE d.objection_id = NEW.id"
            " AND d.at < shuniu.now() - interval '12 months')",
            "calls.objection_stays",
        )
        + "END IF;",
    ),
)  # fmt: skip
