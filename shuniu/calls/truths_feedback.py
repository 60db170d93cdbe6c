"""Triggers of evidence, feedback and improvement; SQL that has left the house stays as it is."""

from __future__ import annotations

from shuniu.calls.truths import _raise, _trigger

EVIDENCE = (
    # What proves a row is filed while the form is open, and then stays as it was handed in.
    _trigger(
        "evidence_in_time", "calls_evidence", "INSERT OR UPDATE OR DELETE",
        "SELECT stage INTO st FROM calls_application"
        " WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.application_id ELSE NEW.application_id END FOR SHARE;"
        + _raise("TG_OP = 'UPDATE'", "calls.evidence_stays")
        + _raise("TG_OP = 'INSERT' AND st NOT IN ('draft', 'correcting')", "calls.evidence_stays")
        + _raise("TG_OP = 'DELETE' AND st NOT IN ('draft', 'withdrawn', 'ended')", "calls.evidence_stays"),
        declare="st text;",
    ),
)  # fmt: skip

FEEDBACK = (
    # What the applicant was told stays; only its paper is made afterwards, once.
    _trigger(
        "feedback_stays", "calls_feedback", "UPDATE OR DELETE",
        "IF OLD.state = 'released' THEN "
        + _raise("TG_OP = 'DELETE'", "calls.feedback_stays")
        + _raise(
            "to_jsonb(NEW) - 'paper_id' IS DISTINCT FROM to_jsonb(OLD) - 'paper_id'"
            " OR (OLD.paper_id IS NOT NULL AND NEW.paper_id IS DISTINCT FROM OLD.paper_id)",
            "calls.feedback_stays",
        )
        + "END IF;",
    ),
    # Nobody is told why before being told what: the way of the application is decided and released.
    _trigger(
        "feedback_after_the_decision", "calls_feedback", "INSERT OR UPDATE OF state",
        "SELECT stage, released_at INTO st, told FROM calls_application WHERE id = NEW.application_id;"
        + _raise(
            "NEW.state = 'released' AND (told IS NULL OR"
            " st NOT IN ('shortlisted', 'not_shortlisted', 'recognised', 'removed', 'unqualified'))",
            "calls.feedback_early",
        ),
        declare="st text; told timestamptz;",
    ),
    "CREATE TRIGGER feedback_no_truncate BEFORE TRUNCATE ON calls_feedback"
    " FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();"
    " ALTER TABLE calls_feedback ENABLE ALWAYS TRIGGER feedback_no_truncate;",
)  # fmt: skip

IMPROVEMENT = (
    # Where an improvement stands, and until when, is what its last event says.
    _trigger(
        "improvement_state_told", "calls_improvement", "INSERT OR UPDATE OF state, due",
        "SELECT e.state, e.due INTO last, day FROM calls_improvementevent e WHERE e.improvement_id = NEW.id"
        " ORDER BY e.id DESC LIMIT 1;"
        "SELECT i.state, i.due INTO now_state, now_day FROM calls_improvement i WHERE i.id = NEW.id;"
        + _raise("(now_state, now_day) IS DISTINCT FROM (last, day)", "calls.improvement_stays"),
        declare="last text; day date; now_state text; now_day date;", deferred=True,
    ),
    # What was agreed on is not rewritten.
    _trigger(
        "improvement_stays", "calls_improvement", "UPDATE OR DELETE",
        _raise("TG_OP = 'DELETE' OR OLD.state IN ('done', 'declined')", "calls.improvement_stays")
        + _raise(
            "to_jsonb(NEW) - 'state' - 'due' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'due'",
            "calls.improvement_stays",
        ),
    ),
    # Each step follows the one before; who looks again has not scored: neither on the spot nor as an expert.
    _trigger(
        "improvement_step", "calls_improvementevent", "INSERT",
        "SELECT i.application_id INTO app FROM calls_improvement i WHERE i.id = NEW.improvement_id FOR UPDATE;"
        "SELECT e.state INTO last FROM calls_improvementevent e WHERE e.improvement_id = NEW.improvement_id"
        " ORDER BY e.id DESC LIMIT 1;"
        + _raise(
            "(coalesce(last, ''), NEW.kind, NEW.state) NOT IN (('', 'offer', 'proposed'), ('', 'ask', 'open'),"
            " ('proposed', 'agree', 'open'), ('proposed', 'decline', 'declined'), ('open', 'report', 'reported'),"
            " ('reported', 'pass', 'done'), ('reported', 'again', 'open'))",
            "calls.improvement_state",
        )
        + _raise(
            "NEW.kind IN ('pass', 'again') AND (EXISTS (SELECT 1 FROM calls_visit v JOIN accounts_person p"
            " ON p.id IN (v.signed_by_id, v.created_by_id) WHERE v.application_id = app AND p.identity = NEW.identity)"
            " OR EXISTS (SELECT 1 FROM calls_scoresheet s JOIN calls_seat t ON t.id = s.seat_id JOIN calls_expert x"
            " ON x.id = t.expert_id JOIN accounts_person p ON p.id = x.person_id WHERE s.application_id = app"
            " AND s.state = 'submitted' AND p.identity = NEW.identity))",
            "calls.improvement_scored",
        ),
        declare="app bigint; last text;",
    ),
    "CREATE TRIGGER improvement_no_truncate BEFORE TRUNCATE ON calls_improvement"
    " FOR EACH STATEMENT EXECUTE FUNCTION shuniu.refuse_change();"
    " ALTER TABLE calls_improvement ENABLE ALWAYS TRIGGER improvement_no_truncate;",
)  # fmt: skip
